"""The texts of a briefing made fit for any file: on one line, without what cannot stand in XML or would be obeyed."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass, replace
from typing import TypeVar

from eval.views.escape import visible
from rag.briefing.types import Briefing

_BREAKS = re.compile(r"[\s\x1c-\x1f\x85]*[\t\n\v\f\r\x1c-\x1f\x85\u2028\u2029][\s\x1c-\x1f\x85]*")
# Mean nothing to a reader; where one joins or hides characters it goes, where one turns text round it is spelt out.
_UNSEEN = re.compile("[\u00ad\u200b\u2060\ufeff]")
_Part = TypeVar("_Part")


def make_printable(briefing: Briefing) -> Briefing:
    """Return the briefing with every text printable; numbers and order stay."""
    return _cleaned(briefing)


def print_form(text: str) -> str:
    """Put a text on one line and spell out control and bidirectional characters as [U+202E]."""
    return visible(_UNSEEN.sub("", _BREAKS.sub(" ", text))).strip()


def _cleaned(part: _Part) -> _Part:
    if is_dataclass(part) and not isinstance(part, type):
        names = [f.name for f in fields(part)]
        return replace(part, **{name: _cleaned(getattr(part, name)) for name in names})
    if isinstance(part, str):
        return print_form(part)  # type: ignore[return-value]
    if isinstance(part, tuple):
        return tuple(_cleaned(inner) for inner in part)  # type: ignore[return-value]
    return part
