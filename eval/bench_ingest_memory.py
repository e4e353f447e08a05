"""Peak memory of an ingest as the library grows: in a process of its own, sampled as it goes."""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from ingest.report import IngestEvent
from rag.library.index_files import FOLDER_NAME
from rag.normalise import sentence_spans

_DIGITS = re.compile(r"\d")
_STATUS = Path("/proc/self/status")
_RESET = Path("/proc/self/clear_refs")
_RESET_PEAK = "5"  # as proc(5) has it


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """The memory of the process when so many articles were in.

    Attributes:
        peak_mb: The most that was resident since the sample before; since the start, where the peak cannot be reset.
        resident_mb: At that moment.
        index_mb: The files of the vector index, which Chroma holds in memory whole while it adds to them.
    """

    articles: int
    seconds: float
    passages: int
    resident_mb: float
    peak_mb: float
    index_mb: float


def varied(texts: Sequence[str], *, count: int, seed: int = 0) -> Iterator[str]:
    """Yield `count` articles of the length of `texts`, no two of them alike enough to be printings of one.

    The first ones are the texts themselves. Each later one keeps half of a text's sentences, takes the other half
    from other texts, and has other figures.
    """
    yield from texts[:count]
    chance = random.Random(seed)  # noqa: S311 - the same articles every time, on purpose
    sentences = [[text[a:b] for a, b in sentence_spans(text)] for text in texts]
    pool = [sentence for listed in sentences for sentence in listed]
    for number in range(len(texts), count):
        made = [
            sentence if chance.random() < 0.5 else chance.choice(pool)
            for sentence in sentences[number % len(texts)]
        ]
        yield _DIGITS.sub(lambda _: str(chance.randrange(10)), "\n".join(_paragraphs(made)))


def _paragraphs(sentences: Sequence[str]) -> Iterator[str]:
    for start in range(0, len(sentences), 4):
        yield "".join(sentences[start : start + 4])


def slope_mb(samples: Sequence[Sample]) -> float | None:
    """Fit a line to the peaks of the second half: megabytes per 1,000 articles; None of fewer than two samples."""
    half = samples[len(samples) // 2 :]
    if len(half) < 2:
        return None
    mean_x = sum(s.articles for s in half) / len(half)
    mean_y = sum(s.peak_mb for s in half) / len(half)
    spread = sum((s.articles - mean_x) ** 2 for s in half)
    return 1000 * sum((s.articles - mean_x) * (s.peak_mb - mean_y) for s in half) / spread


def memory_mb(field: str) -> float:
    """Return a size from the system's account of this process: `VmRSS`, or `VmHWM` for the peak.

    Raises:
        OSError: Not on Linux.
    """
    lines = _STATUS.read_text(encoding="ascii", errors="replace").splitlines()
    kilobytes = next(line for line in lines if line.startswith(f"{field}:")).split()[1]
    return int(kilobytes) * 1024 / 1e6


class _Sampler:
    """Writes a sample as a line whenever a step's worth of files is done."""

    def __init__(self, step: int, index: Path) -> None:
        self._step = step
        self._index = index
        self._next = step
        self._start = time.perf_counter()

    def on_event(self, event: IngestEvent) -> None:
        if event.files_done >= self._next or (
            event.path is None and event.files_done > self._next - self._step
        ):
            self._write(event)
            self._next = event.files_done + self._step

    def _write(self, event: IngestEvent) -> None:
        sample = Sample(
            articles=event.files_done,
            seconds=round(time.perf_counter() - self._start, 1),
            passages=event.passages,
            resident_mb=round(memory_mb("VmRSS"), 1),
            peak_mb=round(memory_mb("VmHWM"), 1),
            index_mb=round(sum(file.stat().st_size for file in self._index.glob("*/*.bin")) / 1e6, 1),
        )
        if os.access(_RESET, os.W_OK):
            _RESET.write_text(_RESET_PEAK, encoding="ascii")
        sys.stdout.write(json.dumps(asdict(sample)) + "\n")
        sys.stdout.flush()


def main(arguments: Sequence[str] | None = None) -> int:
    """Ingest a folder into a library that goes with the process, and write samples."""
    from eval.bench_ingest_sides import make_encoder
    from ingest.run import ingest_paths
    from rag.build import open_library

    parser = argparse.ArgumentParser(prog="python -m eval.bench_ingest_memory")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--step", type=int, default=1000)
    parser.add_argument("--threads", type=int, default=0)
    options = parser.parse_args(arguments)
    encoder = make_encoder(options.threads)
    with (
        tempfile.TemporaryDirectory(prefix="yigai-bench-") as scratch,
        open_library(Path(scratch) / "library", encoder, create=True) as library,
    ):
        sampler = _Sampler(options.step, library.directory / FOLDER_NAME)
        ingest_paths([options.folder], library=library, encoder=encoder, on_event=sampler.on_event)
    return 0


if __name__ == "__main__":
    sys.exit(main())
