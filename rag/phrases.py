"""The words by which a question leans on what was said before: named patterns, read from data/followup.tsv."""

from __future__ import annotations

import functools
import importlib.resources
import re
from collections.abc import Mapping

from rag.normalise import fold

PRONOUNS = ("zh_pronoun", "en_pronoun", "en_possessive")


def has(name: str, text: str) -> bool:
    """Whether the pattern of this name in data/followup.tsv is found in the text."""
    return pattern(name).search(text) is not None


def find_all(name: str, text: str) -> list[re.Match[str]]:
    """Return every match of a named pattern."""
    return list(pattern(name).finditer(text))


@functools.cache
def pattern(name: str) -> re.Pattern[str]:
    """Return a named pattern of data/followup.tsv, compiled."""
    return re.compile(_words()[name], re.IGNORECASE)


@functools.cache
def ids(name: str) -> frozenset[str]:
    """Return the concepts of a named group of data/followup.tsv."""
    return frozenset(_words()[name].removeprefix("ids:").split(";"))


def core(text: str) -> str:
    """Return a text without the lead-in (那, "and") and the tail (呢, 吗) of a follow-up."""
    return pattern("tail").sub(r"\1", without_lead_in(text)).strip()


def without_lead_in(text: str) -> str:
    """Return a text without the lead-in of a follow-up."""
    return pattern("lead_in").sub("", text).strip()


def unasked(text: str) -> str:
    """Return a question without its question mark."""
    return text.rstrip("?？. ")


def asked_words(text: str) -> list[str]:
    """Return the question words of a text in their matching form."""
    return [fold(m[0]) for m in find_all("asks", text)]


def has_pronoun(text: str) -> bool:
    """Whether a pronoun stands in the text for something said before."""
    return any(has(name, text) for name in PRONOUNS)


@functools.cache
def _words() -> Mapping[str, str]:
    text = (importlib.resources.files("rag") / "data" / "followup.tsv").read_text(encoding="utf-8")
    lines = [line.partition("\t") for line in text.split("\n") if line and not line.startswith("#")]
    return {name: value for name, _, value in lines}
