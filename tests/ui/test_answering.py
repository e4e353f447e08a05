from __future__ import annotations

import dataclasses
import json
import os
import pty
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from unruly_endpoint import endpoint
from unruly_replies import Pace, Reply, failure
from worded import PROVEN, UNPROVEN, WaitingPipeline, WordedPipeline, worded

from rag.build import build_encoder, build_pipeline, open_library
from rag.library import Library
from rag.settings import load_settings
from rag.types import Filter, Refusal
from ui.answering import Asked, answer_aloud
from ui.render import render_answer
from ui.strings import STRINGS
from ui.tables import WIDTH

WUHU = "芜湖是怎么化债的?"
QUESTIONS = [WUHU, "how did Wuhu reduce debt", "合肥是怎么化债的?", "比较芜湖和铜仁的编制改革", "？？"]


def asked(question=WUHU, **fields):
    return Asked(**{"question": question, "history": (), "within": Filter(), "language": "zh"} | fields)


@pytest.fixture
def sample(sample_library):
    with Library.open(sample_library) as library:
        yield library


@pytest.fixture
def model(monkeypatch):
    """Sets a language model: `model(server)`."""

    def be(server):
        for name, value in {"BASE_URL": server.url, "MODEL": "scripted", "API_KEY": "sk-secret-key"}.items():
            monkeypatch.setenv(f"YIGAI_LLM_{name}", value)
        monkeypatch.setenv("YIGAI_LLM_RETRIES", "0")

    return be


@pytest.mark.parametrize("question", QUESTIONS)
def test_what_is_printed_bit_by_bit_adds_up_to_the_whole_answer(cli, sample_library, question, monkeypatch):
    monkeypatch.setenv("COLUMNS", str(WIDTH))
    encoder = build_encoder(load_settings())
    with open_library(sample_library, encoder) as library:
        answer = build_pipeline(library, encoder, load_settings()).ask(question)

    ran = cli("ask", question, "--library", sample_library)

    assert ran.out == render_answer(answer) + "\n"
    assert ran.err == ""


MADE = {
    "plain": worded(),
    "marked": worded(sentences=(PROVEN, UNPROVEN)),
    "mixed": worded(composer="llm+extractive", fallback_reason="slow", sentences=(PROVEN, PROVEN)),
    "refusal": worded(sentences=(), citations=(), refusal=Refusal(code="model_declined", message="没有")),
}


@pytest.mark.parametrize(
    ("answer", "history"),
    [
        *((answer, ()) for answer in MADE.values()),
        *((dataclasses.replace(answer, understood="丽水投入了多少?"), (WUHU,)) for answer in MADE.values()),
    ],
    ids=[*MADE, *(f"{name} follow-up" for name in MADE)],
)
def test_so_it_does_where_a_model_words_it(capsys, sample, answer, history):
    given = answer_aloud(WordedPipeline(answer, library=sample), asked(history=history))

    assert capsys.readouterr().out == render_answer(given) + "\n"


def test_a_sentence_is_printed_before_the_next_is_there(capsys, sample):
    printed = []

    class Slow(WordedPipeline):
        def stream(self, *arguments, **named):
            for event in super().stream(*arguments, **named):
                yield event
                printed.append(capsys.readouterr().out)

    answer_aloud(Slow(worded(sentences=(PROVEN, UNPROVEN)), library=sample), asked())

    assert [text for text in printed if text] == [
        f"{PROVEN.text}[1]\n",
        f"{UNPROVEN.text}〔未经证实〕\n",
    ]


def test_a_script_gets_nothing_but_the_document_at_the_end(capsys):
    answer_aloud(WordedPipeline(worded()), asked(is_quiet=True))

    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("error", [KeyboardInterrupt, ZeroDivisionError])
def test_whatever_ends_it_early_stops_the_pipeline(error):
    class Broken(WordedPipeline):
        def stream(self, *_, stop, **__):
            self.stops.append(stop)
            yield from ()
            raise error

    pipeline = Broken(worded())

    with pytest.raises(error):
        answer_aloud(pipeline, asked())

    assert pipeline.stops[0].is_set()


@pytest.mark.allow_hosts(["127.0.0.1"])
def test_a_model_that_fails_is_said_below_the_articles_own_sentences(cli, sample_library, model):
    plain = cli("ask", WUHU, "--library", sample_library)
    with endpoint(failure(500)) as server:
        model(server)
        ran = cli("ask", WUHU, "--library", sample_library)
        document = json.loads(cli("ask", WUHU, "--json", "--library", sample_library).out)

    note = STRINGS["fallback_broken"]["zh"]
    assert ran.code == 0
    assert ran.out == plain.out.replace("\n\n依据\n", f"\n\n{note}\n\n依据\n")
    assert (document["composer"], document["fallback_reason"]) == ("extractive", "broken")
    assert "sk-secret-key" not in ran.out + ran.err


@pytest.mark.allow_hosts(["127.0.0.1"])
def test_the_composer_can_be_chosen_for_one_question(cli, sample_library, model, monkeypatch):
    with endpoint(failure(500)) as server:
        model(server)
        monkeypatch.setenv("YIGAI_COMPOSER", "llm")
        ran = cli("ask", WUHU, "--composer", "extractive", "--library", sample_library)

        assert server.requests == []
    assert STRINGS["fallback_broken"]["zh"] not in ran.out
    assert ran.code == 0


@pytest.mark.parametrize(
    ("composer", "told"), [("poet", "this version has auto, extractive, llm"), ("llm", "YIGAI_LLM_MODEL")]
)
def test_a_composer_that_cannot_be_used_is_bad_input(cli, sample_library, composer, told):
    ran = cli("ask", WUHU, "--composer", composer, "--library", sample_library)

    assert (ran.code, ran.out) == (2, "")
    assert told in ran.err


@pytest.mark.allow_hosts(["127.0.0.1"])
def test_a_person_who_has_had_enough_is_not_kept_waiting_for_the_model(sample_library):
    with endpoint(Reply(content="芜湖……", pace=Pace(before_token_s=60))) as server:
        process = subprocess.Popen(
            [Path(sys.executable).with_name("yigai"), "ask", WUHU, "--library", sample_library],
            env={**os.environ, "YIGAI_LLM_BASE_URL": server.url, "YIGAI_LLM_MODEL": "x", "YIGAI_LANGUAGE": "zh"},
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8",
            # Tests that run in the background may have been told to ignore the key, and their children with them.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )  # fmt: skip
        server.wait_for_requests(1, within_s=60)
        pressed = time.monotonic()
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
        took = time.monotonic() - pressed
        server.wait_for_hang_up()

    assert process.returncode == 130
    assert (out, err) == ("", STRINGS["interrupted"]["zh"] + "\n")
    assert took < 5


@pytest.mark.allow_hosts(["127.0.0.1"])
def test_at_a_terminal_a_spinner_says_what_is_being_done_and_leaves_no_trace_in_the_output(sample_library):
    ours, theirs = pty.openpty()
    with endpoint(
        failure(500, message="no"),
    ) as server:
        ran = subprocess.run(
            [Path(sys.executable).with_name("yigai"), "ask", WUHU, "--library", sample_library],
            env={
                **os.environ, "YIGAI_LLM_BASE_URL": server.url, "YIGAI_LLM_MODEL": "x", "YIGAI_LANGUAGE": "zh",
                "YIGAI_LLM_RETRIES": "0", "TERM": "xterm", "COLUMNS": "100",
            },
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=theirs, timeout=120,
        )  # fmt: skip
        os.close(theirs)
    shown = b""
    while True:
        try:
            piece = os.read(ours, 65536)
        except OSError:
            break
        if not piece:
            break
        shown += piece
    os.close(ours)

    assert STRINGS["step_retrieve"]["zh"] in shown.decode()
    assert STRINGS["step_compose_model"]["zh"] in shown.decode()
    assert b"\x1b" not in ran.stdout
    assert ran.stdout.decode().startswith("芜湖")
    assert "10亿元" in ran.stdout.decode()


def test_a_pipeline_that_waits_is_let_go(capsys):
    """The real wait: Ctrl+C comes as an exception in the middle of it."""
    pipeline = WaitingPipeline()

    def press(*_):
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, press)
    signal.setitimer(signal.ITIMER_REAL, 0.2)
    try:
        with pytest.raises(KeyboardInterrupt):
            answer_aloud(pipeline, asked())
    finally:
        signal.signal(signal.SIGALRM, before)

    assert pipeline.closed == [WUHU]
    assert capsys.readouterr().out == ""
