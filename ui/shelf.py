"""What the library holds, as rows for a person and as documents for a script."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.errors import ArticleNotFoundError
from rag.regions import english_name, full_name
from rag.types import Article, ArticleKind, Language, Repost
from ui.parsing import UsageProblem
from ui.render import printable, table
from ui.strings import tell

if TYPE_CHECKING:
    from rag.library import ArticleSummary, Library, LibraryStats

_HEADS: dict[Language, tuple[str, ...]] = {
    "zh": ("编号", "标题", "日期", "地区", "段", "字"),
    "en": ("id", "title", "date", "regions", "passages", "characters"),
}
_FACTS: dict[str, dict[Language, str]] = {
    "title": {"zh": "标题", "en": "title"},
    "date": {"zh": "日期", "en": "date"},
    "source": {"zh": "来源", "en": "source"},
    "author": {"zh": "作者", "en": "author"},
    "column": {"zh": "栏目", "en": "column"},
    "issuer": {"zh": "发文机关", "en": "issuer"},
    "doc_number": {"zh": "文号", "en": "number"},
    "kind": {"zh": "文种", "en": "kind"},
    "url": {"zh": "网址", "en": "url"},
    "regions": {"zh": "地区", "en": "regions"},
}
_ORIGINS_ZH = {
    "front matter": "文件头",
    "page metadata": "网页元数据",
    "heading": "标题行",
    "first line": "首行",
    "title": "标题",
    "text": "正文",
    "date line": "日期行",
    "publish line": "发布行",
    "source line": "来源行",
    "editor line": "编辑行",
    "byline": "署名行",
    "link": "链接",
    "original title": "原标题行",
    "glued tail": "段末署名",
    "source name": "来源名称",
    "letterhead": "发文版头",
    "breadcrumb": "导航路径",
    "document properties": "文档属性",
    "dateline": "电头",
    "signature": "落款",
    "number line": "文号行",
    "form": "行文体例",
    "issuer": "发文机关",
    "reprint notice": "转载说明",
    "neighbours": "标签行",
}
_KINDS: dict[ArticleKind, dict[Language, str]] = {
    "policy": {"zh": "政策文件", "en": "policy"},
    "news": {"zh": "新闻", "en": "news"},
    "interview": {"zh": "访谈", "en": "interview"},
    "speech": {"zh": "讲话", "en": "speech"},
    "opinion": {"zh": "评论", "en": "opinion"},
    "digest": {"zh": "摘编", "en": "digest"},
}
_SHOWN_REGIONS = 12
_NAMED = 5  # ids named where an article cannot be told; the list has them all
_STATS: dict[str, dict[Language, str]] = {
    "path": {"zh": "文库", "en": "library"},
    "articles": {"zh": "文章", "en": "articles"},
    "passages": {"zh": "段落", "en": "passages"},
    "characters": {"zh": "字数", "en": "characters"},
    "dates": {"zh": "日期", "en": "dates"},
    "regions": {"zh": "地区", "en": "regions"},
    "encoder": {"zh": "编码器", "en": "encoder"},
    "bytes_on_disk": {"zh": "占用空间", "en": "on disk"},
}


def find_article(library: Library, name: str, language: Language) -> Article:
    """Return the one article that goes by a name; see `Library.find_article`.

    Raises:
        UsageProblem: None does, or several do; it names those that could be meant.
    """
    try:
        return library.find_article(name)
    except ArticleNotFoundError as error:
        near = [a.article_id for a in library.articles() if _could_be(a, name)]
        key = "no_such_article" if error.values["count"] == "0" else "several_articles"
        problem = tell(key, language, name=name, count=len(near))
        if near:
            problem += tell("did_you_mean", language, names=tell("comma", language).join(near[:_NAMED]))
        see = f"yigai library list --library {library.directory}"
        raise UsageProblem(problem=problem, see=see) from error


def _could_be(article: ArticleSummary, name: str) -> bool:
    return bool(name) and (name in article.article_id or name in (article.title or ""))


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
    """What is known of an article, each with where it was found; then its other printings."""
    found = {name: _origin(origin, language) for name, origin in article.facts_from}
    facts = {
        "title": article.title or tell("untitled", language),
        "date": article.date or tell("undated", language),
        "source": article.source or tell("no_source", language),
        "author": article.author,
        "column": article.column,
        "issuer": article.issuer,
        "doc_number": article.doc_number,
        "kind": _KINDS[article.kind][language] if article.kind else None,
        "url": article.url,
        "regions": region_names(article.regions, language),
    }
    rows = [
        (_FACTS[name][language], value, f"({found[name]})" if name in found else "")
        for name, value in facts.items()
        if value
    ]
    return [article.article_id, *table(rows), *_repost_rows(article.reposts, language)]


def _repost_rows(reposts: Sequence[Repost], language: Language) -> list[str]:
    if not reposts:
        return []
    rows = [
        (
            f"  {repost.article_id}",
            repost.date or tell("undated", language),
            repost.source or tell("no_source", language),
            repost.url or "",
            f"({tell('is_correction', language)})" if repost.relation == "correction" else "",
        )
        for repost in reposts
    ]
    return ["", tell("other_printings", language), *table(rows)]


def _origin(origin: str, language: Language) -> str:
    where = origin.removesuffix(" below the text")
    return _ORIGINS_ZH.get(where, where) if language == "zh" else origin


def stats_document(path: Path, stats: LibraryStats) -> dict[str, Any]:
    """The library's figures as plain values; regions by name with their number of passages."""
    document = dataclasses.asdict(stats)
    passages = document.pop("passages_by_region")
    document["regions"] = {full_name(code): count for code, count in passages.items()}
    return {"schema": 1, "path": str(path), **document}


def stats_rows(path: Path, stats: LibraryStats, language: Language) -> list[str]:
    """The library's figures as a table."""
    by_size = sorted(stats.passages_by_region.items(), key=lambda item: (-item[1], item[0]))
    regions = [f"{region_names([code], language)} {count}" for code, count in by_size[:_SHOWN_REGIONS]]
    shown = {
        "path": str(path),
        "articles": str(stats.articles),
        "passages": str(stats.passages),
        "characters": f"{stats.characters:,}",
        "dates": " – ".join(d for d in (stats.first_date, stats.last_date) if d),
        "regions": tell("comma", language).join(regions) + ("…" if len(by_size) > _SHOWN_REGIONS else ""),
        "encoder": stats.encoder,
        "bytes_on_disk": f"{stats.bytes_on_disk / 1e6:,.1f} MB",
    }
    return table([(_STATS[key][language], printable(value)) for key, value in shown.items()])


def _with_names(document: dict[str, Any]) -> dict[str, Any]:
    return {**document, "regions": [full_name(code) for code in document["regions"]]}
