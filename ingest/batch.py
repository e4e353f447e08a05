"""Articles on their way into the library: embedded and written in batches, each visible all at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rag.library import IndexedPassage, Library, NewArticle, OriginFile
from rag.rerank import embed_sentences
from rag.terms import index_terms
from rag.types import Article, Passage

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from rag.encoder import Encoder

BATCH_PASSAGES = 256
"""Passages embedded at a time, and about as many written: bounds memory, and what a stop loses."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """An article read and split by a pipeline, on its way into the library."""

    article: Article
    passages: tuple[Passage, ...]
    origin: OriginFile
    pipeline: str


class Batch:
    """What waits to be embedded and written.

    Args:
        library: Opened for this encoder.
        encoder: Makes the vectors.
        on_embedded: Told how many passages have been embedded since it was last told.
        on_written: Told of each article that is in the library now.
    """

    def __init__(
        self,
        library: Library,
        encoder: Encoder,
        *,
        on_embedded: Callable[[int], None],
        on_written: Callable[[Work], None],
    ) -> None:
        self._library = library
        self._encoder = encoder
        self._on_embedded = on_embedded
        self._on_written = on_written
        self._works: list[Work] = []
        self._passages = 0
        self._contents: set[str] = set()

    def holds(self, content_hash: str) -> bool:
        """Whether an article of these bytes waits."""
        return content_hash in self._contents

    def put(self, work: Work) -> None:
        """Let an article wait; write all of them once they are enough."""
        self._works.append(work)
        self._contents.add(work.origin.content_hash)
        self._passages += len(work.passages)
        if self._passages >= BATCH_PASSAGES:
            self.flush()

    def flush(self) -> None:
        """Embed and write what waits."""
        works, self._works, self._passages = self._works, [], 0
        self._contents.clear()
        if not works:
            return
        vectors = self._embed([passage.embedded for work in works for passage in work.passages])
        batch, start = [], 0
        sentences = embed_sentences([(work.article, work.passages) for work in works], self._encoder)
        for work, own in zip(works, sentences, strict=True):
            stop = start + len(work.passages)
            batch.append(replace(_indexed(work, vectors[start:stop]), sentences=tuple(own)))
            start = stop
        self._library.replace_articles(batch)
        for work in works:
            self._on_written(work)

    def _embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        import numpy as np

        slices = (texts[start : start + BATCH_PASSAGES] for start in range(0, len(texts), BATCH_PASSAGES))
        parts = [self._encoder.embed_passages(part, on_progress=self._on_embedded) for part in slices]
        return np.concatenate([np.zeros((0, self._encoder.dimension), np.float32), *parts])


def _indexed(work: Work, vectors: NDArray[np.float32]) -> NewArticle:
    passages = tuple(
        IndexedPassage(
            passage=passage,
            context_terms=tuple(index_terms(passage.context)),
            body_terms=tuple(index_terms(passage.text)),
        )
        for passage in work.passages
    )
    return NewArticle(
        article=work.article, passages=passages, vectors=vectors, origin=work.origin, pipeline=work.pipeline
    )
