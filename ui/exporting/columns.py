"""The width of a table shared among its columns."""

from __future__ import annotations

import re

from ui.exporting.measure import ems
from ui.exporting.outline import Table

_NARROWEST, _WIDEST = 6.0, 24.0  # ems that a column asks for
_LONGEST_WORD = 8.0
_WORD = re.compile(r"[!-~\u00a1-\u024f]+")
_READ = 60  # characters of a text that are looked at


def share_width(table: Table, width: int, *, em: float, padding: float) -> list[int]:
    """Share a width among the columns by what stands in them; the shares add up to it.

    Args:
        table: With its texts.
        width: Of the table, in any unit.
        em: Size of the type in that unit.
        padding: Left and right of the text of a cell together, in that unit.
    """
    texts = [_texts(table, column) for column in range(len(table.head))]
    least = [padding + em * _longest_word(found) for found in texts]
    if sum(least) > width:
        least = [0.0] * len(least)
    asked = list(map(_asked, texts))
    wanted = [max(own, width * part / sum(asked)) for own, part in zip(least, asked, strict=True)]
    # What is too much is taken from those that have more than they need.
    taken = (sum(wanted) - width) / ((sum(wanted) - sum(least)) or 1.0)
    shares = [int(want - taken * (want - own)) for want, own in zip(wanted, least, strict=True)]
    shares[-1] += width - sum(shares)
    return shares


def _texts(table: Table, column: int) -> list[str]:
    texts = [table.head[column]]
    for name, cells in table.rows:
        texts += [name] if column == 0 else [line.text for line in cells[column - 1]]
    return [text[:_READ] for text in texts]


def _asked(texts: list[str]) -> float:
    # Twice the text does not ask for twice the width: it can go on more lines.
    return float(min(max(_NARROWEST, *map(ems, texts)), _WIDEST) ** 0.7)


def _longest_word(texts: list[str]) -> float:
    """Ems that the longest word takes, so that no common word is broken; very long ones are."""
    return 1 + max([2.0, *(min(ems(word), _LONGEST_WORD) for text in texts for word in _WORD.findall(text))])
