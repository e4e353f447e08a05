"""What has become of the places that a kept answer quotes: there still, in an earlier version, changed, or gone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from rag.errors import ArticleNotFoundError
from rag.types import Article, Citation, Language
from ui.remembering import local_time, one_line
from ui.strings import tell
from ui.web.reading import clause_in_paragraph

if TYPE_CHECKING:
    from rag.library import ArticleVersion, Library

State = Literal["current", "earlier", "changed", "gone"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Quoted:
    """A place that was quoted.

    Attributes:
        state: "current": the article has the quote there; "earlier": a version before it had; "changed": none of
            those kept has; "gone": there is no such article any more.
        article: As it was when it was quoted, where that is known; else as it is now; None where it is gone.
        version: The number of the earlier version, the oldest being 1; 0 for any other state.
        replaced_at: When that version was replaced (ISO 8601); empty for any other state.
        number: Of the citation that quotes it; 0 where it is of none.
    """

    article_id: str
    start: int
    end: int
    state: State
    article: Article | None = None
    version: int = 0
    replaced_at: str = ""
    number: int = 0


def quoted_places(citations: Iterable[Citation], library: Library) -> list[Quoted]:
    """Look for the quotes of citations where they stood."""
    return [
        replace(quoted_place(library, c.article_id, start=c.start, quote=c.quote), number=c.number)
        for c in citations
    ]


def quoted_place(library: Library, article_id: str, *, start: int, quote: str) -> Quoted:
    """Look for a quote where it stood: in the article, else in its earlier versions."""
    end = start + len(quote)
    try:
        article, replaced_at = library.as_quoted(article_id, start=start, quote=quote)
    except ArticleNotFoundError:
        return Quoted(article_id=article_id, start=start, end=end, state="gone")
    if replaced_at is None:
        state: State = "current" if article.text.startswith(quote, start) else "changed"
        return Quoted(article_id=article_id, start=start, end=end, state=state, article=article)
    return Quoted(
        article_id=article_id,
        start=start,
        end=end,
        state="earlier",
        article=article,
        version=number_of(library.versions(article_id), article, replaced_at),
        replaced_at=replaced_at,
    )


def number_of(versions: Sequence[ArticleVersion], article: Article, replaced_at: str) -> int:
    """Return the number of a version, the oldest being 1; `versions` has the latest first."""
    for before, version in enumerate(versions):
        if (version.replaced_at, version.article.text) == (replaced_at, article.text):
            return len(versions) - before
    return 0  # it was removed meanwhile


def quoted_document(quoted: Quoted) -> dict[str, Any]:
    """What has become of a place as plain values, with the paragraph around an earlier quote."""
    return {
        "number": quoted.number,
        "article_id": quoted.article_id,
        "state": quoted.state,
        "version": quoted.version or None,
        "replaced_at": quoted.replaced_at or None,
        "paragraph": _paragraph(quoted) if quoted.state == "earlier" else None,
    }


def quoted_lines(places: Iterable[Quoted], language: Language) -> list[str]:
    """Say of the places whose article reads otherwise by now where the quote can be read; nothing of the others."""
    lines: list[str] = []
    for quoted in places:
        if quoted.state == "current":
            continue
        lines.append(
            tell(
                f"quote_{quoted.state}",
                language,
                number=quoted.number,
                article=one_line(quoted.article_id),
                **_version_words(quoted),
            )
        )
        if quoted.state == "earlier":
            lines.append(f"    {one_line(_paragraph(quoted))}")
    return lines


def _version_words(quoted: Quoted) -> dict[str, object]:
    if quoted.state != "earlier":
        return {}
    return {"version": quoted.version, "when": local_time(quoted.replaced_at)}


def _paragraph(quoted: Quoted) -> str:
    """The quote in its paragraph, marked by 「」."""
    if quoted.article is None:
        return ""
    clause = clause_in_paragraph(quoted.article.text, quoted.start, quoted.end)
    before = f"…{clause.before}" if clause.is_cut_before else clause.before
    after = f"{clause.after}…" if clause.is_cut_after else clause.after
    return f"{before}「{clause.text}」{after}"
