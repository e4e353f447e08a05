from __future__ import annotations

import pytest

from rag.briefing.findings import Finding, quote_of
from rag.briefing.notes import differing_notes, notes_on
from rag.briefing.places import place_of


@pytest.fixture
def findings(candidates_in):
    def read(figure):
        texts = [
            f"---\ntitle: 编制简报{n}\ndate: 202{n}-05-06\n---\n2019年，合肥市的公立医院核增编制{value}个。\n"
            for n, value in enumerate(("300", figure))
        ]
        found = [
            Finding(quote=quote_of(c, c.start, c.end), sentence=c, place=place_of(c), strength=1.0)
            for text in texts
            for c in candidates_in(text)
        ]
        assert len({f.quote.article.article_id for f in found}) == 2
        return found

    return read


def test_lines_that_articles_contradict_each_say_the_other_figure_and_where(findings):
    one, other = findings("450")

    notes = differing_notes([one, other], "zh")

    assert "450个" in notes[one.key]
    assert "《编制简报1》（2021-05-06）" in notes[one.key]
    assert "300个" in notes[other.key]


def test_articles_that_agree_need_no_note(findings):
    assert differing_notes(findings("300"), "zh") == {}


def test_a_plan_is_said_to_be_one(candidates_in):
    found = [
        Finding(quote=quote_of(c, c.start, c.end), sentence=c, place=place_of(c), strength=1.0)
        for c in candidates_in("到2030年，合肥市计划核增编制500个。\n\n合肥市已核增编制300个。\n")
    ]

    notes = notes_on(found, "zh")

    assert "计划" in notes[found[0].key]
    assert found[1].key not in notes
