from __future__ import annotations

import os
import pty
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from ui.web.accounts import read_accounts

WORD = "correct:horse 电池"


@pytest.fixture
def password(shell):
    """Runs `yigai password` with one line on its standard input."""

    def run(name, *arguments, word=WORD, language="en", ending="\n"):
        return shell(
            "password", name, *arguments,
            env={"YIGAI_LANGUAGE": language}, stdin=None, input=f"{word}{ending}",
        )  # fmt: skip

    return run


def typed(arguments, *lines):
    """Run `yigai password` at a terminal and type lines, each once it is asked for; what the terminal showed."""
    program, terminal = pty.openpty()
    process = subprocess.Popen(
        [Path(sys.executable).with_name("yigai"), "password", *map(str, arguments)],
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
        start_new_session=True,
        env={**os.environ, "YIGAI_LANGUAGE": "zh", "PYTHONUTF8": "1"},
    )
    os.close(terminal)
    shown = b""
    for line in lines:
        asked = len(shown)
        while not shown[asked:].rstrip(b" ").endswith(("：".encode(), b":")):
            shown += os.read(program, 1024)
        os.write(program, f"{line}\n".encode())
    with os.fdopen(program, "rb", buffering=0) as rest:
        try:
            while piece := rest.read(1024):
                shown += piece
        except OSError:  # how Linux says that the other end is closed
            pass
    return process.wait(20), shown.decode()


def test_the_line_is_printed_where_no_file_is_named(password, tmp_path):
    ran = password("li.na")

    assert ran.returncode == 0
    (line,) = ran.stdout.splitlines()
    assert line.startswith("li.na:")
    assert WORD not in ran.stdout + ran.stderr
    file = tmp_path / "accounts.txt"
    file.write_text(line + "\n", encoding="utf-8")
    assert read_accounts(str(file)).check("li.na", WORD)


@pytest.mark.parametrize("ending", ["\n", "\r\n", ""])
def test_the_file_is_made_for_its_owner_s_eyes_and_holds_no_password(password, tmp_path, ending):
    file = tmp_path / "accounts.txt"

    ran = password("王五", "--auth", file, ending=ending)

    assert (ran.returncode, ran.stdout) == (0, "")
    assert "王五" in ran.stderr
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert WORD not in file.read_text("utf-8")
    accounts = read_accounts(str(file))
    assert accounts.check("王五", WORD)
    assert not accounts.check("王五", WORD + "x")


def test_an_account_that_is_there_gets_the_new_password_and_others_stay(password, tmp_path):
    file = tmp_path / "accounts.txt"
    for name, word in (("li.na", "the first one"), ("wang", WORD), ("li.na", "the second one")):
        assert password(name, "--auth", file, word=word).returncode == 0

    accounts = read_accounts(str(file))
    assert accounts.check("li.na", "the second one")
    assert not accounts.check("li.na", "the first one")
    assert accounts.check("wang", WORD)
    assert len(file.read_text("utf-8").splitlines()) == 2


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("li.na", "short12"),
        ("li.na", ""),
        ("li:na", WORD),
        ("li na", WORD),
        ("", WORD),
        ("li/../na", WORD),
        ("x" * 65, WORD),
        ("li\nna", WORD),
    ],
    ids=["short", "empty", "colon", "space", "no name", "slash", "long name", "line break"],
)
def test_what_cannot_be_an_account_is_bad_input_and_changes_nothing(password, tmp_path, name, word, language):
    file = tmp_path / "accounts.txt"

    ran = password(name, "--auth", file, word=word, language=language)

    assert (ran.returncode, ran.stdout) == (2, "")
    assert len(ran.stderr.splitlines()) == 1
    assert not word or word not in ran.stderr
    assert not file.exists()


def test_a_file_that_cannot_be_written_is_bad_input(password, tmp_path):
    ran = password("li.na", "--auth", tmp_path)

    assert ran.returncode == 2
    assert len(ran.stderr.splitlines()) == 1


def test_at_a_terminal_it_is_asked_for_twice_and_not_shown(tmp_path):
    file = tmp_path / "accounts.txt"

    code, shown = typed(["li.na", "--auth", file], WORD, WORD)

    assert code == 0
    assert WORD not in shown
    assert shown.count("li.na") >= 2
    assert read_accounts(str(file)).check("li.na", WORD)


def test_who_mistypes_it_is_asked_again(tmp_path):
    file = tmp_path / "accounts.txt"

    code, shown = typed(["li.na", "--auth", file], WORD, "something else", "the right one", "the right one")

    assert code == 0
    assert "the right one" not in shown
    assert read_accounts(str(file)).check("li.na", "the right one")
