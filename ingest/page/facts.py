"""Reads what a page says about its article: metadata, linked data, the document's record, and the lines above it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lxml.html import HtmlElement

from ingest.page.headline import find_headline
from ingest.page.table import RECORD_LABEL, record_lines
from ingest.page.tree import Piece

_META_NAMES: Mapping[str, tuple[str, ...]] = {
    "title": ("articletitle", "og:title", "dc.title", "twitter:title"),
    "date": (
        "pubdate",
        "article:published_time",
        "publishdate",
        "publish_date",
        "publish-date",
        "datepublished",
        "og:release_date",
        "og:published_time",
        "publishtime",
        "firstpublishedtime",
        "dc.date.issued",
        "dc.date",
        "weibo: article:create_at",
        "date",
    ),
    "source": ("contentsource", "article:source", "mediaid", "source", "og:site_name"),
    "author": ("article:author", "og:article:author", "author"),
    "column": ("columnname", "article:section", "channel"),
    "url": ("og:url",),
    "doc_number": ("docnumber", "wenhao"),
    "issuer": ("issuer", "issuedept"),
    "kind": ("columntype", "articletype"),
}
_RECORD_FIELDS: tuple[tuple[str, str], ...] = (
    (r"(?:发文|制发|责任)(?:机构|机关|单位|部门)", "issuer"),
    (r"(?:发布|公开|制作|信息来源)(?:机构|机关|单位|部门)|发布单位", "issuer"),
    (r"(?:发文字|公文文|公文|文件编|文件|文)号", "doc_number"),
    (r"(?:发布|公开|公布)(?:日期|时间)", "date"),
    (r"(?:成文|发文|印发|生成)(?:日期|时间)", "date"),
    (r"体裁(?:分类)?|公文种类|文件类别", "kind"),
)
_BLANKS = re.compile(r"\s+")
_DATE = re.compile(
    r"(?<!\d)(?:19|20)\d\d\s?[-/.年]\s?(?:0?[1-9]|1[0-2])\s?[-/.月]\s?(?:0?[1-9]|[12]\d|3[01])(?!\d)\s?日?(?:[ t]?\d{1,2}:\d\d)?",
    re.IGNORECASE,
)
_AMERICAN_DATE = re.compile(r"(?<!\d)(1[0-2]|0?[1-9])/(3[01]|[12]\d|0?[1-9])/((?:19|20)\d\d)(?!\d)")
_CLOCK = re.compile(
    r"今天是|今日是|星期[一二三四五六日天]|农历|現在時間|当前时间|copyright|©|版权|备案", re.IGNORECASE
)
_SAYS_DATE = re.compile(
    r"(?:发布|发表|更新|发稿|刊发|编辑|时间|日期|来源|來源|作者|记者|浏览|点击|阅读|发文|posted|published)",
    re.IGNORECASE,
)
_CRUMBS = re.compile(r"\s*(?:>>?|»|›|→|＞|/|·)\s*")  # noqa: RUF001  # as sites write them
_CRUMB_START = re.compile(r"(?:您?的?(?:当前|现在)?(?:所在)?的?位置|首页|主页)")
_GENERATOR_AUTHOR = re.compile(
    r"discuz|dedecms|wordpress|phpcms|z-blog|comsenz|公司$|https?://|@", re.IGNORECASE
)
_SOURCE_LABEL = re.compile(r"^(?:文章|信息|稿件)?来\s?源\s?[:：]\s?")
_MAX_JSON_CHARS = 200_000
_MOST_ABOVE = 25
_MOST_BELOW = 6
_MAX_LINE_CHARS = 160
_MAX_RECORD_CHARS = 200


def page_facts(
    root: HtmlElement, pieces: Sequence[Piece], *, start: int, stop: int
) -> tuple[dict[str, str], frozenset[int]]:
    """Read the page's own statements, and give the places of the pieces that are the document's record.

    Args:
        root: The page.
        pieces: All of its pieces.
        start: Where the article's pieces start.
        stop: Where they end.
    """
    metas = _metas(root)
    stated = {field: _first(metas, names) for field, names in _META_NAMES.items()}
    if _GENERATOR_AUTHOR.search(stated["author"]):
        stated["author"] = ""
    stated["source"] = _SOURCE_LABEL.sub("", stated["source"])
    record, places = _record(pieces)
    found = _linked_data(root) | {field: value for field, value in stated.items() if value}
    found = record | found | {field: record[field] for field in ("issuer", "doc_number") if field in record}
    if "date" not in found and (date := _date_line(pieces, start, stop)):
        found["date"] = date
    if "column" not in found and (column := _column(pieces[:start])):
        found["column"] = column
    for link in root.iter("link"):
        if (link.get("rel") or "").lower() == "canonical" and link.get("href"):
            found["url"] = str(link.get("href"))
    title = find_headline(found.get("title", ""), root, pieces, start=start)
    found.pop("title", None)
    return (found | {"title": title} if title else found), places


def _first(metas: Mapping[str, str], names: Sequence[str]) -> str:
    return next((metas[name] for name in names if name in metas), "")


def _metas(root: HtmlElement) -> dict[str, str]:
    """The page's `<meta>` values by name in lower case, the first of each."""
    metas: dict[str, str] = {}
    for meta in root.iter("meta"):
        name = (meta.get("name") or meta.get("property") or meta.get("itemprop") or "").strip().lower()
        content = _BLANKS.sub(" ", meta.get("content") or "").strip()
        if name and content and len(content) <= 500:
            metas.setdefault(name, content)
    return metas


def _record(pieces: Sequence[Piece]) -> tuple[dict[str, str], frozenset[int]]:
    """Read the table (or list) that says what an official document is."""
    facts: dict[str, str] = {}
    for places in _record_runs(pieces):
        lines = record_lines(_cells(pieces[index].block.text for index in places))
        if not lines:
            continue
        for pattern, field in _RECORD_FIELDS:
            value = next((v for label, v in map(_pair, lines) if re.fullmatch(pattern, label)), "")
            if value:
                facts.setdefault(field, value)
        return facts, frozenset(places)
    return facts, frozenset()


def _record_runs(pieces: Sequence[Piece]) -> Iterator[list[int]]:
    """Runs of neighbouring short pieces that begin with a record's label, or stand behind one."""
    run: list[int] = []
    for index, piece in enumerate(pieces):
        text = piece.block.text
        is_label = (
            len(text) <= _MAX_RECORD_CHARS and RECORD_LABEL.match(text.lstrip("[【 \u3000")) is not None
        )
        if is_label or (run and run[-1] == index - 1 and len(text) <= 60 and _is_bare_label(pieces[run[-1]])):
            run.append(index)
        elif run:
            yield run
            run = []
    if run:
        yield run


def _is_bare_label(piece: Piece) -> bool:
    return RECORD_LABEL.fullmatch(piece.block.text.strip("[]【】:： \u3000")) is not None


def _cells(texts: Iterator[str]) -> list[str]:
    """Part each `label：value` into two cells, and rows at their bars."""
    cells: list[str] = []
    for text in texts:
        for cell in text.split(" | "):
            label, mark, value = cell.replace(":", "：", 1).partition("：")
            is_pair = mark and RECORD_LABEL.fullmatch(label.strip("[]【】 \u3000")) is not None
            cells += [label, value.strip()] if is_pair else [cell]
    return cells


def _pair(line: str) -> tuple[str, str]:
    label, _, value = line.partition("：")
    return re.sub(r"[\s\[\]【】]", "", label), value.strip()


def _date_line(pieces: Sequence[Piece], start: int, stop: int) -> str:
    """The date in the lines around the article: one that says what it is, then the nearest above, then below."""
    above = [p.block.text for p in reversed(pieces[max(0, start - _MOST_ABOVE) : start])]
    first = [p.block.text for p in pieces[start : start + 3]]
    below = [p.block.text for p in pieces[max(start, stop - 2) : stop + _MOST_BELOW]]
    lines = [
        line for line in (*above, *first, *below) if len(line) <= _MAX_LINE_CHARS and not _CLOCK.search(line)
    ]
    lines = [_AMERICAN_DATE.sub(r"\3-\1-\2", line) for line in lines]
    above = [_AMERICAN_DATE.sub(r"\3-\1-\2", line) for line in above]
    dated = [(line, match) for line in lines if (match := _DATE.search(line))]
    said = [
        match for line, match in dated if _SAYS_DATE.search(line) or match.group() == line.strip("()（） ")
    ]
    timed = [match for line, match in dated if ":" in match.group() and line in above]
    nearest = [match for line, match in dated if line in above and len(line) <= 60]
    return next((match.group() for match in (*said, *timed, *nearest)), "")


def _column(pieces: Sequence[Piece]) -> str:
    """The last entry of the trail of columns above the article."""
    for place in range(len(pieces) - 1, max(-1, len(pieces) - 60), -1):
        text = pieces[place].block.text
        if len(text) > 120 or not _CRUMB_START.search(text) or not _CRUMBS.search(text):
            continue
        parts = [part.strip(" :：") for part in _CRUMBS.split(text)]
        named = [
            p
            for p in parts[1:]
            if 2 <= len(p) <= 16 and p not in ("正文", "文章正文", "内容", "详情", "信息详情")
        ]
        if named:
            return named[-1]
    return ""


def _linked_data(root: HtmlElement) -> dict[str, str]:
    """Read headline, date and publisher from JSON-LD, where there is one that can be read."""
    facts: dict[str, str] = {}
    for script in root.iter("script"):
        text = script.text or ""
        if (script.get("type") or "").lower() != "application/ld+json" or len(text) > _MAX_JSON_CHARS:
            continue
        try:
            top = json.loads(text)
        except (ValueError, RecursionError):
            continue
        graph = top.get("@graph", [top]) if isinstance(top, dict) else top
        for node in graph if isinstance(graph, list) else []:
            if isinstance(node, dict):
                facts = _node_facts(node) | facts
    return facts


def _node_facts(node: Mapping[str, Any]) -> dict[str, str]:
    pairs = (("title", node.get("headline")), ("date", node.get("datePublished") or node.get("pubDate")))
    return {name: value.strip() for name, value in pairs if isinstance(value, str) and value.strip()}
