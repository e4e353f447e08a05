from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from fakes import HashingEncoder

from rag.library import IndexedPassage, Library, NewArticle, OriginFile
from rag.terms import index_terms
from rag.types import Article, Passage


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
            vectors=encoder.embed_passages([passage.embedded for passage in passages]),
            origin=OriginFile(
                path=path or f"/articles/{article_id}.txt",
                content_hash=content_hash,
                size=len(text.encode("utf-8")),
                mtime_ns=1,
            ),
        )

    return make
