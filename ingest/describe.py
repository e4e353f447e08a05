"""Finds what an article says about itself: title, date, source, issuer, number, kind, regions; what is not found is None."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ingest.blocks import Block, Markup
from ingest.clean import Cleaned, Fact, is_body, tidy
from ingest.describing.datelines import crumb_facts, dateline_facts
from ingest.describing.dates import is_date_line, parse_date
from ingest.describing.documents import (
    accept_number,
    find_signature,
    head_issuer,
    head_number,
    read_number,
    title_issuer,
)
from ingest.describing.kinds import Known, kind_named, tell_kind
from ingest.describing.places import tell_regions
from rag.types import ArticleKind

__all__ = ["Described", "describe", "looks_like_title", "make_article_id", "parse_date"]

_FRONT_MATTER_NAMES: Mapping[str, tuple[str, ...]] = {
    "title": ("title", "标题", "題目", "标题名", "題名", "標題"),
    "date": (
        "date",
        "published",
        "pubdate",
        "publish_date",
        "日期",
        "发布日期",
        "发布时间",
        "發布日期",
        "發佈日期",
        "成文日期",
    ),
    "source": ("source", "来源", "來源", "媒体", "媒體", "publisher"),
    "author": ("author", "authors", "作者", "记者", "記者"),
    "column": ("column", "section", "category", "栏目", "欄目", "频道", "頻道"),
    "issuer": ("issuer", "agency", "发文机关", "发布机构", "发文单位", "發文機關", "發布機構"),
    "doc_number": ("doc_number", "document_number", "文号", "发文字号", "文號", "發文字號"),
    "kind": ("kind", "type", "类型", "體裁", "体裁", "文种", "文種", "類型"),
    "url": ("url", "link", "source_url", "original_url", "链接", "原文链接", "鏈接", "原文鏈接"),
    "region": ("region", "regions", "地区", "地區", "区域", "區域"),
}
# Which cut lines are believed on which subject: a link to the next article also has a date.
_BELIEVED: Mapping[str, tuple[str, ...]] = {
    "title": ("original title",),
    "date": ("publish line", "source line", "editor line", "byline"),
    "source": ("publish line", "source line", "editor line", "byline", "glued tail"),
    "author": ("publish line", "byline", "source line", "editor line"),
    "column": ("publish line", "breadcrumb", "neighbours"),
    "issuer": ("publish line",),
    "doc_number": ("publish line",),
    "url": ("link", "reprint notice", "source line"),
}
_FIELDS = ("title", "date", "source", "author", "column", "url", "issuer", "doc_number")
_PROPERTIES: Mapping[str, str] = {"source": "publisher"}
_OF_THE_PROGRAM = re.compile(
    r"(?:微软|中国)?用户|用戶|微软|微軟|雨林木风|系统|管理员|文档|文件\d|演示文稿|无标题|無標題|未命名|\.(?:docx?|wps|pdf|rtf|odt)$|"
    r"microsoft|word|windows",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[。；;…]|[！？!?](?!$)")
_NOT_A_TITLE = re.compile(
    r"(?:导语|導語|导读|摘要|编者按|編者按|核心提示|本报讯|本報訊|新华社|記者|记者|本报记者|通讯员|作者|来源|來源|访谈嘉宾|嘉宾|"
    r"时间|日期|地点|附件|各位|同志们|问|答|[一二三四五六七八九十]{1,3}[、.]|[(（][一二三四五六七八九十]{1,3}[)）])"
)
_SLUG_SEPARATORS = re.compile(r"[^\w-]+")
_MAX_TITLE_CHARS = 60
_HEAD_LINES = 8  # a letterhead with its number and signatories
_MAX_FIELD_CHARS = 300
_MAX_REGION_TEXT_CHARS = 200_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """The described fields, and for each that was found, where it came from.

    Attributes:
        date: Of publication, as `YYYY`, `YYYY-MM` or `YYYY-MM-DD`; never a date that the text speaks of.
        author: Those who wrote it, as they stand there.
        issuer: The bodies that issued a document, with `、` between them.
        doc_number: With brackets 〔〕 and digits of half width: 国办发〔2015〕38号.
        kind: None where no sign is clear.
        regions: Codes; the regions above them follow from `rag.regions.ancestors`.
    """

    title: str | None = None
    date: str | None = None
    source: str | None = None
    author: str | None = None
    column: str | None = None
    url: str | None = None
    issuer: str | None = None
    doc_number: str | None = None
    kind: ArticleKind | None = None
    regions: tuple[str, ...] = ()
    facts_from: tuple[tuple[str, str], ...] = ()


def describe(markup: Markup, cleaned: Cleaned) -> Described:
    """Describe an article from its front matter, its page's metadata, the lines around it, and then its text."""
    found: dict[str, tuple[str, str]] = {}
    for field in _FIELDS:
        title = found.get("title", ("", ""))[0]
        for value, origin in _offers(field, markup, cleaned, title=title):
            accepted = _accept(field, value)
            if accepted:
                found[field] = (accepted, origin)
                break
    values = {field: value for field, (value, _) in found.items()}
    origins = {field: origin for field, (_, origin) in found.items()}
    kind, kind_origin = _kind(markup, cleaned, values)
    text = "\n".join(block.text for block in cleaned.blocks)[:_MAX_REGION_TEXT_CHARS]
    named = _front_matter_values("region", markup.front_matter)
    regions, regions_origin = tell_regions(
        named, title=values.get("title", ""), issuer=values.get("issuer", ""), text=text
    )
    origins |= {"kind": kind_origin} if kind else {}
    origins |= {"regions": regions_origin} if regions else {}
    return Described(**values, kind=kind, regions=regions, facts_from=tuple(origins.items()))


def make_article_id(stem: str, content_hash: str) -> str:
    """Name an article by its file's stem (word characters of any script) and six digits of its content's hash."""
    slug = _SLUG_SEPARATORS.sub("-", unicodedata.normalize("NFKC", tidy(stem))).strip("-_")[:40].strip("-_")
    return f"{slug or 'article'}-{content_hash[:6]}"


def looks_like_title(text: str) -> bool:
    """Whether a first line could be a title: short, no sentence, no label of something else."""
    if (
        not 4 <= len(text) <= _MAX_TITLE_CHARS
        or text[-1] in ":：,，、"
        or is_date_line(text)
        or read_number(text) == text
    ):
        return False
    return (
        _SENTENCE_END.search(text) is None
        and _NOT_A_TITLE.match(text) is None
        and re.search(r"[^\W\d]", text) is not None
    )


def _offers(field: str, markup: Markup, cleaned: Cleaned, *, title: str) -> Iterator[tuple[str, str]]:
    """Everything that says what a field is, the most trustworthy first."""
    yield from ((value, "front matter") for value in _front_matter_values(field, markup.front_matter)[:1])
    if field in markup.page_facts:
        yield markup.page_facts[field], "page metadata"
    if field == "title":
        yield from _headings(cleaned)
    believed = _BELIEVED.get(field, ())
    yield from ((fact.value, fact.origin) for fact in cleaned.facts if _is_believed(fact, field, believed))
    yield from _weaker_offers(field, cleaned, title)
    yield from _property(field, markup.page_facts)


def _weaker_offers(field: str, cleaned: Cleaned, title: str) -> Iterator[tuple[str, str]]:
    """What the article's own lines say of a field, where nothing that is beside it does."""
    blocks = cleaned.blocks
    signature = find_signature(blocks) if field in {"date", "issuer"} else None
    if field == "title":
        yield from _title_lines(cleaned)
    if field == "date":
        edges = (*blocks[:5], *blocks[-3:])
        yield from ((block.text, "date line") for block in edges if is_date_line(block.text))
    if field == "issuer":
        yield head_issuer(blocks) or "", "letterhead"
    if signature is not None:
        yield signature.date if field == "date" else "、".join(signature.bodies), "signature"
    if field == "issuer":
        yield title_issuer(title) or "", "title"
    if field == "doc_number":
        yield from ((read_number(title) or "", "title"), (head_number(blocks) or "", "number line"))
    first_words = (*dateline_facts(blocks), *crumb_facts(cleaned.cut))
    yield from ((fact.value, fact.origin) for fact in first_words if fact.name == field)


def _property(field: str, facts: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """What an office document's properties say, where a person seems to have written them for this document."""
    value = facts.get(f"property_{_PROPERTIES.get(field, field)}", "")
    if re.search(r"[\u3400-\u9fff]{2}", value) and not _OF_THE_PROGRAM.search(value):
        yield value, "document properties"


def _kind(markup: Markup, cleaned: Cleaned, values: Mapping[str, str]) -> tuple[ArticleKind | None, str]:
    """The kind that a field says, or else the one that the article's form shows."""
    stated = [(value, "front matter") for value in _front_matter_values("kind", markup.front_matter)[:1]]
    stated += [(markup.page_facts["kind"], "page metadata")] if "kind" in markup.page_facts else []
    for value, origin in stated:
        if kind := kind_named(value):
            return kind, origin
    known = Known(
        title=values.get("title", ""),
        column=values.get("column", ""),
        author=values.get("author", ""),
        has_number="doc_number" in values,
        has_letterhead=head_issuer(cleaned.blocks) is not None,
        signature=find_signature(cleaned.blocks),
    )
    return tell_kind(cleaned.blocks, cleaned.cut, known), "form"


def _is_believed(fact: Fact, field: str, origins: Sequence[str]) -> bool:
    return fact.name == field and fact.origin.removesuffix(" below the text") in origins


def _front_matter_values(field: str, entries: Mapping[str, Any]) -> list[str]:
    """The value or values of a field, under any of its names; nested mappings are not values."""
    for name in _FRONT_MATTER_NAMES[field]:
        value = entries.get(name)
        values = value if isinstance(value, list) else [value]
        texts = [tidy(item).replace("\n", " ") for item in values if isinstance(item, str)]
        if any(texts):
            return [text for text in texts if text]
    return []


def _accept(field: str, value: str) -> str | None:
    """The value in its final form, or None when it cannot be one."""
    text = tidy(value).replace("\n", " ")
    if field == "date":
        return parse_date(text)
    if field == "doc_number":
        return accept_number(text)
    if field == "url":
        return text if re.fullmatch(r"https?://\S{4,2000}", text) else None
    if field != "title" and ("://" in text or "=" in text or not re.search(r"[^\W\d]", text)):
        return None
    return text if 0 < len(text) <= _MAX_FIELD_CHARS else None


def _headings(cleaned: Cleaned) -> Iterator[tuple[str, str]]:
    """The first heading by its markup, where nothing but short lines stands above it and something follows."""
    for index, block in enumerate(cleaned.blocks[:-1][:_HEAD_LINES]):
        if block.level and (block.level == 1 or not index):
            if len(block.text) <= 2 * _MAX_TITLE_CHARS:
                yield block.text, "heading"
            return
        if is_body(block.text):
            return


def _title_lines(cleaned: Cleaned) -> Iterator[tuple[str, str]]:
    """The line above the publish line, or the first line, where it looks like a title and a body follows."""
    blocks = cleaned.blocks
    if not any(is_body(block.text) for block in blocks[1:]):
        return
    index = cleaned.title_index if cleaned.title_index is not None else 0
    lines = [blocks[i] for i in dict.fromkeys((index, 0))]
    yield from ((line.text, "first line") for line in lines if _is_title_line(line))


def _is_title_line(block: Block) -> bool:
    return block.kind == "text" and looks_like_title(block.text)
