"""Pages without Gradio: one article, opened at a place; the evaluation report; our own static files."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query
from fastapi.responses import FileResponse, HTMLResponse, PlainTextResponse, Response

from rag.errors import ArticleNotFoundError
from rag.types import Article, Language
from ui.web.reading import paragraphs
from ui.web.shelves import Shelves
from ui.web.turns import region_names
from ui.web.view import fill
from ui.web.words import separator, word

Offset = Annotated[int, Query(ge=0, le=2**31)]

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
        lang: Language = "zh",
        fragment: bool = False,
    ) -> Response:
        try:
            found = shelves.library.article(article_id)
        except ArticleNotFoundError:
            return PlainTextResponse(word("no_such_article", lang), status_code=404)
        return HTMLResponse(article_page(found, (start, end), lang, root=root, is_fragment=fragment))

    @router.get("/report")
    def report() -> Response:
        latest = shelves.latest_report()
        if latest is None:
            return PlainTextResponse(
                word("no_report", "zh") + "\n" + word("no_report", "en"), status_code=404
            )
        return FileResponse(latest[0], media_type="text/html", headers=_REPORT_HEADERS)

    return router


def article_page(
    article: Article, place: tuple[int, int], language: Language, *, root: str, is_fragment: bool
) -> str:
    """Fill the template of an article; what lies in `text[start:end]` is marked, paragraph by paragraph."""
    facts = [
        article.source or word("no_source", language),
        article.date or word("undated", language),
        separator(language).join(region_names(article.regions, language)),
    ]
    return fill(
        "article_body" if is_fragment else "article",
        language=language,
        root=root,
        article=article,
        facts=[fact for fact in facts if fact],
        paragraphs=paragraphs(article.text, article.headings, start=place[0], end=place[1]),
    )
