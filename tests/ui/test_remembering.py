from __future__ import annotations

import dataclasses
import unicodedata

import pytest
from answers import REFUSED
from hypothesis import given
from hypothesis import strategies as st
from worded import MODEL, PROVEN, UNPROVEN, worded

from rag.history import Asked, Feedback, Kept, MemoryHistory
from rag.types import Filter
from ui.parsing import UsageProblem
from ui.remembering import (
    exported,
    ids_to_forget,
    list_rows,
    one_line,
    shown_lines,
    thumb,
    thumb_wanted,
    via_name,
)

ANY_TEXT = st.text(st.characters() | st.sampled_from("\n\t\r\x0b\x85\u2028\u2029\x1b\u202e\ud800　医改"))


def kept(**asked):
    asked = Asked(**({"via": "page", "settings": {}} | asked))
    return Kept(answer_id="a", asked_at="2026-01-02T03:04:05+00:00", asked=asked, answer=REFUSED)


@given(ANY_TEXT, st.none() | st.integers(1, 9))
def test_foreign_text_is_one_harmless_line_of_bounded_length(text, limit):
    line = one_line(text, limit=limit)

    assert not {unicodedata.category(ch) for ch in line} & {"Cc", "Cf", "Cs", "Zl", "Zp"}
    assert len(line.splitlines()) <= 1
    assert limit is None or len(line) <= limit


@given(ANY_TEXT)
def test_a_reason_cannot_add_rows_to_the_list(text):
    rated = Kept(
        answer_id="a",
        asked_at="2026-01-02T03:04:05+00:00",
        asked=Asked(via="page", settings={}),
        answer=REFUSED,
        feedback=Feedback(liked=False, reason=text, given_at="2026-01-02T03:04:05+00:00"),
    )

    assert len("\n".join(list_rows([rated], "zh", limit=9)).splitlines()) == 2
    assert thumb(rated.feedback).startswith("👎")


def test_a_way_of_a_later_version_is_shown_as_it_is():
    assert via_name("cli", "zh") == "终端"
    assert via_name("carrier\npigeon", "zh") == "carrier pigeon"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_place_that_the_gazetteer_lacks_is_shown_by_its_code(language):
    lines = shown_lines(kept(within=Filter(regions=("999999",), until_year=2020)), language)

    assert any("999999" in line and "2020" in line for line in lines)


def test_a_place_is_named_in_the_language_of_the_reader():
    asked = kept(within=Filter(regions=("340200",), sources=("卫生报",)))

    assert "限于：安徽省芜湖市；卫生报" in shown_lines(asked, "zh")
    assert "Restricted to: Wuhu; 卫生报" in shown_lines(asked, "en")


def test_thumbs_are_asked_for_one_at_a_time():
    assert [
        thumb_wanted(liked=liked, disliked=disliked, language="zh")
        for liked, disliked in ((False, False), (True, False), (False, True))
    ] == [None, True, False]
    with pytest.raises(UsageProblem):
        thumb_wanted(liked=True, disliked=True, language="zh")


def test_everything_is_forgotten_only_when_asked_for():
    history = MemoryHistory()
    ids = [history.keep(REFUSED, Asked(via="page", settings={})) for _ in range(2)]

    assert ids_to_forget(history, [], everything=True, language="zh") == ids[::-1]
    assert ids_to_forget(history, [ids[0], ids[0]], everything=False, language="zh") == ids[:1]
    with pytest.raises(UsageProblem):
        ids_to_forget(history, [], everything=False, language="zh")


def test_an_answer_forgotten_during_an_export_is_left_out():
    history = MemoryHistory()
    first, second, third = (history.keep(REFUSED, Asked(via="page", settings={})) for _ in range(3))

    documents = exported(history, liked=None)
    found = [next(documents)["answer_id"]]
    history.forget([second])
    found += [document["answer_id"] for document in documents]

    assert found == [first, third]


@pytest.mark.parametrize(
    ("understood", "told"), [("", "理解为：丽水是怎么化债的?"), ("丽水何时化债?", "理解为：丽水何时化债?")]
)
def test_a_kept_follow_up_says_how_it_was_understood_also_where_it_was_kept_before_answers_did(
    understood, told
):
    answer = worded(question="那丽水呢?", understood=understood)
    one = dataclasses.replace(kept(history=("芜湖是怎么化债的?",)), answer=answer)

    lines = "\n".join(shown_lines(one, "zh")).splitlines()

    assert [line for line in lines if line.startswith("理解为")] == [told]


def test_a_kept_answer_shows_its_notes_and_marks():
    answer = worded(sentences=(PROVEN, UNPROVEN), composer="llm+extractive", fallback_reason="endless")

    text = "\n".join(shown_lines(dataclasses.replace(kept(), answer=answer), "en"))

    assert f"{UNPROVEN.text}〔未经证实〕" in text
    assert "写个不停，已经叫停：前面是它写的" in text
    assert MODEL in text
