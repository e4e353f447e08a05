"""What is read of a library: its articles with their versions and printings, their passages, and figures of both."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rag.errors import ArticleNotFoundError
from rag.library import lexical, reading
from rag.library.catalogue import Catalogue
from rag.library.history import KeptHistory
from rag.library.portable import PortableCount, write_portable
from rag.library.records import ArticleSummary, ArticleVersion, LibraryStats, StoredOrigin
from rag.library.remembered import Remembered
from rag.library.sentences import SentencePlace, read_sentences
from rag.library.term_counts import TermCounts, indexed_count
from rag.types import Article, Passage, Repost

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class LibraryReader:
    """A library as far as it is read from the record alone: nothing is locked, and nothing heavy is loaded."""

    def __init__(self, directory: Path, catalogue: Catalogue) -> None:
        self.directory = directory
        self._catalogue = catalogue
        self._counts = TermCounts()
        self._regions: Remembered[list[str]] = Remembered()
        self.manifest = catalogue.manifest()

    @property
    def is_writable(self) -> bool:
        """Whether the folder allows writing: articles can change, answers can be kept."""
        return self._catalogue.writable

    @property
    def history(self) -> KeptHistory:
        """The answers that are kept in this library."""
        return KeptHistory(self._catalogue)

    def articles(self) -> list[ArticleSummary]:
        """List the articles in the order in which they came."""
        with self._catalogue.reading() as connection:
            return reading.read_summaries(connection)

    def article(self, article_id: str) -> Article:
        """Return the article with exactly that id.

        Raises:
            ArticleNotFoundError: There is none.
        """
        with self._catalogue.reading() as connection:
            found = reading.read_article(connection, article_id)
        if found is None:
            raise ArticleNotFoundError(count=0, name=article_id)
        return found

    def versions(self, article_id: str) -> list[ArticleVersion]:
        """Return the earlier versions of an article, the latest first."""
        with self._catalogue.reading() as connection:
            return reading.read_versions(connection, article_id)

    def as_quoted(self, article_id: str, *, start: int, quote: str) -> tuple[Article, str | None]:
        """Return the article as it was when it was quoted: the latest version that has the quote in that place.

        Returns:
            The article, and when that version was replaced; None for the article as it is now, which is also what
            comes back where no version has the quote.

        Raises:
            ArticleNotFoundError: The article is not there any more.
        """
        article = self.article(article_id)
        if not article.text.startswith(quote, start):
            for version in self.versions(article_id):
                if version.article.text.startswith(quote, start):
                    return version.article, version.replaced_at
        return article, None

    def export(self, path: Path) -> PortableCount:
        """Write everything that cannot be made again into one file; see `rag.library.portable`."""
        return write_portable(self._catalogue, path)

    def find_article(self, name: str) -> Article:
        """Return the one article with that id, with an id that begins so, or with exactly that title.

        Raises:
            ArticleNotFoundError: None goes by that name, or several do.
        """
        with self._catalogue.reading() as connection:
            ids = reading.ids_by_name(connection, lexical.storable(name))
        if len(ids) != 1:
            raise ArticleNotFoundError(count=len(ids), name=name)
        return self.article(ids[0])

    def passages(self, ids: Sequence[str]) -> list[Passage]:
        """Return the passages with those ids, in that order; those that are not there are left out."""
        with self._catalogue.reading() as connection:
            rows = reading.rows_of(connection, ids)
            by_row = reading.read_passages(connection, list(rows.values()))
        return [by_row[rows[key]] for key in ids if key in rows and rows[key] in by_row]

    def sentence_vectors(self, passages: Sequence[Passage]) -> dict[SentencePlace, NDArray[np.float32]]:
        """Return the vectors of the passages' sentences that are kept, by article, start and end."""
        with self._catalogue.reading() as connection:
            ids = [passage.passage_id for passage in passages]
            return read_sentences(connection, ids, dimension=self.manifest.dimension)

    def article_passages(self, article_id: str) -> list[Passage]:
        """Return the passages of an article in order; none if there is no such article."""
        with self._catalogue.reading() as connection:
            return list(reading.read_article_passages(connection, article_id).values())

    def neighbours(self, passage: Passage) -> tuple[Passage | None, Passage | None]:
        """Return the passages before and after one."""
        with self._catalogue.reading() as connection:
            before, after = (
                reading.passage_at(connection, passage.article_id, passage.ordinal + step) for step in (-1, 1)
            )
        return before, after

    @property
    def is_empty(self) -> bool:
        """Whether there is no passage."""
        with self._catalogue.reading() as connection:
            return not reading.has_passages(connection)

    def passage_count(self) -> int:
        """Count the passages."""
        with self._catalogue.reading() as connection:
            return reading.passage_count(connection)

    def searched_count(self) -> int:
        """Count the passages that a search can find: those that only repeat another printing are left out."""
        with self._catalogue.reading() as connection:
            return indexed_count(connection)

    def reposts(self, article_id: str) -> tuple[Repost, ...]:
        """Return the other printings of an article; none if there is no such article."""
        with self._catalogue.reading() as connection:
            return reading.read_reposts(connection, article_id)

    def region_counts(self) -> dict[str, int]:
        """Count the passages about each division, by code."""
        with self._catalogue.reading() as connection:
            return reading.count_by_region(connection)

    def region_codes(self) -> list[str]:
        """Return the codes of the divisions that passages are about, ascending."""
        with self._catalogue.reading() as connection:
            return list(self._regions.of(connection, "codes", reading.region_codes))

    def has_dates(self) -> bool:
        """Whether any article has a date."""
        with self._catalogue.reading() as connection:
            return reading.has_dates(connection)

    def is_about(self, code: str) -> bool:
        """Whether any passage is about a division, or about one that lies in it."""
        with self._catalogue.reading() as connection:
            return reading.has_region(connection, code)

    def titles(self, most: int) -> list[str]:
        """Return the titles of articles: of all, or of about as many as that, evenly drawn."""
        with self._catalogue.reading() as connection:
            return reading.read_titles(connection, most)

    def year_range(self) -> tuple[int, int] | None:
        """Return the first and last year of the articles that have a date; None if none has."""
        with self._catalogue.reading() as connection:
            return reading.year_range(connection)

    def source_counts(self) -> dict[str, int]:
        """Count the articles of each source, the most frequent first; those without one are left out."""
        with self._catalogue.reading() as connection:
            return reading.count_by_source(connection)

    def origins(self) -> list[StoredOrigin]:
        """List the files the library remembers, by path."""
        with self._catalogue.reading() as connection:
            return reading.read_origins(connection)

    def stats(self) -> LibraryStats:
        """Return the library in numbers."""
        articles = self.articles()
        dates = sorted(article.date for article in articles if article.date)
        return LibraryStats(
            articles=len(articles),
            passages=sum(article.n_passages for article in articles),
            characters=sum(article.n_chars for article in articles),
            passages_by_region=self.region_counts(),
            first_date=dates[0] if dates else None,
            last_date=dates[-1] if dates else None,
            encoder=self.manifest.encoder,
            dimension=self.manifest.dimension,
            bytes_on_disk=sum(path.stat().st_size for path in self.directory.rglob("*") if path.is_file()),
        )

    def document_frequency(self, terms: Iterable[str]) -> dict[str, int]:
        """Count the passages that hold each term, in their context or their text."""
        with self._catalogue.reading() as connection:
            return self._counts.of(connection, terms, count=lexical.document_frequency)
