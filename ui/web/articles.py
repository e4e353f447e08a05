"""Pages without Gradio: one article, opened at a place; the evaluation report; our own static files."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import APIRouter, Path, Query
from fastapi.responses import FileResponse, HTMLResponse, PlainTextResponse, Response

from rag.errors import ArticleNotFoundError
from rag.types import Article, Language
from ui.printings import printing_words
from ui.remembering import local_time
from ui.web.reading import paragraphs
from ui.web.shelves import Shelves
from ui.web.turns import address_of, facts_of, region_names
from ui.web.view import fill
from ui.web.words import word

Offset = Annotated[int, Query(ge=0, le=2**31)]
Version = Annotated[str, Query(max_length=40)]

# The report brings a policy of its own in its head; this one keeps it from acting as the page it is shown in.
_REPORT_HEADERS = {"Content-Security-Policy": "sandbox allow-scripts allow-popups; frame-ancestors 'self'"}


def article_router(shelves: Shelves, *, root: str) -> APIRouter:
    """Make the routes of pages that are read, not acted on."""
    router = APIRouter(include_in_schema=False)

    @router.get("/article/{article_id}")
    def article(
        article_id: Annotated[str, Path(max_length=200)],
        start: Offset = 0,
        end: Offset = 0,
        version: Version = "",
        lang: Language = "zh",
        fragment: bool = False,
    ) -> Response:
        try:
            found = shelves.library.article(article_id)
        except ArticleNotFoundError:
            return PlainTextResponse(word("no_such_article", lang), status_code=404)
        if version:
            earlier = shelves.version(article_id, version)
            if earlier is None:
                return PlainTextResponse(word("no_such_version", lang), status_code=404)
            found = replace(earlier, reposts=found.reposts)
        shown = Shown(article=found, place=(start, end), replaced_at=version)
        return HTMLResponse(article_page(shown, lang, root=root, is_fragment=fragment))

    @router.get("/report")
    def report() -> Response:
        latest = shelves.latest_report()
        if latest is None:
            return PlainTextResponse(
                word("no_report", "zh") + "\n" + word("no_report", "en"), status_code=404
            )
        return FileResponse(latest[0], media_type="text/html", headers=_REPORT_HEADERS)

    return router


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """An article opened at a place; of an earlier version `replaced_at` says when it was replaced (ISO 8601)."""

    article: Article
    place: tuple[int, int] = (0, 0)
    replaced_at: str = ""


def article_page(shown: Shown, language: Language, *, root: str, is_fragment: bool) -> str:
    """Fill the template of an article; what lies in `text[start:end]` is marked, paragraph by paragraph."""
    article, (start, end) = shown.article, shown.place
    return fill(
        "article_body" if is_fragment else "article",
        language=language,
        root=root,
        article=article,
        facts=facts_of(article.source, article.date, region_names(article.regions, language), language),
        paragraphs=paragraphs(article.text, article.headings, start=start, end=end),
        printings=printing_words(article.reposts, language, own=article.source),
        replaced=local_time(shown.replaced_at) if shown.replaced_at else "",
        present=address_of(article.article_id),
    )
