"""Is run as a process of its own: gets PDFs on standard input and answers with what stands on each page, one JSON line a page.

PDFium is native code, and a hostile file can make it take all memory or never return; here that costs one process.
"""

from __future__ import annotations

import contextlib
import ctypes
import io
import json
import signal
import sys
import time
from collections.abc import Iterator
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from ingest.formats.pdf_glyphs import read_glyphs
from ingest.formats.pdf_rules import collect_drawn

_MAX_WRITTEN_CHARS = 150_000_000
_MAX_SIDE_PIXELS = 4_000
_COVERED = 0.5
_IDLE_SECONDS = 60
_BUSY_SECONDS = 900
_MEMORY_BYTES = 1_500_000_000


def limit_memory() -> None:
    """Let a file that wants more memory end this process, not the machine; Windows has no such limit."""
    try:
        import resource
    except ImportError:
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    ceiling = _MEMORY_BYTES if hard == resource.RLIM_INFINITY else min(_MEMORY_BYTES, hard)
    if soft == resource.RLIM_INFINITY or soft > ceiling:
        resource.setrlimit(resource.RLIMIT_AS, (ceiling, hard))


def limit_time(seconds: int) -> None:
    """Let a file that wants more processor time from now on end this process; Windows has no such limit."""
    try:
        import resource
    except ImportError:
        return
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    ceiling = int(time.process_time()) + 1 + seconds
    resource.setrlimit(
        resource.RLIMIT_CPU, (ceiling if hard == resource.RLIM_INFINITY else min(ceiling, hard), hard)
    )


def describe_pages(content: bytes, *, max_pages: int) -> Iterator[dict[str, Any]]:
    """Give what the document says about itself, then each page; or why not, if there are more than `max_pages`."""
    with contextlib.closing(pypdfium2.PdfDocument(content)) as document:
        count = len(document)
        if count > max_pages:
            yield {"error": "too_many_pages"}
            return
        yield {"pages": count, "facts": document.get_metadata_dict(skip_empty=True)}
        for index in range(count):
            try:
                with contextlib.closing(document[index]) as page:
                    described = _page(page)
            except pypdfium2.PdfiumError:
                described = {"broken": True}
            yield described


def _page(page: pypdfium2.PdfPage) -> dict[str, Any]:
    drawn = collect_drawn(page)
    width, height = page.get_size()
    image_share = min(drawn.image_area / max(width * height, 1.0), 1.0)
    # What is not drawn over a scan is the text that OCR found on it; elsewhere nobody is meant to read it.
    glyphs = read_glyphs(page, keeps_hidden=image_share >= _COVERED)
    rules = [
        [round(v, 1) for v in (*glyphs.turn(*rule[:2]), *glyphs.turn(*rule[2:]))] for rule in drawn.rules
    ]
    return {
        "width": round(glyphs.width, 1),
        "height": round(glyphs.height, 1),
        "runs": [run.as_list() for run in glyphs.runs],
        "rules": rules,
        "has_too_many_rules": drawn.is_cut_short,
        "image_share": round(image_share, 3),
        "paths": drawn.paths,
        "unmapped": glyphs.unmapped,
        "outside": glyphs.outside,
        "slanted": glyphs.slanted,
        "hidden": 0 if image_share >= _COVERED else glyphs.hidden,
        "has_ocr_layer": image_share >= _COVERED and glyphs.is_mostly_hidden,
    }


def draw_page(content: bytes, *, index: int, dots_per_inch: int) -> bytes:
    """Draw a page in grey as a PNG, at most `_MAX_SIDE_PIXELS` a side."""
    held = io.BytesIO()
    with contextlib.closing(pypdfium2.PdfDocument(content)) as document:
        page = document[index]
        scale = min(dots_per_inch / 72, _MAX_SIDE_PIXELS / max(*page.get_size(), 1))
        page.render(scale=scale, grayscale=True).to_pil().save(held, "PNG", compress_level=1)
    return held.getvalue()


def main() -> None:
    """Answer questions from standard input until it ends.

    A question is a line of its content's length, the seconds that it may take, and `pages MAX_PAGES` or
    `draw INDEX DOTS_PER_INCH`; then the content.
    An answer is eight bytes of its length, and then JSON lines, or a picture.
    """
    limit_memory()
    questions, answers = sys.stdin.buffer, sys.stdout.buffer
    while True:
        _set_alarm(_IDLE_SECONDS)
        line = questions.readline()
        if not line:
            return
        length, seconds, *arguments = line.decode().split()
        content = questions.read(int(length))
        _set_alarm(_BUSY_SECONDS)
        limit_time(int(seconds))
        answer = _answer(content, arguments)
        answers.write(len(answer).to_bytes(8, "big") + answer)
        answers.flush()


def _set_alarm(seconds: int) -> None:
    """Let the process end by itself when nobody asks any more, or when whoever asked is gone; Windows cannot."""
    if hasattr(signal, "alarm"):
        signal.alarm(seconds)


def _answer(content: bytes, arguments: list[str]) -> bytes:
    try:
        if arguments[0] == "draw":
            return draw_page(content, index=int(arguments[1]), dots_per_inch=int(arguments[2]))
        return _lines(content, max_pages=int(arguments[1]))
    except pypdfium2.PdfiumError as error:
        code = "password" if error.err_code == pdfium.FPDF_ERR_PASSWORD else "damaged"
    except MemoryError:
        code = "too_large"
    except (ValueError, ctypes.ArgumentError):
        code = "damaged"
    return json.dumps({"error": code}).encode()


def _line(described: dict[str, Any]) -> bytes:
    try:
        return json.dumps(described, separators=(",", ":"), allow_nan=False).encode()
    except ValueError:  # no place on a page is infinite
        return b'{"broken":true}'


def _lines(content: bytes, *, max_pages: int) -> bytes:
    lines = []
    written = 0
    for described in describe_pages(content, max_pages=max_pages):
        lines.append(_line(described))
        written += len(lines[-1])
        if written > _MAX_WRITTEN_CHARS:
            raise MemoryError
    return b"\n".join(lines)
