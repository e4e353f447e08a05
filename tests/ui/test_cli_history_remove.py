from __future__ import annotations

import json
import os
import pty
import subprocess

import pytest
from questions import HEFEI, WUHU


def test_named_answers_are_removed_and_no_others(ask, history, listed):
    for question in (WUHU, HEFEI, WUHU):
        ask(question)
    first, second, third = (one["answer_id"] for one in listed())

    ran = history("remove", first, third, first)
    document = json.loads(history("remove", second, "--json").out)

    assert (ran.code, ran.out) == (0, "Removed 2 kept answers.\n")
    assert document == {"schema": 1, "removed": [second]}
    assert listed() == []


def test_nothing_is_removed_where_one_of_the_ids_is_wrong(ask, history, listed):
    ask(WUHU)
    answer_id = listed()[0]["answer_id"]

    assert history("remove", answer_id, "zzz").code == 2
    assert len(listed()) == 1


@pytest.mark.parametrize("arguments", [[], ["--all", "abc"]])
def test_removing_needs_either_ids_or_all(ask, history, listed, arguments):
    ask(WUHU)

    ran = history("remove", *arguments)

    assert ran.code == 2
    assert "--all" in ran.err
    assert len(listed()) == 1


@pytest.mark.parametrize(("reply", "left"), [("n", 1), ("y", 0)])
def test_at_a_terminal_removing_asks_first(ask, listed, shell, own_library, reply, left):
    ask(WUHU)
    ours, theirs = pty.openpty()
    os.write(ours, f"{reply}\n".encode())
    ran = shell(
        "history",
        "remove",
        "--all",
        "--library",
        own_library,
        capture_output=False,
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    os.close(theirs)
    os.close(ours)

    assert "Remove 1 kept answers?" in ran.stderr
    assert ran.returncode == (1 if left else 0)
    assert len(listed()) == left
