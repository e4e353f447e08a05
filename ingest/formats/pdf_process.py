"""Has a process of its own open a PDF, and turns what it says into pages or into one clear error."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ingest.formats.pdf_page import Page, PdfFile, Run
from ingest.formats.pdf_worker import WorkerEndedError, ask
from ingest.formats.refusals import damaged, locked
from rag.errors import UnreadableFileError

_MAX_SECONDS = 120
_AS_SENT = (
    "width", "height", "has_too_many_rules", "image_share", "paths", "unmapped", "outside", "slanted", "hidden", "has_ocr_layer",
)  # fmt: skip
_COMMON = {"damaged": damaged, "password": locked}
_REASONS = {
    "crashed": (
        "the PDF is damaged, or unfolds to more memory than an article can have",
        "PDF 文件已损坏，或展开后的内存超过一篇文章的上限",
    ),
    "too_large": (
        "the PDF unfolds to more text or memory than an article can have",
        "PDF 展开后的文字或内存超过一篇文章的上限",
    ),
    "too_many_pages": (
        "the PDF has more pages than an article can have; split it and ingest the parts",
        "PDF 页数超过上限，请拆分后再导入",
    ),
    "too_slow": (
        f"the PDF could not be read within {_MAX_SECONDS} seconds of processor time",
        f"PDF 用了 {_MAX_SECONDS} 秒处理器时间仍没有读完",
    ),
}


def open_pdf(content: bytes, *, max_pages: int) -> PdfFile:
    """Read the pages of a PDF.

    Raises:
        UnreadableFileError: `password`, `damaged`, `crashed`, `too_large`, `too_slow`, or `too_many_pages` above `max_pages`.
    """
    lines = _run(content, "pages", str(max_pages)).splitlines()
    try:
        first, *rest = [json.loads(line) for line in lines]
        _raise_if_refused(first)
        for line in rest:
            _raise_if_refused(line)
        pages = tuple(_page(line, number) for number, line in enumerate(rest, start=1))
    except (ValueError, KeyError, TypeError) as cause:
        raise refusal("damaged") from cause
    if len(pages) < first["pages"] or not first["pages"]:
        raise refusal("damaged")
    return PdfFile(page_count=first["pages"], pages=pages, facts=first["facts"])


def draw_page(content: bytes, *, number: int, dots_per_inch: int) -> bytes:
    """Draw page `number` (from 1) as a PNG in grey.

    Raises:
        UnreadableFileError: `damaged`, `crashed`, `too_large` or `too_slow`.
    """
    picture = _run(content, "draw", str(number - 1), str(dots_per_inch))
    if not picture.startswith(b"\x89PNG"):
        raise refusal("damaged")
    return picture


def refusal(code: str) -> UnreadableFileError:
    """The error for a reason the reading process gives."""
    if code in _COMMON:
        return _COMMON[code]("PDF")
    english, chinese = _REASONS[code]
    return UnreadableFileError(code=code, detail_en=english, detail_zh=chinese)


def _run(content: bytes, *arguments: str) -> bytes:
    try:
        return ask(content, arguments, max_seconds=_MAX_SECONDS)
    except WorkerEndedError as cause:
        raise refusal("too_slow" if cause.timed_out else "crashed") from cause


def _raise_if_refused(line: Mapping[str, Any]) -> None:
    if "error" in line:
        raise refusal(line["error"])


def _page(line: Mapping[str, Any], number: int) -> Page:
    if line.get("broken"):
        return Page(number=number, width=1, height=1, is_broken=True)
    runs = tuple(
        Run(text=text, xs=tuple(xs), y=y, size=size, is_bold=bool(bold))
        for text, xs, y, size, bold in line["runs"]
    )
    rules = tuple((x0, y0, x1, y1) for x0, y0, x1, y1 in line["rules"])
    return Page(number=number, runs=runs, rules=rules, **{name: line[name] for name in _AS_SENT})
