"""Says which pages of a PDF were not read or not as written, and what was left out."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence

from ingest.formats.pdf_margins import Trimmed
from ingest.formats.pdf_page import Page
from ingest.formats.pdf_scan import Scans
from ingest.formats.refusals import damaged
from rag.errors import UnreadableFileError

_HOW_EN = "pip install 'yigai[ocr]'"


def reading_notes(pages: Sequence[Page], scans: Scans) -> Iterator[str]:
    """Name the pages that were read by OCR, now or by whoever made the file, and those that stay unread."""
    if scans.by_ocr:
        yield f"{_named(scans.by_ocr)} read by OCR: words and figures may be misread"
    if layered := [page.number for page in pages if page.has_ocr_layer]:
        yield f"{_named(layered)} scanned, with a text layer made by OCR: words and figures may be misread"
    for numbers, what in ((scans.pictures, "no text layer"), (scans.unmapped, "no readable text layer")):
        if numbers:
            why = "beyond the limit of pages for OCR" if scans.had_ocr else f"to read by OCR: {_HOW_EN}"
            yield f"{_named(numbers, has=True)} {what} and could not be read ({why})"
    if broken := [page.number for page in pages if page.is_broken]:
        yield f"{_named(broken)} damaged and left out"


def cut_notes(pages: Sequence[Page], trimmed: Trimmed, *, entries: int = 0) -> Iterator[str]:
    """Say how much was left out of the pages that were read, among it the `entries` of a table of contents."""
    if entries:
        yield "the table of contents was left out"
    counts = (
        (trimmed.repeated, "line", " of running headers and footers"),
        (trimmed.numbers, "page number", ""),
        (sum(page.slanted for page in pages), "character", " set at an angle (watermarks, labels)"),
        (sum(page.hidden for page in pages), "character", " that no reader sees"),
        (sum(page.outside for page in pages), "character", " off the page"),
    )
    for count, what, which in counts:
        if count:
            yield f"left out {_counted(count, what)}{which}"
    if unmapped := sum(page.unmapped for page in trimmed.pages if page.runs):
        yield f"{_counted(unmapped, 'character')} could not be read, since the font does not name what it shows"


def _counted(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def no_text(scans: Scans) -> UnreadableFileError:
    """The error for a PDF that no text came of."""
    if scans.pages and all(page.is_broken for page in scans.pages):
        return damaged("PDF")
    if (scans.pictures or scans.unmapped) and not scans.had_ocr:
        return UnreadableFileError(
            code="no_text_layer",
            detail_en=f"its pages are pictures without a text layer; install the OCR extra ({_HOW_EN}) and ingest it again, "
            "or save it with a text layer",
            detail_zh="页面都是扫描图像，没有文字层；请安装 OCR 扩展（pip install 'yigai[ocr]'）后重新导入，或另存为带文字层的 PDF",
        )
    return UnreadableFileError(code="no_text", detail_en="there is no text in it", detail_zh="文件里没有正文")


def _named(numbers: Iterable[int], *, has: bool = False) -> str:
    """Numbers from 1 as `page 3 is`, `pages 1, 3-5 are`."""
    ordered = sorted(set(numbers))
    spans = []
    for _, held in itertools.groupby(enumerate(ordered), key=lambda pair: pair[1] - pair[0]):
        span = [number for _, number in held]
        spans.append(f"{span[0]}-{span[-1]}" if len(span) > 2 else ", ".join(map(str, span)))
    verb = ("has" if has else "is") if len(ordered) == 1 else ("have" if has else "are")
    return f"{'page' if len(ordered) == 1 else 'pages'} {', '.join(spans)} {verb}"
