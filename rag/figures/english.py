"""Amounts said in English."""

from __future__ import annotations

from decimal import Decimal

from rag.figures.amounts import EXACT, Amount

_ENGLISH_UNITS = {
    "公里": "km",
    "米": "m",
    "平方公里": "sq km",
    "平方米": "sq m",
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
    "岁": "years of age",
    "厘米": "cm",
    "毫米": "mm",
    "毫克": "mg",
    "毫升": "ml",
    "毫米汞柱": "mmHg",
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
_MONTH_NAMES = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


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
                return f"{EXACT.normalize(value.scaleb(-power, context=EXACT)):,f} {name}"
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
