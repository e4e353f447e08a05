"""The records of a library's articles, with what is known of each article."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.indicators.finding import find_records
from rag.indicators.select import Wanted, select
from rag.indicators.types import Record
from rag.types import Article

if TYPE_CHECKING:
    from rag.library import ArticleSummary, Library


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A record and the article that tells it."""

    record: Record
    article: ArticleSummary


def gather_records(
    library: Library,
    wanted: Wanted,
    *,
    on_article: Callable[[int, int], None] | None = None,
    find: Callable[[Article], list[Record]] = find_records,
) -> Iterator[Told]:
    """Find the figures that are asked for in all articles of a library, in the library's order.

    Other printings of an article that is there are left out: their figures are the same ones.

    Args:
        library: Where the articles are.
        wanted: Which figures are asked for.
        on_article: Told how many articles have been read, and of how many.
        find: Finds the records of an article; for who remembers them.
    """
    articles = [a for a in library.articles() if a.relation != "repost" or a.article_id in wanted.article_ids]
    if wanted.article_ids:
        articles = [a for a in articles if a.article_id in wanted.article_ids]
    for number, summary in enumerate(articles, start=1):
        records = find(library.article(summary.article_id))
        for record in select(records, wanted, published=_year_of(summary)):
            yield Told(record=record, article=summary)
        if on_article is not None:
            on_article(number, len(articles))


def keep_wanted(every: Iterable[Told], wanted: Wanted) -> list[Told]:
    """Keep those that are asked for, of figures gathered before."""
    return [one for one in every if select((one.record,), wanted, published=_year_of(one.article))]


def _year_of(article: ArticleSummary) -> dict[str, int]:
    return {article.article_id: int(article.date[:4])} if article.date else {}
