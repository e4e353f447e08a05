"""A briefing as a Word document: headings, contents, footnotes, tables and charts that can be edited as any other."""

from __future__ import annotations

import io
from itertools import count
from typing import TYPE_CHECKING

import docx
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn
from docx.shared import Cm, Length

from rag.briefing.types import Briefing, Chart, Line, Section
from ui.exporting.outline import (
    articles_of,
    asides,
    bar_name,
    bars_of,
    ends_of,
    has_bars,
    has_rows,
    is_bare,
    is_web_address,
    lay_out,
    split_columns,
    split_groups,
    walk,
)
from ui.exporting.packing import repack, set_properties
from ui.exporting.word_charts import MOST_GROUPS, add_chart
from ui.exporting.word_notes import Footnotes
from ui.exporting.word_parts import (
    add_outer_link,
    make,
    make_bookmark,
    make_field,
    make_inner_link,
    make_run,
    set_style,
)
from ui.exporting.word_styles import ASIDE, CELL, LINK, dress_document
from ui.exporting.word_tables import add_table
from ui.exporting.words import cite, describe, word

if TYPE_CHECKING:
    from docx.text.paragraph import Paragraph
    from lxml.etree import _Element

MOST_UPRIGHT = 5  # columns; more lie on a page turned on its side
MOST_SIDEWAYS = 9
_LEVELS = 3
_MARGIN_SIDEWAYS = Cm(2.0)


def to_docx(briefing: Briefing) -> bytes:
    """Write the document."""
    return _Writer(briefing).write()


class _Writer:
    """Writes one briefing into one document, from the top to the bottom."""

    def __init__(self, briefing: Briefing) -> None:
        self._briefing = briefing
        self._language = briefing.request.language
        self._document = docx.Document()
        dress_document(self._document, self._language)
        self._notes = Footnotes(self._document, briefing.sources, self._language)
        self._headings: list[tuple[int, str]] = []
        self._charts = count(1)
        self._is_sideways = False

    def write(self) -> bytes:
        briefing = self._briefing
        self._set_up()
        self._write_title()
        contents = self._add("TOCHeading")
        contents._p.append(make_run(self._word("contents")))
        for depth, section in walk(briefing.sections):
            self._write_section(section, depth)
        self._turn(is_sideways=False)
        self._write_questions()
        self._write_sources()
        self._write_contents(contents)
        file = io.BytesIO()
        self._document.save(file)
        return repack(file.getvalue())

    def _word(self, key: str, **values: object) -> str:
        return word(key, self._language, **values)

    def _add(self, style_id: str) -> Paragraph:
        return set_style(self._document.add_paragraph(), style_id)

    def _set_up(self) -> None:
        briefing, document = self._briefing, self._document
        package = document.part.package
        thumbnail = [rid for rid, rel in package.rels.items() if rel.reltype == RELATIONSHIP_TYPE.THUMBNAIL]
        for rid in thumbnail:
            del package.rels[rid]
        set_properties(
            document.core_properties,
            title=briefing.title,
            subject=briefing.request.topic,
            date=briefing.colophon.library_date,
            made_with=f"yigai {briefing.colophon.version}",
        )
        footer = document.sections[0].footer.paragraphs[0]
        footer._p.get_or_add_pPr().append(make("jc", val="center"))
        footer._p.extend(make_field("PAGE", "1"))

    def _write_title(self) -> None:
        self._add("Title")._p.append(make_run(self._briefing.title))
        for name, text in describe(self._briefing):
            paragraph = self._add(CELL)
            paragraph._p.extend([make_run(f"{name}{self._word('colon')}", ASIDE), make_run(text)])

    def _write_section(self, section: Section, depth: int) -> None:
        table = (
            lay_out(section.grid, section.kind, self._language)
            if section.grid and has_rows(section)
            else None
        )
        self._turn(is_sideways=table is not None and len(table.head) > MOST_UPRIGHT)
        self._notes.begin_section()
        self._write_heading(section.heading, depth)
        if is_bare(section):
            self._document.add_paragraph(self._word("none" if section.kind == "silence" else "silent"))
        for line in section.lines:
            self._write_line(self._add("ListBullet"), line)
        if table is not None:
            for part in split_columns(table, MOST_SIDEWAYS if self._is_sideways else MOST_UPRIGHT):
                add_table(
                    self._document,
                    part,
                    width=self._width(),
                    silent=self._word("silent"),
                    write_line=self._write_line,
                )
                self._add(CELL)  # two tables in a row would become one
        for chart in filter(has_bars, section.charts):
            self._write_chart(chart)

    def _write_heading(self, text: str, depth: int) -> None:
        level = min(depth, _LEVELS)
        paragraph = self._add(f"Heading{level}")
        paragraph.paragraph_format.page_break_before = not self._headings or None
        self._headings.append((level, text))
        number = len(self._headings)
        paragraph._p.extend(make_bookmark(_anchor(number), number, [make_run(text)]))

    def _write_line(self, paragraph: Paragraph, line: Line) -> None:
        paragraph._p.append(make_run(line.text))
        if told := asides(line, self._language):
            paragraph._p.append(make_run(told, ASIDE))
        self._notes.add(paragraph, line.sources)

    def _write_chart(self, chart: Chart) -> None:
        unit = f" {self._word('unit', unit=chart.unit)}" if chart.unit else ""
        for part in filter(has_bars, split_groups(chart, MOST_GROUPS)):
            bars = [(bar_name(group, series, bar, part), bar) for group, series, bar in bars_of(part)]
            told = self._word("between").join(f"{name} {bar.shown}" for name, bar in bars if bar)
            caption = self._add("Caption")
            caption._p.extend([make_run(chart.title), make_run(unit, ASIDE)])
            add_chart(
                self._document,
                part,
                ends_of(chart),
                number=next(self._charts),
                width=self._width(),
                told=told,
            )
            sources = self._add(CELL)
            sources._p.append(make_run(f"{self._word('bar_sources')}{self._word('colon')}", ASIDE))
            for at, (name, bar) in enumerate(bars):
                shown = bar.shown if bar else self._word("silent")
                between = self._word("between") if at else ""
                sources._p.append(make_run(f"{between}{name} {shown}"))
                self._notes.add(sources, bar.sources if bar else ())

    def _write_questions(self) -> None:
        if self._briefing.questions:
            self._write_heading(self._word("questions"), 1)
        for question in self._briefing.questions:
            self._add("ListBullet")._p.append(make_run(question))

    def _write_sources(self) -> None:
        """List the articles, each with the notes in which its clauses stand."""
        if self._briefing.sources:
            self._write_heading(self._word("sources"), 1)
        for article, numbers in articles_of(self._briefing.sources):
            paragraph = self._add("ListBullet")
            paragraph._p.append(make_run(cite(article, self._language)))
            notes = self._notes.first_notes(numbers)
            for at, note in enumerate(notes):
                paragraph._p.append(make_run(self._word("list" if at else "cited_in")))
                paragraph._p.extend(make_field(f"NOTEREF _RefNote{note} \\h", str(note)))
            if is_web_address(article.url):
                paragraph._p.append(make_run(" "))
                add_outer_link(paragraph, str(article.url), LINK)

    def _write_contents(self, heading: Paragraph) -> None:
        """Write the table of contents as a field that holds its entries already, each a link.

        Only Word knows the pages; it is asked to fill them in on opening, and until then none is named.
        """
        lines = [_entry(number, level, text) for number, (level, text) in enumerate(self._headings, start=1)]
        lines = lines or [make("p")]
        *begin, end = make_field(f'TOC \\o "1-{_LEVELS}" \\h \\z \\u', "")
        begin[0][0].set(qn("w:dirty"), "true")
        at = len(lines[0].findall(qn("w:pPr")))
        lines[0][at:at] = begin
        lines.append(make("p", end))
        for line in reversed(lines):
            heading._p.addnext(line)

    def _turn(self, *, is_sideways: bool) -> None:
        """Begin a new page the other way round, unless the page is that way already."""
        if is_sideways == self._is_sideways:
            return
        self._is_sideways = is_sideways
        old = self._document.sections[-1]
        height, width, margin = old.page_height, old.page_width, _MARGIN_SIDEWAYS if is_sideways else Cm(2.5)
        new = self._document.add_section(WD_SECTION.NEW_PAGE)
        new.orientation = WD_ORIENT.LANDSCAPE if is_sideways else WD_ORIENT.PORTRAIT
        new.page_width, new.page_height = height, width
        new.left_margin = new.right_margin = margin

    def _width(self) -> Length:
        page = self._document.sections[-1]
        return Length(page.page_width - page.left_margin - page.right_margin)  # type: ignore[operator]


def _anchor(number: int) -> str:
    return f"_Toc{number:08d}"


def _entry(number: int, level: int, text: str) -> _Element:
    style = make("pPr", make("pStyle", val=f"TOC{level}"))
    return make("p", style, make_inner_link(_anchor(number), [make_run(text)]))
