"""Libraries that last as long as a measurement, filled with texts that are no files."""

from __future__ import annotations

import dataclasses
import hashlib
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.run import BATCH_PASSAGES, IngestOptions
from ingest.split import split_article
from rag.build import open_library
from rag.library import IndexedPassage, Library, NewArticle, OriginFile
from rag.regions import find_regions
from rag.terms import index_terms
from rag.types import Article, Passage

if TYPE_CHECKING:
    from rag.encoder import Encoder

PASSAGE_TOKENS = IngestOptions().passage_tokens
_Split = tuple[Article, tuple[Passage, ...]]


@contextmanager
def scratch_library(encoder: Encoder) -> Iterator[Library]:
    """An empty library in a folder of its own, which goes with it."""
    with (
        tempfile.TemporaryDirectory(prefix="yigai-eval-") as folder,
        open_library(Path(folder) / "library", encoder, create=True) as library,
    ):
        yield library


def make_article(article_id: str, *, title: str = "", text: str) -> Article:
    """An article of that text as it stands; a text that is missing is its title."""
    body = text if text.strip() else title
    return Article(
        article_id=article_id,
        title=title.strip() or None,
        text=body,
        regions=tuple(dict.fromkeys(mention.region.code for mention in find_regions(title))),
        content_hash=hashlib.sha256(body.encode()).hexdigest(),
    )


def shelve(
    articles: Iterable[Article],
    *,
    library: Library,
    encoder: Encoder,
    passage_tokens: int = PASSAGE_TOKENS,
    with_headings: bool = True,
    on_shelved: Callable[[int], None] | None = None,
) -> int:
    """Split, embed and write articles as an ingest does, a batch at a time.

    Args:
        articles: Taken one by one; ids that come twice replace each other.
        library: Opened for the encoder.
        encoder: Makes the vectors.
        passage_tokens: The budget of a passage in tiktoken tokens.
        with_headings: Whether a passage is embedded and indexed with its title and headings.
        on_shelved: Told how many articles are in the library after each batch.

    Returns:
        The number of passages written.
    """
    shelved = passages = 0
    with library.writing():
        for batch in _batches(articles, encoder, passage_tokens):
            shown = batch if with_headings else [(article, _bare(cut)) for article, cut in batch]
            library.replace_articles(_embedded(shown, encoder))
            shelved += len(batch)
            passages += sum(len(cut) for _, cut in batch)
            if on_shelved is not None:
                on_shelved(shelved)
    return passages


def _batches(articles: Iterable[Article], encoder: Encoder, passage_tokens: int) -> Iterator[list[_Split]]:
    batch: list[_Split] = []
    for article in articles:
        cut = split_article(
            article,
            budget_tokens=passage_tokens,
            window_tokens=encoder.max_tokens,
            count_tokens=encoder.count_tokens,
        )
        batch.append((article, cut))
        if sum(len(passages) for _, passages in batch) >= BATCH_PASSAGES:
            yield batch
            batch = []
    if batch:
        yield batch


def _bare(passages: Sequence[Passage]) -> tuple[Passage, ...]:
    return tuple(dataclasses.replace(passage, heading_path=()) for passage in passages)


def _embedded(batch: list[_Split], encoder: Encoder) -> list[NewArticle]:
    vectors = encoder.embed_passages([passage.embedded for _, cut in batch for passage in cut])
    made, start = [], 0
    for article, cut in batch:
        stop = start + len(cut)
        made.append(
            NewArticle(
                article=article,
                passages=tuple(map(_indexed, cut)),
                vectors=vectors[start:stop],
                origin=_origin(article),
            )
        )
        start = stop
    return made


def _indexed(passage: Passage) -> IndexedPassage:
    return IndexedPassage(
        passage=passage,
        context_terms=tuple(index_terms(passage.context)),
        body_terms=tuple(index_terms(passage.text)),
    )


def _origin(article: Article) -> OriginFile:
    return OriginFile(
        path=article.article_id, content_hash=article.content_hash, size=len(article.text), mtime_ns=0
    )
