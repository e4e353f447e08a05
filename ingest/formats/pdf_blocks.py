"""Makes blocks of paragraphs and tables: heading levels by type, tables that go on over pages, captions above them."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence, Set

from ingest.blocks import Block
from ingest.formats.pdf_characters import plain_characters
from ingest.formats.pdf_flow import BULLET, Paragraph, Setting
from ingest.formats.pdf_page import Table
from ingest.formats.pdf_text import join_lines, latin_words

_LARGER = 1.12
_MAX_HEADING_CHARS = 80
_MAX_BOLD_CHARS = 45
_NO_HEADING = re.compile(
    r"[。；，、,;]$|[〔\[（(](?:19|20)\d\d[〕\])）]\s*第?\s*\d+\s*号|^[（(].*[)）]$"
    r"|(?:19|20)\d\d\s*年|[〇零一二三四五六七八九]{4}年|[单單]位\s*[:：]|(?:\s[-\d.,%]+){2,}$"
)
_DOCUMENT_NUMBER = re.compile(r"[〔\[（(](?:19|20)\d\d[〕\])）]\s*第?\s*\d+\s*号")
_CONTINUED = re.compile(r"[（(]?[续續]\s*(?:上?表)?[\s\d]*[)）]?|(?:附?表|table)\s*[\d一二三四五六七八九十\-.]+\s*[（(][续續].{0,3}[)）]")  # fmt: skip
_SAME_EDGE_PT = 4.0

Row = tuple[tuple[str, int, int], ...]


def blocks_of(paragraphs: Sequence[Paragraph], setting: Setting) -> tuple[Block, ...]:
    """Write paragraphs and tables as blocks, in order."""
    joined = _with_joined_tables(paragraphs)
    levels = _levels([paragraph for paragraph, _ in joined], setting)
    words = latin_words(plain_characters(line) for p in paragraphs for line in p.texts)
    blocks: list[Block] = []
    for (paragraph, rows), level in zip(joined, levels, strict=True):
        if rows is not None:
            blocks += _table_blocks(rows, caption=_caption(blocks))
            continue
        text = _text(paragraph, words)
        bullet = BULLET.match(text)
        if bullet:
            blocks.append(Block(text=text[bullet.end() :], kind="item"))
        elif text:
            blocks.append(Block(text=text, level=level))
    return tuple(blocks)


def _text(paragraph: Paragraph, words: Set[str] = frozenset()) -> str:
    return join_lines([plain_characters(text) for text in paragraph.texts], words).strip()


def _table_blocks(rows: Sequence[Row], *, caption: str) -> Iterator[Block]:
    from ingest.tables import grid, table_rows

    plain = [[(plain_characters(text), across, down) for text, across, down in row] for row in rows]
    for line in table_rows(grid(plain), caption=caption):
        yield Block(text=line, kind="row")


def _caption(blocks: Sequence[Block]) -> str:
    """What stands right above a table and is about it."""
    from ingest.tables import caption_above

    above = itertools.takewhile(lambda block: block.kind == "text", reversed(blocks[-3:]))
    return caption_above([block.text for block in above][::-1])


def _with_joined_tables(paragraphs: Sequence[Paragraph]) -> list[tuple[Paragraph, list[Row] | None]]:
    """Pair each table with its rows; one that goes on over a page end takes the rows there, without the header again."""
    joined: list[tuple[Paragraph, list[Row] | None]] = []
    before: Table | None = None  # the last table's part, if nothing but 续表 came after it
    page = 0
    for paragraph in paragraphs:
        table = paragraph.table
        number = paragraph.lines[0].place[0]
        if table is None:
            if not (before and number > page and _CONTINUED.fullmatch(_text(paragraph))):
                before = None
                joined.append((paragraph, None))
            continue
        rows = joined[-1][1] if joined else None
        if before is not None and rows and number == page + 1 and _is_continued(before, table):
            rows += _without_header(table.rows, rows)
        else:
            joined.append((paragraph, list(table.rows)))
        before, page = table, number
    return joined


def _is_continued(before: Table, table: Table) -> bool:
    return len(before.columns) == len(table.columns) and all(
        abs((x - before.columns[0]) - (y - table.columns[0])) <= _SAME_EDGE_PT
        for x, y in zip(before.columns, table.columns, strict=True)
    )


def _without_header(rows: Sequence[Row], first: Sequence[Row]) -> list[Row]:
    """The rows after those that begin the table and are here again."""
    same = 0
    while same < min(len(rows), len(first), 4) and rows[same] == first[same]:
        same += 1
    return list(rows[same:])


def _levels(paragraphs: Sequence[Paragraph], setting: Setting) -> list[int]:
    """Heading levels: the larger the type the higher; then bold or centred lines in the size of the text."""
    numbered = next(
        (i for i, p in enumerate(paragraphs[:8]) if not p.table and _DOCUMENT_NUMBER.search(_text(p))), -1
    )
    ranks = [
        0 if place < numbered else _rank(paragraph, setting) for place, paragraph in enumerate(paragraphs)
    ]
    sizes = sorted({rank for rank in ranks if rank}, reverse=True)
    return [min(sizes.index(rank) + 1, 6) if rank else 0 for rank in ranks]


def _rank(paragraph: Paragraph, setting: Setting) -> float:
    """The type size of a heading, the text's size for one that is bold or centred only, and 0 for what is no heading."""
    if paragraph.table or paragraph.is_note:
        return 0.0
    text = _text(paragraph)
    first = paragraph.lines[0]
    if len(text) > _MAX_HEADING_CHARS or _NO_HEADING.search(text) or not re.search(r"[^\W\d]", text):
        return 0.0
    if first.line.size >= _LARGER * setting.size:
        return round(first.line.size)
    is_bold = all(flow.line.is_bold for flow in paragraph.lines) and len(text) <= _MAX_BOLD_CHARS
    is_centred = first.is_centred and len(paragraph.lines) == 1 and len(text) <= _MAX_BOLD_CHARS
    return setting.size if is_bold or is_centred else 0.0
