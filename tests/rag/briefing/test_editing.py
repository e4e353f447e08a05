"""A briefing changed before it is exported."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.briefing.editing import Address, parse_address, renamed, renumbered, with_note, without
from rag.briefing.types import (
    Bar,
    Briefing,
    Chart,
    Colophon,
    Grid,
    Line,
    Request,
    Section,
    Source,
)


def source(number):
    quote = f"第{number}句"
    return Source(
        number=number, article_id="a", title=None, source=None, date=None, url=None,
        start=number * 10, end=number * 10 + len(quote), quote=quote,
    )  # fmt: skip


def line(*numbers):
    return Line(text="，".join(f"第{n}句" for n in numbers), sources=numbers)


def briefing(*sections, sources=9):
    return Briefing(
        request=Request(topic="化债"),
        title="公立医院化债",
        sections=sections,
        sources=tuple(map(source, range(1, sources + 1))),
        colophon=Colophon(library_hash="0" * 64, articles=1, library_date="2026-01-01", version="0"),
    )


INNER = Section(kind="practice", heading="某市", lines=(line(3), line(4)))
GRID = Grid(columns=("债务",), rows=(("某市", ((line(5),),)), ("另一市", ((),))))
CHART = Chart(
    title="负债率", unit="%", series=("前", "后"),
    groups=(("某市", (Bar(label="某市", value=60.0, shown="60%", sources=(6,)), None)),),
)  # fmt: skip
WHOLE = renumbered(
    briefing(
        Section(kind="summary", heading="摘要", lines=(line(1), line(2))),
        Section(kind="practice", heading="各地做法", parts=(INNER,)),
        Section(kind="comparison", heading="对照", grid=GRID, charts=(CHART,)),
    )
)


def cited(whole):
    return [s.quote for s in whole.sources]


@pytest.mark.parametrize(
    ("address", "gone"),
    [
        ("s0", {"第1句", "第2句"}),
        ("s0/line1", {"第2句"}),
        ("s1.0", {"第3句", "第4句"}),
        ("s1.0/line0", {"第3句"}),
        ("s2/row0", {"第5句"}),
        ("s2/chart0", {"第6句"}),
    ],
)
def test_what_is_left_out_takes_along_the_sources_that_only_it_cites(address, gone):
    left = without(WHOLE, parse_address(address))

    assert set(cited(WHOLE)) - set(cited(left)) == gone
    assert [s.number for s in left.sources] == list(range(1, len(left.sources) + 1))


def test_every_line_still_cites_what_it_says():
    left = without(WHOLE, parse_address("s0/line0"))

    quotes = {s.number: s.quote for s in left.sources}
    for one in (*left.sections[0].lines, *left.sections[1].parts[0].lines):
        assert one.text == "，".join(quotes[n] for n in one.sources)


@pytest.mark.parametrize("address", ["s9", "s0/line7", "s0/row0", "s1.4", "s1.0.0", "s2/row2", "s0/chart0"])
def test_there_is_nothing_at_an_address_that_leads_nowhere(address):
    with pytest.raises(LookupError):
        without(WHOLE, parse_address(address))


@pytest.mark.parametrize(
    "text", ["", "0", "s", "s-1", "s0/", "s0/line", "s0/word0", "s0;s1", "s0/line0\n", "s９９９９９"]
)
def test_what_is_no_address_is_refused(text):
    with pytest.raises(ValueError, match=r".*"):
        parse_address(text)


@given(
    st.lists(st.integers(0, 9999), min_size=1, max_size=8),
    st.sampled_from(["line", "row", "chart"]),
    st.integers(0, 99999),
)
def test_addresses_are_read_as_they_are_written(path, kind, at):
    for address in (Address(path=tuple(path)), Address(path=tuple(path), kind=kind, at=at)):
        assert parse_address(str(address)) == address


def test_a_note_of_ones_own_is_marked_and_cites_nothing():
    changed = with_note(WHOLE, (1, 0), "  提问：\n为什么？ ")

    added = changed.sections[1].parts[0].lines[-1]
    assert (added.text, added.sources, added.is_own) == ("提问： 为什么？", (), True)
    assert without(changed, parse_address("s1.0/line2")) == WHOLE


@pytest.mark.parametrize("text", ["", " \n", "长" * 2001])
def test_a_note_or_heading_that_is_empty_or_endless_is_refused(text):
    for change in (with_note, renamed):
        with pytest.raises(ValueError, match=r"\d"):
            change(WHOLE, (0,), text)


def test_a_section_or_the_whole_can_be_called_something_else():
    assert renamed(WHOLE, (1, 0), "某市怎么做").sections[1].parts[0].heading == "某市怎么做"
    assert renamed(WHOLE, (), "培训讲稿").title == "培训讲稿"
    assert dataclasses.replace(renamed(WHOLE, (), "x"), title=WHOLE.title) == WHOLE


def test_a_table_without_rows_is_gone():
    once = without(WHOLE, parse_address("s2/row0"))

    assert without(once, parse_address("s2/row0")).sections[2].grid is None
