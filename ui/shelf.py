"""What the library holds, as rows for a person and as documents for a script."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.regions import english_name, full_name
from rag.types import Article, Language
from ui.render import printable, table
from ui.strings import tell

if TYPE_CHECKING:
    from rag.library import ArticleSummary, LibraryStats

_HEADS: dict[Language, tuple[str, ...]] = {
    "zh": ("编号", "标题", "日期", "地区", "段", "字"),
    "en": ("id", "title", "date", "regions", "passages", "characters"),
}
_STATS: dict[str, dict[Language, str]] = {
    "path": {"zh": "文库", "en": "library"},
    "articles": {"zh": "文章", "en": "articles"},
    "passages": {"zh": "段落", "en": "passages"},
    "characters": {"zh": "字数", "en": "characters"},
    "dates": {"zh": "日期", "en": "dates"},
    "regions": {"zh": "地区", "en": "regions"},
    "encoder": {"zh": "编码器", "en": "encoder"},
    "bytes_on_disk": {"zh": "占用字节", "en": "bytes on disk"},
}


def article_rows(articles: Sequence[ArticleSummary], language: Language) -> list[str]:
    """A table of the articles, or one line that says there are none."""
    if not articles:
        return [tell("no_articles", language)]
    rows = [_HEADS[language]] + [
        (
            a.article_id,
            printable(a.title or tell("untitled", language))[:60],
            a.date or tell("undated", language),
            region_names(a.regions[:3], language),
            str(a.n_passages),
            str(a.n_chars),
        )
        for a in articles
    ]
    return table(rows)


def region_names(codes: Sequence[str], language: Language) -> str:
    """Names of divisions in the reader's language."""
    return "、".join(map(full_name, codes)) if language == "zh" else ", ".join(map(english_name, codes))


def articles_document(articles: Sequence[ArticleSummary]) -> dict[str, Any]:
    """The list as plain values; regions by name."""
    return {"schema": 1, "articles": [_with_names(dataclasses.asdict(a)) for a in articles]}


def article_document(article: Article) -> dict[str, Any]:
    """One article whole, with its exact text; offsets of citations are code points into `text`."""
    document = _with_names(dataclasses.asdict(article))
    document["facts_from"] = dict(article.facts_from)
    return {"schema": 1, **document}


def article_head(article: Article, language: Language) -> list[str]:
    """What is known of an article, each with where it was found."""
    found = dict(article.facts_from)
    facts = {
        "title": article.title or tell("untitled", language),
        "date": article.date or tell("undated", language),
        "source": article.source or tell("no_source", language),
        "url": article.url or "",
        "regions": region_names(article.regions, language),
    }
    rows = [
        (name, value, f"({found[name]})" if name in found else "") for name, value in facts.items() if value
    ]
    return [article.article_id, *table(rows), ""]


def stats_document(path: Path, stats: LibraryStats) -> dict[str, Any]:
    """The library's figures as plain values; regions by name with their number of passages."""
    document = dataclasses.asdict(stats)
    passages = document.pop("passages_by_region")
    document["regions"] = {full_name(code): count for code, count in passages.items()}
    return {"schema": 1, "path": str(path), **document}


def stats_rows(document: dict[str, Any], language: Language) -> list[str]:
    """The library's figures as a table."""
    regions = sorted(document["regions"].items(), key=lambda item: (-item[1], item[0]))[:12]
    shown = {
        **document,
        "dates": " – ".join(d for d in (document["first_date"], document["last_date"]) if d),
        "regions": "、".join(f"{name} {count}" for name, count in regions),
    }
    return table([(_STATS[key][language], printable(str(shown[key]))) for key in _STATS])


def _with_names(document: dict[str, Any]) -> dict[str, Any]:
    return {**document, "regions": [full_name(code) for code in document["regions"]]}
