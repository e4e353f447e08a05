"""Measure how printings of one text are found: on articles as they are, on changed ones, and how fast.

`python -m eval.bench_reposts NEWS.jsonl... [--scale N] [--json]`: one article a line, with "text", and "id", "title",
"source", "date" where there are any. With `--scale`, that many made-up articles go into a library in a scratch folder,
a tenth at a time. Nothing else is stored.
"""

from __future__ import annotations

import argparse
import itertools
import json
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from eval.repost_scale import Step, grow
from eval.repost_variants import KINDS, dated, variants
from rag.normalise import sentence_spans
from rag.reposts import Group, Grouping, Store, Text, bands, compare, is_repeated, signature
from rag.reposts.printing import key_of

_SHINGLE_CHARS = 5
_SHORTEST_TEXT_CHARS = 200  # shorter texts are not changed: a half of one is an announcement, not an article


@dataclass(frozen=True, slots=True, kw_only=True)
class KindFigures:
    """One kind of change.

    Attributes:
        candidates: Pairs that have a band in common.
        right: Pairs that are found to be what they are; a pair that is nothing need not be a candidate.
        same: Sentences of the variant of which it is said that they stand in the original, as a share.
    """

    name: str
    expected: str | None
    pairs: int
    candidates: int
    right: int
    answers: dict[str, int]
    same: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What one run found.

    Attributes:
        groups: Ids of the articles of each group, the one that stands for it first.
        missed: Pairs that comparing every pair finds, and the groups do not have together.
        compare_ms: Mean over candidate pairs, each text read anew.
        precision: Of the pairs of changed texts, the share of those said to be the same that are.
        recall: Of the pairs of changed texts that are the same, the share of those said to be.
    """

    articles: int
    pairs: int
    candidate_pairs: int
    groups: list[list[str]]
    confirmed_pairs: int
    missed: list[tuple[str, str]]
    kinds: list[KindFigures]
    precision: float
    recall: float
    sign_ms: float
    bands_ms: float
    compare_ms: float
    group_ms: float
    steps: list[Step]


class Shelf:
    """A library in memory, as far as grouping needs one."""

    def __init__(self) -> None:
        self.texts: dict[str, Text] = {}
        self.groups: dict[str, frozenset[str]] = {}
        self.representatives: dict[str, str] = {}
        self._bands: dict[str, tuple[int, ...]] = {}
        self._by_band: defaultdict[int, set[str]] = defaultdict(set)
        self.grouping = Grouping(
            Store(
                bands_of=self._bands.__getitem__,
                candidates=self.candidates,
                text_of=self.texts.__getitem__,
                group_of=self.groups.__getitem__,
                most_candidates=sys.maxsize,
            )
        )

    def candidates(self, wanted: Collection[int]) -> set[str]:
        """Return the articles that have one of the bands."""
        return set().union(*(self._by_band.get(band, ()) for band in wanted))

    def add(self, article_id: str, text: Text) -> None:
        """Put an article in, and into its group."""
        self.texts[article_id] = text
        self._bands[article_id] = bands(signature(text.text))
        self.groups[article_id] = frozenset({article_id})
        for band in self._bands[article_id]:
            self._by_band[band].add(article_id)
        self._record(self.grouping.place(article_id))

    def _record(self, groups: Iterable[Group]) -> None:
        for group in groups:
            members = frozenset(group.members)
            for member in members:
                self.groups[member] = members
                self.representatives[member] = group.representative


def read_articles(paths: Sequence[Path]) -> dict[str, Text]:
    """Read the articles by id; a line without an id is known by its file and number.

    Raises:
        ValueError: A line is no JSON object with a text.
    """
    articles = {}
    for path in paths:
        for number, line in enumerate(path.read_text(encoding="utf-8-sig").splitlines(), start=1):
            if not line.strip():
                continue
            row = json.loads(line)
            if not isinstance(row, dict) or not isinstance(row.get("text"), str):
                raise ValueError(f'{path}:{number}: an object with a "text" is needed')
            article_id = str(row.get("id") or f"{path.name}:{number}")
            fields = {name: row.get(name) or None for name in ("title", "source", "date")}
            articles[article_id] = Text(text=row["text"], **fields)
    return articles


def compare_all(articles: dict[str, Text]) -> list[tuple[str, str]]:
    """List the pairs that are the same by comparing every pair that has a third of its shingles in common."""
    shingles = {article_id: _shingles(text) for article_id, text in articles.items()}
    by_shingle: defaultdict[str, list[str]] = defaultdict(list)
    for article_id, found in shingles.items():
        for shingle in found:
            by_shingle[shingle].append(article_id)
    shared = Counter(pair for ids in by_shingle.values() for pair in itertools.combinations(sorted(ids), 2))
    return [
        (a, b)
        for (a, b), count in sorted(shared.items())
        if count * 3 >= min(len(shingles[a]), len(shingles[b])) and compare(articles[a], articles[b])
    ]


def _shingles(text: Text) -> set[str]:
    key = key_of(text.text)
    return {key[at : at + _SHINGLE_CHARS] for at in range(len(key))}


def measure_kinds(texts: Iterable[str]) -> list[KindFigures]:
    """Change every text in every way, and ask what the result is to the text."""
    candidates: Counter[str] = Counter()
    answers: defaultdict[str, Counter[str]] = defaultdict(Counter)
    same: defaultdict[str, list[bool]] = defaultdict(list)
    for seed, text in enumerate(texts):
        original, own = dated(text), set(bands(signature(text)))
        for kind, changed in variants(text, seed):
            is_candidate = bool(own & set(bands(signature(changed.text))))
            candidates[kind.name] += is_candidate
            relation = compare(original, changed) if is_candidate else None
            answers[kind.name][relation or "none"] += 1
            spans = sentence_spans(changed.text)
            same[kind.name] += [
                is_repeated(changed.text[a:b], article=changed.text, other=text) for a, b in spans
            ]
    return [
        KindFigures(
            name=kind.name,
            expected=kind.expected,
            pairs=answers[kind.name].total(),
            candidates=candidates[kind.name],
            right=answers[kind.name][kind.expected or "none"],
            answers=dict(answers[kind.name]),
            same=round(sum(same[kind.name]) / max(1, len(same[kind.name])), 3),
        )
        for kind in KINDS
    ]


def precision_and_recall(kinds: Sequence[KindFigures]) -> tuple[float, float]:
    """Return both over all pairs, where a pair that is the same is one that is a repost or a correction."""
    said = sum(k.pairs - k.answers.get("none", 0) for k in kinds)
    same = [k for k in kinds if k.expected is not None]
    found = sum(k.pairs - k.answers.get("none", 0) for k in same)
    return round(found / max(1, said), 4), round(found / max(1, sum(k.pairs for k in same)), 4)


def _mean_ms(start: float, count: int) -> float:
    return round(1000 * (time.perf_counter() - start) / max(1, count), 3)


def measure(articles: dict[str, Text], *, scale: int = 0) -> Report:
    """Run everything once."""
    start = time.perf_counter()
    signatures = {a: signature(t.text) for a, t in articles.items()}
    sign_ms, start = _mean_ms(start, len(articles)), time.perf_counter()
    bands_by_id = {a: set(bands(s)) for a, s in signatures.items()}
    bands_ms = _mean_ms(start, len(articles))
    candidate_pairs = [
        p for p in itertools.combinations(articles, 2) if bands_by_id[p[0]] & bands_by_id[p[1]]
    ]
    start = time.perf_counter()
    for a, b in candidate_pairs:
        compare(articles[a], articles[b])
    compare_ms, start = _mean_ms(start, len(candidate_pairs)), time.perf_counter()
    shelf = Shelf()
    for article_id, text in articles.items():
        shelf.add(article_id, text)
    group_ms = _mean_ms(start, len(articles))
    confirmed = compare_all(articles)
    texts = [t.text for t in articles.values() if len(t.text) >= _SHORTEST_TEXT_CHARS]
    kinds = measure_kinds(texts)
    precision, recall = precision_and_recall(kinds)
    return Report(
        articles=len(articles),
        pairs=len(articles) * (len(articles) - 1) // 2,
        candidate_pairs=len(candidate_pairs),
        groups=_listed(shelf),
        confirmed_pairs=len(confirmed),
        missed=[(a, b) for a, b in confirmed if b not in shelf.groups[a]],
        kinds=kinds,
        precision=precision,
        recall=recall,
        sign_ms=sign_ms,
        bands_ms=bands_ms,
        compare_ms=compare_ms,
        group_ms=group_ms,
        steps=list(grow(texts, scale)) if scale else [],
    )


def _listed(shelf: Shelf) -> list[list[str]]:
    groups = {min(members): members for members in shelf.groups.values() if len(members) > 1}
    return [
        sorted(members, key=lambda m: (m != shelf.representatives[m], m))
        for _, members in sorted(groups.items())
    ]


def _show(report: Report) -> None:
    console = Console()
    table = Table("change", "is", "pairs", "candidates", "right", "answers", "sentences the same")
    for kind in report.kinds:
        answers = ", ".join(f"{name} {count}" for name, count in sorted(kind.answers.items()))
        cells = (kind.pairs, kind.candidates, kind.right, answers, kind.same)
        table.add_row(kind.name, kind.expected or "none", *map(str, cells))
    console.print(table)
    console.print(f"precision {report.precision}, recall {report.recall} of pairs")
    console.print(
        f"{report.articles} articles, {report.pairs} pairs, {report.candidate_pairs} candidates; "
        f"{len(report.groups)} groups; {len(report.missed)} of {report.confirmed_pairs} pairs that are the same missed"
    )
    for group in [*report.groups, *report.missed]:
        console.print("  ".join(group), markup=False, highlight=False)
    console.print(
        f"ms: signature {report.sign_ms}, bands {report.bands_ms}, comparing a pair {report.compare_ms}, "
        f"signing, comparing and grouping an article {report.group_ms}"
    )
    for step in report.steps:
        console.print(asdict(step))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark and print its report."""
    parser = argparse.ArgumentParser(
        prog="python -m eval.bench_reposts", description="Measure how reposts are found."
    )
    parser.add_argument("files", nargs="+", type=Path, help="JSONL files of articles")
    parser.add_argument(
        "--scale", type=int, default=0, help="how many made-up articles to group in a library"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    options = parser.parse_args(arguments)
    try:
        articles = read_articles(options.files)
    except (OSError, ValueError) as cause:
        sys.stderr.write(f"{cause}\n")
        return 2
    report = measure(articles, scale=options.scale)
    if options.json:
        sys.stdout.write(json.dumps(asdict(report), ensure_ascii=False, indent=2) + "\n")
    else:
        _show(report)
    return 0


if __name__ == "__main__":
    sys.exit(main())
