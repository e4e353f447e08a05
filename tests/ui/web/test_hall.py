from __future__ import annotations

import asyncio
import itertools
import logging
import re
from contextlib import aclosing

import pytest
from marked_up import HOSTILE, elements, named, parsed
from paced import FailingPipeline, PacedPipeline
from worded import MODEL, PROVEN, UNPROVEN, WaitingPipeline, WordedPipeline, worded

from rag.contradiction import Conflict, ConflictSide
from rag.errors import LibraryBusyError, LibraryDamagedError
from rag.history import Feedback, MemoryHistory
from rag.types import Filter, Sentence
from ui.web.desk import Line
from ui.web.examples import find_examples
from ui.web.hall import SHOWN_TURNS

WUHU = "芜湖是怎么化债的?"
HEFEI = "合肥是怎么化债的?"


async def asked(hall, text, *, conversation="", asker="v:1", within=None):
    """Everything that is shown for a question."""
    return [
        shown
        async for shown in hall.ask(text, conversation=conversation, within=within or Filter(), asker=asker)
    ]


def said_in(markup):
    return [e.text_content() for e in parsed(markup).iter() if "data-sentence" in e.attrib]


def turns_of(markup):
    return [e.text_content() for e in parsed(markup).find_class("asked")]


async def test_an_answer_is_shown_step_by_step_and_whole_at_the_end(hall_of, pipeline, monkeypatch):
    monkeypatch.setattr("ui.web.hall.SHOWN_EVERY_S", 0.0)
    hall = hall_of(pipeline)

    shown = await asked(hall, WUHU)

    steps = [found[0].text_content() for s in shown if (found := parsed(s.live).find_class("step"))]
    assert steps[:4] == ["正在检索……", "正在判断证据……", "正在组织回答……", "正在逐句核对……"]
    growing = [said_in(s.live) for s in shown[:-1]]
    answer = pipeline.ask(WUHU)
    assert growing[0] == []
    assert growing[-1] == said_in(shown[-1].log) == [s.text for s in answer.sentences]
    assert all(before == after[: len(before)] for before, after in itertools.pairwise(growing))
    assert [s.is_done for s in shown] == [False] * (len(shown) - 1) + [True]
    assert [s.log for s in shown[:-1]] == [None] * (len(shown) - 1)
    assert turns_of(shown[-1].live) == []
    assert len({s.conversation for s in shown}) == 1
    assert len(shown[0].conversation) >= 20


async def test_what_no_eye_could_follow_is_not_shown_piece_by_piece(hall_of, pipeline, monkeypatch):
    monkeypatch.setattr("ui.web.hall.SHOWN_EVERY_S", 3600.0)

    first, last = await asked(hall_of(pipeline), WUHU)

    assert parsed(first.live).find_class("step")
    assert last.is_done
    assert said_in(last.log) == [s.text for s in pipeline.ask(WUHU).sentences]


async def test_a_conversation_grows_and_follow_ups_lean_on_it(hall_of, pipeline):
    hall = hall_of(pipeline)
    first = (await asked(hall, "丽水的急救半径缩小了多少?"))[-1]

    second = (await asked(hall, "反应时间呢?", conversation=first.conversation))[-1]

    assert turns_of(second.log) == ["问：丽水的急救半径缩小了多少?", "问：反应时间呢?"]
    assert "理解为：丽水的" in parsed(second.log).text_content()
    assert second.conversation == first.conversation
    assert turns_of(hall.opened(first.conversation, "v:1").log) == turns_of(second.log)
    assert hall.latest("v:1") == first.conversation


async def test_anothers_conversation_is_as_good_as_new(hall_of, pipeline):
    hall = hall_of(pipeline)
    mine = (await asked(hall, WUHU))[-1].conversation

    theirs = (await asked(hall, "那丽水呢?", conversation=mine, asker="v:2"))[-1]

    assert turns_of(theirs.log) == ["问：那丽水呢?"]
    assert "理解为" not in theirs.log
    for asker in ("v:3", ""):
        opened = hall.opened(mine, asker)
        assert (turns_of(opened.log), opened.conversation, hall.latest(asker)) == ([], "", "")
        assert named(hall.earlier(asker), "data-conversation") == []
    assert turns_of(hall.opened(mine, "v:1").log) == ["问：" + WUHU]
    assert named(hall.forget(mine, "v:3"), "data-forget") == []
    assert named(hall.earlier("v:1"), "data-forget") == [mine]
    assert named(hall.forget(mine, "v:1"), "data-forget") == []
    assert turns_of(hall.opened(mine, "v:2").log) == ["问：那丽水呢?"]


async def test_a_refusal_offers_what_the_library_can_answer(hall_of, pipeline):
    hall = hall_of(pipeline)
    hall.examples._pools = {"zh": tuple(find_examples(pipeline, "zh", most=4)), "en": ()}

    log = (await asked(hall, HEFEI))[-1].log

    assert len(parsed(log).find_class("refusal")) == 1
    assert said_in(log) == []
    assert len(named(log, "data-ask")) == 3
    assert pipeline.ask(named(log, "data-ask")[0]).answered


async def test_a_filter_is_shown_with_the_question(hall_of, pipeline):
    log = (await asked(hall_of(pipeline, language="en"), WUHU, within=Filter(regions=("340200",))))[-1].log

    assert "Within: Wuhu" in parsed(log).text_content()


async def test_a_rating_is_shown_again(hall_of, pipeline):
    hall = hall_of(pipeline)
    last = (await asked(hall, HEFEI))[-1]
    answer_id = named(last.log, "data-rate")[0]
    hall.desk.history.rate(
        answer_id, Feedback(liked=False, reason="不对<b>", given_at="2026-01-02T03:04:05+00:00")
    )

    log = hall.opened(last.conversation, "v:1").log

    assert named(log, "aria-pressed") == ["false", "true"]
    assert named(log, "value") == ["不对<b>"]


async def test_an_answer_that_could_not_be_kept_is_shown_and_cannot_be_rated(hall_of, pipeline):
    class BusyHistory(MemoryHistory):
        def keep(self, *_):
            raise LibraryBusyError(path="x", waited_s=30)

    last = (await asked(hall_of(pipeline, history=BusyHistory()), WUHU))[-1]

    assert last.is_done
    assert said_in(last.log)
    assert named(last.log, "data-rate") == []


@pytest.mark.parametrize(("language", "told"), [("zh", "人太多"), ("en", "Many people are asking")])
async def test_a_full_line_is_said_in_the_pages_language(hall_of, sample, language, told):
    paced = PacedPipeline()
    paced.library = sample
    hall = hall_of(paced, language=language, line=Line(at_once=1, most=0))
    first = asyncio.create_task(asked(hall, "a"))
    await asyncio.to_thread(paced.is_inside.wait, 5)

    (shown,) = await asked(hall, "b", conversation="c")

    assert told in shown.problem
    assert parsed(shown.live).find_class("problem")[0].text_content() == shown.problem
    assert (shown.log, shown.is_done, shown.conversation) == (None, False, "c")
    paced.go.set()
    assert (await first)[-1].is_done


async def test_who_has_to_wait_is_told_how_many_are_before(hall_of, sample):
    paced = PacedPipeline()
    paced.library = sample
    hall = hall_of(paced)
    first = asyncio.create_task(asked(hall, "a"))
    await asyncio.to_thread(paced.is_inside.wait, 5)

    second = asyncio.create_task(asked(hall, "b"))
    await asyncio.sleep(0.05)
    paced.go.set()

    assert "前面还有 1 人" in (await second)[0].live
    assert (await first)[-1].is_done


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(
    ("error", "told"),
    [
        (LibraryDamagedError(path="库", detail="<b>"), {"zh": "读不出来", "en": "cannot be read"}),
        (ZeroDivisionError("secret"), {"zh": "意外错误", "en": "Something unexpected"}),
    ],
)
async def test_a_failure_is_a_problem_in_the_pages_language_and_in_the_log(
    hall_of, sample, caplog, error, told, language
):
    caplog.set_level(logging.ERROR)
    failing = FailingPipeline(error)
    failing.library = sample

    last = (await asked(hall_of(failing, language=language), "x"))[-1]

    assert told[language] in last.problem
    assert "secret" not in last.live
    assert parsed(last.live).find_class("problem")[0].get("role") == "alert"
    assert not last.is_done
    assert caplog.records[-1].exc_info[1] is error


async def test_a_history_that_cannot_be_read_is_a_problem_too(hall_of, pipeline, caplog):
    class Damaged(MemoryHistory):
        def conversation(self, *_, **__):
            raise LibraryDamagedError(path="x", detail="y")

    (shown,) = await asked(hall_of(pipeline, history=Damaged()), WUHU, conversation="c")

    assert "读不出来" in shown.problem


@pytest.mark.parametrize(
    "text", [*HOSTILE, "\ud800芜湖是怎么化债的?", "芜湖化债" + "，" * 100_000, "\x00\x1b[31m芜湖"]
)
async def test_any_question_is_shown_as_text_and_can_be_sent(hall_of, pipeline, text):
    shown = await asked(hall_of(pipeline), text)

    assert shown[-1].is_done
    for one in shown:
        assert ((one.log or "") + one.live).encode()
        assert len(one.live) < 100_000
        for element in elements(parsed(re.sub("[\x00\x1b]", "", (one.log or "") + one.live))):
            assert element.tag not in ("script", "img", "h1", "style")
            assert not any(name.startswith("on") for name in element.attrib)


async def test_a_reader_who_goes_away_frees_the_seat(hall_of, sample):
    paced = PacedPipeline()
    paced.library = sample
    hall = hall_of(paced)

    async with aclosing(hall.ask("x", conversation="", within=Filter(), asker="v:1")) as shown:
        await anext(shown)

    assert paced.closed == ["x"]
    assert hall.desk.line.inside == 0


async def test_of_a_long_conversation_the_latest_turns_are_shown(hall_of, sample):
    paced = PacedPipeline()
    paced.library = sample
    paced.go.set()
    hall = hall_of(paced)
    for number in range(SHOWN_TURNS + 2):
        last = (await asked(hall, f"问{number}", conversation="c"))[-1]

    assert turns_of(last.log) == [f"问：问{n}" for n in range(1, SHOWN_TURNS + 2)]
    assert turns_of(hall.opened("c", "v:1").log) == [f"问：问{n}" for n in range(2, SHOWN_TURNS + 2)]


# A language model


def by_model(hall_of, sample, answer, **options):
    return hall_of(WordedPipeline(answer, library=sample), settings={"composer": "llm"}, **options)


@pytest.mark.parametrize(
    ("language", "told"), [("zh", "语言模型正在组织回答"), ("en", "language model is writing")]
)
async def test_while_a_model_writes_the_step_says_so_however_soon_it_comes(
    hall_of, sample, monkeypatch, language, told
):
    monkeypatch.setattr("ui.web.hall.SHOWN_EVERY_S", 3600.0)

    shown = await asked(by_model(hall_of, sample, worded(), language=language), WUHU)

    steps = [found[0].text_content() for s in shown if (found := parsed(s.live).find_class("step"))]
    assert [told in step for step in steps] == [False, False, True, True, True]
    assert said_in(shown[-2].live) == [PROVEN.text]


@pytest.mark.parametrize("is_reopened", [False, True])
async def test_a_turn_says_why_it_is_not_the_models_which_model_worded_it_and_what_nothing_proves(
    hall_of, sample, is_reopened
):
    answer = worded(
        sentences=(PROVEN, UNPROVEN), composer="llm+extractive", fallback_reason="slow", understood="甲?"
    )
    hall = by_model(hall_of, sample, answer)

    last = (await asked(hall, WUHU))[-1]
    log = hall.opened(last.conversation, "v:1").log if is_reopened else last.log

    page = parsed(log)
    (note,) = page.find_class("note")
    assert note.get("role") == "note"
    assert note.text_content().startswith("语言模型没有在限定时间内回复：")
    asides = [aside.text_content() for aside in page.find_class("aside")]
    assert asides[0] == "理解为：甲?"
    assert asides[1].startswith(f"由语言模型 {MODEL} 组织文字")
    (unproven,) = page.find_class("unproven")
    assert unproven.text_content() == f"{UNPROVEN.text}〔未经证实〕"
    assert [marker.text_content() for marker in page.find_class("marker")] == ["1"]
    assert not [e for e in elements(page) if e.tag in ("b", "i")]
    (copied,) = named(log, "data-copy")
    assert note.text_content() in copied
    assert f"{UNPROVEN.text}〔未经证实〕\n" in copied


@pytest.mark.parametrize("is_reopened", [False, True])
async def test_a_sentence_that_says_that_articles_differ_stands_out_and_is_only_text(
    hall_of, sample, is_reopened
):
    differing = Sentence(text="两篇文章的数字不同：10亿元（<b>报</b>，2025）。", citations=(1,))
    conflict = Conflict(
        sentence=1, sides=(ConflictSide(figure="10亿元", citation=1, source=None, date=None),)
    )
    hall = by_model(hall_of, sample, worded(sentences=(PROVEN, differing), conflicts=(conflict,)))

    last = (await asked(hall, WUHU))[-1]
    log = hall.opened(last.conversation, "v:1").log if is_reopened else last.log

    (shown,) = parsed(log).find_class("differing")
    assert shown.text_content() == f"{differing.text}1"
    assert not [e for e in elements(parsed(log)) if e.tag == "b"]
    assert differing.text in named(log, "data-copy")[0]


@pytest.mark.parametrize(
    ("language", "note", "mark"),
    [
        ("zh", "语言模型连接不上，这个回答摘录自文章原文。", "〔未经证实〕"),
        ("en", "could not be reached", "[unverified]"),
    ],
)
async def test_notes_are_in_the_pages_language(hall_of, sample, language, note, mark):
    answer = worded(composer="extractive", fallback_reason="unreachable", sentences=(PROVEN, UNPROVEN))

    log = (await asked(by_model(hall_of, sample, answer, language=language), WUHU))[-1].log

    assert note in parsed(log).find_class("note")[0].text_content()
    assert parsed(log).find_class("mark")[0].text_content() == mark
    assert MODEL not in log


async def test_an_answer_without_a_model_has_no_notes(hall_of, pipeline):
    log = (await asked(hall_of(pipeline), WUHU))[-1].log

    assert parsed(log).find_class("note") == parsed(log).find_class("unproven") == []
    assert parsed(log).find_class("aside")[0].text_content().startswith("检索到")


async def test_a_reader_who_goes_away_while_a_model_is_waited_for_frees_the_seat(hall_of, sample):
    waiting = WaitingPipeline(library=sample)
    hall = hall_of(waiting, settings={"composer": "llm"})
    asking = asyncio.create_task(asked(hall, "x"))
    assert await asyncio.to_thread(waiting.is_waiting.wait, 5)

    asking.cancel()
    await asyncio.wait({asking}, timeout=5)

    assert asking.cancelled()
    assert (waiting.closed, hall.desk.line.inside) == (["x"], 0)
