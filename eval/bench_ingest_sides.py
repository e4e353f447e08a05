"""The two sides of the bench of ingest, each in a process of its own that answers one line per round."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import platformdirs

import ingest.batch
import ingest.run
from eval.bench_ingest_memory import memory_mb
from rag.build import open_library
from rag.encoder.bundled import BundledEncoder
from rag.library import Library

if TYPE_CHECKING:
    from types import ModuleType

    import numpy as np
    from numpy.typing import NDArray

_READ_BY = ((ingest.run, "find_files"), (ingest.run, "items_of"), (ingest.run, "read_content"))
_PARTS: dict[str, tuple[tuple[ModuleType, str], ...]] = {
    "read": _READ_BY,
    "split": ((ingest.run, "split_article"),),
    "terms": ((ingest.batch, "index_terms"),),
}
"""What an ingest calls, by the part of its work that it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """One ingest of all files into an empty store.

    Attributes:
        seconds: From the first file to the last write.
        parts: Seconds by part; what is in none of them is "rest".
        tokens: Embedded, special tokens included.
        peak_mb: Of the process until now; None where the system does not tell.
    """

    seconds: float
    parts: dict[str, float]
    articles: int
    passages: int
    tokens: int
    peak_mb: float | None


def make_encoder(threads: int) -> BundledEncoder:
    """The bundled encoder from the user's own cache, loaded."""
    encoder = BundledEncoder(platformdirs.user_cache_path("yigai", appauthor=False), threads=threads)
    encoder.warm_up()
    return encoder


class OurSide:
    """This project's ingest."""

    def __init__(self, *, threads: int) -> None:
        self._encoder = _TimedEncoder(make_encoder(threads))

    def run(self, folder: Path, target: Path) -> Round:
        """Ingest a folder into a new library."""
        self._encoder.seconds, self._encoder.texts = 0.0, []
        with open_library(target, self._encoder, create=True) as library, _clocked(library) as clock:
            start = time.perf_counter()
            report = ingest.run.ingest_paths([folder], library=library, encoder=self._encoder)
            seconds = time.perf_counter() - start
            refused = [file for file in report.files if file.outcome == "refused"]
            if refused:
                raise ValueError(f"{refused[0].path} was refused: {refused[0].error}")
        parts = {**clock.seconds, "embed": self._encoder.seconds}
        return _round(
            seconds, parts, articles=len(report.files), texts=self._encoder.texts, encoder=self._encoder
        )


class StockSide:
    """LangChain's parts."""

    def __init__(self, model: Path, *, threads: int) -> None:
        from eval.bench_ingest_stock import StockPipeline

        self._pipeline = StockPipeline(model, threads=threads)
        self._counter = make_encoder(threads)

    def run(self, folder: Path, target: Path) -> Round:
        """Ingest a folder into a new store."""
        files = sorted(folder.iterdir())
        start = time.perf_counter()
        parts, texts = self._pipeline.ingest(files, target)
        seconds = time.perf_counter() - start
        return _round(seconds, parts, articles=len(files), texts=texts, encoder=self._counter)


def _round(
    seconds: float,
    parts: dict[str, float],
    *,
    articles: int,
    texts: Sequence[str],
    encoder: BundledEncoder | _TimedEncoder,
) -> Round:
    shares = {**parts, "rest": max(0.0, seconds - sum(parts.values()))}
    try:
        peak: float | None = round(memory_mb("VmHWM"), 1)
    except OSError:
        peak = None
    return Round(
        seconds=round(seconds, 3),
        parts={name: round(share, 3) for name, share in shares.items()},
        articles=articles,
        passages=len(texts),
        tokens=sum(encoder.count_tokens(texts)),
        peak_mb=peak,
    )


class _TimedEncoder:
    """An encoder with a clock, which remembers what it embedded."""

    def __init__(self, encoder: BundledEncoder) -> None:
        self._encoder = encoder
        self.name, self.dimension, self.max_tokens = encoder.name, encoder.dimension, encoder.max_tokens
        self.seconds = 0.0
        self.texts: list[str] = []

    def warm_up(self) -> None:
        self._encoder.warm_up()

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return self._encoder.count_tokens(texts)

    def embed_passages(
        self, texts: Sequence[str], *, on_progress: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        start = time.perf_counter()
        vectors = self._encoder.embed_passages(texts, on_progress=on_progress)
        self.seconds += time.perf_counter() - start
        self.texts += texts
        return vectors

    def embed_query(self, text: str) -> list[float]:
        return self._encoder.embed_query(text)

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return self._encoder.embed_documents(texts)


class _Clock:
    """Seconds by part; what runs inside a part is that part's."""

    def __init__(self) -> None:
        self.seconds = dict.fromkeys([*_PARTS, "write"], 0.0)
        self._inside = False

    def timed(self, part: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """Put a clock on a function; where it yields, on each of its steps."""

        def call(*arguments: Any, **options: Any) -> Any:  # noqa: ANN401 - any function's
            with self._running(part):
                result = function(*arguments, **options)
            return self._steps(part, result) if isinstance(result, Iterator) else result

        return call

    def _steps(self, part: str, steps: Iterator[Any]) -> Iterator[Any]:
        while True:
            with self._running(part):
                try:
                    step = next(steps)
                except StopIteration:
                    return
            yield step

    @contextmanager
    def _running(self, part: str) -> Iterator[None]:
        if self._inside:
            yield
            return
        self._inside, start = True, time.perf_counter()
        try:
            yield
        finally:
            self._inside = False
            self.seconds[part] += time.perf_counter() - start


@contextmanager
def _clocked(library: Library) -> Iterator[_Clock]:
    """Put a clock on each part of an ingest into a library, as long as it lasts."""
    clock = _Clock()
    places: list[tuple[object, str, str]] = [
        (module, name, part) for part, named in _PARTS.items() for module, name in named
    ]
    before = [(place, name, getattr(place, name)) for place, name, _ in places]
    try:
        for place, name, part in places:
            setattr(place, name, clock.timed(part, getattr(place, name)))
        # On the object: it goes with it.
        setattr(library, "replace_articles", clock.timed("write", library.replace_articles))  # noqa: B010
        yield clock
    finally:
        for place, name, function in before:
            setattr(place, name, function)


def main(arguments: Sequence[str] | None = None) -> int:
    """Load one side, say so, and then answer each line with a round."""
    parser = argparse.ArgumentParser(prog="python -m eval.bench_ingest_sides")
    parser.add_argument("side", choices=["ours", "stock"])
    parser.add_argument("folder", type=Path)
    parser.add_argument("scratch", type=Path)
    parser.add_argument("--model", type=Path)
    parser.add_argument("--threads", type=int, default=0)
    options = parser.parse_args(arguments)
    side: OurSide | StockSide
    if options.side == "ours":
        side = OurSide(threads=options.threads)
    else:
        side = StockSide(options.model, threads=options.threads)
    sys.stdout.write("\n")
    sys.stdout.flush()
    for number, _ in enumerate(sys.stdin):
        target = options.scratch / f"{options.side}-{number}"
        sys.stdout.write(json.dumps(asdict(side.run(options.folder, target))) + "\n")
        sys.stdout.flush()
        shutil.rmtree(target, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
