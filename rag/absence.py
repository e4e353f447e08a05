"""The one kind of sentence that needs no citation: that the articles are silent about something that was asked about."""

from __future__ import annotations

import re

from prompts import load_prompt
from rag.figures import find_figures
from rag.regions import english_name, find_asked_regions, find_regions, full_name
from rag.types import Language

_LONGEST_CHARS = 40
_PART = " · "
_YEAR = re.compile(r"(?:19|20)\d{2}年?")
_PLAIN = re.compile(r"[^\W_]+(?:[ \-/][^\W_]+)*")
_SUBJECT_MARK = "X"


def absence(code: str, language: Language) -> str:
    """Say that the articles do not mention the place of that code."""
    return absence_of((english_name(code) if language == "en" else full_name(code),), language)


def absence_of(parts: tuple[str, ...], language: Language) -> str:
    """Say that the articles do not mention what the parts name together: a place, a year, a topic."""
    return load_prompt("not_mentioned", language).format(region=_PART.join(parts))


def can_be_absent(name: str) -> bool:
    """Whether a name may stand in such a sentence: a year, or a few plain words that state nothing of their own."""
    is_plain = len(name) <= _LONGEST_CHARS and _PLAIN.fullmatch(name) is not None
    return _YEAR.fullmatch(name) is not None or (
        is_plain and not any(f.kind not in ("ordinal", "year") for f in find_figures(name))
    )


def is_absence(text: str, language: Language) -> bool:
    """Whether a text says that something is not mentioned, word for word, and nothing else."""
    if place_of_absence(text, language) is not None:
        return True
    head, tail = absence_of((_SUBJECT_MARK,), language).split(_SUBJECT_MARK)
    if not (text.startswith(head) and text.endswith(tail) and len(text) > len(head) + len(tail)):
        return False
    parts = text[len(head) : len(text) - len(tail)].split(_PART)
    return len(parts) <= 2 and all(_is_place(part) or can_be_absent(part) for part in parts)


def place_of_absence(text: str, language: Language) -> str | None:
    """The code of the place that `text` says is not mentioned, where it says that word for word and nothing else."""
    codes = (r.code for mention in find_asked_regions(text) for r in (mention.region, *mention.alternatives))
    return next((code for code in codes if text == absence(code, language)), None)


def _is_place(name: str) -> bool:
    return any(
        name in (full_name(mention.region.code), english_name(mention.region.code))
        for mention in find_regions(name)
    )
