"""Vectors of the sentences of made-up passages, from those of the real sentences that they were made of.

A sentence with another place or figure in it has the vector of the one it was made from: what a question costs does not
depend on that. `add_sentences` puts them into a library that was made without.
"""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from eval.bench_scale_texts import PASSAGES_PER_ARTICLE, Made, MadeArticle, Maker
from rag.evidence import sentences_of
from rag.library import NewArticle, SentenceVectors
from rag.library.catalogue import Catalogue
from rag.library.sentences import write_sentences

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from rag.encoder import Encoder
    from rag.types import Article, Passage

BATCH_ARTICLES = 4000


def encode_sentences(maker: Maker, encoder: Encoder) -> NDArray[np.float32]:
    """Encode every real sentence by itself; unit vectors, shape (sentences, dimension)."""
    import numpy as np

    distinct = list(dict.fromkeys(maker.sentences))
    number = {sentence: at for at, sentence in enumerate(distinct)}
    encoded = np.asarray(encoder.embed_passages(distinct), np.float32)
    return encoded[[number[sentence] for sentence in maker.sentences]]


def made_sentences(
    made: MadeArticle, new: NewArticle, real: NDArray[np.float32]
) -> tuple[SentenceVectors, ...]:
    """Return the sentences that a question would look at, by passage: each with the mean of those it was made of.

    Args:
        made: The article as it was made up.
        new: The same, as it goes into a library.
        real: Vectors of the maker's sentences.
    """
    pairs = zip(made.passages, new.passages, strict=True)
    return tuple(_sentences(one, indexed.passage, new.article, real) for one, indexed in pairs)


def _sentences(made: Made, passage: Passage, article: Article, real: NDArray[np.float32]) -> SentenceVectors:
    import numpy as np

    spans = tuple(sentences_of(article, passage))
    starts = (0, *made.ends[:-1])
    means = np.zeros((len(spans), real.shape[1]), np.float32)
    for row, (start, end) in zip(means, spans, strict=True):
        for number, first, last in zip(made.sentences, starts, made.ends, strict=True):
            if first < end - passage.start and last > start - passage.start:
                row += real[number]
    lengths = np.linalg.norm(means, axis=1, keepdims=True)
    return SentenceVectors(spans=spans, vectors=means / np.maximum(lengths, np.finfo(np.float32).tiny))


def add_sentences(folder: Path, maker: Maker, real: NDArray[np.float32]) -> int:
    """Write the vectors of all sentences into a library that this maker's articles were put into.

    Returns:
        How many passages they are of.

    Raises:
        ValueError: An article is not the one that is made now: other news, or another order of them.
    """
    from eval.bench_scale_library import as_new

    written = 0
    with closing(Catalogue.open(folder)) as catalogue:
        with catalogue.reading() as connection:
            (articles,) = connection.execute("SELECT count(*) FROM articles").fetchone()
        for first in range(0, articles, BATCH_ARTICLES):
            made = list(maker.articles(first, min(articles, first + BATCH_ARTICLES)))
            news = [as_new(one, first + at) for at, one in enumerate(made)]
            with catalogue.transaction() as connection:
                rows = [row for new in news for row in _rows(connection, new)]
                found = [made_sentences(one, new, real) for one, new in zip(made, news, strict=True)]
                write_sentences(connection, rows, [one for own in found for one in own])
            written += len(rows)
    return written


def _rows(connection: sqlite3.Connection, new: NewArticle) -> Sequence[int]:
    sql = "SELECT passages.rowid, content_hash FROM passages JOIN articles USING (article_id) WHERE article_id = ? ORDER BY ordinal"
    found = connection.execute(sql, (new.article.article_id,)).fetchall()
    if len(found) != PASSAGES_PER_ARTICLE or found[0][1] != new.article.content_hash:
        raise ValueError(f"{new.article.article_id} is not the article that is made of this news")
    return [row for row, _ in found]
