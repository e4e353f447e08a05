"""Earlier versions of an article, numbered from 1, the oldest, so that a number stays what it is when more are added."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from rag.types import Article, Language
from ui.parsing import UsageProblem
from ui.quoting import number_of
from ui.remembering import local_time, one_line
from ui.render import printable, table
from ui.shelf import article_document
from ui.strings import tell

if TYPE_CHECKING:
    from rag.library import ArticleVersion, Library

_CUT_CHARS = 60


class VersionNotFoundError(UsageProblem):
    """An article has no version of that number."""

    templates: ClassVar = {
        "en": "There is no version {number}; this article has {count} earlier versions. See: {see}",
        "zh": "没有第 {number} 版；这篇文章早先的版本有 {count} 个。见：{see}",
    }


def version_named(article: Article, versions: Sequence[ArticleVersion], number: int) -> ArticleVersion:
    """Return a version by its number; `versions` has the latest first, as the library gives them.

    Raises:
        VersionNotFoundError: There is none of that number.
    """
    if not 1 <= number <= len(versions):
        see = f"yigai library show {article.article_id}"
        raise VersionNotFoundError(number=number, count=len(versions), see=see)
    return versions[len(versions) - number]


def version_head(versions: Sequence[ArticleVersion], shown: int | None, language: Language) -> list[str]:
    """Say which version is shown; of the article as it is now, which there are besides, latest first."""
    if shown is not None:
        when = local_time(versions[len(versions) - shown].replaced_at)
        return [tell("shown_version", language, number=shown, when=when), ""]
    if not versions:
        return []
    rows = [
        (
            f"  {len(versions) - before}",
            tell("until_when", language, when=local_time(version.replaced_at)),
            one_line(version.article.title or tell("untitled", language), limit=_CUT_CHARS),
            tell("chars", language, count=len(version.article.text)),
        )
        for before, version in enumerate(versions)
    ]
    return [tell("earlier_versions", language), *map(printable, table(rows)), ""]


def version_document(
    article: Article, versions: Sequence[ArticleVersion], shown: int | None
) -> dict[str, Any]:
    """An article, or an earlier version of it, whole, with a list of the versions there are besides.

    Args:
        article: As it is now.
        versions: The earlier ones, the latest first.
        shown: The number of the version that is the document; None for the article as it is now.
    """
    version = None if shown is None else versions[len(versions) - shown]
    return {
        **article_document(version.article if version else article),
        "version": shown,
        "replaced_at": version.replaced_at if version else None,
        "versions": [
            {
                "number": len(versions) - before,
                "replaced_at": earlier.replaced_at,
                "title": earlier.article.title,
                "characters": len(earlier.article.text),
            }
            for before, earlier in enumerate(versions)
        ],
    }


def article_as_asked(
    library: Library, article_id: str, *, version: int | None, start: int, quote: str
) -> dict[str, Any]:
    """The document of an article: as it is, as it was in a version, or as it was quoted; see `version_document`.

    Raises:
        ArticleNotFoundError: There is no such article.
        VersionNotFoundError: It has no such version.
    """
    article = library.article(article_id)
    versions = library.versions(article_id)
    if version is not None:
        version_named(article, versions, version)
    elif quote:
        quoted, replaced_at = library.as_quoted(article_id, start=start, quote=quote)
        if replaced_at is not None:
            version = number_of(versions, quoted, replaced_at) or None
    return version_document(article, versions, version)
