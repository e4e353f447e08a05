"""Measure ingest: its speed beside a stock LangChain pipeline, and its memory as the library grows.

`python -m eval.bench_ingest speed NEWS.jsonl ...` lets the two take turns, each in a process of its own, over the same
files; `memory NEWS.jsonl ... --articles 10000` makes that many articles of them and samples the peak.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from eval.bench_ingest_memory import Sample, slope_mb, varied
from eval.bench_ingest_sides import Round

_FIELDS = ("title", "text")


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One pipeline: its rounds after an unmeasured one, in order."""

    name: str
    rounds: list[Round]

    @property
    def seconds(self) -> float:
        """Of the median round."""
        return statistics.median(one.seconds for one in self.rounds)

    @property
    def tokens_per_s(self) -> float:
        """Of the median round."""
        return statistics.median(one.tokens / one.seconds for one in self.rounds)

    @property
    def articles_per_s(self) -> float:
        """Of the median round."""
        return statistics.median(one.articles / one.seconds for one in self.rounds)

    def part_s(self, name: str) -> float | None:
        """Median seconds of a part; None where there is no such part."""
        found = [one.parts[name] for one in self.rounds if name in one.parts]
        return statistics.median(found) if found else None


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeedReport:
    """What one run found.

    Attributes:
        stock: None where its packages are not installed.
        skipped: Which ones.
    """

    threads: int
    ours: Side
    stock: Side | None
    skipped: str | None = None

    def ratio(self, figure: str) -> float | None:
        """How many times ours is as fast, by `tokens_per_s` or `articles_per_s`."""
        if self.stock is None:
            return None
        return float(getattr(self.ours, figure) / getattr(self.stock, figure))


def read_texts(files: Iterable[Path]) -> list[str]:
    """Return the articles of JSON Lines files, title first; those without a text are left out."""
    texts = []
    for file in files:
        with file.open(encoding="utf-8") as lines:
            for line in lines:
                article = json.loads(line)
                parts = [str(article.get(name) or "").strip() for name in _FIELDS]
                if parts[-1]:
                    texts.append("\n".join(part for part in parts if part))
    return texts


def write_files(texts: Iterable[str], folder: Path) -> int:
    """Write each text as a file of its own; return how many there are."""
    folder.mkdir(parents=True)
    count = 0
    for count, text in enumerate(texts, start=1):
        (folder / f"{count:06d}.txt").write_text(text, encoding="utf-8")
    return count


def measure_speed(texts: Sequence[str], *, rounds: int, threads: int, with_stock: bool = True) -> SpeedReport:
    """Ingest the texts with each pipeline in turns, `rounds` times after one unmeasured.

    Raises:
        OSError: A side ended before it answered; it says why on standard error.
    """
    skipped = _why_skipped() if with_stock else "not asked for"
    with ExitStack() as stack:
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="yigai-bench-")))
        folder = scratch / "files"
        write_files(texts, folder)
        common = [str(folder), str(scratch), "--threads", str(threads)]
        sides = {"ours": stack.enter_context(_started(["ours", *common], threads))}
        if skipped is None:
            from eval.bench_ingest_stock import write_model

            model = str(write_model(scratch / "stock"))
            sides["stock"] = stack.enter_context(_started(["stock", *common, "--model", model], threads))
        found: dict[str, list[Round]] = {name: [] for name in sides}
        for number in range(rounds + 1):
            for name, process in sides.items():
                answer = Round(**json.loads(_answer(process, b"\n")))
                if number:
                    found[name].append(answer)
    made = {name: Side(name=name, rounds=answers) for name, answers in found.items()}
    return SpeedReport(threads=threads, ours=made["ours"], stock=made.get("stock"), skipped=skipped)


def _why_skipped() -> str | None:
    from eval.bench_ingest_stock import missing_packages

    missing = missing_packages()
    return f"not installed: {', '.join(missing)}" if missing else None


@contextmanager
def _started(arguments: list[str], threads: int) -> Iterator[subprocess.Popen[bytes]]:
    """Start a side, wait until it has loaded everything, and end it afterwards."""
    command = [sys.executable, "-m", "eval.bench_ingest_sides", *arguments]
    environment = {
        **os.environ,
        "OMP_NUM_THREADS": str(threads),
        "HF_HUB_OFFLINE": "1",
        "ANONYMIZED_TELEMETRY": "FALSE",
    }
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment) as process:
        try:
            _answer(process, b"")
            yield process
        finally:
            process.kill()


def _answer(process: subprocess.Popen[bytes], line: bytes) -> bytes:
    if process.stdin is None or process.stdout is None:
        raise OSError("the side's process has no pipes")
    process.stdin.write(line)
    process.stdin.flush()
    reply = process.stdout.readline()
    if not reply:
        raise OSError(f"the side's process ended (exit code {process.wait()})")
    return reply


def measure_memory(texts: Sequence[str], *, articles: int, step: int, threads: int) -> Iterator[Sample]:
    """Ingest so many articles made of the texts in a process of its own; yield its samples as they come.

    Raises:
        OSError: The process ended with an error, or the system does not tell its memory.
    """
    with tempfile.TemporaryDirectory(prefix="yigai-bench-") as scratch:
        folder = Path(scratch) / "files"
        write_files(varied(texts, count=articles), folder)
        command = [sys.executable, "-m", "eval.bench_ingest_memory", str(folder), "--step", str(step)]
        command += ["--threads", str(threads)]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
            try:
                for line in process.stdout or ():
                    yield Sample(**json.loads(line))
                if process.wait():
                    raise OSError(f"the ingest ended with exit code {process.returncode}")
            finally:
                process.kill()


def _show_speed(report: SpeedReport, console: Console) -> None:
    sides = [side for side in (report.ours, report.stock) if side is not None]
    first = [side.rounds[0] for side in sides]
    table = Table(
        "",
        *(side.name for side in sides),
        title=f"{len(report.ours.rounds)} rounds, {report.threads} threads",
    )
    for name in ("articles", "passages", "tokens"):
        table.add_row(name, *(f"{getattr(one, name):,}" for one in first))
    names = dict.fromkeys(name for one in first for name in one.parts)
    for name in names:
        table.add_row(
            f"{name}, s", *("–" if (s := side.part_s(name)) is None else f"{s:.2f}" for side in sides)
        )
    table.add_row("in all, s", *(f"{side.seconds:.2f}" for side in sides))
    table.add_row("articles/s", *(f"{side.articles_per_s:.1f}" for side in sides))
    table.add_row("tokens/s", *(f"{side.tokens_per_s:,.0f}" for side in sides))
    table.add_row("peak, MB", *(str(side.rounds[-1].peak_mb) for side in sides))
    console.print(table)
    if report.skipped is not None:
        console.print(f"The stock pipeline was skipped ({report.skipped}).", markup=False)
        return
    console.print(
        f"ours / stock: {report.ratio('articles_per_s'):.2f} x by articles, "
        f"{report.ratio('tokens_per_s'):.2f} x by tokens"
    )


def _show_memory(samples: Sequence[Sample], console: Console) -> None:
    peak, slope = max(sample.peak_mb for sample in samples), slope_mb(samples)
    growth = "" if slope is None else f"; second half: {slope:+.2f} MB per 1,000 articles"
    console.print(f"peak {peak:.0f} MB over {samples[-1].articles:,} articles{growth}")


def _run_speed(options: argparse.Namespace, texts: Sequence[str]) -> dict[str, Any]:
    report = measure_speed(
        texts, rounds=options.rounds, threads=options.threads, with_stock=not options.no_stock
    )
    _show_speed(report, Console())
    ratios = {name: report.ratio(name) for name in ("articles_per_s", "tokens_per_s")}
    return {**asdict(report), "ratios": ratios}


def _run_memory(options: argparse.Namespace, texts: Sequence[str]) -> dict[str, Any]:
    console, samples = Console(), []
    for sample in measure_memory(
        texts, articles=options.articles, step=options.step, threads=options.threads
    ):
        samples.append(sample)
        console.print(
            f"{sample.articles:>7,} articles {sample.passages:>8,} passages {sample.seconds:>8.1f} s  "
            f"peak {sample.peak_mb:>7.1f} MB (vector index {sample.index_mb:.1f})"
        )
    if not samples:
        raise OSError("the ingest gave no sample")
    _show_memory(samples, console)
    return {"samples": [asdict(sample) for sample in samples], "slope_mb_per_1000": slope_mb(samples)}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m eval.bench_ingest", description="Measure ingest.")
    kinds = parser.add_subparsers(required=True)
    speed = kinds.add_parser("speed", help="beside a stock LangChain pipeline, in turns")
    speed.add_argument("--rounds", type=int, default=3, help="measured rounds (default 3)")
    speed.add_argument("--no-stock", action="store_true", help="measure ours alone")
    speed.set_defaults(run=_run_speed)
    memory = kinds.add_parser("memory", help="peak memory as the library grows")
    memory.add_argument("--articles", type=int, default=10_000, help="made of those given (default 10000)")
    memory.add_argument("--step", type=int, default=1000, help="articles between samples (default 1000)")
    memory.set_defaults(run=_run_memory)
    for kind in (speed, memory):
        kind.add_argument("files", nargs="+", type=Path, help='JSON Lines with "title" and "text"')
        kind.add_argument("--threads", type=int, default=os.cpu_count() or 1, help="for either side")
        kind.add_argument("--json", type=Path, help="write everything here as well")
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what is asked for and print what it found."""
    options = _parser().parse_args(arguments)
    try:
        texts = read_texts(options.files)
        if not texts:
            raise ValueError("there is no article in the files named")
        found = options.run(options, texts)
    except (OSError, ValueError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    if options.json is not None:
        options.json.write_text(json.dumps(found, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
