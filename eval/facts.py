"""Whether a text holds a fact: figures by value and unit, all else by its matching form."""

from __future__ import annotations

from collections.abc import Sequence

from eval.cases import Fact
from rag.figures import Figure, find_figures, same_value
from rag.normalise import fold


class Said:
    """A text that facts are looked for in, read once."""

    def __init__(self, text: str) -> None:
        self._figures = find_figures(text)
        self._folded = comparable(text)

    def holds(self, fact: Fact) -> bool:
        """Whether the fact, or one of its alternatives, is there: 12000人 for 1.2万人, but not 15元 for 5元."""
        return any(self._holds_one(form) for form in ([fact] if isinstance(fact, str) else fact))

    def missing(self, facts: Sequence[Fact]) -> tuple[str, ...]:
        """Return the facts that are not there, as they are written (the first of alternatives)."""
        return tuple(f if isinstance(f, str) else f[0] for f in facts if not self.holds(f))

    def _holds_one(self, form: str) -> bool:
        figure = whole_figure(form)
        if figure is not None:
            return any(same_value(figure, other) for other in self._figures)
        return _stands_in(comparable(form), self._folded)


def whole_figure(text: str) -> Figure | None:
    """The figure that a text is, where it is nothing but one; a qualifier (约, 余) may stand with it."""
    figures = find_figures(text)
    if len(figures) != 1:
        return None
    rest = comparable(text[: figures[0].start] + text[figures[0].end :])
    return figures[0] if not rest or rest == comparable(figures[0].qualifier) else None


def comparable(text: str) -> str:
    """The matching form without white space."""
    return "".join(fold(text).split())


def _stands_in(wanted: str, text: str) -> bool:
    """Whether it is in the text with no digit cut in two: 8个省 is not in 18个省."""
    at = text.find(wanted)
    while at >= 0:
        before, after = text[at - 1 : at], text[at + len(wanted) : at + len(wanted) + 1]
        cuts = (wanted[:1].isdecimal() and (before.isdecimal() or before == ".")) or (
            wanted[-1:].isdecimal() and after.isdecimal()
        )
        if not cuts:
            return True
        at = text.find(wanted, at + 1)
    return False
