"""The files that a library remembers, kept up to date through an ingest."""

from __future__ import annotations

import errno
import hashlib
from collections.abc import Collection
from pathlib import Path

from ingest.items import container_of
from rag.library import Library, OriginFile, StoredOrigin


class KnownFiles:
    """The files the library remembers, kept up to date through a run."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._by_path: dict[str, tuple[OriginFile, str]] = {}
        self._pipelines: dict[str, str] = {}
        self._paths_by_content: dict[str, dict[str, None]] = {}
        self._paths_by_article: dict[str, dict[str, None]] = {}
        self._descriptions: dict[str, tuple[str | None, int]] = {}
        self._ids: set[str] = set()
        for summary in library.articles():
            self._descriptions[summary.article_id] = (summary.title, summary.n_passages)
            self._ids.add(summary.article_id)
        for origin in library.origins():
            self.put(origin.file, article_id=origin.article_id, pipeline=origin.pipeline)

    def all(self) -> list[StoredOrigin]:
        """Return every file, by path."""
        return [self._stored(path) for path in sorted(self._by_path)]

    def of_path(self, path: str) -> StoredOrigin | None:
        """Return what is remembered of a path."""
        return self._stored(path) if path in self._by_path else None

    def of_content(self, content_hash: str) -> list[StoredOrigin]:
        """Return the files with that content."""
        return [self._stored(path) for path in self._paths_by_content.get(content_hash, {})]

    def twin(self, origin: OriginFile) -> StoredOrigin | None:
        """Return a file with the same content: itself if it can be, else one that is still there, else any."""
        same = self._paths_by_content.get(origin.content_hash, {})
        if origin.path in same:
            return self._stored(origin.path)
        there = (path for path in same if has_content(self._by_path[path][0]))
        path = next(there, next(iter(same), None))
        return None if path is None else self._stored(path)

    def is_there(self, file: OriginFile, *, expanded: Collection[Path], seen: Collection[Path]) -> bool:
        """Whether a file still holds what it did; what lies in a container is believed to until that is looked through.

        Args:
            file: As it was ingested.
            expanded: The containers looked through in this run.
            seen: What was found in this run.
        """
        container = container_of(Path(file.path))
        if container is None:
            return has_content(file)
        return container not in expanded or Path(file.path) in seen

    def id_to_keep(self, before: StoredOrigin | None) -> str | None:
        """A changed file keeps its article's id, unless that article is also another file's."""
        if before is None or len(self._paths_by_article[before.article_id]) > 1:
            return None
        return before.article_id

    def free_id(self, wanted: str) -> str:
        """Return the id, or the first of its numbered forms that no other article has."""
        number, candidate = 1, wanted
        while candidate in self._ids:
            number += 1
            candidate = f"{wanted}-{number}"
        return candidate

    def reserve(self, article_id: str) -> None:
        """Keep an id from being given twice."""
        self._ids.add(article_id)
        self._descriptions.pop(article_id, None)

    def description(self, article_id: str) -> tuple[str | None, int]:
        """Return the title and number of passages of an article."""
        if article_id not in self._descriptions:
            article = self._library.article(article_id)
            self._descriptions[article_id] = (article.title, len(self._library.article_passages(article_id)))
        return self._descriptions[article_id]

    def put(self, file: OriginFile, *, article_id: str, pipeline: str) -> None:
        """Remember a file as it is in the library now."""
        self.forget(file.path)
        self._by_path[file.path] = (file, article_id)
        self._pipelines[article_id] = pipeline  # of the article: all of its files share it
        self._paths_by_content.setdefault(file.content_hash, {})[file.path] = None
        self._paths_by_article.setdefault(article_id, {})[file.path] = None

    def forget(self, path: str) -> None:
        """Forget a file."""
        before = self._by_path.pop(path, None)
        if before is not None:
            file, article_id = before
            del self._paths_by_content[file.content_hash][path]
            del self._paths_by_article[article_id][path]

    def _stored(self, path: str) -> StoredOrigin:
        file, article_id = self._by_path[path]
        return StoredOrigin(file=file, article_id=article_id, pipeline=self._pipelines[article_id])


def has_content(file: OriginFile) -> bool:
    """Whether the file is there and holds what it did when it was ingested."""
    try:
        with Path(file.path).open("rb") as content:
            return hashlib.file_digest(content, "sha256").hexdigest() == file.content_hash
    except (OSError, ValueError):
        return False


def is_gone(path: str) -> bool:
    """Whether there is nothing at the path; one that cannot be looked at is not gone."""
    try:
        Path(path).lstat()
    except OSError as cause:
        return cause.errno in (errno.ENOENT, errno.ENOTDIR)
    return False
