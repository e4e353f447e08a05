from __future__ import annotations

import io
import zipfile

import pptx
import pytest
from briefings import monstrous_briefing, plain_briefing
from pptx.util import Emu

from ui.exporting import render
from ui.exporting.deck import plan_slides, title_notes
from ui.exporting.printable import make_printable

A = {
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
}


@pytest.fixture(scope="module")
def plain():
    return pptx.Presentation(io.BytesIO(render(plain_briefing(), ".pptx")))


@pytest.fixture(scope="module")
def monstrous():
    return pptx.Presentation(io.BytesIO(render(monstrous_briefing(), ".pptx")))


@pytest.mark.parametrize(("opened", "make"), [("plain", plain_briefing), ("monstrous", monstrous_briefing)])
def test_every_planned_slide_has_its_title_and_its_notes(opened, make, request):
    presentation = request.getfixturevalue(opened)
    briefing = make_printable(make())
    planned = plan_slides(briefing)
    cover, *slides = presentation.slides

    assert [slide.shapes.title.text_frame.text for slide in slides] == [plan.title for plan in planned]
    assert [slide.notes_slide.notes_text_frame.text for slide in slides] == [
        "\n".join(plan.notes) for plan in planned
    ]
    assert cover.notes_slide.notes_text_frame.text == "\n".join(title_notes(briefing))


@pytest.mark.parametrize("opened", ["plain", "monstrous"])
def test_every_shape_is_inside_its_slide(opened, request):
    presentation = request.getfixturevalue(opened)

    assert (presentation.slide_width, presentation.slide_height) == (Emu(12191695), Emu(6858000))
    for slide in presentation.slides:
        for shape in slide.shapes:
            assert shape.left >= 0
            assert shape.top >= 0
            assert shape.left + shape.width <= presentation.slide_width
            assert shape.top + shape.height <= presentation.slide_height


def test_the_cover_says_what_the_briefing_is_and_of_which_library(plain):
    cover = plain.slides[0]

    assert cover.shapes.title.text_frame.text == "公立医院化债：三地做法"
    assert "文库：27 篇文章，截至 2024-12-02，校验码 9f2c51e07a44" in cover.placeholders[1].text_frame.text


def test_markers_lead_to_the_slide_that_lists_their_source(plain):
    last = plain.slides[-1]
    slide = plain.slides[1]
    links = slide.element.findall(".//a:hlinkClick", A)
    leads = {slide.part.related_part(link.get(f"{{{A['r']}}}id")) for link in links}

    assert len(links) == 3
    assert {link.get("action") for link in links} == {"ppaction://hlinksldjump"}
    assert leads == {last.part}
    assert "[1] [2] 《云泽市医改观察之1》" in last.placeholders[1].text_frame.text


def test_charts_are_native_and_read_again(plain):
    first, second = [shape.chart for slide in plain.slides for shape in slide.shapes if shape.has_chart]

    assert [(s.name, s.values) for s in first.plots[0].series] == [
        ("改革前", (57.3, 49.6, None)),
        ("改革后", (41.9, 44.25, 50.0)),
    ]
    assert list(first.plots[0].categories) == ["云泽市", "临溪市", "白石县"]
    assert [s.values for s in second.plots[0].series] == [(6.4, 0.85)]
    assert zipfile.is_zipfile(io.BytesIO(first.part.chart_workbook.xlsx_part.blob))


def test_parts_of_a_chart_have_one_axis(monstrous):
    charts = [shape.chart for slide in monstrous.slides for shape in slide.shapes if shape.has_chart]
    axes = {(chart.value_axis.minimum_scale, chart.value_axis.maximum_scale) for chart in charts}

    assert len(charts) > 4
    assert axes == {(-39 - 198 / 4, 159 + 198 / 4)}


def test_a_chart_is_told_in_words_too(plain):
    (frame, _) = [shape for slide in plain.slides for shape in slide.shapes if shape.has_chart]

    assert "云泽市 · 改革前 · 2021年：57.3%" in frame._element.nvGraphicFramePr.cNvPr.get("descr")


def test_tables_are_tables_as_wide_as_the_field(plain, monstrous):
    tables = [
        shape.table
        for show in (plain, monstrous)
        for slide in show.slides
        for shape in slide.shapes
        if shape.has_table
    ]

    assert [cell.text for cell in tables[0].rows[0].cells] == [
        "地区",
        "资金安排",
        "债务管理",
        "资产负债率",
        "编制",
    ]
    assert tables[0].cell(1, 4).text == "资料中未提及"
    assert {sum(column.width for column in table.columns) for table in tables} == {870 * 12700}
    assert all(table.first_row and len(table.columns) <= 5 for table in tables)


def test_columns_are_as_wide_as_was_planned(monstrous):
    planned = [slide.widths for slide in plan_slides(make_printable(monstrous_briefing())) if slide.table]
    drawn = [shape.table for slide in monstrous.slides for shape in slide.shapes if shape.has_table]

    assert [tuple(column.width // 12700 for column in table.columns) for table in drawn] == planned


def test_the_theme_names_fonts_for_both_scripts(plain):
    theme = next(
        r.target_part for r in plain.slide_master.part.rels.values() if r.reltype.endswith("/theme")
    ).blob.decode()

    assert theme.count('<a:ea typeface="黑体"') == 2
    assert theme.count('<a:latin typeface="Arial"') == 2


@pytest.mark.parametrize(("language", "tag"), [("zh", "zh-CN"), ("en", "en-US")])
def test_slides_say_their_language(language, tag):
    slide = pptx.Presentation(io.BytesIO(render(plain_briefing(language), ".pptx"))).slides[1]

    assert {run.get("lang") for run in slide.placeholders[1]._element.iter(f"{{{A['a']}}}rPr")} == {tag}


def test_slides_are_numbered_by_a_field(plain):
    fields = [
        [f.findtext("a:t", namespaces=A) for f in slide.element.iter(f"{{{A['a']}}}fld")]
        for slide in plain.slides
    ]

    assert fields == [[], *([str(number)] for number in range(2, len(plain.slides) + 1))]


def test_only_layouts_that_are_used_are_there(plain):
    assert {layout.name for layout in plain.slide_layouts} == {
        "Title Slide",
        "Title and Content",
        "Title Only",
    }
