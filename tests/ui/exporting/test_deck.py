from __future__ import annotations

from dataclasses import replace

import pytest
from briefings import briefings, monstrous_briefing, plain_briefing
from hypothesis import HealthCheck, given, settings

from rag.briefing.types import Line, Section
from ui.exporting.deck import TITLE_EMS, plan_slides, title_notes
from ui.exporting.measure import ems
from ui.exporting.outline import walk
from ui.exporting.printable import make_printable


def test_each_section_and_place_has_its_slide_and_the_sources_come_last():
    titles = [slide.title for slide in plan_slides(plain_briefing())]

    assert titles == [
        "要点",
        "各地做法 · 云泽市",
        "各地做法 · 临溪市",
        "各地做法 · 白石县",
        "对照表",
        "前后变化",
        "前后变化 · 市级医院资产负债率",
        "前后变化 · 专项资金",
        "时间线",
        "文章没有说的",
        "来源",
    ]


def test_notes_hold_the_sentences_in_full_and_their_clauses():
    first = plan_slides(plain_briefing())[0]

    assert first.notes[0] == "云泽市财政三年安排专项资金6.4亿元，用于偿还市级医院基建负债。[1]"
    assert first.notes[3] == (
        "[1] 《云泽市医改观察之1》，临溪卫生简报，2024-02-15：「云泽市财政三年安排专项资金6.4亿元，用于偿还市级医院基建负债。」"
    )
    assert [note[:3] for note in first.notes[3:]] == ["[1]", "[2]", "[4]"]


def test_notes_of_a_chart_name_the_source_of_each_bar():
    (chart,) = [s for s in plan_slides(plain_briefing()) if s.chart and s.chart.title == "专项资金"]

    assert "云泽市：6.4亿元[1]" in chart.notes
    assert any(note.startswith("[3] 《云泽市医改观察之2》") for note in chart.notes)
    assert [line.sources for line in chart.lines] == [(1,), (3,)]


def test_a_long_section_says_which_part_of_it_a_slide_is():
    titles = [slide.title for slide in plan_slides(monstrous_briefing("en"))]
    parts = [title for title in titles if title.startswith("要点")]

    assert len(parts) > 4
    assert parts == [f"要点 ({at}/{len(parts)})" for at in range(1, len(parts) + 1)]


def test_a_heading_that_is_too_long_with_its_way_stands_alone_and_the_notes_have_it_all():
    place = "云泽市东部新区公立医院管理中心"
    part = Section(kind="practice", heading=place, lines=(Line(text="有"),))
    whole = Section(kind="practice", heading="各地各部门各单位的具体做法与经验", parts=(part,))

    (slide, *_) = plan_slides(replace(plain_briefing(), sections=(whole,)))

    assert slide.title == place
    assert slide.notes[0] == f"{whole.heading} · {place}"


def test_the_first_slide_tells_in_its_notes_what_was_asked():
    assert "云泽市如何化解公立医院债务？" in title_notes(plain_briefing())


@pytest.mark.parametrize("make", [plain_briefing, monstrous_briefing])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_source_is_listed_on_one_slide_at_the_end(make, language):
    briefing = make(language)
    listed = [number for slide in plan_slides(make_printable(briefing)) for number in slide.targets]

    assert listed == [source.number for source in briefing.sources]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(briefings())
def test_nothing_of_a_briefing_is_lost_on_its_slides(briefing):
    printed = make_printable(briefing)
    slides = plan_slides(printed)
    notes = "\n".join(note for slide in slides for note in slide.notes)
    shown = "".join(line.text for slide in slides for line in slide.lines)

    for _, section in walk(printed.sections):
        for line in section.lines:
            assert line.text in shown
            assert line.text in notes
    assert all(ems(slide.title) <= TITLE_EMS for slide in slides)
    assert all(source.quote in notes for source in printed.sources)
