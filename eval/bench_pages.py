"""Measure how web pages are read: the article's text, its encoding, title and date, per page and as means.

`python -m eval.bench_pages PAGES.jsonl [--json FILE]` reads JSON lines of {id, html_file, gold_text} and, where known,
{bytes_decode_as, date, title}; `html_file` is relative to the file of lines. F1 is over character 4-grams, whitespace
removed, each as often as it stands there; the text is what an ingest keeps, its blocks joined.
"""

from __future__ import annotations

import argparse
import codecs
import json
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import fmean

from pydantic import BaseModel, ConfigDict

from eval.lines import read_lines
from ingest.describe import parse_date
from ingest.read import read_content
from rag.errors import SuiteError, UnreadableFileError, YigaiError

_GRAM_CHARS = 4
_ODD = re.compile(r"[\W_]+")


class PageCase(BaseModel):
    """A page and what a person says is on it; what is unknown is None, or no date."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    html_file: str
    gold_text: str
    bytes_decode_as: str | None = None
    date: str | None = None
    title: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PageResult:
    """How one page was read; None where the case does not say what is right."""

    id: str
    f1: float
    codec: str
    is_codec_right: bool | None
    title: str | None
    is_title_right: bool | None
    date: str | None
    is_date_right: bool | None
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PageBench:
    """Means over all pages, and of each field the share over the pages that say what is right."""

    pages: int
    f1: float
    codec_right: float | None
    title_right: float | None
    date_right: float | None
    ms_a_page: float
    results: tuple[PageResult, ...]


def grams(text: str) -> Counter[str]:
    """Count the text's character 4-grams, whitespace removed."""
    squeezed = "".join(text.split())
    return Counter(squeezed[i : i + _GRAM_CHARS] for i in range(len(squeezed) - _GRAM_CHARS + 1))


def text_f1(found: str, wanted: str) -> float:
    """The harmonic mean of how much of what was found is wanted, and of what is wanted was found."""
    ours, theirs = grams(found), grams(wanted)
    both = (ours & theirs).total()
    return 2 * both / (ours.total() + theirs.total()) if both else 0.0


def read_cases(path: Path) -> Iterator[tuple[PageCase, bytes]]:
    """Read the cases, each with its page's bytes.

    Raises:
        SuiteError: A line does not fit, or its page cannot be read.
    """
    for number, case in read_lines(path, PageCase):
        try:
            content = (path.parent / case.html_file).read_bytes()
        except OSError as cause:
            raise SuiteError(path=path, line=number, problem=cause.strerror or str(cause)) from cause
        yield case, content


def read_one(case: PageCase, content: bytes) -> PageResult:
    """Read a page as an ingest does, and compare; one that is refused has no text, and counts."""
    started = time.perf_counter()
    text, codec, title, date = "", "", None, None
    try:
        read = read_content(content, path=Path("page.html"))
        text, codec, title, date = read.article.text, read.codec, read.article.title, read.article.date
    except UnreadableFileError:
        pass  # what follows is zero for it
    seconds = time.perf_counter() - started
    return PageResult(
        id=case.id,
        f1=text_f1(text, case.gold_text),
        codec=codec,
        is_codec_right=_verdict(_known_codec(case.bytes_decode_as), lambda right: _is_codec(codec, right)),
        title=title,
        is_title_right=_verdict(case.title, lambda right: _folded(title or "") == _folded(right)),
        date=date,
        is_date_right=_verdict(parse_date(case.date or ""), lambda right: (date or "").startswith(right)),
        seconds=seconds,
    )


def measure(cases: Iterable[tuple[PageCase, bytes]]) -> PageBench:
    """Read every page, and sum up."""
    results = tuple(read_one(case, content) for case, content in cases)
    return PageBench(
        pages=len(results),
        f1=fmean([result.f1 for result in results] or [0.0]),
        codec_right=_share(result.is_codec_right for result in results),
        title_right=_share(result.is_title_right for result in results),
        date_right=_share(result.is_date_right for result in results),
        ms_a_page=1000 * fmean([result.seconds for result in results] or [0.0]),
        results=results,
    )


def _verdict(right: str | None, is_right: Callable[[str], bool]) -> bool | None:
    return is_right(right) if right else None


def _known_codec(name: str | None) -> str | None:
    try:
        return codecs.lookup(name).name if name else None
    except LookupError:
        return None


def _is_codec(codec: str, right: str) -> bool:
    return bool(codec) and codecs.lookup(codec).name.removesuffix("-sig") == right


def _folded(text: str) -> str:
    return _ODD.sub("", text).casefold()


def _share(verdicts: Iterable[bool | None]) -> float | None:
    known = [verdict for verdict in verdicts if verdict is not None]
    return sum(known) / len(known) if known else None


def _table(bench: PageBench) -> str:
    marks = {True: "right", False: "WRONG", None: "-"}
    lines = [
        f"{r.f1:.3f}  codec {r.codec or '-'} {marks[r.is_codec_right]}  title {marks[r.is_title_right]}"
        f"  date {r.date or '-'} {marks[r.is_date_right]}  {r.id}"
        for r in bench.results
    ]
    shares = (("codec", bench.codec_right), ("title", bench.title_right), ("date", bench.date_right))
    right = ", ".join(f"{name} {share:.3f}" for name, share in shares if share is not None)
    return "\n".join(
        [
            *lines,
            f"{bench.pages} pages: F1 {bench.f1:.4f}; right: {right or '-'}; {bench.ms_a_page:.1f} ms a page",
            "",
        ]
    )


def main() -> int:
    """Measure and write the figures to standard output."""
    parser = argparse.ArgumentParser(prog="python -m eval.bench_pages", description=__doc__.splitlines()[0])
    parser.add_argument("pages", type=Path, help="JSON lines of {id, html_file, gold_text, ...}")
    parser.add_argument("--json", type=Path, help="write every figure here as well")
    given = parser.parse_args()
    try:
        bench = measure(read_cases(given.pages))
    except YigaiError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(_table(bench))
    if given.json:
        given.json.write_text(
            json.dumps(asdict(bench), ensure_ascii=False, indent=2) + "\n", encoding="utf-8"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
