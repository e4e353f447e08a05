"""What the library page lists, and what the search can be restricted to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rag.library import ArticleSummary, Library
from rag.normalise import fold
from rag.pipeline import readable
from rag.regions import ancestors
from rag.types import Article, Language
from ui.web.turns import address_of, region_names
from ui.web.words import separator, word

SHOWN_ARTICLES = 100
SHOWN_REGIONS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What a search can be restricted to, as (label, value), in the page's language."""

    regions: tuple[tuple[str, str], ...]
    years: tuple[str, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelves:
    """Lists what a library and a folder of reports hold."""

    library: Library
    reports: Path

    def listed(self, search: str, language: Language) -> dict[str, Any]:
        """Return the rows that match every word of a search, and a line that counts them."""
        found = [a for a in self.library.articles() if matches(a, search)]
        rows = [_row(article, language) for article in found[:SHOWN_ARTICLES]]
        if not found:
            count = word("none_found", language)
        elif len(rows) < len(found):
            count = word("articles_shown", language, found=len(found), shown=len(rows))
        else:
            count = word("articles_found", language, found=len(found))
        return {"rows": rows, "count": count}

    def choices(self, language: Language) -> Choices:
        """Return the regions, years and sources that the library has articles of."""
        codes = set(self.library.region_counts())
        codes |= {parent for code in codes for parent in ancestors(code)}
        years = self.library.year_range()
        return Choices(
            regions=tuple((region_names([code], language)[0], code) for code in sorted(codes)),
            years=tuple(str(year) for year in range(years[0], years[1] + 1)) if years else (),
            sources=tuple(self.library.source_counts()),
        )

    def version(self, article_id: str, replaced_at: str) -> Article | None:
        """Return the version of an article that was replaced then (ISO 8601); None where there is none."""
        versions = self.library.versions(article_id)
        return next((one.article for one in versions if one.replaced_at == replaced_at), None)

    def latest_report(self) -> tuple[Path, str] | None:
        """Return the newest evaluation's page and when it was made (ISO 8601); None where there is none."""
        pages = list(self.reports.glob("*/report.html")) if self.reports.is_dir() else []
        if not pages:
            return None
        newest = max(pages, key=lambda page: page.stat().st_mtime)
        made = datetime.fromtimestamp(newest.stat().st_mtime, UTC)
        return newest, made.isoformat(timespec="seconds")


def matches(article: ArticleSummary, search: str) -> bool:
    """Whether title, source, date and regions (in both languages) hold every word, in whichever script."""
    names = [*region_names(article.regions, "zh"), *region_names(article.regions, "en")]
    shown = fold(" ".join([article.title or "", article.source or "", article.date or "", *names]))
    return all(part in shown for part in fold(readable(search)).split())


def _row(article: ArticleSummary, language: Language) -> dict[str, Any]:
    regions: Sequence[str] = region_names(article.regions[:SHOWN_REGIONS], language)
    more = "…" if len(article.regions) > SHOWN_REGIONS else ""
    return {
        "article_id": article.article_id,
        "address": address_of(article.article_id),
        "title": article.title or word("untitled", language),
        "date": article.date or word("undated", language),
        "source": article.source or word("no_source", language),
        "regions": separator(language).join(regions) + more,
        "passages": article.n_passages,
    }
