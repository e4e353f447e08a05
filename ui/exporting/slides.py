"""A briefing as a presentation: slides that nothing runs over, native tables and charts, everything in full in the notes."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, cast

from pptx.enum.chart import XL_CHART_TYPE
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.oxml.ns import qn
from pptx.util import Emu, Inches, Pt

from rag.briefing.types import Briefing, Line
from ui.exporting.banding import TABLE_POINTS
from ui.exporting.deck import BODY, SOURCES, plan_slides, title_notes
from ui.exporting.deck import Slide as Planned
from ui.exporting.measure import clip
from ui.exporting.native import chart_numbers, dress
from ui.exporting.outline import Table
from ui.exporting.packing import repack, set_properties
from ui.exporting.slide_look import (
    FIELD_HEIGHT,
    FIELD_WIDTH,
    INK,
    LEFT,
    TOP,
    WASH,
    layout_of,
    number_slide,
    open_presentation,
    tag_language,
)
from ui.exporting.trees import find
from ui.exporting.words import describe, word

if TYPE_CHECKING:
    from pptx.shapes.graphfrm import GraphicFrame
    from pptx.slide import Slide
    from pptx.table import _Cell
    from pptx.text.text import TextFrame, _Paragraph, _Run

_CHART_WIDTH = Inches(8.0)
_ROW = Inches(0.6)  # of a chart, for each bar
_GRID_STYLE = "{5940675A-B579-460E-94D1-54222C63F5DA}"  # "No Style, Table Grid", which every PowerPoint has
_CAPTION_POINTS, _FEW_CAPTIONS = (12.0, 14.0), 4
_MARK_SHARE, _MARK_POINTS = 0.7, 10.0
_COVER_EMS = 70.0  # two lines of the title's type


def to_pptx(briefing: Briefing) -> bytes:
    """Write the presentation."""
    return _Writer(briefing).write()


class _Writer:
    """Writes one briefing; markers wait until the slides that they lead to exist."""

    def __init__(self, briefing: Briefing) -> None:
        self._briefing = briefing
        self._language = briefing.request.language
        self._presentation = open_presentation()
        self._marks: list[tuple[Slide, _Run, int]] = []
        self._targets: dict[int, Slide] = {}

    def write(self) -> bytes:
        self._write_cover()
        for number, planned in enumerate(plan_slides(self._briefing), start=2):
            self._write_slide(planned, number)
        for slide, run, number in self._marks:
            if number in self._targets:
                _lead(slide, run, self._targets[number])
        for slide in self._presentation.slides:
            tag_language(slide, self._language)
        set_properties(
            self._presentation.core_properties,
            title=self._briefing.title,
            subject=self._briefing.request.topic,
            date=self._briefing.colophon.library_date,
            made_with=f"yigai {self._briefing.colophon.version}",
        )
        file = io.BytesIO()
        self._presentation.save(file)
        return repack(file.getvalue())

    def _new(self, layout: str, title: str, notes: tuple[str, ...]) -> Slide:
        slide: Slide = self._presentation.slides.add_slide(layout_of(self._presentation, layout))
        heading = slide.shapes.title
        if heading is not None:
            heading.text_frame.text = title
        _write_notes(slide, notes)
        return slide

    def _write_cover(self) -> None:
        slide = self._new("Title Slide", clip(self._briefing.title, _COVER_EMS), title_notes(self._briefing))
        told = slide.placeholders[1].text_frame
        for at, (name, text) in enumerate(describe(self._briefing)):
            paragraph = told.add_paragraph() if at else told.paragraphs[0]
            _add_run(paragraph, clip(f"{name}{word('colon', self._language)}{text}", 50), 16)

    def _write_slide(self, planned: Planned, number: int) -> None:
        layout = "Title Only" if planned.table or planned.chart else "Title and Content"
        slide = self._new(layout, planned.title, planned.notes)
        if planned.table:
            self._write_table(slide, planned.table, planned.widths)
        elif planned.chart:
            self._write_chart(slide, planned)
        else:
            room = SOURCES if planned.targets else BODY
            self._write_lines(slide, slide.placeholders[1].text_frame, planned.lines, room.points)
        self._targets.update(dict.fromkeys(planned.targets, slide))
        number_slide(slide, number)

    def _write_lines(self, slide: Slide, frame: TextFrame, lines: tuple[Line, ...], points: float) -> None:
        for at, line in enumerate(lines):
            paragraph = frame.add_paragraph() if at else frame.paragraphs[0]
            paragraph.space_before = Pt(0)
            paragraph.space_after = Pt(points * 0.4)
            size = max(points * _MARK_SHARE, _MARK_POINTS)
            _add_run(paragraph, line.text, points)
            for mark_at, number in enumerate(line.sources):
                # Adjoining links would share the look of the first.
                _add_run(paragraph, " " if line.text or mark_at else "", size)
                self._marks.append((slide, _add_run(paragraph, f"[{number}]", size), number))

    def _write_table(self, slide: Slide, table: Table, widths: tuple[int, ...]) -> None:
        shape = slide.shapes.add_table(
            1 + len(table.rows), len(table.head), LEFT, TOP, FIELD_WIDTH, Inches(0.5)
        )
        drawn = shape.table
        find(shape._element, f".//{qn('a:tableStyleId')}").text = _GRID_STYLE
        drawn.horz_banding = False
        for at, width in enumerate(widths):
            drawn.columns[at].width = Pt(width)
        for row in drawn.rows:
            row.height = Pt(TABLE_POINTS * 2)
        for at, name in enumerate(table.head):
            _write_cell_heading(drawn.cell(0, at), name)
        for row_at, (name, cells) in enumerate(table.rows, start=1):
            _write_cell_heading(drawn.cell(row_at, 0), name)
            for at, cell in enumerate(cells, start=1):
                _plain(drawn.cell(row_at, at))
                self._write_lines(slide, drawn.cell(row_at, at).text_frame, cell, TABLE_POINTS)

    def _write_chart(self, slide: Slide, planned: Planned) -> None:
        chart = planned.chart
        if chart is None:
            return
        rows = len(chart.groups) * (len(chart.series) + 0.5) + 1
        place = (LEFT, TOP, _CHART_WIDTH, Emu(min(int(_ROW * rows), FIELD_HEIGHT)))
        numbers = chart_numbers(chart)
        # What is called a chart in the library's types is the frame around one.
        shape = cast("GraphicFrame", slide.shapes.add_chart(XL_CHART_TYPE.BAR_CLUSTERED, *place, numbers))
        dress(shape.chart, chart, points=14, ends=planned.ends)
        about = find(shape._element, f"{qn('p:nvGraphicFramePr')}/{qn('p:cNvPr')}")
        about.set("descr", word("between", self._language).join(line.text for line in planned.lines))
        left = LEFT + _CHART_WIDTH + Inches(0.1)
        box = slide.shapes.add_textbox(Emu(left), TOP, Emu(LEFT + FIELD_WIDTH - left), FIELD_HEIGHT)
        box.text_frame.word_wrap = True
        points = _CAPTION_POINTS[len(planned.lines) <= _FEW_CAPTIONS]
        self._write_lines(slide, box.text_frame, planned.lines, points)


def _add_run(paragraph: _Paragraph, text: str, points: float) -> _Run:
    run = paragraph.add_run()
    run.text = text
    run.font.size = Pt(points)
    return run


def _write_cell_heading(cell: _Cell, text: str) -> None:
    _plain(cell)
    cell.fill.solid()
    cell.fill.fore_color.rgb = WASH
    run = _add_run(cell.text_frame.paragraphs[0], text, TABLE_POINTS)
    run.font.bold = True
    run.font.color.rgb = INK


def _plain(cell: _Cell) -> None:
    cell.fill.background()
    cell.margin_left = cell.margin_right = Pt(6)
    cell.margin_top = cell.margin_bottom = Pt(4)


def _write_notes(slide: Slide, notes: tuple[str, ...]) -> None:
    frame = slide.notes_slide.notes_text_frame
    if frame is not None:
        frame.text = "\n".join(notes)


def _lead(slide: Slide, run: _Run, target: Slide) -> None:
    """Make a marker lead to the slide that lists its source."""
    properties = run._r.get_or_add_rPr()
    link = properties.add_hlinkClick(slide.part.relate_to(target.part, RELATIONSHIP_TYPE.SLIDE))
    link.set("action", "ppaction://hlinksldjump")
