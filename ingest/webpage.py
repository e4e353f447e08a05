"""Reads HTML: the blocks of a page's article (found by trafilatura, or else by what reads like prose), and its facts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

BlockKind = Literal["text", "item", "row"]

# As a regular expression's alternatives: the tags that begin or end a block.
HTML_BREAK = (
    "address|article|aside|blockquote|body|br|center|dd|div|dl|dt|fieldset|figcaption|figure|footer|form|h[1-6]|header|"
    "hr|html|legend|li|main|nav|ol|p|pre|section|table|tbody|td|tfoot|th|thead|tr|ul"
)
_BREAK_TAG = re.compile(rf"(?:{HTML_BREAK}|head|item|lb|list|row|cell|quote)")
_UNREAD_TAGS = frozenset(
    re.split(
        r"\s+",
        "script style noscript template svg math select option button input textarea iframe object embed audio video "
        "canvas map title meta link",
    )
)
_CHROME_TAGS = frozenset(("nav", "footer", "aside"))
_NEWLINE_IN_CHINESE = re.compile(
    r"(?<=[\u2e80-\u9fff\uff00-\uffef])[ \t]*\n\s*(?=[\u2e80-\u9fff\uff00-\uffef])"
)
_BLANKS = re.compile(r"[ \t\r\n]+")
_PROSE = re.compile(r"[。！？；]|[.!?](?:\s|$)|，")
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,300}>")
_TITLE_CUTS = re.compile(r"\s*(?:[_|\uff5c»]+|\s[-–—]+\s|(?<![A-Za-z0-9])-{1,2}(?![A-Za-z0-9])|—+)\s*")
_MAX_PAGE_CHARS = 1_000_000
_MAX_JSON_CHARS = 200_000
_ENOUGH_CHARS = 200  # of prose; a short article under many long comments is a small part of its page
_META_NAMES: Mapping[str, tuple[str, ...]] = {
    "title": ("articletitle", "og:title", "dc.title"),
    "date": (
        "article:published_time",
        "pubdate",
        "publishdate",
        "publish_date",
        "publish-date",
        "datepublished",
        "og:release_date",
        "og:published_time",
        "dc.date.issued",
        "dc.date",
        "date",
    ),
    "source": ("contentsource", "article:source", "mediaid", "source", "og:site_name"),
    "author": ("author", "article:author", "og:article:author"),
    "url": ("og:url",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One paragraph, heading, list item or table row of plain text, without a line break.

    Attributes:
        level: The markup's heading level 1 to 6, or 0 where the markup does not say that it is one.
        is_link: Every word of it is a link.
    """

    text: str
    level: int = 0
    kind: BlockKind = "text"
    is_link: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The article's blocks, the lines above them, and what the page says about itself (title, date, source, ...)."""

    blocks: tuple[Block, ...]
    before: tuple[Block, ...]
    facts: Mapping[str, str]


def fragment_blocks(markup: str) -> list[Block]:
    """Read a piece of HTML as it stands, without looking for the article in it."""
    root = _parse(markup)
    return [] if root is None else list(_walk(root))


def read_page(markup: str) -> Page:
    """Read a whole page, however truncated.

    The article is what trafilatura finds; where that is much less than the page's prose, it is the page's blocks
    without navigation.
    """
    root = _parse(markup)
    if root is None:
        return Page(blocks=(), before=(), facts={})
    everything = list(_walk(root))
    facts = _page_facts(root, everything)
    prose = sum(len(block.text) for block in everything if _is_prose(block))
    article = _extracted(root) if len(markup) <= _MAX_PAGE_CHARS else []
    found = sum(len(block.text) for block in article if _is_prose(block))
    is_enough = found * 2 >= prose or (found >= _ENOUGH_CHARS and found * 10 >= prose)
    blocks = _without_outer_links(article, everything) if article and is_enough else _around_prose(everything)
    return Page(blocks=tuple(blocks), before=_above(everything, blocks), facts=facts)


def _without_outer_links(article: list[Block], everything: list[Block]) -> list[Block]:
    """Take the menus off both ends of an extracted article: its blocks no longer know that they were links."""
    links = {"".join(block.text.split()) for block in everything if block.is_link and not block.level}
    prose = [index for index, block in enumerate(article) if _is_prose(block)]
    first, last = (prose[0], prose[-1]) if prose else (0, len(article))
    return [
        block
        for index, block in enumerate(article)
        if first <= index <= last or "".join(block.text.split()) not in links
    ]


def _around_prose(everything: list[Block], *, margin: int = 6) -> list[Block]:
    """From a few blocks above the page's first paragraph to as many below its last; without links."""
    prose = [index for index, block in enumerate(everything) if _is_prose(block)]
    first, last = (prose[0], prose[-1]) if prose else (0, len(everything))
    window = everything[max(0, first - margin) : last + margin + 1]
    return [block for block in window if not block.is_link or block.level]


def _above(everything: list[Block], article: list[Block], *, most: int = 15) -> tuple[Block, ...]:
    """The page's short lines just above the article's first paragraph."""
    first = next((block.text[:40] for block in article if _is_prose(block)), None)
    stop = next((i for i, block in enumerate(everything) if first and first in block.text[:200]), 0)
    return tuple(block for block in everything[max(0, stop - most) : stop] if len(block.text) <= 120)


def _parse(markup: str) -> HtmlElement | None:
    """Parse as a browser would; the text is decoded already, so what it declares about its bytes is ignored."""
    source = _XML_DECLARATION.sub("", markup, count=1).encode("utf-8", errors="replace")
    try:
        return document_fromstring(source, parser=HTMLParser(encoding="utf-8", remove_pis=True))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None


def _extracted(root: HtmlElement) -> list[Block]:
    """Ask trafilatura for the article; it may change the tree."""
    import trafilatura

    try:
        document = trafilatura.bare_extraction(
            root, include_comments=False, favor_recall=True, with_metadata=False
        )
    except (ValueError, RecursionError, AttributeError, TypeError, etree.LxmlError):
        return []  # hostile trees; the page's own blocks are read instead
    body = getattr(document, "body", None)
    return [] if body is None else list(_walk(body))


def _is_prose(block: Block) -> bool:
    return len(block.text) >= 30 and not block.is_link and _PROSE.search(block.text) is not None


class _Collector:
    """Gathers text until a block ends."""

    def __init__(self) -> None:
        self.level = 0
        self.kind: BlockKind = "text"
        self._pieces: list[str] = []
        self._link_depth = 0
        self._link_chars = 0
        self._chars = 0

    def enter_link(self) -> None:
        self._link_depth += 1

    def leave_link(self) -> None:
        self._link_depth = max(0, self._link_depth - 1)

    def add(self, text: str | None) -> None:
        if text:
            self._pieces.append(text)
            length = len(text.strip())
            self._chars += length
            self._link_chars += length if self._link_depth else 0

    def flush(self) -> Iterator[Block]:
        text = _BLANKS.sub(" ", _NEWLINE_IN_CHINESE.sub("", "".join(self._pieces))).strip()
        if text:
            is_link = 0 < self._link_chars >= self._chars * 0.8
            yield Block(text=text, level=self.level, kind=self.kind, is_link=is_link)
        self.level, self.kind = 0, "text"
        self._pieces, self._link_chars, self._chars = [], 0, 0


def _walk(root: etree._Element) -> Iterator[Block]:
    """Yield the blocks of a tree (HTML, or trafilatura's own tags), with a loop: trees can be deep."""
    collector = _Collector()
    walker = etree.iterwalk(root, events=("start", "end", "comment"))
    for event, element in walker:
        if event == "start":
            yield from _start(element, collector, walker)
            continue
        if event == "end":
            yield from _end(element, collector)
        if element is not root:
            collector.add(element.tail)
    yield from collector.flush()


def _start(element: etree._Element, collector: _Collector, walker: etree.iterwalk) -> Iterator[Block]:
    tag = _tag(element)
    if tag in _UNREAD_TAGS or _is_page_head(element, tag):
        walker.skip_subtree()
        return
    if tag in {"tr", "row"} and (row := _row_text(element)):
        yield from collector.flush()
        yield Block(text=row, kind="row")
        walker.skip_subtree()
        return
    if _BREAK_TAG.fullmatch(tag):
        yield from collector.flush()
        collector.level = _level(element, tag)
        collector.kind = "item" if tag in {"li", "item"} else "text"
    if tag == "a" or tag in _CHROME_TAGS:
        collector.enter_link()
    collector.add(element.text)


def _end(element: etree._Element, collector: _Collector) -> Iterator[Block]:
    tag = _tag(element)
    if _BREAK_TAG.fullmatch(tag):
        yield from collector.flush()
    if tag == "a" or tag in _CHROME_TAGS:
        collector.leave_link()


def _tag(element: etree._Element) -> str:
    tag: object = element.tag  # a comment's tag is a function
    return tag.lower() if isinstance(tag, str) else ""


def _is_page_head(element: etree._Element, tag: str) -> bool:
    """HTML's `<head>`, and not trafilatura's, which is a heading."""
    return tag == "head" and element.get("rend") is None


def _level(element: etree._Element, tag: str) -> int:
    name = (element.get("rend") or "") if tag == "head" else tag
    return int(name[1]) if len(name) == 2 and name[0] == "h" and name[1] in "123456" else 0


def _row_text(row: etree._Element) -> str:
    """Join the cells of a data table's row; a layout table's cells hold blocks, and are not joined."""
    cells = [child for child in row if _tag(child) in {"td", "th", "cell"}]
    if len(cells) < 2 or len(cells) > 60:
        return ""
    if any(_BREAK_TAG.fullmatch(_tag(inner)) for cell in cells for inner in cell.iterdescendants()):
        return ""
    texts = [_BLANKS.sub(" ", "".join(map(str, cell.itertext()))).strip() for cell in cells]
    return " | ".join(text for text in texts if text) if max(map(len, texts)) <= 300 else ""


def _page_facts(root: HtmlElement, blocks: list[Block]) -> dict[str, str]:
    """Read the page's own statements about the article: metadata first, then linked data, then `<title>`."""
    metas = _metas(root)
    facts: dict[str, str] = {}
    for field, names in _META_NAMES.items():
        value = next((metas[name] for name in names if name in metas), "")
        if value:
            facts[field] = value
    facts = _linked_data(root) | facts
    for link in root.iter("link"):
        if (link.get("rel") or "").lower() == "canonical" and link.get("href"):
            facts["url"] = str(link.get("href"))
    title = facts["title"].split("_")[0].strip() if "title" in facts else _title(root, blocks)
    return facts | {"title": title} if title else facts


def _metas(root: HtmlElement) -> dict[str, str]:
    """The page's `<meta>` values by name in lower case, the first of each."""
    metas: dict[str, str] = {}
    for meta in root.iter("meta"):
        name = (meta.get("name") or meta.get("property") or meta.get("itemprop") or "").strip().lower()
        content = (meta.get("content") or "").strip()
        if name and content:
            metas.setdefault(name, content)
    return metas


def _title(root: HtmlElement, blocks: list[Block]) -> str:
    """The page's title without the site's name: the heading it repeats, or its first part."""
    raw = _BLANKS.sub(" ", root.findtext(".//title") or "").strip()
    repeated = [
        b.text for b in blocks[:200] if 6 <= len(b.text) <= 80 and not b.is_link and raw.startswith(b.text)
    ]
    if repeated:
        return max(repeated, key=len)
    return next((part for part in _TITLE_CUTS.split(raw) if len(part) >= 6), "")


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
