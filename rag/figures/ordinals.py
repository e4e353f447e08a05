"""Numbers that say which one, not how many: 第三批, the 21st, table 4."""

from __future__ import annotations

import re
from decimal import Decimal

from rag.figures.amounts import Amount
from rag.figures.numerals import read_number
from rag.figures.spans import Read
from rag.figures.units import CANONICAL, unit_at

_LABEL = re.compile(r"(?:表|图|附件|附录|看点|案例|专栏|步骤|要点|no\.?|figure|table) ?$")
_NAMED_NUMBER = re.compile(r"([0-9]{1,6})(?:(?:st|nd|rd|th)(?![a-z])| ?(号|型))")


def read_ordinal(s: str, at: int) -> Read | None:
    """Read a number marked as an ordinal (第三批, 21st, 2型), or one without a unit behind a label (表4)."""
    named = _NAMED_NUMBER.match(s, at)
    if named:
        return Read(at, named.end(), Amount(value=Decimal(named[1]), unit=named[2] or "", kind="ordinal"))
    if s[at] == "第":
        number = read_number(s, at + 1)
        if number is None:
            return Read(at, at + 1, None)
        surface, end = unit_at(s, number.end) or ("", number.end)
        amount = Amount(value=number.value, unit=CANONICAL.get(surface, ""), kind="ordinal")
        return Read(at, end, amount)
    if s[at] in "0123456789" and _LABEL.search(s[max(0, at - 7) : at]):
        number = read_number(s, at)
        if number is not None and not unit_at(s, number.end):
            return Read(at, number.end, Amount(value=number.value, kind="ordinal"))
    return None
