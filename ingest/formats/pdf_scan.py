"""Finds the pages of a PDF whose text is a picture, and has them read by OCR where it is installed."""

from __future__ import annotations

import itertools
import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from ingest.formats.ocr import Line, has_ocr, read_picture
from ingest.formats.pdf_page import Page, Run
from ingest.formats.pdf_process import draw_page

MAX_OCR_PAGES = 200
"""Pages of one file that are read by OCR at most: each takes seconds."""
_DOTS_PER_INCH = 200
_SCAN_SHARE = 0.3
_FEW_CHARS = 40
_OUTLINE_PATHS = 150
_UNMAPPED_SHARE = 0.3
# What OCR takes for a line's box, of which the type fills this much.
_TYPE_SHARE = 0.8
_BASELINE = 0.2
_EVEN = 0.25


@dataclass(slots=True, kw_only=True)
class Scans:
    """All pages in order, those read by OCR with their text; and the numbers (from 1) of those that need a note.

    Attributes:
        pictures: Pages that are pictures and stay unread.
        unmapped: Pages whose fonts do not say which characters they show, and that stay unread.
        had_ocr: OCR is installed.
    """

    had_ocr: bool
    pages: list[Page] = field(default_factory=list)
    by_ocr: list[int] = field(default_factory=list)
    pictures: list[int] = field(default_factory=list)
    unmapped: list[int] = field(default_factory=list)


def read_scans(content: bytes, pages: Sequence[Page]) -> Scans:
    """Keep the pages that have text, and read the others by OCR if it is installed."""
    scans = Scans(had_ocr=has_ocr())
    for page in pages:
        if not (is_unmapped(page) or is_picture(page)):
            scans.pages.append(page)
            continue
        kept = replace(page, runs=()) if is_unmapped(page) else page
        if scans.had_ocr and len(scans.by_ocr) < MAX_OCR_PAGES:
            kept = _read(content, kept)
            scans.by_ocr.append(page.number)
        else:
            (scans.unmapped if is_unmapped(page) else scans.pictures).append(page.number)
        scans.pages.append(kept)
    scans.pages = _with_even_sizes(scans.pages, frozenset(scans.by_ocr))
    return scans


def _with_even_sizes(pages: list[Page], by_ocr: frozenset[int]) -> list[Page]:
    """Give lines of OCR the text's size where they come near to it: the height of a box depends on the letters in it."""
    if not by_ocr:
        return pages
    set_size, read_size = (
        _usual_size(page for page in pages if (page.number in by_ocr) is is_read) for is_read in (False, True)
    )
    is_alike = abs(set_size - read_size) <= _EVEN * read_size
    text_size = set_size if is_alike else read_size
    return [
        replace(page, runs=tuple(_with_size(run, read_size, text_size) for run in page.runs))
        if page.number in by_ocr
        else page
        for page in pages
    ]


def _usual_size(pages: Iterable[Page]) -> float:
    """The size that half of the characters reach, or 0 without any."""
    sizes = sorted((run.size, len(run.text)) for page in pages for run in page.runs)
    half = sum(count for _, count in sizes) / 2
    reached = itertools.accumulate(count for _, count in sizes)
    return next((size for (size, _), total in zip(sizes, reached, strict=True) if total >= half), 0.0)


def _with_size(run: Run, usual: float, text_size: float) -> Run:
    return replace(run, size=text_size) if abs(run.size - usual) <= _EVEN * usual else run


def is_picture(page: Page) -> bool:
    """Whether most of what a page says must be in its images, or in letters drawn as shapes."""
    has_picture = page.image_share >= _SCAN_SHARE or page.paths >= _OUTLINE_PATHS
    return has_picture and _count(page) < _FEW_CHARS


def is_unmapped(page: Page) -> bool:
    """Whether a page's fonts do not name the characters that they show, so that its text layer is noise."""
    return page.unmapped > _UNMAPPED_SHARE * max(_count(page), 1)


def _count(page: Page) -> int:
    return sum(not char.isspace() for run in page.runs for char in run.text)


def _read(content: bytes, page: Page) -> Page:
    """The page with what OCR reads on it; where it has text of its own, that stays."""
    picture = draw_page(content, number=page.number, dots_per_inch=_DOTS_PER_INCH)
    width, height = struct.unpack(">II", picture[16:24])  # a PNG's size stands at its beginning
    is_turned = (width > height) != (page.width > page.height)
    across, down = (page.height, page.width) if is_turned else (page.width, page.height)
    scale = across / max(width, 1)
    lines = [_run(line, scale) for line in read_picture(picture)]
    added = [run for run in lines if run.text.strip() and not any(_overlaps(run, own) for own in page.runs)]
    return replace(page, runs=(*page.runs, *added), width=across, height=down)


def _run(line: Line, scale: float) -> Run:
    """A line of OCR as a run; its characters share its width as they do in type, Latin ones taking half."""
    size = max((line.bottom - line.top) * scale * _TYPE_SHARE, 1.0)
    widths = [1.0 if char >= "\u2e80" else 0.5 for char in line.text]
    step = (line.right - line.left) * scale / max(sum(widths), 1.0)
    xs = [line.left * scale]
    for width in widths:
        xs.append(xs[-1] + width * step)
    baseline = line.bottom * scale - _BASELINE * size
    return Run(text=line.text, xs=tuple(xs), y=baseline, size=round(size, 1))


def _overlaps(run: Run, own: Run) -> bool:
    return abs(run.y - own.y) < 0.7 * max(run.size, own.size) and run.x0 < own.x1 and own.x0 < run.x1
