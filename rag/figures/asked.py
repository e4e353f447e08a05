"""The kind of figure a question asks for, and which figures answer it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from rag.figures.amounts import Amount, FigureKind
from rag.figures.units import CANONICAL, DURATIONS, LENGTHS, MEASURE_WORDS, MEASURED, PEOPLE, same_unit
from rag.normalise import fold

AskedKind = Literal[
    "",
    "any",
    "count",
    "percent",
    "percentage_point",
    "money",
    "price",
    "date",
    "duration",
    "length",
    "ordinal",
]
_KINDS_ASKED: dict[str, tuple[FigureKind, ...]] = {
    "": (),
    "percent": ("percent", "ratio"),
    "percentage_point": ("percentage_point", "percent"),
    "money": ("money",),
    "price": ("money", "percent", "ratio"),
    "date": ("date", "year"),
    "duration": ("quantity",),
    "length": ("quantity",),
    "ordinal": ("ordinal",),
}
_MEASURE = "|".join(sorted(MEASURE_WORDS - {"点", "分", "次", "年"}, key=len, reverse=True))
_ASKED: tuple[tuple[AskedKind, re.Pattern[str]], ...] = (
    ("percentage_point", re.compile(r"(?:多少|几)个?百分点|how many percentage points")),
    (
        "percent",
        re.compile(
            r"百分之(?:多少|几)|[占达]比?(?:多少|几成)|几成|(?:比例|占比|比重|份额|[^效频]率)(?:目标|水平)?(?:分别)?(?:是|为|有|达到?|占|从|由)?(?:了|多)?(?:多少|多高|几)|what (?:share|percentage|proportion|fraction|per ?cent)|how high (?:is|was) the (?:\S+ ){0,3}(?:rate|ratio|share)|what (?:is|was) the (?:\S+ ){0,4}(?:rate|ratio|share|percentage|proportion)\b"
        ),
    ),
    (
        "money",
        re.compile(
            r"多少(?:万|亿)?元|多少钱|(?:投入|资金|经费|花费?|支出|补助标准|金额|费用|筹资标准|预算)(?:了|是|为|共|达到?|提高)*(?:了)?多少(?!个|家|人|名|项)|how much (?:money|funding|cost)|how much (?:did|does|do|was|were|is|has|have) [^?]{0,60}(?:cost|spend|spent|invest|pay|paid|allocate)|what (?:was|is) the (?:cost|budget)"
        ),
    ),
    (
        "price",
        re.compile(
            r"(?:价格?|降幅|涨幅)(?:平均)?(?:分别)?(?:[降涨下上]|降低|降价|下降|上涨|下调|便宜|减少)?(?:了|是|为|达到?)?(?:多少(?![个家人名项种])|几成)|便宜(?:了)?多少|降价(?:了)?多少"
            r"|(?:by )?how much (?:did|have|has|were|was) (?:[^?]{0,60} )?prices?\b|prices? [^?]{0,40}by how much"
        ),
    ),
    (
        "duration",
        re.compile(
            r"多长时间|多久|(?:多少|几)(?:个)?(?:分钟|小时|天|月|周|星期|年(?!级))|how long|how many (?:minutes|hours|days|weeks|months|years)"
        ),
    ),
    (
        "date",
        re.compile(
            r"哪天|哪一天|哪年|哪一年|哪月|何时|什么时候|什么时间|几月|几号|哪一?日|\bwhen\b|what (?:year|date|day|month)|which (?:year|date|day|month)"
            # 「…的发布时间？」 asks for a date, 「急救反应时间」 for a duration.
            r"|(?<!反应)(?<!等待)(?<!等候)(?<!候诊)(?<!住院)(?<!服务)(?<!工作)(?<!平均)(?:时间|日期)(?:是|为)?[?？。\s]*$"
        ),
    ),
    (
        "length",
        re.compile(
            r"多远|多长(?!时间)|多宽|多深|(?:多少|几)(?:公里|千米|米|里)|how far|how many (?:km|kilomet|met)"
        ),
    ),
    ("ordinal", re.compile(r"第几")),
    (
        "count",
        re.compile(
            rf"what (?:is|was) the population|人数(?:总数)?(?:分别)?(?:共|约|已)?(?:是|为|有|达到?)?(?:了)?多少(?![个家])|人口(?:是|有|为|达到?)?多少(?!个)|(?:多少|几)(?P<unit>{_MEASURE}|次|分(?!之))|(?<![从由])多少(?=\S)(?![?？。了]|的)|how many"
        ),
    ),
    (
        "any",
        re.compile(
            r"what (?:is|was) the (?:number|total|size|amount)|多少|how much|by what amount|多大|多高"
        ),
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The kind of figure a question asks for: "" when none, "any" when the question leaves it open.

    Attributes:
        units: Canonical units that answer it; empty when any unit of the kind does.
    """

    kind: AskedKind = ""
    units: frozenset[str] = frozenset()

    def accepts(self, figure: Amount) -> bool:
        """Whether a figure is of the kind asked for; none is, where no figure is asked for."""
        if self.kind == "any":
            return figure.kind not in ("ordinal", "year", "date")
        if self.kind == "count":
            return _answers_count(figure, self.units)
        return figure.kind in _KINDS_ASKED[self.kind] and (not self.units or figure.unit in self.units)


def expected_units(question: str) -> Asked:
    """Say what kind of figure a question asks for: 多少家 a count of 家, 占多少 a percentage, how much anything."""
    folded = fold(question)
    for kind, pattern in _ASKED:
        match = pattern.search(folded)
        if match:
            return Asked(kind=kind, units=_asked_units(kind, match))
    return Asked()


def _asked_units(kind: AskedKind, match: re.Match[str]) -> frozenset[str]:
    if kind == "duration":
        return DURATIONS
    if kind == "length":
        return LENGTHS
    if "population" in match[0] or match[0].startswith(("人口", "人数")):
        return frozenset(PEOPLE)
    if kind != "count" or not match["unit"]:
        return frozenset()
    unit = CANONICAL.get(match["unit"], match["unit"])
    return frozenset(PEOPLE if unit in PEOPLE else {unit})


def _answers_count(figure: Amount, units: frozenset[str]) -> bool:
    """Whether a figure counts things, and things of the kind asked for."""
    if figure.kind != "quantity" or figure.unit in MEASURED:
        return False
    if not units or figure.unit in units:
        return True
    # 个 asks for most things, but who asks for 项 or 家 is not answered by 个.
    return "个" in units and same_unit(Amount(value=Decimal(1), unit="个"), figure)
