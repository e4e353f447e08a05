from __future__ import annotations

import json

import pytest
from fakes import HashingEncoder

from eval.rgb import (
    Reply,
    RgbOutcome,
    RgbQuestion,
    ask_twice,
    draw,
    holds_expected,
    measure_refusal,
    read_rgb,
    refusal_metrics,
)
from eval.scratch import make_article, scratch_library, shelve
from rag.build import build_encoder, build_pipeline
from rag.errors import ModelUnavailableError, SuiteError
from rag.settings import load_settings

SETTINGS = load_settings()
ROWS = [
    {
        "id": 0,
        "query": "白鹭市公立医院的长期债务降到多少？",
        "answer": ["3亿元"],
        "positive": [
            "白鹭市公立医院的长期债务从七亿元降到三亿元，财政承担了其中一半。",
            "据白鹭市财政局介绍，公立医院长期债务已降至3亿元。",
        ],
        "negative": [
            "青石县的急救车平均八分钟到达现场，比上年快两分钟。",
            "高血压常用药集中采购后，价格下降一半以上。",
        ],
    },
    {
        "id": 1,
        "query": "青石县新建了多少个急救站？",
        "answer": [["14个", "十四个"]],
        "positive": ["青石县新建急救站十四个，覆盖所有乡镇。"],
        "negative": [
            "白鹭市公立医院的长期债务从七亿元降到三亿元。",
            "村卫生室开通远程心电，结果由县医院半小时内出具。",
        ],
    },
]


def question(**fields: object) -> RgbQuestion:
    return RgbQuestion.model_validate(ROWS[0] | fields)


def write(path, rows):
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def encoder():
    return build_encoder(SETTINGS)


@pytest.fixture(scope="module")
def result(encoder):
    questions = [RgbQuestion.model_validate(row) for row in ROWS]
    return measure_refusal(questions, encoder=encoder, settings=SETTINGS)


class BrokenEncoder(HashingEncoder):
    """Fails on whatever names the broken place."""

    def embed_passages(self, texts, *, on_progress=None):
        if any("断桥" in text for text in texts):
            raise OSError("no space left")
        return super().embed_passages(texts, on_progress=on_progress)


def test_what_the_passages_say_is_answered_and_refused_without_them(result):
    assert {m.name: m.value for m in result.metrics} == {
        "refusal_recall": 1,
        "false_refusal": 0,
        "answer_inside": 1,
        "answered_wrongly": 0,
    }
    assert [o.unanswerable.refusal is not None for o in result.outcomes] == [True, True]
    assert all("[1]" not in o.answerable.text for o in result.outcomes)


def test_the_document_shows_every_question_and_can_be_json(result):
    document = result.document()

    assert document["counts"] == {"questions": 2, "left_out": 0, "errors": 0}
    assert document["questions"][0]["query"] == ROWS[0]["query"]
    assert document["questions"][0]["unanswerable"]["refusal"]
    assert document["intervals"].keys() == document["metrics"].keys()
    assert json.loads(json.dumps(document, allow_nan=False))["metrics"] == document["metrics"]


def test_taking_passages_away_is_as_if_they_had_never_been_there(encoder):
    asked = question(negative=[*ROWS[0]["negative"], "白鹭市公立医院去年的债务问题由市政府督办。"])

    reply = ask_twice(asked, encoder=encoder, settings=SETTINGS).unanswerable

    with scratch_library(encoder) as library:
        articles = [make_article(f"negative-{i}", text=text) for i, text in enumerate(asked.negative)]
        shelve(articles, library=library, encoder=encoder)
        never = build_pipeline(library, encoder, SETTINGS).ask(asked.query)
    assert reply.refusal == (never.refusal.code if never.refusal else None)
    assert reply.text == (
        never.refusal.message if never.refusal else "\n".join(s.text for s in never.sentences)
    )


def test_an_error_counts_as_failed_in_both_halves_and_does_not_stop_the_rest(caplog):
    broken = question(id="断", positive=["断桥县的数字在此。"])

    result = measure_refusal([broken, question(id="好")], encoder=BrokenEncoder(), settings=SETTINGS)

    values = {m.name: m.value for m in refusal_metrics(result.outcomes[:1])}
    assert values == {"refusal_recall": 0, "false_refusal": 1, "answer_inside": 0, "answered_wrongly": 0}
    assert (result.questions, result.errors, len(result.outcomes)) == (2, 1, 2)
    assert result.outcomes[0].answerable.error == "OSError: no space left"
    assert result.outcomes[1].answerable.error is None
    assert "断" in caplog.text


def test_an_encoder_that_cannot_be_used_stops_everything():
    class Missing(HashingEncoder):
        def warm_up(self):
            raise ModelUnavailableError(model="x", detail=("gone", "没有"), next_step=("get it", "取来"))

    with pytest.raises(ModelUnavailableError):
        measure_refusal([question()], encoder=Missing(), settings=SETTINGS)


def test_questions_without_both_kinds_of_passages_are_left_out_and_counted():
    shared = ROWS[0]["positive"][0]
    questions = [
        question(),
        question(id="a", negative=[]),
        question(id="b", positive=["  "]),
        question(id="c", positive=[shared], negative=[shared]),
    ]

    result = measure_refusal(questions, encoder=HashingEncoder(), settings=SETTINGS)

    assert (result.questions, result.left_out) == (1, 3)
    with pytest.raises(ValueError, match="both with and without"):
        measure_refusal(questions[1:], encoder=HashingEncoder(), settings=SETTINGS)


def test_progress_is_told_after_every_question():
    told: list[tuple[str, int, int]] = []

    measure_refusal(
        [question(), question(id=1)],
        encoder=HashingEncoder(),
        settings=SETTINGS,
        on_progress=lambda *event: told.append(event),
    )

    assert told == [("questions", 1, 2), ("questions", 2, 2)]


def test_each_share_is_of_all_questions():
    def outcome(*, holds: bool, answerable: Reply, unanswerable: Reply) -> RgbOutcome:
        return RgbOutcome(
            id="x", query="q", expected=(), holds=holds, answerable=answerable, unanswerable=unanswerable
        )

    answer, refusal = Reply(text="三亿元"), Reply(text="没有", refusal="not_found")
    error = Reply(text="", error="OSError: x")
    metrics = refusal_metrics(
        [
            outcome(holds=True, answerable=answer, unanswerable=refusal),
            outcome(holds=False, answerable=answer, unanswerable=refusal),
            outcome(holds=False, answerable=refusal, unanswerable=refusal),
            outcome(holds=False, answerable=error, unanswerable=error),
        ]
    )

    # Refused where there is nothing: 3 of 4. Not answered though answerable: the refusal and the error, 2 of 4.
    assert [m.value for m in metrics] == [0.75, 0.5, 0.25, 0.25]
    assert [m.better for m in metrics] == ["higher", "lower", "higher", "lower"]
    assert all(m.low <= m.value <= m.high for m in metrics)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("債務降到３億元。", [["3亿元"]]),
        ("共计12000人参加。", [["1.2万人"]]),
        ("净利润为23.92亿元。", [["23.92亿"]]),
        ("2022年1月17日开始。", [["1月17日"]]),
        ("由 COMAC 919 承担", [["comac919"]]),
        ("甲、乙、丙三国", [["甲国", "甲"], ["丙"]]),
        ("票房12000万元", [["1.2亿元"]]),
    ],
)
def test_an_answer_holds_what_is_expected_across_scripts_widths_and_ways_of_writing(text, expected):
    assert holds_expected(text, expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("事故造成112人受伤。", [["12人"]]),
        ("11月3日开售。", [["1月3日"]]),
        ("编号10.44", [["44"]]),
        ("共44.5万", [["44"]]),
        ("甲、乙两国", [["甲"], ["丙"]]),
        ("下降9.6个百分点", [["9.6%"]]),
        ("", [["甲"]]),
    ],
)
def test_an_answer_does_not_hold_what_it_only_seems_to(text, expected):
    assert not holds_expected(text, expected)


@pytest.mark.parametrize(
    ("answer", "read"),
    [
        ("甲", (("甲",),)),
        (["甲", "乙"], (("甲",), ("乙",))),
        ([["甲", "乙"], "丙"], (("甲", "乙"), ("丙",))),
        ([14], (("14",),)),
    ],
)
def test_answers_are_read_in_each_of_their_forms(tmp_path, answer, read):
    file = write(tmp_path / "rgb.jsonl", [ROWS[0] | {"answer": answer}])

    assert read_rgb(file)[0].answer == read


def test_passages_may_be_listed_by_part_and_blank_ones_are_nothing(tmp_path):
    file = write(tmp_path / "rgb.jsonl", [ROWS[0] | {"positive": [["甲", " "], ["乙"]], "more": 1}])

    assert read_rgb(file)[0].positive == ("甲", "乙")


@pytest.mark.parametrize(
    "fields",
    [
        {"query": " "},
        {"query": None},
        {"answer": []},
        {"answer": [[]]},
        {"answer": ["\u3000"]},
        {"positive": "甲"},
        {"negative": [{"text": "甲"}]},
        {"negative": None},
        {"id": "0"},
    ],
)
def test_a_line_that_is_no_question_is_named(tmp_path, fields):
    file = write(tmp_path / "rgb.jsonl", [ROWS[0], ROWS[1] | fields])

    with pytest.raises(SuiteError, match=r"rgb\.jsonl:2: "):
        read_rgb(file)


def test_a_file_without_a_question_is_refused(tmp_path):
    with pytest.raises(SuiteError, match="no question"):
        read_rgb(write(tmp_path / "rgb.jsonl", []))
    with pytest.raises(SuiteError, match="No such file"):
        read_rgb(tmp_path / "gone.jsonl")


def test_a_sample_is_the_same_at_every_call_and_keeps_the_order():
    questions = [question(id=n) for n in range(30)]

    sample = draw(questions, sample=8)

    ids = [int(q.id) for q in sample]
    assert ids == sorted(ids) == [int(q.id) for q in draw(questions, sample=8)]
    assert ids != list(range(8))
    assert draw(questions, sample=8, limit=3) == sample[:3]
    assert draw(questions, limit=2) == questions[:2]
    assert draw(questions, sample=99) == draw(questions) == questions


@pytest.mark.parametrize("numbers", [{"sample": 0}, {"limit": 0}, {"limit": -3, "sample": 2}])
def test_a_sample_of_nothing_is_refused(numbers):
    with pytest.raises(ValueError, match="at least 1"):
        draw([question()], **numbers)


@pytest.mark.seeds
def test_public_questions_can_all_be_asked(shared_folder, encoder):
    file = shared_folder / "evaldata" / "refusal" / "rgb_zh_refine.jsonl"

    result = measure_refusal(draw(read_rgb(file), sample=2), encoder=encoder, settings=SETTINGS)

    assert (result.questions, result.left_out, result.errors) == (2, 0, 0)
