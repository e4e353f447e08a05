"""Hold briefings against the library that they are of: `python -m eval.bench_briefs DIR TOPIC...`.

For each topic a briefing is written twice in each language. Counted are its lines and cells, the bars of its charts and its
sources; what the checker finds wrong in it afterwards; what the proof had dropped; and whether both times gave the same.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rag.briefing.citing import bars_of, lines_of
from rag.briefing.proof import check_briefing
from rag.briefing.shelf import Shelf
from rag.briefing.types import Briefing, Request
from rag.briefing.write import write_briefing
from rag.errors import NothingFoundError

if TYPE_CHECKING:
    from rag.pipeline import Pipeline

_LANGUAGES = ("zh", "en")


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What was counted over briefings; `seconds` is the mean of one."""

    briefings: int
    lines: int
    bars: int
    sources: int
    faults: int
    dropped: int
    same: int
    seconds: float


def hold_briefings(pipeline: Pipeline, topics: Sequence[str]) -> Held:
    """Write each topic's briefings twice, and check them; a topic that the library lacks has none."""
    shelf = Shelf(pipeline.library)
    written: list[tuple[Briefing, bool]] = []
    start = time.perf_counter()
    for request in (Request(topic=t, language=one) for t in topics for one in _LANGUAGES):  # type: ignore[arg-type]  # the two languages
        try:
            first = write_briefing(pipeline, request)
        except NothingFoundError:
            continue
        written.append((first, write_briefing(pipeline, request) == first))
    taken = time.perf_counter() - start
    briefings = [briefing for briefing, _ in written]
    return Held(
        briefings=len(briefings),
        lines=sum(1 for b in briefings for _ in lines_of(b.sections)),
        bars=sum(1 for b in briefings for _ in bars_of(b.sections)),
        sources=sum(len(b.sources) for b in briefings),
        faults=sum(len(check_briefing(b, shelf, meaning=pipeline.meaning)) for b in briefings),
        dropped=sum(len(b.dropped) for b in briefings),
        same=sum(is_same for _, is_same in written),
        seconds=taken / max(1, 2 * len(briefings)),
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Hold the briefings of a library; print what was counted."""
    from rag.build import build_encoder, build_pipeline, open_library
    from rag.settings import load_settings

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("library", type=Path)
    parser.add_argument("topics", nargs="+")
    given = parser.parse_args(arguments)
    settings = load_settings(library=given.library)
    encoder = build_encoder(settings)
    with open_library(settings.library, encoder) as library:
        pipeline = build_pipeline(library, encoder, settings, composer="extractive", is_lasting=True)
        held = hold_briefings(pipeline, given.topics)
    sys.stdout.write(
        f"briefings {held.briefings}, lines and cells {held.lines}, bars {held.bars}, sources {held.sources}; "
        f"wrong {held.faults}, dropped {held.dropped}, the same twice {held.same}; {held.seconds:.1f} s each\n"
    )


if __name__ == "__main__":
    main()
