"""How the time of grouping grows with a library: made-up articles, some of them printings or forms of others."""

from __future__ import annotations

import hashlib
import random
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from rag.library import IndexedPassage, NewArticle, OriginFile, reading, writing
from rag.library.catalogue import Catalogue
from rag.library.records import Manifest
from rag.library.regroup import Regrouping
from rag.library.schema import SCHEMA
from rag.library.vectors import VectorIndex
from rag.normalise import sentence_spans
from rag.types import Article, Passage

_STEPS = 10
_SENTENCES = 15
_PASSAGE_SENTENCES = 5
_DIMENSION = 4
_PRINTINGS, _FORMS = 0.2, 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One tenth of the articles, written and then grouped.

    Attributes:
        articles: How many the library holds after it.
        group_ms: Processor time per article of this step: signing, comparing, recording; without the deletion of
            vectors.
        groups: How many groups of several there are.
        shadowed: How many passages are left out of the search.
    """

    articles: int
    group_ms: float
    groups: int
    shadowed: int


def grow(texts: Sequence[str], count: int) -> Iterator[Step]:
    """Put articles into a scratch library, a tenth at a time.

    A fifth are printings of an earlier one with a portal's lines around it, a fifth one form filled in with other
    figures; the rest are sentences of `texts`, drawn at random.
    """
    made = list(make_texts(texts, count))
    with tempfile.TemporaryDirectory() as folder:
        manifest = Manifest(schema=SCHEMA, encoder="none", dimension=_DIMENSION)
        with closing(Catalogue.create(Path(folder), manifest)) as catalogue:
            vectors = VectorIndex(Path(folder), dimension=_DIMENSION)
            vectors.rebuild([])
            for step in range(_STEPS):
                part = range(count * step // _STEPS, count * (step + 1) // _STEPS)
                _write(catalogue, [(f"a{number:06}", made[number]) for number in part])
                start = time.process_time()
                Regrouping(catalogue, vectors).finish()
                elapsed = time.process_time() - start
                yield _step(catalogue, part.stop, 1000 * elapsed / max(1, len(part)))
            vectors.close()


def make_texts(texts: Sequence[str], count: int) -> Iterator[str]:
    """Make texts up; the same ones in every run."""
    chance = random.Random(count)  # noqa: S311  # no secret
    sentences = [text[a:b] for text in texts for a, b in sentence_spans(text)]
    form = chance.choices(sentences, k=_SENTENCES)
    made: list[str] = []
    for _ in range(count):
        kind = chance.random()
        if kind < _PRINTINGS and made:
            text = f"来源：某网\n{chance.choice(made)}\n责任编辑：某人"
        elif kind < _PRINTINGS + _FORMS:
            filled = (f"本周第{n}项累计完成{chance.randrange(10**6)}人次。" for n in range(_SENTENCES))
            text = "\n".join(one + other for one, other in zip(form, filled, strict=True))
        else:
            text = "\n".join(chance.choices(sentences, k=_SENTENCES))
        made.append(text)
        yield text


def _write(catalogue: Catalogue, articles: Sequence[tuple[str, str]]) -> None:
    import numpy as np

    for article_id, text in articles:
        digest = hashlib.sha256(text.encode()).hexdigest()
        spans = sentence_spans(text)
        passages = [
            IndexedPassage(
                passage=Passage(
                    passage_id=f"{article_id}#{ordinal}",
                    article_id=article_id,
                    ordinal=ordinal,
                    start=spans[at][0],
                    end=spans[min(len(spans), at + _PASSAGE_SENTENCES) - 1][1],
                    text="",
                ),
                context_terms=(),
                body_terms=(),
            )
            for ordinal, at in enumerate(range(0, len(spans), _PASSAGE_SENTENCES))
        ]
        new = NewArticle(
            article=Article(article_id=article_id, title=None, text=text, content_hash=digest),
            passages=tuple(passages),
            vectors=np.ones((len(passages), _DIMENSION), np.float32),
            origin=OriginFile(path=f"/{article_id}.txt", content_hash=digest, size=len(text), mtime_ns=0),
        )
        with catalogue.transaction() as connection:
            writing.swap_article(connection, new, writing.reserve_rows(connection, len(passages)))


def _step(catalogue: Catalogue, articles: int, group_ms: float) -> Step:
    with catalogue.reading() as connection:
        (count,) = connection.execute("SELECT count(DISTINCT group_id) FROM articles").fetchone()
        shadowed = reading.passage_count(connection) - reading.searched_count(connection)
    return Step(articles=articles, group_ms=round(group_ms, 1), groups=count, shadowed=shadowed)
