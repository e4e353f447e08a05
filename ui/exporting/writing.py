"""A briefing written into a file of the kind that its name says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Literal, get_args

from ingest.web.sidecar import write_whole
from rag.briefing.types import Briefing
from ui.exporting.checking import check_briefing
from ui.exporting.printable import make_printable

Suffix = Literal[".docx", ".pptx", ".html", ".md", ".json"]
SUFFIXES: tuple[Suffix, ...] = get_args(Suffix)


def export(briefing: Briefing, path: Path) -> None:
    """Write a briefing into a file, whole or not at all; the same briefing gives the same bytes.

    Raises:
        ValueError: The file's suffix is none of `SUFFIXES`, a number cites no source, or a chart mixes units.
        OSError: The file cannot be written.
    """
    write_whole(path, render(briefing, path.suffix))


def render(briefing: Briefing, suffix: str) -> bytes:
    """Return what a file of that suffix (".docx", in any case) holds.

    Raises:
        ValueError: As `export`.
    """
    wanted = suffix.lower()
    if wanted not in SUFFIXES:
        raise ValueError(f"Cannot export a briefing as {suffix!r}; expected one of {', '.join(SUFFIXES)}.")
    check_briefing(briefing)
    return _rendered(make_printable(briefing), wanted)


def _rendered(briefing: Briefing, suffix: str) -> bytes:
    # Each brings its own libraries, which take a while to load.
    if suffix == ".docx":
        from ui.exporting.word import to_docx

        return to_docx(briefing)
    if suffix == ".pptx":
        from ui.exporting.slides import to_pptx

        return to_pptx(briefing)
    if suffix == ".html":
        from ui.exporting.page import to_html

        return to_html(briefing).encode()
    if suffix == ".json":
        from rag.briefing.schema import to_json

        return (json.dumps(to_json(briefing), ensure_ascii=False, indent=2) + "\n").encode()
    from ui.exporting.marked import to_markdown

    return to_markdown(briefing).encode()
