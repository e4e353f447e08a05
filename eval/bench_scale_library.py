"""Libraries of made-up passages, of any size, written by the library's own functions in large batches.

What differs from an ingest: nothing is split or embedded one by one (see `Vectors`), the terms come from
`eval.bench_scale_texts`, and the articles count as grouped (what grouping costs, `eval.repost_scale` measures).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from eval.bench_scale_sentences import encode_sentences, made_sentences
from eval.bench_scale_texts import PASSAGES_PER_ARTICLE, Made, MadeArticle, Maker
from rag.library import IndexedPassage, NewArticle, OriginFile, reading, writing
from rag.library.catalogue import FILE_NAME, Catalogue
from rag.library.records import Manifest
from rag.library.schema import SCHEMA
from rag.library.vectors import VectorIndex
from rag.types import Article, Passage

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from rag.encoder import Encoder

BATCH_ARTICLES = 4000
_SEED = 20260101


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Vectors:
    """Where the vectors of made-up passages come from.

    The first passages are encoded as they are. Any other gets the mean of its sentences' own vectors, moved by what
    set one of those first passages apart from that mean: it lies where an encoder puts such text, and like no other.

    Attributes:
        sentences: Unit vectors, shape (sentences, dimension).
        real: Of the first passages, shape (n, dimension).
        apart: `real` less the mean of the sentences', shape (n, dimension).
    """

    sentences: NDArray[np.float32]
    real: NDArray[np.float32]
    apart: NDArray[np.float32]

    def of(self, passages: Sequence[Made], *, first: int) -> NDArray[np.float32]:
        """Return unit vectors, a row for each passage, the first of which has number `first`."""
        import numpy as np

        drawn = np.random.default_rng(_SEED + first).integers(len(self.apart), size=len(passages))
        vectors = _unit(_means(self.sentences, passages) + self.apart[drawn])
        known = self.real[first : first + len(passages)]
        vectors[: len(known)] = known
        return vectors


def encode_vectors(maker: Maker, encoder: Encoder, *, real: int) -> Vectors:
    """Encode every sentence by itself, and the first `real` passages."""
    import numpy as np

    sentences = encode_sentences(maker, encoder)
    articles = list(maker.articles(0, -(-real // PASSAGES_PER_ARTICLE)))
    passages = [passage for article in articles for passage in article.passages]
    texts = [f"{article.title}\n{passage.text}" for article in articles for passage in article.passages]
    vectors = np.asarray(encoder.embed_passages(texts), np.float32)
    return Vectors(sentences=sentences, real=vectors, apart=vectors - _unit(_means(sentences, passages)))


def grow_library(folder: Path, maker: Maker, vectors: Vectors, *, encoder_name: str, passages: int) -> int:
    """Add made-up articles to the library in a folder, until it holds that many passages; make it where there is none.

    Returns:
        How many passages it holds: the next full article's.
    """
    import numpy as np

    dimension = vectors.sentences.shape[1]
    manifest = Manifest(schema=SCHEMA, encoder=encoder_name, dimension=dimension)
    folder.mkdir(parents=True, exist_ok=True)
    index = VectorIndex(folder, dimension=dimension)
    is_new = not (folder / FILE_NAME).exists()
    with (
        closing(Catalogue.create(folder, manifest) if is_new else Catalogue.open(folder)) as catalogue,
        closing(index),
    ):
        if is_new:
            index.rebuild([])
        with catalogue.reading() as connection:
            start = reading.passage_count(connection) // PASSAGES_PER_ARTICLE
        stop = -(-passages // PASSAGES_PER_ARTICLE)
        for first in range(start, stop, BATCH_ARTICLES):
            last = min(stop, first + BATCH_ARTICLES)
            made = list(maker.articles(first, last))
            rows = vectors.of([p for a in made for p in a.passages], first=first * PASSAGES_PER_ARTICLE)
            news = [
                replace(new, vectors=own, sentences=made_sentences(one, new, vectors.sentences))
                for one, new, own in zip(
                    made, map(as_new, made, range(first, last)), np.split(rows, len(made)), strict=True
                )
            ]
            _write(catalogue, index, news)
    return max(start, stop) * PASSAGES_PER_ARTICLE


def _write(catalogue: Catalogue, index: VectorIndex, batch: Sequence[NewArticle]) -> None:
    import numpy as np

    with catalogue.transaction() as connection:
        rows = writing.reserve_rows(connection, sum(len(new.passages) for new in batch))
    index.add(
        [str(row) for row in rows],
        np.concatenate([new.vectors for new in batch]),
        article_ids=[new.article.article_id for new in batch for _ in new.passages],
    )
    with catalogue.transaction() as connection:
        start = 0
        for new in batch:
            writing.swap_article(connection, new, rows[start : start + len(new.passages)])
            start += len(new.passages)
        connection.execute("UPDATE articles SET grouped = 1 WHERE grouped = 0")


def as_new(made: MadeArticle, number: int) -> NewArticle:
    """Make of a made-up article what goes into a library, but for its vectors."""
    import numpy as np

    text = "\n".join(passage.text for passage in made.passages)
    article_id = f"made-{number:07}"
    digest = hashlib.sha256(text.encode()).hexdigest()
    passages, start = [], 0
    for ordinal, passage in enumerate(made.passages):
        end = start + len(passage.text)
        passages.append(
            IndexedPassage(
                passage=Passage(
                    passage_id=f"{article_id}#{ordinal}",
                    article_id=article_id,
                    ordinal=ordinal,
                    start=start,
                    end=end,
                    text=passage.text,
                    heading_path=(made.title,),
                    regions=passage.regions,
                ),
                context_terms=made.title_terms,
                body_terms=passage.terms,
            )
        )
        start = end + 1
    return NewArticle(
        article=Article(
            article_id=article_id,
            title=made.title,
            text=text,
            source=made.source,
            date=made.date,
            regions=(made.region,),
            content_hash=digest,
        ),
        passages=tuple(passages),
        vectors=np.zeros((0, 0), np.float32),
        origin=OriginFile(path=f"/made/{article_id}.txt", content_hash=digest, size=len(text), mtime_ns=0),
    )


def _means(sentences: NDArray[np.float32], passages: Sequence[Made]) -> NDArray[np.float32]:
    import numpy as np

    return np.stack([sentences[list(passage.sentences)].mean(axis=0) for passage in passages])


def _unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    import numpy as np

    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, np.finfo(np.float32).tiny), np.float32)
