"""Units as they are written: measure words, physical units, money; which can be compared, and by what factor."""

from __future__ import annotations

import re
from decimal import Decimal

from rag.figures.amounts import EXACT, Amount, FigureKind


def words(text: str) -> list[str]:
    """Cut a table's words at the blanks between them."""
    return text.split()


# Measure words. "~" introduces the characters that must not follow (家 counts hospitals, 家庭 is a noun of its own),
# "=" those one of which must.
_COUNTERS = (
    "家~庭长属乡 个 人~民员才口力 名~单称义誉列额 位~一置数于居列 所~有在属以谓需 间~隔接 座~谈位 张~力 "
    "台~湾风账阶 部~门委署分级队长 项 条~件例 款~项 件 份~额 本~科地市省次级院县报人期轮着 册 篇~章 幅~度 封 种~植子 类~似 大类 批~准评复 "
    "批次 套~餐 组~织成建长 支~持付出援撑部 辆 架~构 艘 例~如外会 床~位 床位 床日 剂 针 剂次 针次 瓶 盒 箱 袋 粒 颗 棵 株 头~部 匹 户~籍口外 "
    "栋 幢 处~理方置于在罚分 场~所景地合 次~年序数 期~间限望货末待 届 轮 节~约省 笔 宗 起~到来草步始源着点义 级~别 层~级次面 "
    "分~别之级类布组为析配享担工 折 字 页 票 席 块 片~区面 枚 颗 度~过假量 步 人次 家次 户次 例次 台次 张次 件次 场次 车次 架次 床次 票次 "
    "人份 人天 学时 课时 学分 周年 千瓦时 千瓦 亩 门~诊急户槛口 点~击评名对面位多 岁 层楼 倍 英里 海里 里~程面"
)
_UNIT_WORDS = {
    "%": "%,percent,per cent",
    "‰": "‰",
    "百分点": "个百分点,百分点,percentage points,percentage point",
    "元": "元~素旦宵,块钱,元人民币,人民币元,人民币,rmb,yuan,cny",
    "美元": "美元,美金,usd,us dollars,dollars,us dollar,dollar",
    "港元": "港元,港币",
    "欧元": "欧元,euros,euro",
    "日元": "日元",
    "英镑": "英镑",
    "平方公里": "平方公里,平方千米,sq km,square kilometres,square kilometers",
    "平方米": "平方米,平米,m2,sq m,square metres,square meters",
    "立方米": "立方米,m3",
    "公顷": "公顷,hectares,hectare",
    "公里": "公里,千米,km,kilometres,kilometre,kilometers,kilometer",
    "米": "米~饭粉面,metres,metre,meters,meter",
    "厘米": "厘米,cm",
    "毫米": "毫米,mm",
    "吨": "吨,tonnes,tonne,tons,ton",
    "斤": "斤",
    "公斤": "公斤,千克,kg,kilograms,kilogram",
    "克": "克~服隆拉",
    "毫克": "毫克,mg",
    "升": "升~至到级高为幅温学",
    "毫升": "毫升,ml",
    "摄氏度": "摄氏度,°c",
    "毫米汞柱": "毫米汞柱,mmhg",
    "年": "年~级代薪轻龄,年多~种样,years,year",
    "个月": "个月,个多月,months,month",
    "季度": "个季度,季度",
    "周": "周~年边围期刊岁日一二三四五六,个星期,星期,weeks,week",
    "天": "天~津然气河使,日=内以之均,days,day",
    "工作日": "个工作日,工作日,working days",
    "小时": "个小时,个多小时,小时,个钟头,hours,hour",
    "分钟": "分钟,minutes,minute,mins,min",
    "秒": "秒钟,秒,seconds,second",
    "岁": "周岁,岁,years of age,years old",
    "人": "人口~普,people,persons,person",
    "人次": "visits,person-times",
    "张": "beds,bed",
    "倍": "fold",
}
_KINDS: dict[str, FigureKind] = {
    **dict.fromkeys(words("元 美元 港元 欧元 日元 英镑"), "money"),
    **dict.fromkeys(words("% ‰"), "percent"),
    "百分点": "percentage_point",
    "倍": "ratio",
}
PEOPLE = frozenset(words("人 名 位"))
CURRENCIES = dict(
    zip(words("¥ cny rmb 人民币 us$ $ usd € £"), words("元 元 元 元 美元 美元 美元 欧元 英镑"), strict=True)
)
CURRENCY = re.compile(r"(?<![a-z])(¥|cny|rmb|人民币|us\$|usd|\$|€|£) ?$")
_CURRENCY_ENDINGS = frozenset("¥yb币$d€£ \n")
# Units of one dimension, each in terms of the first.
_DIMENSIONS = (
    "人=1 名=1 位=1",
    "米=1 公里=1000 里=500 厘米=0.01 毫米=0.001",
    "平方米=1 平方公里=1000000 公顷=10000",
    "克=1 吨=1000000 公斤=1000 斤=500 毫克=0.001",
    "升=1 立方米=1000 毫升=0.001",
    "秒=1 分钟=60 小时=3600",
    "天=1 周=7",
    "个月=1 季度=3 年=12",
    "%=1 ‰=0.1",
)
_FACTORS = {
    unit: (units[0], Decimal(factor))
    for dimension in _DIMENSIONS
    for units in [re.findall(r"([^ =]+)=", dimension)]
    for unit, factor in re.findall(r"([^ =]+)=(\S+)", dimension)
}
MEASURED = frozenset(_FACTORS) - PEOPLE | set(
    words("亩 岁 倍 工作日 摄氏度 千瓦 千瓦时 毫米汞柱 英里 海里 周年")
)
DURATIONS = frozenset(words("年 个月 季度 周 天 工作日 小时 分钟 秒"))
LENGTHS = frozenset(words("公里 里 米 厘米 毫米"))


def _unit_surfaces() -> tuple[dict[str, str], dict[str, re.Pattern[str]]]:
    """Map each surface to its canonical unit, and its first character to the pattern that finds the longest one."""
    entries = [(word, word.split("~")[0]) for word in _COUNTERS.split()]
    entries += [(word, unit) for unit, words in _UNIT_WORDS.items() for word in words.split(",")]
    canonical: dict[str, str] = {}
    patterns: dict[str, dict[str, str]] = {}
    for entry, unit in entries:
        surface, mark, others = re.split(r"([~=]|$)", entry, maxsplit=1)
        canonical[surface] = unit
        look = {"~": f"(?![{others}])", "=": f"(?=[{others}])"}.get(mark, "")
        ending = "(?![a-z])" if surface[-1].isascii() and surface != "%" else look
        patterns.setdefault(surface[0], {})[surface] = re.escape(surface) + ending
    by_first = {
        first: re.compile("|".join(found[surface] for surface in sorted(found, key=len, reverse=True)))
        for first, found in patterns.items()
    }
    return canonical, by_first


CANONICAL, _UNITS_BY_FIRST = _unit_surfaces()
MEASURE_WORDS = frozenset(entry.split("~")[0] for entry in _COUNTERS.split())
"""Every measure word as it is written."""


def unit_at(s: str, at: int) -> tuple[str, int] | None:
    """Read the unit at a position, with a blank or hyphen in front of it: its surface and its end."""
    at += s[at : at + 1] == " "
    at += s[at : at + 1] == "-"
    pattern = _UNITS_BY_FIRST.get(s[at : at + 1])
    match = pattern.match(s, at) if pattern else None
    return (match[0], match.end()) if match else None


def kind_of(unit: str) -> FigureKind:
    """Say what kind of figure has a unit; most count or measure something."""
    return _KINDS.get(unit, "quantity")


def currency_before(s: str, at: int) -> re.Match[str] | None:
    """Find the currency sign or code that stands right in front of a position, with the blank between."""
    return CURRENCY.search(s[max(0, at - 5) : at]) if s[at - 1 : at] in _CURRENCY_ENDINGS else None


def same_value(a: Amount, b: Amount) -> bool:
    """Whether two amounts say the same: value, scale, unit and range; the qualifier is not compared.

    1.2万 equals 12000, 2小时 equals 120分钟, 三成 equals 30%; 9.3% is never 9.3个百分点, nor 58家 58家次. A number
    without a unit equals the same count of anything; 个 stands for any other plain measure word.
    """
    if a.kind != b.kind or not same_unit(a, b):
        return False
    return base_value(a) == base_value(b)


def same_unit(a: Amount, b: Amount) -> bool:
    """Whether two amounts can be compared: units of one dimension, or counts one of which leaves its unit open."""
    units = {_FACTORS[u.unit][0] if u.unit in _FACTORS else u.unit for u in (a, b)}
    if len(units) == 1 or a.kind == "ordinal":
        return True
    if a.kind != "quantity" or units & MEASURED or units & {base for base, _ in _FACTORS.values()} - {"人"}:
        return False
    return "" in units or ("个" in units and not any(u == "人" or u.endswith("次") for u in units))


def base_value(amount: Amount) -> tuple[Decimal, Decimal | None]:
    """Return value and upper end in the base unit of the amount's dimension (minutes and hours in seconds)."""
    factor = factor_of(amount.unit)
    high = None if amount.high is None else EXACT.multiply(amount.high, factor)
    return EXACT.multiply(amount.value, factor), high


def factor_of(unit: str) -> Decimal:
    """How many of its dimension's base unit a unit is; 1 for a unit that stands alone."""
    return _FACTORS[unit][1] if unit in _FACTORS else Decimal(1)
