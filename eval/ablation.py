"""What each part of retrieval earns: the same questions asked with and without it.

`python -m eval.ablation FOLDER... [--limit N]`: data sets in BEIR layout, of which documents are to be found; the suites'
own questions about the sample library, of which passages are, come last. Written as a Markdown table: hit@5 / MRR@10 of
all queries, and MRR@10 of either half of them by a hash of their ids, so that what was chosen on one shows on the other.
"""

from __future__ import annotations

import argparse
import dataclasses
import hashlib
import itertools
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from eval.beir import read_beir
from eval.cases import read_suite, suites_folder
from eval.places import locate
from eval.ranking import mean, per_query
from eval.retrieval import Search, first_found
from eval.sample import sample_library
from eval.scratch import scratch_library, shelve
from rag.build import build_encoder, open_library
from rag.encoder.remembering import RememberingEncoder
from rag.errors import YigaiError
from rag.fuse import reciprocal_rank_fusion
from rag.normalise import contains_han
from rag.pipeline import readable
from rag.regions import find_regions
from rag.rephrase import RuleRephraser
from rag.retrieve import POOL, WORTH, Worth, rarity_in, retrieve
from rag.settings import load_settings
from rag.types import Article, Filter, Hit
from rag.understand import Query, region_groups, search_terms, understand

if TYPE_CHECKING:
    from rag.encoder import Encoder
    from rag.library import Library

_KS = (1, 5, 10)
_EVERYWHERE = Filter()
_Way = Callable[[Query, "Library", "Encoder"], Search]


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """One way to search.

    Attributes:
        way: Makes the search for a query.
        changes: What is taken out of the query before.
        with_headings: Whether titles and headings are embedded and indexed with the passages.
    """

    name: str
    way: _Way
    changes: Callable[[Query], Query] = lambda query: query
    with_headings: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Bed:
    """Questions, what is to be found for them, and the libraries to find it in, by whether headings are in them.

    Attributes:
        qrels: Grades by question and by what `unit` calls a hit.
        unit: The document of a hit, or its passage.
    """

    name: str
    queries: Mapping[str, Query]
    qrels: Mapping[str, Mapping[str, int]]
    unit: Callable[[Hit], str]
    libraries: Mapping[bool, Library]


class QueriesOnce(RememberingEncoder):
    """Embeds each question once too, however many variants ask it."""

    def __init__(self, encoder: Encoder) -> None:
        super().__init__(encoder)
        self._queries: dict[str, list[float]] = {}

    def embed_query(self, text: str) -> list[float]:
        """Embed a question, or recall its vector."""
        if text not in self._queries:
            self._queries[text] = self.encoder.embed_query(text)
        return self._queries[text]


def _fused(worth: Worth) -> _Way:
    def way(query: Query, library: Library, encoder: Encoder) -> Search:
        return lambda top_k: (
            retrieve(
                query, library=library, encoder=encoder, top_k=top_k, within=_EVERYWHERE, worth=worth
            ).hits
        )

    return way


def _dense(query: Query, library: Library, encoder: Encoder) -> Search:
    vector = encoder.embed_query(query.text)
    return lambda top_k: library.dense(vector, top_k=top_k)


def _lexical(query: Query, library: Library, encoder: Encoder) -> Search:  # noqa: ARG001  # a way like the others
    terms = search_terms(query)
    return lambda top_k: library.lexical(terms, top_k=top_k) if terms else ()


def _equal(query: Query, library: Library, encoder: Encoder) -> Search:
    sides = [side(query, library, encoder)(POOL) for side in (_dense, _lexical)]
    fused = reciprocal_rank_fusion([(1.0, hits) for hits in sides])
    return lambda top_k: fused[:top_k]


def without_glossary(query: Query) -> Query:
    """The query as if the glossary knew no other name of anything asked about."""
    plain = (dataclasses.replace(aspect, exact=aspect.exact[:1], near=()) for aspect in query.aspects)
    return dataclasses.replace(query, aspects=tuple(plain))


def without_pinyin(query: Query) -> Query:
    """The query as if places were known by their Chinese names only."""
    mentions = [m for m in find_regions(query.text) if contains_han(query.text[m.start : m.end])]
    return dataclasses.replace(query, regions=region_groups(mentions))


VARIANTS = (
    Variant(name="all of it", way=_fused(WORTH)),
    Variant(name="dense only", way=_dense),
    Variant(name="lexical only", way=_lexical),
    Variant(name="equal fusion by rank", way=_equal),
    Variant(name="without BM25's part", way=_fused(dataclasses.replace(WORTH, words=0.0))),
    Variant(name="without pairs of characters", way=_fused(dataclasses.replace(WORTH, pairs=0.0))),
    Variant(name="without headings", way=_fused(WORTH), with_headings=False),
    Variant(name="without the glossary", way=_fused(WORTH), changes=without_glossary),
    Variant(name="without pinyin", way=_fused(WORTH), changes=without_pinyin),
)


def measure(bed: Bed, variant: Variant, *, encoder: Encoder) -> dict[str, dict[str, float]]:
    """Ask every question of a bed; the measures by question."""
    library = bed.libraries[variant.with_headings]
    rankings = {
        key: first_found(variant.way(variant.changes(query), library, encoder), most=max(_KS), unit=bed.unit)
        for key, query in bed.queries.items()
    }
    return per_query(bed.qrels, rankings, ks=_KS)


def cell(values: Mapping[str, Mapping[str, float]]) -> str:
    """`hit@5 / MRR@10 (MRR@10 of one half, of the other)`, of the questions measured."""
    whole = mean(values)
    halves = [{key: row for key, row in values.items() if half_of(key) == half} or values for half in (0, 1)]
    first, second = (mean(part)["MRR@10"] for part in halves)
    return f"{whole['hit@5']:.3f} / {whole['MRR@10']:.3f} ({first:.3f}, {second:.3f})"


def half_of(key: str) -> int:
    """The half, 0 or 1, that a question is in."""
    return int(hashlib.sha256(key.encode()).hexdigest(), 16) % 2


@contextmanager
def shelved(articles: Callable[[], Iterator[Article]], encoder: Encoder) -> Iterator[Mapping[bool, Library]]:
    """The articles in two libraries, with their headings and without."""
    with ExitStack() as stack:
        libraries = {}
        for with_headings in (True, False):
            libraries[with_headings] = stack.enter_context(scratch_library(encoder))
            shelve(articles(), library=libraries[with_headings], encoder=encoder, with_headings=with_headings)
        yield libraries


@contextmanager
def beir_bed(folder: Path, encoder: Encoder, *, limit: int | None = None) -> Iterator[Bed]:
    """A data set as a bed, of which documents are to be found."""
    dataset = read_beir(folder)
    with shelved(dataset.articles, encoder) as libraries:
        rarity = rarity_in(libraries[True])
        texts = itertools.islice(dataset.queries.items(), limit)
        queries = {key: understand(readable(text), rarity=rarity) for key, text in texts}
        yield Bed(
            name=dataset.name,
            queries=queries,
            qrels={key: dataset.qrels[key] for key in queries},
            unit=lambda hit: hit.passage.article_id,
            libraries=libraries,
        )


@contextmanager
def suites_bed(cache: Path, encoder: Encoder, *, names: Sequence[str], title: str) -> Iterator[Bed]:
    """The questions of suites about the sample library whose evidence is known, of which passages are to be found."""
    with open_library(sample_library(cache, encoder), encoder) as sample:
        articles = [sample.article(summary.article_id) for summary in sample.articles()]
        suites = [read_suite(suites_folder() / f"{name}.jsonl") for name in names]
        found = [(f"{s.name}/{c.id}", c, locate(c, sample).passages) for s in suites for c in s.cases]
    with shelved(lambda: iter(articles), encoder) as libraries:
        rarity, rules = rarity_in(libraries[True]), RuleRephraser()
        queries = {
            key: understand(
                readable(case.question),
                text=rules.standalone(readable(case.question), [readable(h) for h in case.history]),
                rarity=rarity,
            )
            for key, case, passages in found
            if passages
        }
        yield Bed(
            name=title,
            queries=queries,
            qrels={key: {p.passage_id: 1 for p in passages} for key, _, passages in found if passages},
            unit=lambda hit: hit.passage.passage_id,
            libraries=libraries,
        )


def table(columns: Mapping[str, Mapping[str, str]]) -> str:
    """The cells by column and variant, as Markdown."""
    lines = [["", *columns], ["---"] * (len(columns) + 1)]
    lines += [[variant.name, *(cells[variant.name] for cells in columns.values())] for variant in VARIANTS]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and write the table to standard output."""
    parser = argparse.ArgumentParser(prog="python -m eval.ablation", description=__doc__.splitlines()[0])
    parser.add_argument("folders", nargs="*", type=Path, help="data sets in BEIR layout")
    parser.add_argument("--limit", type=int, help="ask only the first N queries of each data set")
    given = parser.parse_args(arguments)
    settings = load_settings()
    try:
        encoder = QueriesOnce(build_encoder(settings))
        beds = [beir_bed(folder, encoder, limit=given.limit) for folder in given.folders]
        known = [path.stem for path in sorted(suites_folder().glob("*.jsonl")) if path.stem != "unseen"]
        for names, title in ((known, "suites"), (["unseen"], "unseen suite")):
            beds.append(suites_bed(settings.cache, encoder, names=names, title=title))
        columns = {}
        for opening in beds:
            with opening as bed:
                column = {v.name: cell(measure(bed, v, encoder=encoder)) for v in VARIANTS}
                columns[f"{bed.name}, {len(bed.queries)}"] = column
    except YigaiError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(table(columns))
    return 0


if __name__ == "__main__":
    sys.exit(main())
