"""How figures, gates and cases of a report are put, whatever shows them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from eval.report import CaseResult, GateResult, Tally
from eval.views.wording import WORDS, word
from rag.types import Language


def number(value: float | None) -> str:
    """Three digits after the point, one where the value is no share; a dash where there is none."""
    if value is None:
        return "–"
    return f"{value:.3f}" if abs(value) <= 1 else f"{value:.1f}"


def signed(value: float | None) -> str:
    """A difference with its sign; no sign where it rounds to nothing."""
    if value is None:
        return "–"
    text = number(abs(value))
    if not text.strip("0."):
        return text
    return f"{'+' if value > 0 else '−'}{text}"


class Measured(Protocol):
    """Whatever has an interval: a metric, a detection, a judge's accuracy, a share of keywords."""

    @property
    def low(self) -> float | None:
        """Lower end, None where there is none."""

    @property
    def high(self) -> float | None:
        """Upper end."""


def interval_text(measured: Measured) -> str:
    """Both ends of the interval, or a dash."""
    if measured.low is None or measured.high is None:
        return "–"
    return f"{number(measured.low)}–{number(measured.high)}"


def tally_text(tally: Tally) -> str:
    """As it was counted: `3 / 4`."""
    return f"{tally.hits:g} / {tally.of:g}"


def failure_text(failure: str, language: Language) -> str:
    """Why a case failed: "code: detail" in words; anything else as it is."""
    code, mark, detail = failure.partition(": ")
    key = f"failure_{code}"
    return word(key, language, detail=detail) if mark and key in WORDS else failure


def gate_name(gate: GateResult, language: Language) -> str:
    """What a gate is about, with the type of question where it is about one."""
    name = word(gate.metric, language)
    if gate.metric.startswith("detection."):
        name = f"{word('detected', language)} · {name}"
    return f"{name} · {word(gate.type, language)}" if gate.type else name


def bound_text(gate: GateResult, language: Language) -> str:
    """What a gate asks for: `at least 0.950`."""
    return f"{word(gate.bound, language)} {number(gate.threshold)}"


def worst_first(cases: Iterable[CaseResult]) -> list[CaseResult]:
    """Cases that could not be scored, then failed ones, then the others; the lowest scores first in each."""
    return sorted(cases, key=lambda case: (case.error is None, case.passed, _mean_score(case), case.key))


_COUNTED_AGAINST = ("false_refusal", "errors", "dropped")
_NO_QUALITY = ("answer_chars", "passed")


def _mean_score(case: CaseResult) -> float:
    shares = [
        1 - tally.hits / tally.of if name in _COUNTED_AGAINST else tally.hits / tally.of
        for name, tally in case.scores.items()
        if tally.of and name not in _NO_QUALITY
    ]
    return sum(shares) / len(shares) if shares else 0.0
