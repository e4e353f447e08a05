"""Reads PDF files: the text layer in reading order, ruled tables, headings, and scanned pages by OCR where it is installed."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence

from ingest.blocks import Markup
from ingest.formats.pdf_blocks import blocks_of
from ingest.formats.pdf_contents import without_contents
from ingest.formats.pdf_facts import stated_facts
from ingest.formats.pdf_flow import paragraphs_of
from ingest.formats.pdf_margins import without_margins
from ingest.formats.pdf_notes import cut_notes, no_text, reading_notes
from ingest.formats.pdf_open_tables import with_open_tables
from ingest.formats.pdf_page import Page
from ingest.formats.pdf_process import open_pdf, refusal
from ingest.formats.pdf_scan import read_scans
from ingest.formats.pdf_tables import with_tables

MAX_PAGES = 2_000
"""A PDF with more pages is refused: it is no article, and reading only a part of it would lose the rest."""

_MAX_LAYOUT_SECONDS = 120


def read_pdf(content: bytes) -> Markup:
    """Read a PDF.

    Pages without a text layer are read by OCR where the `ocr` extra is installed. The notes name them, and say what
    was left out: running headers, page numbers, watermarks, hidden text.

    Raises:
        UnreadableFileError: It is damaged, needs a password, is too large or too slow to read, or has no text.
    """
    file = open_pdf(content, max_pages=MAX_PAGES)
    scans = read_scans(content, file.pages)
    deadline = time.thread_time() + _MAX_LAYOUT_SECONDS
    trimmed = without_margins([with_open_tables(with_tables(page)) for page in _until(deadline, scans.pages)])
    pages, entries = without_contents(trimmed.pages)
    paragraphs, setting = paragraphs_of(_until(deadline, pages))
    blocks = blocks_of(paragraphs, setting)
    if not blocks:
        raise no_text(scans)
    notes = (*reading_notes(file.pages, scans), *cut_notes(file.pages, trimmed, entries=entries))
    return Markup(blocks=blocks, page_facts=stated_facts(file.facts), notes=notes)


def _until(deadline: float, pages: Sequence[Page]) -> Iterator[Page]:
    """Give pages as long as there is processor time: thousands of crowded ones are no article."""
    for page in pages:
        if time.thread_time() > deadline:
            raise refusal("too_slow")
        yield page
