"""What a briefing was made from: the library's hash and date, and the version of this package."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from importlib import metadata
from typing import TYPE_CHECKING

from rag.briefing.types import Colophon

if TYPE_CHECKING:
    from rag.library import Library

_HASH_CHARS = 16


def colophon_of(library: Library) -> Colophon:
    """Tell the library by its articles, whatever order they came in; its date is the day its newest article was read."""
    summaries = library.articles()
    hashes = {s.article_id: set[str]() for s in summaries}
    for origin in library.origins():
        if origin.article_id in hashes:
            hashes[origin.article_id].add(origin.file.content_hash)
    for article_id in (i for i, found in hashes.items() if not found):
        hashes[article_id].add(library.article(article_id).content_hash)
    return Colophon(
        library_hash=library_hash(hashes),
        articles=len(summaries),
        library_date=max((s.ingested_at[:10] for s in summaries), default=""),
        version=metadata.version("yigai"),
    )


def library_hash(hashes: Mapping[str, Collection[str]]) -> str:
    """The first 16 hex digits of a SHA-256 over the articles' ids and the hashes of their files, sorted."""
    digest = hashlib.sha256()
    for article_id in sorted(hashes):
        digest.update("\0".join((article_id, *sorted(hashes[article_id]))).encode() + b"\n")
    return digest.hexdigest()[:_HASH_CHARS]
