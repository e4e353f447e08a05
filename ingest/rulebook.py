"""Reads the rules of chrome.toml and applies them to one line: what kind of chrome it is, and what it says."""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Literal

from rag.normalise import Folded, fold_aligned

Place = Literal["any", "head", "tail", "after", "suffix", "suffix after", "inside", "prefix"]

_MAX_FOLDED_CHARS = 420
_HAN = r"\u3400-\u4dbf\u4e00-\u9fff"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Something that chrome said about the article.

    Attributes:
        name: title, date, source, author, column, issuer, doc_number or url.
        origin: The kind of chrome that said it.
    """

    name: str
    value: str
    origin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One kind of chrome; patterns see a line's matching form."""

    name: str
    where: Place
    max_chars: int
    pattern: re.Pattern[str]
    after: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rulebook:
    rules: Mapping[str, tuple[Rule, ...]]
    facts: tuple[tuple[str, re.Pattern[str]], ...]
    parts: Mapping[str, str]


def folded_line(text: str) -> Folded | None:
    """The matching form of a line short enough for any rule."""
    return fold_aligned(text) if len(text) <= _MAX_FOLDED_CHARS else None


def rules_of(where: Place) -> tuple[Rule, ...]:
    """The rules for a place, in the order of the file."""
    return _rulebook().rules.get(where, ())


def part(name: str) -> str:
    """A named part of patterns, such as the pattern of a person's name, for patterns that are no rules."""
    return _spelled_out(f"@{name}@", _rulebook().parts)


def match_line(line: Folded | None, where: Place, previous: str | None = None) -> str | None:
    """The name of the first rule of a place that the whole line satisfies."""
    if line is None:
        return None
    for rule in rules_of(where):
        if len(line.text) > rule.max_chars or (rule.after is not None and rule.after != previous):
            continue
        if rule.pattern.fullmatch(line.text):
            return rule.name
    return None


def facts_in(line: Folded | None, text: str, origin: str) -> list[Fact]:
    """Read what a line says of the article, each in the line's own characters, in the order of the file's rules."""
    facts = []
    for name, pattern in _rulebook().facts if line is not None else ():
        match = pattern.search(line.text) if line is not None else None
        if match and line is not None:
            start, stop = line.span(*match.span("value"))
            facts.append(Fact(name=name, value=text[start:stop].strip(), origin=origin))
    return facts


@functools.cache
def _rulebook() -> _Rulebook:
    table = tomllib.loads(resources.files("ingest").joinpath("chrome.toml").read_text(encoding="utf-8"))
    parts: Mapping[str, str] = table["parts"]
    rules: dict[str, list[Rule]] = {}
    for entry in table["rule"]:
        rule = Rule(
            name=entry["name"],
            where=entry["where"],
            max_chars=entry["max_chars"],
            pattern=re.compile(_spelled_out(entry["pattern"], parts)),
            after=entry.get("after"),
        )
        rules.setdefault(rule.where, []).append(rule)
    facts = tuple(
        (entry["name"], re.compile(_spelled_out(entry["pattern"], parts))) for entry in table["fact"]
    )
    return _Rulebook(
        rules={place: tuple(listed) for place, listed in rules.items()}, facts=facts, parts=parts
    )


def _spelled_out(pattern: str, parts: Mapping[str, str]) -> str:
    """Put the parts in; a part may use those that the file names before it."""
    for name, text in reversed(list(parts.items())):
        pattern = pattern.replace(f"@{name}@", text)
    return pattern.replace(r"[\p{han}]", f"[{_HAN}]").replace(r"\p{han}", _HAN)
