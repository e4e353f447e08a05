from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from rag.library import IndexedPassage, Library, NewArticle, OriginFile, embedding_text
from rag.terms import index_terms
from rag.types import Article, Passage

DIMENSION = 48


class HashingEncoder:
    """Unit vectors from pairs of characters: texts that share words are near, and nothing is loaded."""

    name = "hashing"
    dimension = DIMENSION
    max_tokens = 512

    def warm_up(self) -> None:
        pass

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(text) + 2 for text in texts]

    def embed_passages(
        self, texts: Sequence[str], *, on_progress: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        matrix = np.zeros((len(texts), self.dimension), np.float32)
        for row, text in zip(matrix, texts, strict=True):
            for pair in zip(f"^{text}", f"{text}$", strict=True):
                row[hashlib.md5("".join(pair).encode("utf-8", "replace")).digest()[0] % self.dimension] += 1
        if on_progress is not None:
            on_progress(len(texts))
        return matrix / np.maximum(np.linalg.norm(matrix, axis=1, keepdims=True), 1e-9)

    def embed_query(self, text: str) -> list[float]:
        return [float(value) for value in self.embed_passages([text])[0]]

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return [self.embed_query(text) for text in texts]


@pytest.fixture
def encoder() -> HashingEncoder:
    return HashingEncoder()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "library"


@pytest.fixture
def open_library(folder: Path, encoder: HashingEncoder) -> Iterator[Callable[..., Library]]:
    """Opens the library of the test, with Chroma in use however few passages there are."""
    opened = []

    def open_one(**overrides: Any) -> Library:
        options = {
            "encoder_name": encoder.name,
            "dimension": encoder.dimension,
            "create": True,
            "exact_up_to": 0,
        }
        opened.append(Library.open(folder, **(options | overrides)))
        return opened[-1]

    yield open_one
    for library in opened:
        library.close()


@pytest.fixture
def library(open_library: Callable[..., Library]) -> Library:
    return open_library()


@pytest.fixture
def new_article(encoder: HashingEncoder) -> Callable[..., NewArticle]:
    """Makes an article of which every line is a passage."""

    def make(text: str, *, article_id: str = "a", path: str | None = None, **fields: Any) -> NewArticle:
        passage_regions: Sequence[tuple[str, ...]] = fields.pop("passage_regions", ())
        content_hash = hashlib.sha256(text.encode("utf-8")).hexdigest()
        article = Article(
            article_id=article_id, text=text, content_hash=content_hash, **{"title": None, **fields}
        )
        passages, start = [], 0
        for line in text.split("\n"):
            if line.strip():
                ordinal = len(passages)
                passages.append(
                    Passage(
                        passage_id=f"{article_id}#{ordinal}",
                        article_id=article_id,
                        ordinal=ordinal,
                        start=start,
                        end=start + len(line),
                        text=line,
                        heading_path=(article.title,) if article.title else (),
                        regions=passage_regions[ordinal] if ordinal < len(passage_regions) else (),
                    )
                )
            start += len(line) + 1
        return NewArticle(
            article=article,
            passages=tuple(
                IndexedPassage(
                    passage=passage,
                    context_terms=tuple(index_terms(passage.context)),
                    body_terms=tuple(index_terms(passage.text)),
                )
                for passage in passages
            ),
            vectors=encoder.embed_passages([embedding_text(passage) for passage in passages]),
            origin=OriginFile(
                path=path or f"/articles/{article_id}.txt",
                content_hash=content_hash,
                size=len(text.encode("utf-8")),
                mtime_ns=1,
            ),
        )

    return make
