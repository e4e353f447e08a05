"""What the briefing tab shows."""

from __future__ import annotations

import dataclasses
import re

import pytest
from hypothesis import given
from marked_up import HOSTILE, TEXTS, addresses, elements, parsed, skeleton

from rag.briefing.types import Bar, Briefing, Chart, Colophon, Grid, Line, Request, Section, Source
from rag.briefing.write import write_briefing
from rag.errors import LibraryDamagedError
from rag.history import MemoryHistory
from rag.types import Filter
from ui.web.briefs import Briefs
from ui.web.desk import Desk
from ui.web.desk import Line as Queue
from ui.web.lectern import Lectern


def lectern_over(pipeline, *, language="zh", write=write_briefing):
    desk = Desk(pipeline, history=MemoryHistory(), line=Queue(at_once=1, most=4), settings={})
    return Lectern(briefs=Briefs(desk, write), language=language, root="/root")


async def written(lectern, topic="公立医院化债", within=None, asker="a"):
    return [markup async for markup in lectern.write(topic, within or Filter(), asker)]


def key_of(markup):
    return parsed(markup)[0].attrib["data-key"]


def texts(markup, name):
    return [" ".join(e.text_content().split()) for e in parsed(markup).find_class(name)]


async def test_a_bar_grows_and_then_the_briefing_stands_there(pipeline):
    *growing, last = await written(lectern_over(pipeline))

    bars = [next(e for e in elements(parsed(m)) if e.tag == "progress").attrib for m in growing]
    assert [int(bar["value"]) for bar in bars] == list(range(len(bars)))
    assert "48.8%" in parsed(last).text_content()
    assert not [e for e in elements(parsed(last)) if e.tag == "progress"]


async def test_every_line_has_markers_that_lead_to_its_sources_and_sources_to_the_article(pipeline):
    last = (await written(lectern_over(pipeline)))[-1]
    tree = parsed(last)
    anchors = {e.attrib["id"] for e in elements(tree) if "id" in e.attrib}
    markers = [e.attrib["data-marker"] for e in tree.find_class("marker")]

    assert markers
    assert set(markers) <= anchors
    opened = [a for a in addresses(last) if a.startswith("/root/article/")]
    assert opened
    assert all(re.search(r"\?start=\d+&end=\d+&lang=zh$", a) for a in opened)


async def test_there_is_a_link_for_each_kind_of_file(pipeline):
    last = (await written(lectern_over(pipeline)))[-1]

    files = [a.rpartition("/")[2] for a in addresses(last) if a.startswith("/root/brief/")]
    assert set(files) >= {"docx", "pptx", "html", "md"}


async def test_what_is_taken_out_is_gone(pipeline):
    lectern = lectern_over(pipeline)
    markup = (await written(lectern))[-1]
    first = texts(markup, "brief-lines")[0]

    changed = lectern.change("drop", f"{key_of(markup)} s0/line0", "", "a")

    assert texts(changed, "brief-lines")[0] != first
    assert key_of(changed) == key_of(markup)


async def test_sections_and_the_whole_are_renamed_and_notes_are_marked(pipeline):
    lectern = lectern_over(pipeline)
    key = key_of((await written(lectern))[-1])

    lectern.change("rename", f"{key} s", "化债培训", "a")
    lectern.change("rename", f"{key} s0", "先看结论", "a")
    tree = parsed(lectern.change("note", f"{key} s0", "讨论：<b>钱</b>从哪里来？", "a"))

    headings = [e.text_content().split()[0] for e in tree.iter("h2", "h3")]
    assert headings[:2] == ["化债培训", "先看结论"]
    assert "讨论：<b>钱</b>从哪里来？ （讲者备注，无出处）" in " ".join(
        tree.find_class("own")[0].text_content().split()
    )


@pytest.mark.parametrize(
    ("act", "address", "text", "told"),
    [
        ("drop", "s99", "", "已经不在"),
        ("drop", "s0/line99", "", "已经不在"),
        ("note", "s0", "  ", "请写些什么"),
        ("rename", "s", "", "请写些什么"),
        ("burn", "s0", "x", "请写些什么"),
        ("drop", "s0; drop table", "", "请写些什么"),
    ],
)
async def test_a_change_that_cannot_be_made_says_so_and_the_briefing_stays(
    pipeline, act, address, text, told
):
    lectern = lectern_over(pipeline)
    markup = (await written(lectern))[-1]

    shown = lectern.change(act, f"{key_of(markup)} {address}", text, "a")

    assert told in texts(shown, "problem")[0]
    assert texts(shown, "brief-lines") == texts(markup, "brief-lines")


async def test_somebody_elses_briefing_cannot_be_changed(pipeline):
    lectern = lectern_over(pipeline)
    key = key_of((await written(lectern))[-1])

    assert "不在内存里" in texts(lectern.change("drop", f"{key} s0", "", "b"), "problem")[0]
    assert "不在内存里" in texts(lectern.change("drop", "s0", "", "a"), "problem")[0]


@pytest.mark.parametrize(
    ("topic", "within", "told"),
    [
        ("  ", Filter(), "请先写主题"),
        ("化债", Filter(since_year=2024, until_year=2020), "晚于"),
        ("高速铁路票价", Filter(), "高速铁路票价"),
    ],
)
async def test_why_there_is_no_briefing_is_said(pipeline, topic, within, told):
    last = (await written(lectern_over(pipeline), topic, within))[-1]

    assert told in texts(last, "problem")[0]
    assert key_of(last) == ""


async def test_a_failure_is_told_in_a_line(pipeline, caplog):
    def failing(error):
        def write(*_, **__):
            raise error

        return write

    damaged = LibraryDamagedError(path="/x", detail=("d", "坏"))
    for error, told in ((damaged, ""), (ZeroDivisionError("secret"), "出了意外错误")):
        shown = (await written(lectern_over(pipeline, write=failing(error))))[-1]
        assert told in texts(shown, "problem")[0]
        assert "secret" not in shown


async def test_it_speaks_english(pipeline):
    last = (await written(lectern_over(pipeline, language="en"), "debt of public hospitals"))[-1]

    assert "Download:" in parsed(last).text_content()


def briefing_of(text):
    line = Line(text=text, sources=(1,), note=text)
    bar = Bar(label=text, value=1.0, shown=text, sources=(1,))
    chart = Chart(title=text, unit=text, series=(text,), groups=((text, (bar,)), (text, (None,))))
    grid = Grid(columns=(text,), rows=((text, ((line,),)), (text, ((),))))
    inner = Section(kind="practice", heading=text, lines=(line, Line(text=text, is_own=True)))
    return Briefing(
        request=Request(topic=text, regions=(text,)),
        title=text,
        sections=(Section(kind="summary", heading=text, grid=grid, charts=(chart,), parts=(inner,)),),
        sources=(
            Source(
                number=1, article_id=text, title=text, source=text, date=text, url=text,
                start=0, end=len(text), quote=text,
            ),
        ),
        colophon=Colophon(library_hash=text, articles=1, library_date=text, version=text),
    )  # fmt: skip


@given(TEXTS)
def test_no_text_becomes_markup(text):
    lectern = lectern_over(None)
    plain = lectern._fill(briefing_of("字"), "key")

    shown = lectern._fill(briefing_of(text), "key")

    assert skeleton(shown) == skeleton(plain)
    assert not [a for a in addresses(shown) if a.lower().startswith(("javascript", "data"))]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_shown_as_it_is(text):
    lectern = lectern_over(None)
    shown = lectern._fill(dataclasses.replace(briefing_of("字"), title=text), "key")

    assert text.split()[0] in parsed(shown).text_content()
