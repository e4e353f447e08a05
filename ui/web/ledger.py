"""The figures of the library as the page lists them, and as a file for a spreadsheet."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from fastapi.responses import PlainTextResponse, Response

from rag.indicators import find_records
from rag.indicators.gathering import Told, gather_records
from rag.indicators.select import Wanted, is_nation
from rag.pipeline import readable
from rag.types import Article, Language
from ui.asking import BadRequestError, filter_by_names
from ui.figure_rows import figure_groups
from ui.tabulating import figures_csv
from ui.web.turns import address_of
from ui.web.view import fill
from ui.web.words import word

if TYPE_CHECKING:
    from rag.indicators import Record
    from rag.library import Library

SHOWN_ROWS = 200
_REMEMBERED = 4096
"""Articles whose figures are kept in memory; more are read again."""

_MOST_CHARS = 100

Field = Annotated[str, Query(max_length=_MOST_CHARS)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What was typed into the fields, as it was typed."""

    indicator: str = ""
    region: str = ""
    since: str = ""
    until: str = ""

    def wanted(self) -> Wanted:
        """Return the figures it asks for.

        Raises:
            BadRequestError: The place is unknown or could be several, or a year is none.
        """
        region = readable(self.region[:_MOST_CHARS]).strip()
        is_national = is_nation(region)
        names = [region] if region and not is_national else []
        within = filter_by_names(names, _year(self.since), _year(self.until), [])
        return Wanted(
            regions=within.regions,
            is_national=is_national,
            indicator=readable(self.indicator[:_MOST_CHARS]).strip(),
            since_year=within.since_year,
            until_year=within.until_year,
        )

    def query(self) -> str:
        """The same as the query of an address."""
        fields = {
            "indicator": self.indicator,
            "region": self.region,
            "since": self.since,
            "until": self.until,
        }
        return urlencode({name: readable(value[:_MOST_CHARS]) for name, value in fields.items() if value})


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """Lists the figures of a library; those of an article are found once, for as long as it stays as it is."""

    library: Library

    def listed(self, search: Search, language: Language, *, root: str) -> str:
        """Return the rows that fit as markup, each with a link to its clause; or why there are none."""
        try:
            found = list(self.told(search))
        except BadRequestError as error:
            return self._filled(language, root, problem=error.localised(language))
        rows = [
            {
                "address": address_of(record.article_id, record.clause_start, record.clause_end),
                "title": article.title or word("untitled", language),
                "row": row,
            }
            for article, group in figure_groups(found, language)
            for record, row in group
        ]
        key = "figures_listed" if len(rows) <= SHOWN_ROWS else "figures_shown"
        count = (
            word(key, language, found=len(rows), shown=SHOWN_ROWS) if rows else word("no_figures", language)
        )
        return self._filled(language, root, rows=rows[:SHOWN_ROWS], count=count, query=search.query())

    def told(self, search: Search) -> list[Told]:
        """Find the figures that are asked for.

        Raises:
            BadRequestError: See `Search.wanted`.
        """
        return list(gather_records(self.library, search.wanted(), find=_remembered))

    def _filled(self, language: Language, root: str, **values: Any) -> str:  # noqa: ANN401  # whatever the template shows
        empty: dict[str, Any] = {"rows": [], "count": "", "query": "", "problem": ""}
        return fill("figures", language=language, root=root, **(empty | values))


@functools.lru_cache(maxsize=_REMEMBERED)
def _remembered(article: Article) -> list[Record]:
    return find_records(article)


def ledger_router(library: Library) -> APIRouter:
    """Make the route of the spreadsheet."""
    router = APIRouter(include_in_schema=False)
    ledger = Ledger(library=library)

    @router.get("/figures.csv")
    def csv(
        indicator: Field = "", region: Field = "", since: Field = "", until: Field = "", lang: Language = "zh"
    ) -> Response:
        search = Search(indicator=indicator, region=region, since=since, until=until)
        try:
            found = ledger.told(search)
        except BadRequestError as error:
            return PlainTextResponse(error.localised(lang), status_code=422)
        headers = {"Content-Disposition": 'attachment; filename="figures.csv"'}
        return Response(figures_csv(found), media_type="text/csv; charset=utf-8", headers=headers)

    return router


def _year(typed: str) -> int | None:
    """A year as typed, 0 where that is none, so that it is refused with its reason; None where nothing was typed."""
    stripped = typed.strip()[:_MOST_CHARS]
    if not stripped:
        return None
    return int(stripped) if stripped.isdecimal() and len(stripped) <= len("2026") else 0
