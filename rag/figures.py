"""Figures in Chinese and English text: found, compared, paired into changes, put into English. Exact arithmetic."""

from __future__ import annotations

import dataclasses
import itertools
import re
import unicodedata
from dataclasses import dataclass
from decimal import Context, Decimal
from functools import lru_cache
from typing import Literal

from rag.normalise import Folded, contains_han, fold, fold_aligned

FigureKind = Literal["quantity", "percent", "percentage_point", "money", "ratio", "date", "year", "ordinal"]
AskedKind = Literal[
    "", "any", "count", "percent", "percentage_point", "money", "date", "duration", "length", "ordinal"
]
Direction = Literal["up", "down", "same"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """A value with its unit.

    Attributes:
        value: Scaled (12.3亿元 is 1230000000), exact. Dates: 20210604, 202106, 2021 or 604, as `unit` says.
        high: Upper end of a range, in the same unit, or None.
        unit: Canonical: "元", "%", "百分点", "家次", "人", "公里", "分钟", "倍", "年" …; "" when none. Of a date the parts
            it has ("年月日", "年月", "月日" …); of 三分之二 the divisor ("/3", with value 2).
        qualifier: "", or one of 约 左右 近 余 超 不足 以上 以下 至少 至多.
    """

    value: Decimal
    high: Decimal | None = None
    unit: str = ""
    kind: FigureKind = "quantity"
    qualifier: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure(Amount):
    """A figure in a text: `text[start:end] == raw`, always; a qualifier in front or behind is outside the span.

    Attributes:
        step: What the last written digit is worth: 1000 in 1.2万, 0.1 in 47.8%.
    """

    start: int
    end: int
    raw: str
    step: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A figure before and after; `subject` is the span of what changed, None where that is not plain."""

    before: Figure
    after: Figure
    direction: Direction
    start: int
    end: int
    subject: tuple[int, int] | None


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


def _words(text: str) -> list[str]:
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
    "平方公里": "平方公里,平方千米",
    "平方米": "平方米,平米,m2",
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
    "天": "天~津然气河下使,日=内以之均,days,day",
    "工作日": "个工作日,工作日,working days",
    "小时": "个小时,个多小时,小时,个钟头,hours,hour",
    "分钟": "分钟,minutes,minute,mins,min",
    "秒": "秒钟,秒,seconds,second",
    "岁": "周岁,岁",
    "人": "人口~普,people,persons,person",
    "人次": "visits,person-times",
    "张": "beds,bed",
    "倍": "fold",
}
# A Han numeral is a figure only in front of one of these: 三级, 一把手, 六统一 and their kind count nothing.
_AFTER_HAN = frozenset(
    _words(
        "家 个 名 位 所 间 座 张 台 部 项 条 件 份 本 篇 种 批 套 支 辆 例 床位 户 处 场 次 轮 笔 人 人次 家次 户次 例次 台次 年 个月 季度 周 天 "
        "工作日 小时 分钟 秒 岁 元 美元 港元 欧元 公里 里 米 公斤 斤 吨 亩 平方公里 平方米 倍 百分点 周年 % ‰"
    )
)
# 一个 is an article; with these 一 does measure. 二 without a multiplier says "second" or stands in a name.
_AFTER_ONE = frozenset(_words("年 个月 小时 分钟 秒 元 美元 公里 米 公斤 吨 倍 百分点 周年 人次"))
_IDIOMS = re.compile(
    r"一年(?:一|四季|到头|之计|比|又|年)|一成不变|十天半|十年树|百年树|三天两头|一元[化论复]|两个人|七台河|五家渠|三台县|[三五七八十]里[屯店河沟庄桥铺营堡墩街]|第三方|一万(?=[,;]?就怕)"
)
_NOT_ONE_AFTER = re.compile(r"[每这那某同哪任新]$|最后$")
_MONEY = frozenset(_words("元 美元 港元 欧元 日元 英镑"))
_PEOPLE = frozenset(_words("人 名 位"))
_CURRENCIES = dict(
    zip(_words("¥ cny rmb 人民币 us$ $ usd € £"), _words("元 元 元 元 美元 美元 美元 欧元 英镑"), strict=True)
)
_CURRENCY = re.compile(r"(?<![a-z])(¥|cny|rmb|人民币|us\$|usd|\$|€|£) ?$")

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
_MEASURED = frozenset(_FACTORS) - _PEOPLE | set(
    _words("亩 岁 倍 工作日 摄氏度 千瓦 千瓦时 毫米汞柱 英里 海里 周年")
)
_DURATIONS = frozenset(_words("年 个月 季度 周 天 工作日 小时 分钟 秒"))
_LENGTHS = frozenset(_words("公里 里 米 厘米 毫米"))
_KINDS_ASKED: dict[str, tuple[FigureKind, ...]] = {
    "": (),
    "percent": ("percent", "ratio"),
    "percentage_point": ("percentage_point", "percent"),
    "money": ("money",),
    "date": ("date", "year"),
    "duration": ("quantity",),
    "length": ("quantity",),
    "ordinal": ("ordinal",),
}


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


_CANONICAL, _UNITS_BY_FIRST = _unit_surfaces()


def _unit_at(s: str, at: int) -> tuple[str, int] | None:
    """Read the unit at a position, with a blank or hyphen in front of it: its surface and its end."""
    at += s[at : at + 1] == " "
    at += s[at : at + 1] == "-"
    pattern = _UNITS_BY_FIRST.get(s[at : at + 1])
    match = pattern.match(s, at) if pattern else None
    return (match[0], match.end()) if match else None


_EXACT = Context(prec=120)
_HAN_DIGITS = {
    ch: n for n, chars in enumerate(_words("零\u3007 一 二两 三 四 五 六 七 八 九")) for ch in chars
}
_HAN_TENS = {"十": 1, "百": 2, "千": 3, "万": 4, "亿": 8}
_SCALES = {
    **{
        word: sum(_HAN_TENS[ch] for ch in word)
        for word in _words("万亿 千亿 百亿 十亿 千万 百万 十万 亿 万 千 百")
    },
    "thousand": 3,
    "million": 6,
    "mn": 6,
    "billion": 9,
    "bn": 9,
    "trillion": 12,
}
_ARABIC = re.compile(r"((?:[0-9]{1,3}(?:,[0-9]{3}){1,6}|[0-9]{1,24})(?:\.[0-9]{1,12})?)(?!\.?[0-9])")
_HAN_RUN = re.compile(
    r"[零\u3007一二两三四五六七八九十百千万亿]{1,24}(?:点[零\u3007一二三四五六七八九]{1,12})?"
)
_SCALE = re.compile(
    r" ?([多余])?(万亿|千亿|百亿|十亿|千万|百万|十万|亿|万|千(?![米克瓦卡帕赫家])|百(?![姓强货])|(?:thousand|[mb]illion|trillion|[mb]n)(?![a-z]))"
    r"(?:([0-9]{1,4})(千万|百万|万))?"
)
_VAGUE = re.compile(r" ?([多余]|来(?= ?[\u4e00-\u9fff]))")
_RUN = re.compile(r"[0-9]+(?:[.,][0-9]+)*|[零\u3007一二两三四五六七八九十百千万亿]+|[^0-9]")
_MONTHS = _words("jan feb mar apr may jun jul aug sep oct nov dec")
_MONTH = r"(?P<mon>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
_START = re.compile(
    r"[0-9第一二两三四五六七八九十百千万零\u3007]|(?<![a-z])(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.? [0-9]"
)


@dataclass(frozen=True, slots=True)
class _Number:
    """A numeral as read, without unit: `scale` is the power of ten of 万, million."""

    value: Decimal
    step: Decimal
    end: int
    scale: int = 0
    is_han: bool = False
    qualifier: str = ""


@dataclass(frozen=True, slots=True)
class _Read:
    """What a reader made of a position: an amount, or None for a span that is no figure."""

    start: int
    end: int
    amount: Amount | None
    step: Decimal = Decimal(1)


def find_figures(text: str) -> list[Figure]:
    """Find every figure, in order, not overlapping; time linear in the text."""
    folded = _scan_form(text)
    figures = []
    position = 0
    while match := _START.search(folded.text, position):
        read = _read(folded.text, match.start())
        position = max(read.end, match.start() + 1)
        start, end = folded.span(read.start, read.end)
        if read.amount is not None and start < end:
            figures.append(_figure(read.amount, start, end, text[start:end], read.step))
    return figures


def _figure(amount: Amount, start: int, end: int, raw: str, step: Decimal) -> Figure:
    return Figure(
        value=amount.value,
        high=amount.high,
        unit=amount.unit,
        kind=amount.kind,
        qualifier=amount.qualifier,
        start=start,
        end=end,
        raw=raw,
        step=step,
    )


def _scan_form(text: str) -> Folded:
    """Fold for scanning. A full-width comma joins digits only where they are full-width too: it mostly ends clauses."""
    text = re.sub(r"(?<![\uff10-\uff19])，|，(?![\uff10-\uff19]{3})", "；", text)
    text = re.sub(r"(?:https?://|www\.)[!-~]+", lambda m: " " * len(m[0]), text)
    return fold_aligned("".join(map(_without_numeral_signs, text)))


@lru_cache(maxsize=65536)
def _without_numeral_signs(ch: str) -> str:
    """Blank ①, ², ½ and their kind, which folding would turn into digits; the ideographic zero is one."""
    return " " if ch != "\u3007" and unicodedata.category(ch) in ("No", "Nl") else ch


def _read(s: str, at: int) -> _Read:
    for reader in (_read_noise, _read_date, _read_english_date, _read_ordinal, _read_share, _read_quantity):
        read = reader(s, at)
        if read is not None:
            return read
    run = _RUN.match(s, at)
    return _Read(at, run.end() if run else at + 1, None)


_NOISE = re.compile(
    r"[0-2]?[0-9]:[0-5][0-9](?::[0-5][0-9])?(?![0-9])"  # a time of day
    r"|0[0-9]{2,3}-[0-9]{7,8}(?![0-9])|1[3-9][0-9]{9}(?![0-9万亿元人])"  # a telephone
    r"|[0-9]+(?:\.[0-9]+){2,}(?!年)|[0-9]+(?: ?\+ ?[0-9a-z]+)+(?![0-9.%])"  # a version, "4+1"
)
_GLUED = re.compile(r"(?:[a-z_@#\\]|[a-z][-./]|[0-9a-z]/|\+)$")
_MARKER_BEFORE = re.compile(r"(?:^|[\n。;!?:(\[] {0,4})$")
_MARKER = re.compile(r"[0-9]{1,2}(?:[.、](?![0-9])|\))")


def _read_noise(s: str, at: int) -> _Read | None:
    """Skip what looks like a figure and is none: times, versions, list numbers, digits inside a Latin word."""
    if s[at] not in "0123456789":
        idiom = _IDIOMS.match(s, at)
        return _Read(at, idiom.end(), None) if idiom else None
    match = _NOISE.match(s, at)
    if match and not re.fullmatch(r"[12][0-9]{3}\.[0-9]{1,2}\.[0-9]{1,2}", match[0]):
        return _Read(at, match.end(), None)
    before = s[max(0, at - 6) : at]
    marker = _MARKER.match(s, at)
    is_marker = marker is not None and _MARKER_BEFORE.search(before) is not None
    is_signed = re.search(r"(?:^|[^0-9a-z”\"])\+$", before) is not None
    if is_marker or (_GLUED.search(before) and not _CURRENCY.search(before) and not is_signed):
        run = re.compile(r"[0-9.,]*[0-9]").match(s, at)
        return _Read(at, run.end() if run else at + 1, None)
    return None


_Y, _M, _D = r"(?P<y>[12][0-9]{3})", r"(?P<m>1[0-2]|0?[1-9])", r"(?P<d>3[01]|[12][0-9]|0?[1-9])"
_HAN_M = r"(?P<m>十[一二]?|[一二三四五六七八九])"
_HAN_D = r"(?P<d>三十一?|二?十[一二三四五六七八九]?|[一二三四五六七八九])"
_DASH = r" ?(?:-|—{1,2}|–|~|至|到) ?"
_DATES = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{_Y} ?年?{_DASH}(?P<y2>[12][0-9]{{3}}) ?年(?![代级] ?)",
        rf"{_Y} ?年 ?{_M} ?月(?: ?{_D} ?[日号])?",
        rf"{_Y}(?P<sep>[-/.]){_M}(?P=sep){_D}(?![0-9])",
        rf"{_Y}-(?P<m>0[1-9]|1[0-2])(?![0-9-])",
        rf"{_M} ?月 ?{_D}(?:[日号]?{_DASH}(?P<d2>[0-9]{{1,2}}))? ?[日号]",
        rf"{_D}[日号]?{_DASH}(?P<d2>[0-9]{{1,2}}) ?日(?! ?(?:内|以内|之内|以上|均|间))",
        rf"{_M} ?月(?!饼|嫂|子)",
        rf"{_D} ?日(?! ?(?:内|以内|之内|以上|均|间))",
        rf"{_Y} ?年(?![代级])",
        r"(?P<y>[一二][一二三四五六七八九\u3007零○]{3})年(?:" + _HAN_M + "月(?:" + _HAN_D + "[日号])?)?",
        _HAN_M + "月" + _HAN_D + "[日号]",
        _HAN_M + "月(?=份|底|初|末|中旬|上旬|下旬)",
        r"(?P<y>(?:19|20)[0-9]{2})(?:-|—{1,2}|–)(?P<y2>(?:19|20)[0-9]{2})(?![0-9.%]| ?[\u4e00-\u9fff]?[人家个张名次元所项])",
    )
)
_DATE_AHEAD = re.compile(r"(?:[0-9]{1,4}|[一二三四五六七八九十零○\u3007]{1,4}) ?[年月日/.~至到—–\u2212-]")
_LONGER = re.compile(r"(?:近|超过?|约|逾|长达|历时)$")


def _read_date(s: str, at: int) -> _Read | None:
    if not _DATE_AHEAD.match(s, at):
        return None
    for pattern in _DATES:
        match = pattern.match(s, at)
        if match:
            parts = match.groupdict()
            is_span = not parts.get("m") and not parts.get("d") and _LONGER.search(s[max(0, at - 2) : at])
            return None if is_span and not parts.get("y2") else _date_read(parts, match.start(), match.end())
    return None


def _read_english_date(s: str, at: int) -> _Read | None:
    for pattern in _ENGLISH_DATES:
        match = pattern.match(s, at)
        if match:
            parts = dict(match.groupdict())
            parts["m"] = str(_MONTHS.index(match["mon"][:3]) + 1)
            return _date_read(parts, match.start(), match.end())
    return None


_ENGLISH_DATES = tuple(
    re.compile(pattern + r"(?![0-9a-z])")
    for pattern in (
        rf"{_D}(?:st|nd|rd|th)? (?:of )?{_MONTH}\.?(?:,? {_Y})?",
        rf"{_MONTH}\.? {_D}(?:st|nd|rd|th)?(?:,? {_Y})?",
        rf"{_MONTH}\.?,? {_Y}",
    )
)


def _date_read(parts: dict[str, str | None], start: int, end: int) -> _Read:
    year, month, day = (_date_part(parts.get(name)) for name in ("y", "m", "d"))
    last_year, last_day = _date_part(parts.get("y2")), _date_part(parts.get("d2"))
    unit = "".join(name for name, part in (("年", year), ("月", month), ("日", day)) if part)
    value = 0
    for part, width in ((year, 1), (month, 100), (day, 100)):
        value = value * width + part if part else value
    kind: FigureKind = "year" if unit == "年" else "date"
    last = value - day + last_day if last_day > day else last_year if last_year > year else 0
    high = Decimal(last) if last else None
    return _Read(start, end, Amount(value=Decimal(value), high=high, unit=unit, kind=kind))


def _date_part(text: str | None) -> int:
    if not text:
        return 0
    if text.isdecimal():
        return int(text)
    if len(text) == 4:
        return int("".join(str(_HAN_DIGITS.get(ch, 0)) for ch in text))
    return int(_han_value(text) or 0)


_LABEL = re.compile(r"(?:表|图|附件|附录|看点|案例|专栏|步骤|要点|no\.?|figure|table) ?$")
_NAMED_NUMBER = re.compile(r"([0-9]{1,6})(?:(?:st|nd|rd|th)(?![a-z])| ?(号|型))")


def _read_ordinal(s: str, at: int) -> _Read | None:
    named = _NAMED_NUMBER.match(s, at)
    if named:
        return _Read(at, named.end(), Amount(value=Decimal(named[1]), unit=named[2] or "", kind="ordinal"))
    if s[at] == "第":
        number = _read_number(s, at + 1)
        if number is None:
            return _Read(at, at + 1, None)
        surface, end = _unit_at(s, number.end) or ("", number.end)
        amount = Amount(value=number.value, unit=_CANONICAL.get(surface, ""), kind="ordinal")
        return _Read(at, end, amount)
    if s[at] in "0123456789" and _LABEL.search(s[max(0, at - 7) : at]):
        number = _read_number(s, at)
        if number is not None and not _unit_at(s, number.end):
            return _Read(at, number.end, Amount(value=number.value, kind="ordinal"))
    return None


_PARTS_OF = re.compile(r"(百|千|万|[2-9]|[0-9]{2,4}|[二三四五六七八九十]{1,3})分之")
_TENTHS = re.compile(
    r"([1-9](?:\.5)?|[一二两三四五六七八九十]) ?成(?!立|为|员|功|都|熟|效|果|本|人|年|绩|长|交|品|分|就|型|才|家|教|套|像|不)([一二三四五六七八九](?![十百千万家个成]))?"
)


def _read_share(s: str, at: int) -> _Read | None:
    """Read 百分之四十七点八, 三分之二 and 三成五."""
    match = _PARTS_OF.match(s, at)
    if match:
        number = _read_number(s, match.end())
        return _parts_read(match[1], at, number, s) if number else _Read(at, match.end(), None)
    tenths = _TENTHS.match(s, at)
    if not tenths:
        return None
    count = Decimal(tenths[1]) if tenths[1][0].isascii() else _han_value(tenths[1]) or Decimal(0)
    half = _HAN_DIGITS[tenths[2]] if tenths[2] else 0
    amount = Amount(
        value=_plain(count * 10 + half), unit="%", kind="percent", qualifier=_qualifier(s, at, tenths.end())
    )
    return _Read(at, tenths.end(), amount, Decimal(1 if half else 10))


def _parts_read(divisor: str, at: int, number: _Number, s: str) -> _Read:
    qualifier = number.qualifier or _qualifier(s, at, number.end)
    if divisor in ("百", "千", "100", "1000"):
        unit = "%" if divisor in ("百", "100") else "‰"
        amount = Amount(value=number.value, unit=unit, kind="percent", qualifier=qualifier)
        return _Read(at, number.end, amount, number.step)
    whole = int(divisor) if divisor.isdecimal() else int(_han_value(divisor) or 0)
    if whole < 2:
        return _Read(at, number.end, None)
    amount = Amount(value=number.value, unit=f"/{whole}", kind="ratio", qualifier=qualifier)
    return _Read(at, number.end, amount, number.step)


_RANGE = re.compile(r" ?(-|—{1,2}|–|~|至|到) ?(?=[0-9一二两三四五六七八九十])| (?:to|or) (?=[0-9])")
_FROM = re.compile(r"(?:从|由|自|from|between)[^,;。\n]{0,8}$")


def _read_quantity(s: str, at: int) -> _Read | None:
    """Read a number with its unit, or a range of two."""
    first = _read_number(s, at)
    if first is None:
        return None
    one, end = _with_unit(s, at, first)
    separator = _RANGE.match(s, end)
    second = _read_number(s, separator.end()) if separator else None
    if (
        separator
        and second
        and not (separator[1] in ("至", "到", None) and _FROM.search(s[max(0, at - 12) : at]))
    ):
        other, other_end = _with_unit(s, separator.end(), second)
        joined = _joined(one, first, other, second)
        if joined and _is_figure(s, at, other_end, second, joined):
            qualified = dataclasses.replace(
                joined, qualifier=joined.qualifier or _qualifier(s, at, other_end, joined.unit)
            )
            return _Read(_with_currency(s, at), other_end, qualified, second.step)
    if not _is_figure(s, at, end, first, one):
        return _Read(at, max(end, first.end), None)
    return _signed(s, at, end, one, first)


def _joined(one: Amount, first: _Number, other: Amount, second: _Number) -> Amount | None:
    """Make a range of two amounts, where they are one: 2至3个, 20%—30%, 3-5万元."""
    low = one.value
    if not one.unit and not first.scale and second.scale:
        low = _plain(one.value.scaleb(second.scale, context=_EXACT))
    if one.unit not in ("", other.unit) or not low < other.value:
        return None
    return dataclasses.replace(other, value=low, high=other.value)


def _signed(s: str, at: int, end: int, amount: Amount, number: _Number) -> _Read:
    """Complete a single amount with what stands before it: currency, minus sign, qualifier."""
    start = _with_currency(s, at)
    qualifier = amount.qualifier or _qualifier(s, start, end, amount.unit)
    qualified = dataclasses.replace(amount, qualifier=qualifier) if qualifier else amount
    if re.search(r"[\u4e00-\u9fff(:][-\u2212]$", s[max(0, at - 2) : at]):
        return _Read(at - 1, end, dataclasses.replace(qualified, value=-amount.value), number.step)
    return _Read(start, end, qualified, number.step)


def _with_currency(s: str, at: int) -> int:
    match = _CURRENCY.search(s[max(0, at - 5) : at])
    return at - (len(match[0]) if match else 0)


def _with_unit(s: str, at: int, number: _Number) -> tuple[Amount, int]:
    """Add unit and kind to a number; a bare four-digit number may turn out to be a year."""
    qualifier, end = number.qualifier, number.end
    vague = _VAGUE.match(s, end)
    if vague:
        qualifier, end = "余", vague.end()
    found = _unit_at(s, end)
    unit = ""
    if found:
        unit, end = _CANONICAL[found[0]], found[1]
        qualifier = "余" if "多" in found[0] else qualifier
    elif vague and vague[1] == "来":
        qualifier, end = number.qualifier, number.end
    currency = _CURRENCY.search(s[max(0, at - 5) : at])
    unit = _CURRENCIES[currency[1]] if currency and not unit else unit
    if not unit and _is_year(s, at, number):
        return Amount(value=number.value, unit="年", kind="year"), end
    return Amount(value=number.value, unit=unit, kind=_kind(unit), qualifier=qualifier), end


def _kind(unit: str) -> FigureKind:
    kinds: dict[str, FigureKind] = {
        "%": "percent",
        "‰": "percent",
        "百分点": "percentage_point",
        "倍": "ratio",
    }
    return "money" if unit in _MONEY else kinds.get(unit, "quantity")


_BARE_YEAR = re.compile(r"(?:19[5-9]|20[0-9])[0-9](?![,.]?[0-9])")
_NOUN_AFTER = re.compile(
    r" (?!to |and |the |was |were |it |as |with |for |or |on |at |by |has |had |this |when |compared |a |an )[a-z]{2}"
)


def _is_year(s: str, at: int, number: _Number) -> bool:
    if not _BARE_YEAR.match(s, at) or number.end != at + 4:
        return False
    return (
        not _NOUN_AFTER.match(s, number.end)
        or re.search(r"(?:\bin|since|during|until|year) $", s[max(0, at - 8) : at]) is not None
    )


def _is_figure(s: str, at: int, end: int, number: _Number, amount: Amount) -> bool:
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


def _is_name(s: str, at: int, end: int, number: _Number) -> bool:
    """Whether digits without a unit are part of a name or number a heading: 5G, “120”, 1精心组织."""
    following = s[end : end + 1]
    if re.match(r"\.?[a-z]", s[end : end + 2]):
        return True
    if number.scale:
        return False
    if s[at - 1 : at] in tuple('“「"‘『'):
        return True
    is_short = number.end - at <= 2 and following not in tuple("部省市县区年")
    return is_short and contains_han(following) and _MARKER_BEFORE.search(s[max(0, at - 6) : at]) is not None


def _is_slogan(s: str, at: int, end: int) -> bool:
    """Whether a numeral opens a short quoted phrase, such as “两个允许”: a name, not a count."""
    return (
        s[at - 1 : at] in tuple('“「"‘『')
        and re.match(r"[^”」\"’』\n]{0,6}[”」\"’』]", s[end : end + 8]) is not None
    )


def _read_number(s: str, at: int) -> _Number | None:
    """Read a numeral in digits or Han characters, with 万, 亿, million and the like."""
    arabic = _ARABIC.match(s, at)
    if not arabic:
        return _read_han_number(s, at)
    digits = arabic[1].replace(",", "")
    value, step = Decimal(digits), Decimal(1).scaleb(-len(digits.partition(".")[2]))
    match = _SCALE.match(s, arabic.end())
    if not match:
        return _Number(value, step, arabic.end())
    scale = _SCALES[match[2]]
    value, step = value.scaleb(scale, context=_EXACT), step.scaleb(scale)
    if match[3] and scale == 8:
        value, step = (
            value + Decimal(match[3]).scaleb(_SCALES[match[4]]),
            Decimal(1).scaleb(_SCALES[match[4]]),
        )
    end = match.end() if match[3] is None or scale == 8 else match.end(2)
    return _Number(_plain(value), _plain(step), end, scale, qualifier="余" if match[1] else "")


def _read_han_number(s: str, at: int) -> _Number | None:
    match = _HAN_RUN.match(s, at)
    value = _han_value(match[0]) if match else None
    if match is None or value is None:
        return None
    run = match[0]
    step = Decimal(1).scaleb(sum(_HAN_TENS[ch] for ch in run[len(run.rstrip("十百千万亿")) :]))
    if "点" in run:
        step = Decimal(1).scaleb(-len(run.partition("点")[2]))
    more = re.compile(r"([多余])(万|亿)").match(s, match.end())
    if more:
        scale = _HAN_TENS[more[2]]
        return _Number(
            _plain(value.scaleb(scale)), _plain(step.scaleb(scale)), more.end(), is_han=True, qualifier="余"
        )
    return _Number(value, _plain(step), match.end(), is_han=True)


def _han_value(run: str) -> Decimal | None:
    """Read a Han numeral by its grammar; None for what is none, such as 二三十, 十四五 or a bare 百."""
    whole, point, fraction = run.partition("点")
    number = _han_integer(whole)
    if number is None or (point and not fraction):
        return None
    return (
        Decimal(f"{number}.{''.join(str(_HAN_DIGITS[ch]) for ch in fraction)}") if point else Decimal(number)
    )


def _han_integer(run: str) -> int | None:
    for unit, power in (("亿", 10**8), ("万", 10**4)):
        high, found, low = run.rpartition(unit)
        if found:
            above, below = _han_integer(high) if high else None, _han_integer(low) if low else 0
            # 一万二 may mean 12000 or 10002: not ours to guess.
            is_short = len(low) == 1
            return (
                None
                if above is None or below is None or is_short or below >= power
                else above * power + below
            )
    return _han_section(run)


def _han_section(run: str) -> int | None:
    """Read a numeral below ten thousand."""
    total, digit, last, zero = 0, 0, 10000, False
    for ch in run:
        if ch in "零\u3007":
            if digit:
                return None
            zero = True
        elif ch in _HAN_DIGITS:
            if digit:
                return None
            digit = _HAN_DIGITS[ch]
        else:
            unit = 10 ** _HAN_TENS[ch]
            if unit >= last or (not digit and (unit != 10 or total)):
                return None
            total, digit, last, zero = total + (digit or 1) * unit, 0, unit, False
    if digit and last in (100, 1000) and not zero:
        return None
    return total + digit if total + digit or run in ("零", "\u3007") else None


def _plain(value: Decimal) -> Decimal:
    """Write out 1.23E+9 as 1230000000; the value is the same."""
    exponent = value.as_tuple().exponent
    return value.quantize(Decimal(1), context=_EXACT) if isinstance(exponent, int) and exponent > 0 else value


_BEFORE = (
    ("至少", r"至少|不少于|不低于|不小于|最少|at least"),
    ("至多", r"至多|不超过|不多于|不高于|最多|at most|up to|no more than|not more than"),
    ("约", r"大约|大概|(?<![预节签契合特制条公违履简])约|about|around|approximately|roughly|some"),
    ("近", r"将近|接近|(?<![附最远就临靠亲贴相新])近|nearly|almost|close to"),
    ("超", r"超过|超出|突破|多于|高于|大于|超|逾|over|more than|above|exceeding"),
    ("不足", r"不足|不到|不满|低于|少于|小于|less than|under|below|fewer than"),
)
_BEFORE_ENDINGS = frozenset("少于小过多高最概约近接超出破大逾足到满低tondmyrseg")
_BEFORE_PATTERNS = tuple((name, re.compile(f"(?:{words}) ?[了的]? ?$")) for name, words in _BEFORE)
_AFTER_PATTERN = re.compile(r" ?(左右|上下|及?以上|及?以下|以内|之内|多(?=[,，。;；、的来])|or more|or less)")
_AFTER_NAMES = {
    "左右": "左右",
    "上下": "左右",
    "以内": "以下",
    "之内": "以下",
    "多": "余",
    "or more": "以上",
    "or less": "以下",
}


def _qualifier(s: str, start: int, end: int, unit: str = "") -> str:
    """Name what makes a figure approximate or a bound; 近5年 is the last five years, not nearly five."""
    before = s[max(0, start - 14) : start]
    for name, pattern in _BEFORE_PATTERNS if before.rstrip(" 了的")[-1:] in _BEFORE_ENDINGS else ():
        if pattern.search(before):
            return "" if name == "近" and unit in _DURATIONS else name
    after = _AFTER_PATTERN.match(s, end)
    return _AFTER_NAMES.get(after[1], after[1].lstrip("及")) if after else ""


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
    if a.kind != "quantity" or units & _MEASURED or units & {base for base, _ in _FACTORS.values()} - {"人"}:
        return False
    return "" in units or ("个" in units and not any(u == "人" or u.endswith("次") for u in units))


def base_value(amount: Amount) -> tuple[Decimal, Decimal | None]:
    """Return value and upper end in the base unit of the amount's dimension (minutes and hours in seconds)."""
    factor = _factor(amount.unit)
    high = None if amount.high is None else _EXACT.multiply(amount.high, factor)
    return _EXACT.multiply(amount.value, factor), high


_UP = "增长|增加|提高|提升|上升|增|升|扩大|扩展|扩|攀升|上涨|涨|多"
_DOWN = "下降|降低|减少|缩小|缩短|缩减|压缩|压减|下调|回落|下跌|降|减|缩|跌|少"
_ADVERB = "(?:大幅|逐步|稳步|进一步|逐年|持续|快速|迅速|已经?|也|显著|明显|再|均)*"
_WHEN = "(?:[12][0-9x]{3}年(?:底|末|初)?的?|目前的?|现在的?|如今的?|原来的?|原先的?|过去的?|之前的?|此前的?|最初的?|改革前的?)?"
_NEARLY = "(?:约|大约|近|将近|超过?|了)?"
_FROM_MARK = re.compile(rf"(?:从|由|自){_WHEN}{_NEARLY}$|\bfrom (?:about |nearly |around |over )?$")
_TO_AFTER_FROM = re.compile(
    rf"(?:左右|以上|以下|多)?,?{_ADVERB}(?:{_UP}|{_DOWN}|变化?|调整|发展)?(?:到|至|为|成)了?{_WHEN}{_NEARLY}"
    r"|(?: in [12][0-9]{3})?,? to (?:about |nearly |around |over )?"
)
_TO = re.compile(rf"{_ADVERB}(?:{_UP}|{_DOWN}|变)(?:到|至|为|成)了?{_WHEN}{_NEARLY}| ?(?:→|->|⟶|=>|⇒) ?")
_COMPARED = re.compile(r",?(?:相较于?|相比于?|对比|比|较)[^,;。\n]{0,10}")
_BY = re.compile(rf"(?:相比)?,?(?:共|净|累计|已)?(?:{_UP}|{_DOWN})了?")
_LINK_CHARS = 32


def changes(text: str) -> list[Change]:
    """Find pairs of a figure before and after: 从A下降至B, A增至B, B，相较于A增加了C, from A to B, A → B."""
    figures = [
        f
        for f in find_figures(text)
        if f.kind in ("quantity", "percent", "percentage_point", "money", "ratio")
    ]
    found = []
    for index, (first, second) in enumerate(itertools.pairwise(figures)):
        third = figures[index + 2] if index + 2 < len(figures) else None
        change = _from_to(text, first, second) or _compared(text, first, second, third)
        if change is not None:
            found.append(change)
    return found


def _between(text: str, first: Figure, second: Figure) -> str:
    """The matching form of what stands between two figures; what is too long for a link is cut to a non-link."""
    return fold(text[first.end : min(second.start, first.end + _LINK_CHARS)]) + (
        "…" * (second.start - first.end > _LINK_CHARS)
    )


def _from_to(text: str, before: Figure, after: Figure) -> Change | None:
    mark = _FROM_MARK.search(fold(text[max(0, before.start - 16) : before.start]))
    link = (_TO_AFTER_FROM if mark else _TO).fullmatch(_between(text, before, after))
    if not before.unit and after.unit and after.step < 1000:
        before = dataclasses.replace(before, unit=after.unit, kind=after.kind)
    if not link or not _comparable(before, after):
        return None
    stop = before.start - (len(mark[0]) if mark else 0)
    return _change(text, before, after, stop)


def _compared(text: str, after: Figure, before: Figure, step: Figure | None) -> Change | None:
    """Read "B, compared with A up by C", believed only where C is the difference."""
    if (
        step is None
        or not _COMPARED.fullmatch(_between(text, after, before))
        or not _BY.fullmatch(_between(text, before, step))
    ):
        return None
    if not _comparable(before, after):
        return None
    change = _change(text, before, after, after.start)
    return change if same_value(difference(change), step) else None


def _comparable(a: Figure, b: Figure) -> bool:
    return a.kind == b.kind and same_unit(a, b) and a.high is None and b.high is None


def _change(text: str, before: Figure, after: Figure, stop: int) -> Change:
    low, high = base_value(before)[0], base_value(after)[0]
    direction: Direction = "same" if low == high else "up" if high > low else "down"
    start, end = min(before.start, after.start), max(before.end, after.end)
    return Change(
        before=before, after=after, direction=direction, start=start, end=end, subject=_subject(text, stop)
    )


_CLAUSE_START = re.compile(r"[，,。；;！!？?：:、\n“”「」（）()\]】]|\. ")
_LEADING = re.compile(
    r"(?:其中|同时|目前|并且?|而且?|但|把|将|推动|带动|促使|促进|实现|确保|比如|例如|此外|据悉|截至|全年|如今|[12][0-9x]{3}年(?:底|末|度)?(?:以来)?|"
    r".{0,12}(?:让|使得|令|使(?![用馆命]))|(?:the|its|and|while|where|a) )+"
)
_TRAILING = re.compile(
    r"(?:也|已经?|均|分别|进一步|逐步|大幅|显著|则|都|就|又|的|便|达到?|为|是|有|共| (?:has|have|had|was|were|been|"
    r"fell|fallen|dropped|declined|decreased|rose|risen|increased|grew|grown|went|shrank|cut|reduced|shortened|lowered|raised|"
    r"expanded|narrowed|changed|improved|down|up))+$| +$"
)
_ENGLISH_VERB = re.compile(
    r"\b(?:cut|reduced|shortened|lowered|raised|expanded|narrowed|brought|increased|improved) (?:the |its )?"
)
_SUBJECT_CHARS = 24


def _subject(text: str, stop: int) -> tuple[int, int] | None:
    """Find the noun phrase that ends at `stop` in its clause; None where it is not one plain phrase."""
    start = max(0, stop - 2 * _SUBJECT_CHARS - 12)
    bounds = list(_CLAUSE_START.finditer(text, start, stop))
    if bounds and bounds[-1][0] == "、":
        return None
    start = bounds[-1].end() if bounds else start
    folded = fold(text[start:stop])
    if len(folded) != stop - start:
        return None
    trailing = _trailing(folded)
    lead = _LEADING.match(folded, 0, trailing)
    left = lead.end() if lead else 0
    for verb in _ENGLISH_VERB.finditer(folded, left, trailing):
        left = verb.end()
    left += len(folded[left:trailing]) - len(folded[left:trailing].lstrip())
    phrase = folded[left:trailing]
    most = _SUBJECT_CHARS if contains_han(phrase) else 2 * _SUBJECT_CHARS
    is_plain = 2 <= len(phrase) <= most and not re.search(r"[0-9]", phrase)
    return (start + left, start + trailing) if is_plain else None


def _trailing(folded: str) -> int:
    """Where the phrase ends once adverbs, verbs and blanks behind it are taken off."""
    end = len(folded)
    while end and (match := _TRAILING.search(folded[:end])):
        end = match.start()
    return end


def difference(change: Change) -> Amount:
    """How much a change is, exactly and without sign; percent minus percent gives percentage points.

    Of two units of one dimension the smaller is used: 2小时 to 30分钟 is 90分钟.
    """
    (before, _), (after, _) = base_value(change.before), base_value(change.after)
    apart = abs(_EXACT.subtract(after, before))
    if change.after.kind == "percent":
        return Amount(value=apart, unit="百分点", kind="percentage_point")
    units = [unit for unit in (change.after.unit, change.before.unit) if unit] or [""]
    unit = min(units, key=_factor)
    return Amount(value=_plain(_EXACT.divide(apart, _factor(unit))), unit=unit, kind=change.after.kind)


def _factor(unit: str) -> Decimal:
    return _FACTORS[unit][1] if unit in _FACTORS else Decimal(1)


_ENGLISH_UNITS = {
    "公里": "km",
    "米": "m",
    "平方公里": "km²",
    "平方米": "m²",
    "公顷": "hectares",
    "吨": "tonnes",
    "公斤": "kg",
    "分钟": "minutes",
    "小时": "hours",
    "秒": "seconds",
    "天": "days",
    "工作日": "working days",
    "周": "weeks",
    "个月": "months",
    "季度": "quarters",
    "年": "years",
    "人": "people",
    "百分点": "percentage points",
    "倍": "times",
}
_ENGLISH_MONEY = {"元": "CNY", "美元": "USD", "港元": "HKD", "欧元": "EUR", "日元": "JPY", "英镑": "GBP"}
_ENGLISH_BEFORE = {
    "约": "about",
    "左右": "about",
    "近": "nearly",
    "余": "more than",
    "超": "more than",
    "不足": "less than",
    "至少": "at least",
    "至多": "at most",
}
_ENGLISH_AFTER = {"以上": "or more", "以下": "or less"}
_MONTH_NAMES = _words("January February March April May June July August September October November December")


def in_english(amount: Amount) -> str:
    """Say an amount in English; a measure word with no sure translation is left out ("58家次" gives "58")."""
    if amount.kind in ("date", "year"):
        return _english_date(amount)
    words = "–".join(_english_number(v, amount) for v in (amount.value, amount.high) if v is not None)
    if amount.kind == "ordinal":
        return f"no. {words}"
    if amount.kind == "percent":
        words += amount.unit
    elif amount.kind == "money":
        words = f"{_ENGLISH_MONEY[amount.unit]} {words}"
    elif amount.unit.startswith("/"):
        words += amount.unit
    elif amount.unit in _ENGLISH_UNITS:
        name = _ENGLISH_UNITS[amount.unit]
        is_single = amount.value == 1 and amount.high is None and amount.unit not in ("人", "公里", "米")
        words += " " + (name.removesuffix("s") if is_single else name)
    parts = (_ENGLISH_BEFORE.get(amount.qualifier, ""), words, _ENGLISH_AFTER.get(amount.qualifier, ""))
    return " ".join(part for part in parts if part)


def _english_number(value: Decimal, amount: Amount) -> str:
    """Group thousands; money in millions and billions where that is exact and shorter."""
    if amount.kind == "money":
        for power, name in ((9, "billion"), (6, "million")):
            if abs(value) >= 10**power:
                return f"{_EXACT.normalize(value.scaleb(-power, context=_EXACT)):,f} {name}"
    return f"{value:f}" if amount.kind == "ordinal" else f"{value:,f}"


def _english_date(amount: Amount) -> str:
    digits = f"{amount.value:f}"
    if amount.unit == "年":
        return digits if amount.high is None else f"{digits}–{amount.high:f}"
    year = digits[:4] + " " if "年" in amount.unit else ""
    rest = digits[4:] if year else digits
    month = (
        _MONTH_NAMES[int(rest[:-2] or rest if "日" in amount.unit else rest) - 1]
        if "月" in amount.unit
        else ""
    )
    day = str(int(rest[-2:])) if "日" in amount.unit else ""
    if amount.high is not None:
        day += f"–{int(amount.high) % 100}"
    return " ".join(part for part in (day, month, year.strip()) if part)


_MEASURE = "|".join(
    sorted({w.split("~")[0] for w in _COUNTERS.split()} - {"点", "分", "次", "年"}, key=len, reverse=True)
)
_ASKED: tuple[tuple[AskedKind, re.Pattern[str]], ...] = (
    ("percentage_point", re.compile(r"(?:多少|几)个?百分点|how many percentage points")),
    (
        "percent",
        re.compile(
            r"百分之(?:多少|几)|[占达]比?(?:多少|几成)|几成|(?:比例|占比|比重|份额|[^效频]率)(?:目标|水平)?(?:分别)?(?:是|为|有|达到?|占)?(?:了|多)?(?:多少|多高|几)|what (?:share|percentage|proportion|fraction|per ?cent)|how high (?:is|was) the (?:\S+ ){0,3}(?:rate|ratio|share)|what (?:is|was) the (?:\S+ ){0,4}(?:rate|ratio|share|percentage|proportion)\b"
        ),
    ),
    (
        "money",
        re.compile(
            r"多少(?:万|亿)?元|多少钱|(?:投入|资金|经费|花费?|支出|补助标准|金额|费用|筹资标准|预算)(?:了|是|为|共|达到?|提高)*(?:了)?多少(?!个|家|人|名|项)|how much (?:money|funding|cost)|how much (?:did|does|do|was|were|is|has|have) [^?]{0,60}(?:cost|spend|spent|invest|pay|paid|allocate)|what (?:was|is) the (?:cost|budget)"
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
        ),
    ),
    ("length", re.compile(r"多远|(?:多少|几)(?:公里|千米|米|里)|how far|how many (?:km|kilomet|met)")),
    ("ordinal", re.compile(r"第几")),
    (
        "count",
        re.compile(rf"(?:多少|几)(?P<unit>{_MEASURE}|次|分(?!之))|多少(?=\S)(?![?？。了]|的)|how many"),
    ),
    ("any", re.compile(r"多少|how much|by what amount|多大|多高")),
)


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
        return _DURATIONS
    if kind == "length":
        return _LENGTHS
    if kind != "count" or not match["unit"]:
        return frozenset()
    unit = _CANONICAL.get(match["unit"], match["unit"])
    return frozenset(_PEOPLE if unit in _PEOPLE else {unit})


def _answers_count(figure: Amount, units: frozenset[str]) -> bool:
    """Whether a figure counts things, and things of the kind asked for: 个 asks for, and answers for, most others."""
    if figure.kind != "quantity" or figure.unit in _MEASURED:
        return False
    asked = (Amount(value=Decimal(1), unit=unit) for unit in units)
    return not units or any(same_unit(one, figure) for one in asked)
