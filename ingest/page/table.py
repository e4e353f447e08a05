"""Reads the data tables of a page: rows that keep their header, or the record that says what a document is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from statistics import median_high

from lxml.html import HtmlElement

from ingest.tables import grid, table_rows

RECORD_LABEL = re.compile(
    r"(?:索\s?引\s?号|信息索引|(?:发文|制发|发布|公开|发布单位|信息来源|制作|责任)(?:机构|机关|单位|部门)|(?:发文字|文|公文文|公文|文件编|文件)\s?号|"
    r"(?:成文|发文|发布|公开|生成|印发|公布|废止|生效|失效|实施)(?:日期|时间)|(?:主题|信息|公文|体裁|组配|文件|内容|服务对象)\s?(?:分\s?类|种类|类别)|"
    r"主\s?题\s?词|名\s?称|标\s?题|有\s?效\s?性|效力状态|关\s?键\s?词|体\s?裁|公开(?:形式|方式|范围|程序|时限)|内容概述|信息名称|文件状态|统一登记号)"
)
_MAX_ROWS = 5_000
_MAX_CELL_CHARS = 400
_MIN_LABELS = 3
_BREAKS = frozenset(("br", "p", "div", "li", "tr"))


def table_lines(table: HtmlElement) -> list[str] | None:
    """Write a data table as lines, or None for a table that only lays a page out (or has tables in it)."""
    rows = _rows(table)
    if rows is None:
        return None
    record = record_lines([text for row in rows for text, _, _ in row])
    if record:
        return record
    if not _is_data(table, rows):
        return None
    return table_rows(grid(rows), header_rows=_header_rows(table), caption=_caption(table))


def record_lines(cells: list[str]) -> list[str]:
    """Write a document's record, cells of labels and values in turn, as `label：value`; nothing if it is none."""
    labels = sum(_is_label(cell) for cell in cells)
    if labels < _MIN_LABELS or labels * 3 < len([cell for cell in cells if cell]):
        return []
    lines: list[str] = []
    for cell in (" ".join(cell.split()) for cell in cells):
        if _is_label(cell) or not lines:
            lines.append(cell.rstrip(":： ") + "：")
        elif cell:
            lines[-1] += cell
    return [line for line in lines if not line.endswith("：")]


def _is_label(cell: str) -> bool:
    return len(cell) <= 16 and RECORD_LABEL.fullmatch(cell.strip(" \u3000:：[]【】\n")) is not None


def _rows(table: HtmlElement) -> list[list[tuple[str, int, int]]] | None:
    """The cells of a table, or None when it is huge, or holds another."""
    elements = list(table.iter("tr"))
    if not 1 <= len(elements) <= _MAX_ROWS or next(table.iterdescendants("table"), None) is not None:
        return None
    rows = []
    for element in elements:
        cells = [child for child in element if child.tag in ("td", "th")]
        rows.append([(_text(cell), _span(cell, "colspan"), _span(cell, "rowspan")) for cell in cells])
    return rows


def _is_data(table: HtmlElement, rows: list[list[tuple[str, int, int]]]) -> bool:
    """Whether most rows have several short cells that are no links: a menu or a page's frame has not."""
    widths = [len(row) for row in rows if row]
    if len(widths) < 2 or median_high(widths) < 2:
        return False
    texts = [text for row in rows for text, _, _ in row]
    chars = sum(map(len, texts))
    links = sum(len("".join(map(str, link.itertext())).strip()) for link in table.iter("a"))
    filled = sum(bool(text) for text in texts)
    return (
        max(map(len, texts)) <= _MAX_CELL_CHARS
        and filled * 2 >= len(texts)
        and filled >= 4
        and links * 2 < chars
        and next(table.iter("input", "select", "form"), None) is None
    )


def _header_rows(table: HtmlElement) -> int | None:
    head = table.find("thead")
    count = len(head.findall("tr")) if head is not None else 0
    return count or None


def _caption(table: HtmlElement) -> str:
    caption = table.find("caption")
    return " ".join(_text(caption).split()) if caption is not None else ""


def _span(cell: HtmlElement, name: str) -> int:
    value = (cell.get(name) or "1").strip()
    return max(1, int(value)) if value.isascii() and value.isdigit() and len(value) <= 4 else 1


def _text(element: HtmlElement) -> str:
    """An element's text with a line break at each break in it."""
    return re.sub(r"[ \t\r]+", " ", "".join(_words(element))).strip("\n \u3000\u00a0")


def _words(element: HtmlElement) -> Iterator[str]:
    if element.tag in ("script", "style"):
        return
    pending = [(element, False)]
    while pending:
        node, closes = pending.pop()
        if closes:
            if node is not element:
                yield (node.tail or "").replace("\n", " ")
            continue
        is_text = isinstance(node.tag, str) and node.tag not in ("script", "style")
        if node.tag in _BREAKS:
            yield "\n"
        if is_text:
            yield (node.text or "").replace("\n", " ")
        pending.append((node, True))
        pending.extend((child, False) for child in reversed(node if is_text else ()))
