from __future__ import annotations

import dataclasses

import pytest

from rag.briefing.proof import check_briefing, prove
from rag.briefing.shelf import Shelf
from rag.briefing.types import Bar, Chart, Grid, Line, Section
from rag.compose import Quote


@pytest.fixture
def quotes(candidates_in):
    sentences = candidates_in(
        "合肥市的家庭医生签约率从41.5%提高到63.2%。\n\n合肥市的公立医院共核增编制300个。\n\n合肥市新建急救站12座。\n"
    )
    return {
        n: Quote(article=s.article, start=s.start, end=s.end, heading_path=s.heading_path, regions=s.regions)
        for n, s in enumerate(sentences, start=1)
    }


TRUE = Line(text="合肥市的公立医院共核增编制300个。", sources=(2,))
FALSE = Line(text="合肥市的公立医院共核增编制400个。", sources=(2,))


def test_a_line_that_its_source_does_not_prove_is_dropped_and_counted(quotes):
    section = Section(kind="summary", heading="要点", lines=(TRUE, FALSE))

    proven = prove((section,), quotes, language="zh")

    assert [line.text for line in proven.sections[0].lines] == [TRUE.text]
    assert len(proven.dropped) == 1
    assert FALSE.text in proven.dropped[0]


def test_sources_are_numbered_anew_without_gaps_in_order_of_first_use(quotes):
    third = Line(text="合肥市新建急救站12座。", sources=(3,))
    section = Section(kind="summary", heading="要点", lines=(FALSE, third, TRUE))

    proven = prove((section,), quotes, language="zh")

    assert [line.sources for line in proven.sections[0].lines] == [(1,), (2,)]
    assert [s.quote for s in proven.sources] == [third.text, TRUE.text]


def test_what_is_left_empty_goes_too(quotes):
    grid = Grid(columns=("编制",), rows=(("合肥市", ((FALSE,),)),))
    sections = (
        Section(kind="comparison", heading="对照表", grid=grid),
        Section(
            kind="practice",
            heading="各地做法",
            parts=(Section(kind="practice", heading="甲", lines=(FALSE,)),),
        ),
    )

    assert prove(sections, quotes, language="zh").sections == ()


def test_a_line_without_sources_may_only_say_that_the_articles_are_silent(quotes):
    silent = Line(text="（安徽省合肥市 · 编制）资料中未提及。")
    bare = Line(text="合肥市做得很好。")

    proven = prove((Section(kind="silence", heading="无", lines=(silent, bare)),), quotes, language="zh")

    assert proven.sections[0].lines == (silent,)


@pytest.mark.parametrize(
    ("shown", "value", "stands"), [("63.2%", 63.2, True), ("63.3%", 63.3, False), ("63.2%", 99.0, False)]
)
def test_a_bar_stands_only_on_a_figure_of_its_source(quotes, shown, value, stands):
    bar = Bar(label="签约率", value=value, shown=shown, sources=(1,))
    chart = Chart(title="签约率", unit="%", series=("之后",), groups=(("合肥市", (bar,)),))

    proven = prove((Section(kind="changes", heading="变化", charts=(chart,)),), quotes, language="zh")

    assert bool(proven.sections) is stands


def test_a_wrong_difference_is_dropped(quotes):
    def line(gap):
        return Line(
            text=f"41.5% → 63.2%（计算得出：63.2% − 41.5% = {gap}个百分点）", sources=(1,), is_computed=True
        )

    section = Section(kind="changes", heading="变化", lines=(line("21.7"), line("22.7")))

    assert prove((section,), quotes, language="zh").sections[0].lines == (line("21.7"),)


def test_an_edited_briefing_is_held_against_the_library(briefing_on, briefing_pipeline):
    briefing = briefing_on("公立医院化债")
    shelf = Shelf(briefing_pipeline.library)
    source = briefing.sources[0]
    first = briefing.sections[0]
    edited_line = dataclasses.replace(first.lines[0], text=first.lines[0].text.replace("62.59%", "82.59%"))
    edited = dataclasses.replace(
        briefing, sections=(dataclasses.replace(first, lines=(edited_line,)), *briefing.sections[1:])
    )
    moved = dataclasses.replace(
        briefing, sources=(dataclasses.replace(source, start=source.start + 1), *briefing.sources[1:])
    )

    assert check_briefing(briefing, shelf) == ()
    assert "82.59%" in "".join(check_briefing(edited, shelf))
    assert check_briefing(moved, shelf)[0].startswith("[1]")
