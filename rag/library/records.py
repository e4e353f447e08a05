"""What goes into a library and what it tells about itself: frozen values, no behaviour."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.types import Article, Passage

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True)
class OriginFile:
    """The file an article came from, as it was when it was read.

    Attributes:
        path: Absolute; may hold surrogate escapes where the name is not UTF-8.
        content_hash: SHA-256 of the raw bytes, hex.
    """

    path: str
    content_hash: str
    size: int
    mtime_ns: int


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexedPassage:
    """A passage with the terms it is found by; terms hold no white space."""

    passage: Passage
    context_terms: tuple[str, ...]
    body_terms: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SentenceVectors:
    """The sentences of a passage that may answer: spans of its article's text, and a unit vector for each.

    Attributes:
        vectors: Shape (len(spans), dimension).
    """

    spans: tuple[tuple[int, int], ...]
    vectors: NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class NewArticle:
    """An article ready to be written: `vectors` has one row per passage, in order.

    Attributes:
        sentences: Of each passage, in order; empty where questions are to encode sentences themselves.
        pipeline: What cleaned and split it; an article made by another pipeline is made anew at the next ingest.
    """

    article: Article
    passages: tuple[IndexedPassage, ...]
    vectors: NDArray[np.float32]
    origin: OriginFile
    sentences: tuple[SentenceVectors, ...] = ()
    pipeline: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredOrigin:
    """A file the library remembers, and the article it stands for."""

    file: OriginFile
    article_id: str
    pipeline: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleSummary:
    """One line of `library list`.

    Attributes:
        origins: The paths of the files it came from, sorted.
        group: The article that stands for all printings of the same text, where there are several.
        relation: What it is to that one: "repost" or "correction"; None for that one itself.
    """

    article_id: str
    title: str | None
    source: str | None
    date: str | None
    regions: tuple[str, ...]
    n_passages: int
    n_chars: int
    origins: tuple[str, ...]
    doc_number: str | None = None
    kind: str | None = None
    group: str | None = None
    relation: str | None = None
    ingested_at: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleVersion:
    """An article as it was before it changed, and when it was replaced (ISO 8601)."""

    article: Article
    replaced_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a library was made with."""

    schema: int
    encoder: str
    dimension: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LibraryStats:
    """A library in numbers. Dates are as the articles give them; `passages_by_region` is by division code."""

    articles: int
    passages: int
    characters: int
    passages_by_region: dict[str, int]
    first_date: str | None
    last_date: str | None
    encoder: str
    dimension: int
    bytes_on_disk: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something that should not be: a code for scripts, a detail for people, the article where there is one."""

    code: str
    detail: str
    article_id: str | None = None
