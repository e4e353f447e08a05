"""Numbers with their units, alone or as a range, where they count something."""

from __future__ import annotations

import dataclasses
import re

from rag.figures.amounts import EXACT, Amount, plain
from rag.figures.noise import LINE_OPENING
from rag.figures.numerals import Numeral, read_number
from rag.figures.qualifiers import qualifier_of
from rag.figures.spans import Read
from rag.figures.units import CANONICAL, CURRENCIES, currency_before, kind_of, unit_at, words
from rag.normalise import contains_han

# A Han numeral is a figure only in front of one of these: 三级, 一把手, 六统一 and their kind count nothing.
_AFTER_HAN = frozenset(
    words(
        "家 个 名 位 所 间 座 张 台 部 项 条 件 份 本 篇 种 批 套 支 辆 例 床位 户 处 场 次 轮 笔 人 人次 家次 户次 例次 台次 年 个月 季度 周 天 "
        "工作日 小时 分钟 秒 岁 元 美元 港元 欧元 公里 里 米 公斤 斤 吨 亩 平方公里 平方米 倍 百分点 周年 % ‰"
    )
)
# 一个 is an article; with these 一 does measure. 二 without a multiplier says "second" or stands in a name.
_AFTER_ONE = frozenset(words("年 个月 小时 分钟 秒 元 美元 公里 米 公斤 吨 倍 百分点 周年 人次"))
_NOT_ONE_AFTER = re.compile(r"[每这那某同哪任新]$|最后$")
_VAGUE = re.compile(r" ?([多余]|来(?= ?[\u4e00-\u9fff]))")
_RANGE = re.compile(r" ?(-|—{1,2}|–|~|至|到) ?(?=[0-9一二两三四五六七八九十])| (?:to|or) (?=[0-9])")
_MINUS = ("-", "\u2212")
_MINUS_BEFORE = re.compile(r"[\u4e00-\u9fff(:][-\u2212]$")
_FROM = re.compile(
    r"(?:从|自|from|between)[^,;。\n]{0,8}$|由(?:原来的?|最初的?|当时的?|约|[12][0-9]{3}年的?)?$"
)
_LETTER_AFTER = re.compile(r"\.?[a-z]")
_CLOSED_SOON = re.compile(r"[^”」\"’』\n]{0,6}[”」\"’』]")
_OPENING_QUOTES = ("“", "「", '"', "‘", "『")
_BARE_YEAR = re.compile(r"(?:19[5-9]|20[0-9])[0-9](?![,.]?[0-9])")
_YEAR_BEFORE = re.compile(r"(?:\bin|since|during|until|year) $")
_NOUN_AFTER = re.compile(
    r" (?!to |and |the |was |were |it |as |with |for |or |on |at |by |has |had |this |when |compared |a |an )[a-z]{2}"
)


def read_quantity(s: str, at: int) -> Read | None:
    """Read a number with its unit, or a range of two."""
    first = read_number(s, at)
    if first is None:
        return None
    one, end = _with_unit(s, at, first)
    separator = _RANGE.match(s, end)
    second = read_number(s, separator.end()) if separator else None
    if (
        separator
        and second
        and not (separator[1] in ("至", "到", None) and _FROM.search(s[max(0, at - 12) : at]))
    ):
        other, other_end = _with_unit(s, separator.end(), second)
        joined = _joined(one, first, other, second)
        if joined and _is_figure(s, at, other_end, second, joined):
            qualified = dataclasses.replace(
                joined, qualifier=joined.qualifier or qualifier_of(s, at, other_end, joined.unit)
            )
            return Read(_with_currency(s, at), other_end, qualified, second.step)
    if not _is_figure(s, at, end, first, one):
        return Read(at, max(end, first.end), None)
    return _signed(s, at, end, one, first)


def _joined(one: Amount, first: Numeral, other: Amount, second: Numeral) -> Amount | None:
    """Make a range of two amounts, where they are one: 2至3个, 20%—30%, 3-5万元."""
    low = one.value
    if not one.unit and not first.scale and second.scale:
        low = plain(one.value.scaleb(second.scale, context=EXACT))
    if one.unit not in ("", other.unit) or not low < other.value:
        return None
    return dataclasses.replace(other, value=low, high=other.value)


def _signed(s: str, at: int, end: int, amount: Amount, number: Numeral) -> Read:
    """Complete a single amount with what stands before it: currency, minus sign, qualifier."""
    start = _with_currency(s, at)
    qualifier = amount.qualifier or qualifier_of(s, start, end, amount.unit)
    qualified = dataclasses.replace(amount, qualifier=qualifier) if qualifier else amount
    if s[at - 1 : at] in _MINUS and _MINUS_BEFORE.search(s[max(0, at - 2) : at]):
        return Read(at - 1, end, dataclasses.replace(qualified, value=-amount.value), number.step)
    return Read(start, end, qualified, number.step)


def _with_currency(s: str, at: int) -> int:
    match = currency_before(s, at)
    return at - (len(match[0]) if match else 0)


def _with_unit(s: str, at: int, number: Numeral) -> tuple[Amount, int]:
    """Add unit and kind to a number; a bare four-digit number may turn out to be a year."""
    qualifier, end = number.qualifier, number.end
    vague = _VAGUE.match(s, end)
    if vague:
        qualifier, end = "余", vague.end()
    found = unit_at(s, end)
    unit = ""
    if found:
        unit, end = CANONICAL[found[0]], found[1]
        qualifier = "余" if "多" in found[0] else qualifier
    elif vague and vague[1] == "来":
        qualifier, end = number.qualifier, number.end
    currency = currency_before(s, at)
    unit = CURRENCIES[currency[1]] if currency and not unit else unit
    if not unit and _is_year(s, at, number):
        return Amount(value=number.value, unit="年", kind="year"), end
    return Amount(value=number.value, unit=unit, kind=kind_of(unit), qualifier=qualifier), end


def _is_year(s: str, at: int, number: Numeral) -> bool:
    if not _BARE_YEAR.match(s, at) or number.end != at + 4:
        return False
    return not _NOUN_AFTER.match(s, number.end) or _YEAR_BEFORE.search(s[max(0, at - 8) : at]) is not None


def _is_figure(s: str, at: int, end: int, number: Numeral, amount: Amount) -> bool:
    """Whether a numeral with what follows it counts something; Han numerals are held to more than digits."""
    if not number.is_han:
        return amount.unit != "" or not _is_name(s, at, end, number)
    if _is_slogan(s, at, end):
        return False
    if amount.unit in _AFTER_HAN:
        small = s[at : number.end]
        is_one = small == "一" and (
            amount.unit not in _AFTER_ONE or _NOT_ONE_AFTER.search(s[max(0, at - 2) : at])
        )
        return not is_one and (small != "二" or amount.kind != "quantity")
    return number.step >= 10000 or (amount.unit != "" and number.value >= 100)


def _is_name(s: str, at: int, end: int, number: Numeral) -> bool:
    """Whether digits without a unit are part of a name or number a heading: 5G, “120”, 1精心组织."""
    following = s[end : end + 1]
    if _LETTER_AFTER.match(s, end):
        return True
    if number.scale:
        return False
    if s[at - 1 : at] in _OPENING_QUOTES:
        return True
    is_short = number.end - at <= 2 and following not in tuple("部省市县区年")
    return is_short and contains_han(following) and LINE_OPENING.search(s[max(0, at - 6) : at]) is not None


def _is_slogan(s: str, at: int, end: int) -> bool:
    """Whether a numeral opens a short quoted phrase, such as “两个允许”: a name, not a count."""
    return s[at - 1 : at] in _OPENING_QUOTES and _CLOSED_SOON.match(s, end) is not None
