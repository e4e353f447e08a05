"""Measure figures as data against a table made by hand: `python -m eval.bench_figures FOLDER | --library DIR [--misses]`.

The table (`eval/figures/gold.jsonl`, see its README) holds offsets, values and names; articles are known by a hash of their
cleaned text, and those that the table does not know are passed over. A record is right in value and unit where it overlaps
a row of that value and unit; in the rest where its subject, its indicator, its role are among those the row takes.
`--draw N --seed S` writes that many records of any articles instead, to be judged by reading; rules are made on
`--half 0` of these, and judged on the other.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from eval.lines import read_lines
from ingest.items import Skipped, items_of
from ingest.load import FileProblem, find_files
from ingest.options import IngestOptions
from ingest.read import read_article, read_content
from rag.errors import YigaiError
from rag.indicators import Record, Role, find_records
from rag.normalise import fold
from rag.types import Article

GOLD = Path(__file__).parent / "figures" / "gold.jsonl"
LONGEST_NAME = 24
"""A name that is longer names nothing: it holds half the sentence, the right words among them."""

_HASH_CHARS = 16
_AROUND_CHARS = 70


class Row(BaseModel):
    """A row of the table; see `eval/figures/README.md`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    article: str
    start: int
    end: int
    value: Decimal
    high: Decimal | None = None
    unit: str
    other_units: tuple[str, ...] = ()
    qualifier: str = ""
    role: Role
    change: str = ""
    indicator: tuple[str, ...]
    subject: tuple[str, ...]
    planned: bool = False
    optional: bool = False


@dataclass(slots=True)
class Score:
    """Counts over all articles.

    Attributes:
        kept: Records that are judged: those of optional rows are not.
        right: By what: how many of them are right in it, and in value and unit.
        missed: Rows that no record has, in words.
        wrong: Records that are wrong in something, in words.
    """

    rows: int = 0
    kept: int = 0
    right: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    missed: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def rates(self, name: str) -> tuple[float, float]:
        """Precision and recall."""
        return self.right[name] / max(1, self.kept), self.right[name] / max(1, self.rows)


def hash_of(text: str) -> str:
    """What the table knows an article by."""
    return hashlib.sha256(text.encode()).hexdigest()[:_HASH_CHARS]


def measure(articles: Iterable[Article], rows: Mapping[str, Sequence[Row]]) -> Score:
    """Hold the records of the articles against their rows."""
    score = Score()
    for article in articles:
        expected = rows.get(hash_of(article.text))
        if expected:
            _measure_one(article, expected, score)
    return score


def _measure_one(article: Article, rows: Sequence[Row], score: Score) -> None:
    open_rows = list(rows)
    for record in find_records(article):
        row = next((r for r in open_rows if _same_figure(r, record)), None)
        if row is None:
            if not any(r.optional and _overlap(r, record) for r in rows):
                score.kept += 1
                score.wrong.append(f"no data, or another value: {_in_words(article, record)}")
            continue
        open_rows.remove(row)
        if not row.optional:
            _judge(article, record, row, score)
    score.rows += sum(not row.optional for row in rows)
    score.missed += [
        f"not found: {row.value} {row.unit} {row.indicator[0]} @{row.start}"
        for row in open_rows
        if not row.optional
    ]


def _judge(article: Article, record: Record, row: Row, score: Score) -> None:
    score.kept += 1
    judged = {
        "subject": record.subject.name in row.subject,
        "indicator": any(_names(alternative, record) for alternative in row.indicator),
        "role": record.role == row.role and bool(record.change_id) == bool(row.change),
        "qualifier": record.figure.qualifier == row.qualifier,
        "planned": record.is_planned == row.planned,
    }
    judged["subject and indicator"] = judged["subject"] and judged["indicator"]
    score.right["value and unit"] += 1
    for name, is_right in judged.items():
        score.right[name] += is_right
    wrong = [name for name, is_right in judged.items() if not is_right and " and " not in name]
    if wrong:
        score.wrong.append(f"{', '.join(wrong)}: {_in_words(article, record)}")


def _same_figure(row: Row, record: Record) -> bool:
    figure = record.figure
    units = (row.unit, *row.other_units)
    return (
        _overlap(row, record)
        and (figure.value, figure.high) == (row.value, row.high)
        and figure.unit in units
    )


def _overlap(row: Row, record: Record) -> bool:
    return row.start < record.end and record.start < row.end


def _names(alternative: str, record: Record) -> bool:
    """Whether a record is named so: "#id" by the glossary's concept, else by words, all of which must be in its name."""
    name = fold(record.indicator.name)
    if alternative.startswith("#"):
        return record.indicator.concept == alternative[1:]
    return len(name) <= LONGEST_NAME and all(fold(word) in name for word in alternative.split("+"))


def _in_words(article: Article, record: Record) -> str:
    around = article.text[max(0, record.start - _AROUND_CHARS) : record.end + _AROUND_CHARS // 2].replace(
        "\n", "⏎"
    )
    figure, when = record.figure, record.when
    parts = (
        f"{figure.qualifier}{figure.raw} = {figure.value:f} {figure.unit}",
        f"{record.role}{'' if record.direction is None else ' ' + record.direction}",
        f"{record.indicator.name} #{record.indicator.concept}",
        f"{record.subject.name}{'*' if record.subject.is_inherited else ''}",
        f"{when.text} {when.years}",
        "planned" if record.is_planned else "",
    )
    return f"{' | '.join(parts)}\n      …{around}…"


def read_rows(path: Path) -> dict[str, list[Row]]:
    """The rows of a table by article."""
    rows: dict[str, list[Row]] = defaultdict(list)
    for _, row in read_lines(path, Row):
        rows[row.article].append(row)
    return rows


def read_articles(paths: Sequence[Path]) -> Iterator[Article]:
    """Articles of folders and files, and of files that hold many (JSON lines, CSV), read as an ingest does."""
    options = IngestOptions()
    for path in find_files(paths).files:
        if path.suffix not in (".jsonl", ".csv"):
            yield read_article(path, max_bytes=options.max_bytes).article
            continue
        for item in items_of(path, options=options):
            if not isinstance(item, FileProblem | Skipped):
                place = item.path.with_name(item.path.name + item.suffix)
                yield read_content(
                    item.content, path=place, fields=item.fields, declared=item.declared
                ).article


def _articles_of(library: Path) -> Iterator[Article]:
    from rag.library import Library

    with Library.open(library) as opened:
        for article in opened.articles():
            yield opened.article(article.article_id)


def _draw(articles: Sequence[Article], count: int, seed: int) -> Iterator[str]:
    found = [(article, record) for article in articles for record in find_records(article)]
    drawn = random.Random(seed).sample(found, min(count, len(found)))  # noqa: S311  # no secret
    yield f"{len(found)} records in {len(articles)} articles; drawn with seed {seed}:"
    for number, (article, record) in enumerate(drawn, start=1):
        yield f"{number:3d}. {_in_words(article, record)}"


def _report(score: Score, *, with_misses: bool) -> Iterator[str]:
    yield f"{score.rows} rows, {score.kept} records"
    for name in (
        "value and unit",
        "subject and indicator",
        "subject",
        "indicator",
        "role",
        "qualifier",
        "planned",
    ):
        precision, recall = score.rates(name)
        yield f"{name:22s} precision {precision:.3f}  recall {recall:.3f}"
    yield from (score.missed + score.wrong) if with_misses else ()


def main() -> int:
    """Write the figures to standard output."""
    parser = argparse.ArgumentParser(
        prog="python -m eval.bench_figures", description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument("articles", type=Path, nargs="*", help="folders or files of articles")
    parser.add_argument("--library", type=Path, help="the articles of a library")
    parser.add_argument("--gold", type=Path, default=GOLD, help="another table")
    parser.add_argument("--misses", action="store_true", help="write what was missed and what is wrong")
    parser.add_argument("--draw", type=int, default=0, help="write this many records, to be read")
    parser.add_argument("--seed", type=int, default=1, help="which records are drawn")
    parser.add_argument(
        "--half", type=int, choices=(0, 1), help="only articles whose hash falls into that half"
    )
    given = parser.parse_args()
    write = sys.stdout.write
    try:
        articles = [*read_articles(given.articles), *(_articles_of(given.library) if given.library else ())]
        if given.half is not None:
            articles = [a for a in articles if int(hash_of(a.text)[-1], 16) % 2 == given.half]
        if given.draw:
            lines = list(_draw(articles, given.draw, given.seed))
        else:
            lines = list(_report(measure(articles, read_rows(given.gold)), with_misses=given.misses))
    except YigaiError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    started = time.process_time()
    for article in articles:
        find_records(article)
    spent = time.process_time() - started
    lines.append(f"{spent * 1e6 / max(1, sum(len(a.text) for a in articles)):.2f} ms per 1,000 characters")
    write("".join(f"{line}\n" for line in lines))
    return 0


if __name__ == "__main__":
    sys.exit(main())
