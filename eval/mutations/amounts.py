"""Figures made wrong: a digit, a unit, a bound; and the same figures written otherwise."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from eval.mutations.chance import chance, shuffled
from eval.mutations.claims import Faithful
from eval.mutations.wording import (
    counted_figures,
    is_gloss_list,
    is_quoted,
    quoted_spans,
    says_value,
    splice,
    unquoted_first,
)
from rag.figures import Figure, base_value, find_figures, same_unit, same_value
from rag.normalise import contains_han, fold
from rag.verify.forms import quotations

_LOWER_BOUNDS = frozenset({"超", "以上", "至少"})
_UPPER_BOUNDS = frozenset({"不足", "以下", "至多"})
_DIGIT = re.compile(r"[0-9\uff10-\uff19]")
_WIDE = {ord(ch): chr(ord(ch) + 0xFEE0) for ch in "0123456789%"}
_HAN_DIGITS = "一二三四五六七八九"
_HAN_NUMERAL = re.compile(r"[一二两三四五六七八九]")
# What is written behind the number, and what may stand in its place: always another amount or another unit.
_UNITS = (
    ("亿元", ("万元",)),
    ("万元", ("亿元", "元")),
    ("万亿", ("亿", "万")),
    ("亿", ("万",)),
    ("万人次", ("亿人次", "万人", "人次")),
    ("万人", ("人", "万人次")),
    ("万", ("亿",)),
    ("元", ("万元", "美元")),
    ("个百分点", ("%",)),
    ("百分点", ("%",)),
    ("%", ("个百分点", "‰")),
    ("人次", ("人", "万人次")),
    ("家次", ("家",)),
    ("家", ("家次",)),
    ("户次", ("户",)),
    ("小时", ("分钟", "天")),
    ("分钟", ("小时", "秒")),
    ("个月", ("年", "天")),
    ("天", ("小时", "个月")),
    ("平方公里", ("平方米",)),
    ("公里", ("米",)),
    ("平方米", ("亩",)),
    ("倍", ("%",)),
    ("张", ("万张",)),
    ("名", ("万名",)),
    ("percentage points", ("percent",)),
    ("billion", ("million",)),
    ("million", ("billion",)),
    ("minutes", ("hours",)),
    ("hours", ("minutes",)),
    ("kilometres", ("metres",)),
    ("years", ("months",)),
)
_YEARS_BEFORE = re.compile(
    r"(?:近|过去|未来|今后|最近|连续|为期|长达|历时|满|超过?|不足|缩短|延长)[^，。]{0,2}$"
)
_BEFORE = re.compile(
    r"(不超过|不低于|不少于|超过|超出|突破|多于|高于|大于|超|逾|不足|不到|不满|低于|少于|小于|至少|至多|将近|接近|近)了?$"
)
_AFTER = re.compile(r"(?:及|含)?(以上|以下)")
_TURNED = {
    **dict.fromkeys(("超过", "超出", "突破", "多于", "超", "逾", "将近", "接近", "近"), ""),
    "不超过": "超过", "不低于": "低于", "不少于": "少于", "高于": "低于", "大于": "小于", "不足": "超过",
    "不到": "超过", "不满": "超过", "低于": "高于", "少于": "多于", "小于": "大于", "至少": "至多", "至多": "至少",
}  # fmt: skip
_MAY_GO = frozenset(
    {"超过", "超出", "多于", "超", "逾", "不足", "不到", "不超过", "不低于", "不少于", "至少", "至多"}
)


def wrong_digits(faithful: Faithful) -> Iterator[str]:
    """Change one digit of one figure to a figure that evidence and context do not have."""
    for figure in _figures(faithful, "digit"):
        if not figure.unit and figure.step == 1:
            continue  # a bare number may be part of a name
        pattern = _DIGIT if _DIGIT.search(figure.raw) else _HAN_NUMERAL
        places = [m.start() for m in pattern.finditer(figure.raw)]
        # Of a rough figure, or of a bound, only the first digit weighs anything.
        places = places[:1] if figure.qualifier else shuffled(places, faithful.claim, "digit")
        for place in places:
            for ch in shuffled(_other_digits(figure.raw, place), faithful.claim, "to"):
                changed = _changed(faithful, figure, splice(figure.raw, (place, place + 1), ch))
                if changed:
                    yield changed
                    break


def _other_digits(raw: str, place: int) -> list[str]:
    ch = raw[place]
    if not _DIGIT.match(ch):
        return [
            c
            for c in _HAN_DIGITS
            if c != ch.replace("两", "二")
            and not (c == "二" and raw[place + 1 : place + 2] in "个家项名所万亿")
        ]
    zero = ord("\uff10") if ord(ch) >= 0xFF10 else ord("0")
    is_first = place == 0 and raw[1:2] != "."
    return [chr(zero + n) for n in range(1 if is_first else 0, 10) if chr(zero + n) != ch]


def wrong_units(faithful: Faithful) -> Iterator[str]:
    """Give one figure another unit, or another power of ten, that makes it say something else."""
    for figure in _figures(faithful, "unit"):
        old, others = next(((u, o) for u, o in _UNITS if fold(figure.raw).endswith(u)), ("", ()))
        for new in shuffled(others, faithful.claim, "unit"):
            raw = figure.raw[: len(figure.raw) - len(old)] + new
            if new in ("%", "‰") and not raw[0].isdecimal():
                continue  # 三%
            if "/" not in figure.unit and (changed := _changed(faithful, figure, raw)):
                yield changed
                break
        if figure.unit == "年" and _YEARS_BEFORE.search(faithful.claim[: figure.start]):
            changed = _changed(faithful, figure, figure.raw[:-1] + "个月")
            yield from [changed] if changed else []


def _figures(faithful: Faithful, *seed: object) -> list[Figure]:
    """The figures of a claim, by chance, those in quotations last."""
    by_start = {f.start: f for f in counted_figures(faithful.claim)}
    spans = shuffled([(f.start, f.end) for f in by_start.values()], faithful.claim, *seed)
    return [by_start[start] for start, _ in unquoted_first(spans, faithful.claim)]


def _changed(faithful: Faithful, figure: Figure, raw: str) -> str | None:
    """The claim with the figure written `raw`; None where that is no other figure, or one that the evidence implies."""
    claim = splice(faithful.claim, (figure.start, figure.end), raw)
    new = next((f for f in find_figures(claim) if f.start == figure.start), None)
    if new is None or new.raw != raw or says_value(faithful.known, new) or _follows(figure, new):
        return None
    return claim


def _follows(old: Figure, new: Figure) -> bool:
    """Whether the new figure is true where the old one is: over 10 is over 9, and under 10 is under 12."""
    if old.kind != new.kind or not same_unit(old, new):
        return False
    before, after = base_value(old)[0], base_value(new)[0]
    return before == after or (
        (old.qualifier in _LOWER_BOUNDS and after < before)
        or (old.qualifier in _UPPER_BOUNDS and after > before)
    )


def wrong_bounds(faithful: Faithful) -> Iterator[str]:
    """Drop or turn the word that makes a figure a bound."""
    for figure in _figures(faithful, "qualifier"):
        before, after = (
            _BEFORE.search(faithful.claim, 0, figure.start),
            _AFTER.match(faithful.claim, figure.end),
        )
        if not figure.qualifier or not (before or after):
            continue
        yield from _without_bound(faithful.claim, before, after)


def _without_bound(claim: str, before: re.Match[str] | None, after: re.Match[str] | None) -> Iterator[str]:
    if before:
        word = before[1]
        turned = _TURNED[word] or ("超过" if word in ("近", "将近", "接近") else "不足")
        products = [splice(claim, before.span(), turned)]
        products += [splice(claim, before.span(), "")] if word in _MAY_GO else []
    elif after:
        turned = "以下" if after[1] == "以上" else "以上"
        products = [splice(claim, after.span(1), turned), splice(claim, after.span(), "")]
    yield from shuffled(products, claim, "qualifier")[:1]


def figures_otherwise(faithful: Faithful) -> Iterator[str]:
    """Write one figure otherwise, its value and unit the same."""
    if is_gloss_list(faithful.claim):
        return  # what stands before the equals sign is a quotation
    quoted = quoted_spans(faithful.claim)
    for figure in _figures(faithful, "same_figure"):
        if is_quoted((figure.start, figure.end), quoted) or figure.high is not None:
            continue
        writings = [
            w
            for w in _writings(figure)
            if contains_han(figure.raw) or faithful.language == "zh" or w.isascii()
        ]
        for raw in shuffled(writings, faithful.claim, figure.start):
            claim = splice(faithful.claim, (figure.start, figure.end), raw)
            new = next((f for f in find_figures(claim) if f.start == figure.start), None)
            if new and new.raw == raw and same_value(new, figure) and new.qualifier == figure.qualifier:
                yield claim
                break


def _writings(figure: Figure) -> list[str]:
    """Other ways to write a figure."""
    raw = fold(figure.raw)
    if figure.qualifier == "余" or "/" in figure.unit:
        return []
    return [
        w
        for w in (*_scaled(raw), *_shares(figure, raw), *_durations(figure, raw), *_numerals(raw))
        if w != raw
    ]


def _scaled(raw: str) -> Iterator[str]:
    """10亿 as 100000万, 1.2万 as 12000, 12000 as 1.2万, 1.2 billion as 1200 million."""
    match = re.fullmatch(r"([0-9]+(?:\.[0-9]+)?)(亿|万)((?!亿).*)", raw)
    if match:
        number, behind = Decimal(match[1]), match[3]
        plain = number * (10**8 if match[2] == "亿" else 10**4)
        if match[2] == "亿":
            yield f"{_digits(number * 10**4)}万{behind}"
        elif plain == plain.to_integral():
            yield f"{int(plain)}{behind}"
            yield f"{int(plain):,}{behind}"
    match = re.fullmatch(r"([0-9]{5,8})(\D*)", raw)
    if match and match[1].endswith("00"):
        yield f"{_digits(Decimal(match[1]) / 10**4)}万{match[2]}"
    match = re.fullmatch(r"(cny )?([0-9.]+) billion", raw)
    if match:
        yield f"{(match[1] or '').upper()}{_digits(Decimal(match[2]) * 1000)} million"


def _shares(figure: Figure, raw: str) -> Iterator[str]:
    """60% as 六成 and 百分之60, 三成 as 30%."""
    if figure.kind != "percent" or figure.unit != "%":
        return
    if raw.endswith("%"):
        yield from [f"百分之{_in_han(figure.value)}"] if figure.value < 100 else []
        if figure.value % 10 == 0 and 10 <= figure.value <= 90:
            yield f"{_HAN_DIGITS[int(figure.value) // 10 - 1]}成"
    else:
        yield f"{_digits(figure.value)}%"


def _durations(figure: Figure, raw: str) -> Iterator[str]:
    """2小时 as 120分钟, 3公里 as 3000米."""
    for unit, smaller, factor in (("小时", "分钟", 60), ("公里", "米", 1000), ("hours", "minutes", 60)):
        if figure.unit == {"hours": "小时"}.get(unit, unit) and re.fullmatch(rf"[0-9.]+ ?个?{unit}", raw):
            space = " " if smaller.isascii() else ""
            yield f"{_digits(figure.value * factor)}{space}{smaller}"


def _numerals(raw: str) -> Iterator[str]:
    """3家 as 三家, 六项 as 6项."""
    match = re.fullmatch(r"([3-9]|[三四五六七八九])([家项个名所]|小时|分钟)", raw)
    if match:
        number = match[1]
        yield (
            _HAN_DIGITS[int(number) - 1] if number.isdecimal() else str(_HAN_DIGITS.index(number) + 1)
        ) + match[2]


def _digits(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _in_han(value: Decimal) -> str:
    """Write a number below a hundred in Han characters: 四十八点八."""
    whole, _, fraction = _digits(value).partition(".")
    tens, ones = divmod(int(whole), 10)
    written = ("" if tens < 2 else _HAN_DIGITS[tens - 1]) + ("十" if tens else "")
    written += _HAN_DIGITS[ones - 1] if ones else "" if tens else "零"
    return written + ("点" + "".join("零一二三四五六七八九"[int(d)] for d in fraction) if fraction else "")


def full_width(faithful: Faithful) -> Iterator[str]:
    """Write digits and percent signs in full width; of an English claim only those in its Chinese quotations."""
    claim = faithful.claim
    spans = list(quotations(claim)) if faithful.language == "en" else [(0, len(claim))]
    point = "\uff0e" if chance(claim, "point") % 2 else "."
    for start, end in spans:
        wide = re.sub(r"(?<=[0-9])\.(?=[0-9])", point, claim[start:end]).translate(_WIDE)
        claim = splice(claim, (start, end), wide)
    if claim != faithful.claim:
        yield claim
