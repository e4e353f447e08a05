"""How latency, memory and disk grow with the library: made-up passages, up to a million.

`python -m eval.bench_scale build --news FILE … --out DIR --passages 10000 100000 …` grows a library and leaves a copy
of it at each size, in a folder named by the number; `python -m eval.bench_scale ask DIR/10000 DIR/100000 … --out DIR`
asks each the same questions in a process of its own, and writes `scale.json`, a table (`scale.md`) and plots (SVG).
`python -m eval.bench_scale sentences DIR --news FILE …` adds the vectors of sentences to a library that was built without.
Files of news are JSON lines with a `text`; one that is named twice counts twice.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import BaseModel

from eval.bench_scale_asking import QUESTIONS, Measured, Spread
from eval.bench_scale_texts import Maker
from eval.bench_scale_views import write_views
from eval.lines import read_lines

if TYPE_CHECKING:
    from collections.abc import Sequence

REAL = 5000
LONGEST_S = 3600


class _News(BaseModel):
    text: str


def build(news: Sequence[Path], out: Path, sizes: Sequence[int], *, real: int = REAL) -> None:
    """Grow a library to each size in turn; leave a copy in a folder of that name."""
    from eval.bench_scale_library import encode_vectors, grow_library
    from rag.build import build_encoder
    from rag.settings import load_settings

    encoder = build_encoder(load_settings())
    maker = Maker(_texts(news))
    start = time.perf_counter()
    vectors = encode_vectors(maker, encoder, real=real)
    _say(
        f"{len(maker.sentences)} sentences and {real} passages encoded in {time.perf_counter() - start:.0f} s"
    )
    growing = out / "growing"
    for size in sorted(sizes):
        start = time.perf_counter()
        held = grow_library(growing, maker, vectors, encoder_name=encoder.name, passages=size)
        _say(f"{held} passages after {time.perf_counter() - start:.0f} s")
        if size == max(sizes):
            growing.rename(out / str(size))
        else:
            shutil.copytree(growing, out / str(size))


def add(news: Sequence[Path], folder: Path) -> None:
    """Add the vectors of sentences to a library that was built of this news."""
    from eval.bench_scale_sentences import add_sentences, encode_sentences
    from rag.build import build_encoder
    from rag.settings import load_settings

    start = time.perf_counter()
    maker = Maker(_texts(news))
    real = encode_sentences(maker, build_encoder(load_settings()))
    written = add_sentences(folder, maker, real)
    _say(f"{written} passages have the vectors of their sentences after {time.perf_counter() - start:.0f} s")


def _texts(news: Sequence[Path]) -> list[str]:
    return [line.text for path in news for _, line in read_lines(path, _News)]


def ask(libraries: Sequence[Path], *, questions: int = QUESTIONS) -> list[Measured]:
    """Measure libraries, each in a process of its own, the smallest first."""
    measured = [_measured(folder, questions) for folder in libraries]
    return sorted(measured, key=lambda one: one.passages)


def _measured(folder: Path, questions: int) -> Measured:
    command = [sys.executable, "-m", "eval.bench_scale_asking", str(folder), "--questions", str(questions)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=LONGEST_S)
    fields = json.loads(done.stdout)
    for name in ("total", "processor"):
        fields[name] = Spread(**fields[name])
    fields["steps"] = {name: Spread(**spread) for name, spread in fields["steps"].items()}
    return Measured(**fields)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> None:
    """Read the arguments; build, or ask."""
    parser = argparse.ArgumentParser(prog="python -m eval.bench_scale", description=__doc__)
    ways = parser.add_subparsers(dest="way", required=True)
    builder = ways.add_parser("build", help="grow a library, with a copy at each size")
    builder.add_argument("--news", type=Path, nargs="+", required=True)
    builder.add_argument("--passages", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    builder.add_argument("--real", type=int, default=REAL, help="passages whose vectors the encoder makes")
    builder.add_argument("--out", type=Path, required=True)
    adder = ways.add_parser("sentences", help="add the vectors of sentences to a library built without")
    adder.add_argument("library", type=Path)
    adder.add_argument("--news", type=Path, nargs="+", required=True)
    asker = ways.add_parser("ask", help="measure libraries")
    asker.add_argument("libraries", type=Path, nargs="+")
    asker.add_argument("--questions", type=int, default=QUESTIONS)
    asker.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    if given.way == "sentences":
        add(given.news, given.library)
        return
    given.out.mkdir(parents=True, exist_ok=True)
    if given.way == "build":
        build(given.news, given.out, given.passages, real=given.real)
    else:
        _say(write_views(ask(given.libraries, questions=given.questions), given.out))


if __name__ == "__main__":
    main()
