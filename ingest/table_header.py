"""Tells a table's header from its body, numbers from words, and a label from the unit written behind it."""

from __future__ import annotations

import itertools
import re
import statistics
import unicodedata
from collections.abc import Sequence

from rag.figures.units import unit_at

_NUMBER = re.compile(r"[-+\u2212]?(?:\d{1,3}(?:[, ]\d{3})+|\d+)(?:\.\d+)?")
_FIGURE = re.compile(r"[约近超逾]?[-+\u2212]?\d[\d,]*(?:\.\d+)?")
_PERIOD = re.compile(
    r"(?:(?:19|20)\d\d(?:[-—–~至](?:19|20)?\d\d)?年?(?:\d{1,2}月|第?[一二三四1-4]季度|[上下]半年|[末底初])?|\d{1,2}月|第?[一二三四1-4]季度|"
    r"[上下]半年|本[年月期]|上年|去年|同期|上年同期|累计|累計|期[末初])(?:\d{1,2}日)?"
)
_STATED_UNIT = re.compile(r"(?:计量|計量)?(?:单位|單位)\s*[:：]\s*([^\s，,。；;()（）]{1,12})")
_BRACKETED = re.compile(
    r"[（(\[\uff3b【]\s*(?:(?:计量|計量)?(?:单位|單位)\s*[:：]\s*)?([^（()）\[\]\uff3b\uff3d【】]{1,12}?)\s*[)）\]\uff3d】]$"
)
_MULTIPLIER = re.compile(r"[十百千万亿萬億]{0,3}")
_PER = re.compile(r"[/·每](?:[十百千万亿萬億\d]{0,6})[\u4e00-\u9fffA-Za-z·/]{1,8}")
_SENTENCE_END = re.compile(r"[。！？；;!?]")
_TRADITIONAL_UNITS = str.maketrans(
    "億萬個間張臺項條種戶處場輪筆歲時鐘噸畝倍週層門貫", "亿万个间张台项条种户处场轮笔岁时钟吨亩倍周层门贯"
)
_NAMES_A_TABLE = re.compile(
    r"(?:附?[表图圖]|table) ?[\d一二三四五六七八九十]|.*(?:表|统计|統計|一览|一覽|情况|情況|清单|清單)\s*(?:[（(][^（()）]{1,20}[)）])?$",
    re.IGNORECASE,
)
_LEADS_TO_TABLE = re.compile(r"[。！？；;!?]|下[表列]|如下")
MAX_CAPTION_CHARS = 80
"""How long a line is at most that names a table."""
_MAX_HEADER_CHARS = 40
_MAX_LABEL_CHARS = 12
_MAX_HEADER_ROWS = 4


def is_number(text: str) -> bool:
    """Whether a cell is one bare number."""
    return len(text) <= 40 and _NUMBER.fullmatch(unicodedata.normalize("NFKC", text).strip()) is not None


def is_period(text: str) -> bool:
    """Whether a label is a year, a month, a quarter or the like."""
    return (
        len(text) <= 24
        and _PERIOD.fullmatch(unicodedata.normalize("NFKC", text).replace(" ", "")) is not None
    )


def split_unit(label: str) -> tuple[str, str]:
    """Part a label from the unit in its last brackets, or from 「单位：…」; the unit is empty where none is stated.

    What stands in brackets and is no unit stays in the label.
    """
    if len(label) > 200:
        return label, ""
    match = _BRACKETED.search(label)
    if match and _is_unit(match[1]):
        return label[: match.start()].rstrip(), match[1]
    stated = _STATED_UNIT.search(label)
    if stated and _is_unit(stated[1]):
        rest = (label[: stated.start()] + label[stated.end() :]).strip()
        return re.sub(r"[（(]\s*[)）]", "", rest).strip(), stated[1]
    return label, ""


def _is_unit(text: str) -> bool:
    """Whether a text is a unit: a measure word, a physical unit or money, perhaps with 万, perhaps per something."""
    folded = unicodedata.normalize("NFKC", text).lower().translate(_TRADITIONAL_UNITS)
    multiplier = _MULTIPLIER.match(folded)
    start = multiplier.end() if multiplier else 0
    found = unit_at(folded, start)
    if found is None:
        return False
    rest = folded[found[1] :]
    return not rest or _PER.fullmatch(rest) is not None


def caption_above(lines: Sequence[str]) -> str:
    """What the lines just above a table say of it: its name (`表1 …`, `…情况表`) and 「单位：…」; empty where nothing does.

    Args:
        lines: The texts above the table in reading order, the nearest last.
    """
    found: list[str] = []
    for line in reversed(lines[-2:]):
        if len(line) > MAX_CAPTION_CHARS or _LEADS_TO_TABLE.search(line):
            break
        if not (_NAMES_A_TABLE.match(line) or split_unit(line)[1]):
            break
        found.insert(0, line)
    return " ".join(found)


def count_header_rows(rows: Sequence[Sequence[str]]) -> int:
    """How many of the first rows are the header; 0 in doubt.

    A header holds labels, no figures but years, above a body that has figures in the same columns, or much longer
    texts; or it states a unit behind its first label.
    """
    count = 0
    while count < min(_MAX_HEADER_ROWS, len(rows) - 1) and _could_be_header(rows[count], is_first=count == 0):
        count += 1
        if not _goes_on(rows[count - 1], rows[count]):
            break
    if count == 0:
        return 0
    header, body = rows[count - 1], rows[count : count + 50]
    states_units = any(split_unit(label)[1] for label in header[1:])
    return count if states_units or _has_figures_below(header, body) or _is_shorter(header, body) else 0


def _could_be_header(row: Sequence[str], *, is_first: bool) -> bool:
    written = [cell for cell in row if cell]
    if len(written) < 2 or any(
        len(cell) > _MAX_HEADER_CHARS or _SENTENCE_END.search(cell) for cell in written
    ):
        return False
    if any(_is_figure(cell) for cell in written):
        return False
    return not is_first or len(set(written)) > 1


def _goes_on(row: Sequence[str], following: Sequence[str]) -> bool:
    """Whether the header has another row: merged cells make a text stand twice, beside or below itself."""
    pairs = list(zip(row, following, strict=False))
    is_below = any(above and above == under for above, under in pairs)
    is_beside = any(left and left == right for left, right in itertools.pairwise(row))
    return is_below or is_beside


def _has_figures_below(header: Sequence[str], body: Sequence[Sequence[str]]) -> bool:
    """Whether at least a column with a label holds figures in most of its filled places."""
    for index, label in enumerate(header):
        if not label or index == 0:
            continue
        filled = [row[index] for row in body if index < len(row) and row[index]]
        if filled and sum(map(_is_figure_like, filled)) * 2 > len(filled):
            return True
    return False


def _is_shorter(header: Sequence[str], body: Sequence[Sequence[str]]) -> bool:
    """Whether the labels are short, all there and all different, and the texts below one of them twice as long."""
    if not all(header) or len(set(header)) < len(header) or max(map(len, header)) > _MAX_LABEL_CHARS:
        return False
    for index, label in enumerate(header):
        below = [len(row[index]) for row in body if index < len(row) and row[index]]
        if below and statistics.median(below) >= max(8, 2 * len(label)):
            return True
    return False


def _is_figure(cell: str) -> bool:
    """Whether a cell is a figure that no label would be."""
    return _is_figure_like(cell) and not is_period(cell)


def _is_figure_like(cell: str) -> bool:
    folded = unicodedata.normalize("NFKC", cell[:60])
    match = _FIGURE.match(folded)
    return match is not None and (match.end() == len(folded) or _is_unit(folded[match.end() :].strip()))
