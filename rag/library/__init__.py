"""The library: articles, their passages, and what makes them searchable."""

from rag.library.library import Library
from rag.library.records import (
    ArticleSummary,
    ArticleVersion,
    IndexedPassage,
    LibraryStats,
    Manifest,
    NewArticle,
    OriginFile,
    Problem,
    SentenceVectors,
    StoredOrigin,
)

__all__ = [
    "ArticleSummary",
    "ArticleVersion",
    "IndexedPassage",
    "Library",
    "LibraryStats",
    "Manifest",
    "NewArticle",
    "OriginFile",
    "Problem",
    "SentenceVectors",
    "StoredOrigin",
]
