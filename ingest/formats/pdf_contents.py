"""Cuts tables of contents: lines that lead with dots to a page number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ingest.formats.pdf_lines import rows_of
from ingest.formats.pdf_page import Page, Run

_HEADINGS = frozenset(("目录", "目錄", "目次", "contents", "tableofcontents"))
_MIN_ENTRIES = 3
_MIN_LEADERS = 4
_LEADERS = ".…·\u2024‥⋯\uff0e"
_MAX_NUMBER_DIGITS = 4


def without_contents(pages: Sequence[Page]) -> tuple[list[Page], int]:
    """Cut the entries of a table of contents and its heading, unless nothing else is there.

    Returns:
        The pages, and how many entries were cut.
    """
    rows = [rows_of(page.runs) for page in pages]
    entries = [[_is_entry(_text(row)) for row in page] for page in rows]
    count = sum(map(sum, entries))
    if count < _MIN_ENTRIES:
        return list(pages), 0
    left = [
        _without(page, held, found) if any(found) else page
        for page, held, found in zip(pages, rows, entries, strict=True)
    ]
    return (left, count) if any(page.runs for page in left) else (list(pages), 0)


def _text(row: Sequence[Run]) -> str:
    return "".join(run.text for run in sorted(row, key=lambda run: run.x0)).strip()


def _is_entry(text: str) -> bool:
    """Whether a line is a heading, a row of dots, and a number."""
    before = text.rstrip(")） ").rstrip("0123456789")
    digits = len(text.rstrip(")） ")) - len(before)
    dotted = before.rstrip("(（ ")
    heading = dotted.rstrip(_LEADERS + " ")
    leaders = len(dotted[len(heading) :].replace(" ", ""))
    return 0 < digits <= _MAX_NUMBER_DIGITS and leaders >= _MIN_LEADERS and bool(heading)


def _without(page: Page, rows: Sequence[Sequence[Run]], is_entry: Sequence[bool]) -> Page:
    cut = {id(run) for row, found in zip(rows, is_entry, strict=True) if found for run in row}
    first = is_entry.index(True)
    for row in rows[max(first - 2, 0) : first]:
        if "".join(_text(row).split()).lower() in _HEADINGS:
            cut |= {id(run) for run in row}
    return replace(page, runs=tuple(run for run in page.runs if id(run) not in cut))
