from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from rag.briefing.types import Line
from ui.exporting.banding import TABLE_WIDTH, cell_rooms, table_pages
from ui.exporting.outline import Table
from ui.exporting.paging import Room, cut_line, lines_of, pack, shown_text

ROOM = Room(points=20, width=400, height=200)
LINES = st.builds(
    Line,
    text=st.text(alphabet="云泽化债。，%1W aif", max_size=900),
    sources=st.lists(st.integers(1, 500), max_size=40, unique=True).map(tuple),
)


@example(line=Line(text="111WWWWWWWWWWW。。。。。", sources=(1, 10, 100, 101, 102, 103, 104)), most=1)
@given(line=LINES, most=st.integers(1, 9))
def test_pieces_of_a_line_hold_its_text_and_its_markers_in_order(line, most):
    pieces = cut_line(line, ROOM, most)

    assert "".join(piece.text for piece in pieces) == line.text
    assert [n for piece in pieces for n in piece.sources] == list(line.sources)
    assert all(lines_of(piece, ROOM) <= most for piece in pieces)


def test_a_line_that_fits_is_not_touched():
    line = Line(text="云泽市", sources=(1, 2))

    assert cut_line(line, ROOM, 1) == [line]
    assert shown_text(line) == "云泽市 [1] [2]"
    assert shown_text(Line(text="", sources=(1, 2))) == "[1] [2]"


@given(st.lists(LINES, max_size=12))
def test_pages_hold_every_piece_in_order_and_none_is_overfull(lines):
    pieces = [(piece, at) for at, line in enumerate(lines) for piece in cut_line(line, ROOM, ROOM.lines)]

    pages = pack(pieces, ROOM)

    assert [piece for page in pages for piece in page] == pieces
    assert all(
        sum(ROOM.height_of(lines_of(piece, ROOM)) for piece, _ in page) <= ROOM.height for page in pages
    )


CELLS = st.lists(LINES, max_size=3).map(tuple)
TABLES = st.integers(1, 4).flatmap(
    lambda width: st.builds(
        Table,
        head=st.tuples(*[st.text(alphabet="项目W", max_size=60)] * (width + 1)),
        rows=st.lists(
            st.tuples(st.text(alphabet="云W", max_size=90), st.tuples(*[CELLS] * width)),
            min_size=1,
            max_size=5,
        ).map(tuple),
    )
)


@given(TABLES)
def test_tables_of_slides_hold_every_text_and_none_is_overfull(table):
    rooms = cell_rooms(table)

    pages = table_pages(table, "无")

    for at in range(len(table.head) - 1):
        shown = [line for page, _ in pages for _, cells in page.rows for line in cells[at]]
        asked = [line for _, cells in table.rows for line in cells[at] or (Line(text="无"),)]
        assert "".join(line.text for line in shown) == "".join(line.text for line in asked)
        assert [n for line in shown for n in line.sources] == [n for line in asked for n in line.sources]
    for page, _ in pages:
        rows = [tuple((Line(text=name),) for name in page.head)]
        rows += [((Line(text=name),), *cells) for name, cells in page.rows]
        heights = [
            max(
                room.height_of(sum(lines_of(line, room) for line in cell), len(cell)) + 16
                for cell, room in zip(row, rooms, strict=True)
            )
            for row in rows
        ]
        assert sum(heights) <= 370.001


def test_the_columns_of_a_slide_take_its_width():
    table = Table(head=("地区", "资金", "编制"), rows=(("云泽市", ((), ())),))

    assert sum(room.width + 16 for room in cell_rooms(table)) == TABLE_WIDTH
