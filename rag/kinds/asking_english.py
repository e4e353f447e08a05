"""Reads what an English question asks for."""

from __future__ import annotations

import re

from rag.figures import expected_units
from rag.kinds.heads import singular
from rag.kinds.lexicon import heads
from rag.kinds.types import Kind, Precision, Read

_AUX = "is|are|was|were|do|does|did|has|have|had|can|could|will|would|shall|should|may|might|must"
_STOP = (
    rf"{_AUX}|be|been|being|of|in|on|at|to|for|from|by|with|as|that|which|who|whom|whose|what|and|or|if|about|"
    "into|under|over|after|before|between|during|near|called|named|known|used|made|it|he|she|they|you|we|i|there|"
    "not|also|ever|when|while|where|because|than|how|his|her|their|its|the"
)
_STOPS = frozenset(_STOP.split("|"))
_ARTICLE = "the|a|an|one|another|other|his|her|their|its|this|that|these|those|all|some|main"
_ARTICLES = frozenset(_ARTICLE.split("|"))
_WORD = re.compile(r"[a-z0-9\u00e0-\u024f]+(?:['\u2019-][a-z0-9\u00e0-\u024f]+)*|[?.,;:]")
_ASKING = re.compile(
    r"\b(?:how (?:many|much|old|long|far|tall|high|deep|wide|big|large|fast|heavy|often)|how|what|which|who|whom|whose|where|when|why)\b"
)
_LEADS = re.compile(
    r"(?:^|[,;:?.(]|\b(?:of|in|on|at|to|for|from|by|with|and|or|since|until|than|as|but|about|near|tell me|say))\s*$"
)
_WHEN = re.compile(rf"when,? +(?:{_AUX})\b|when\W*$")
_YES_NO = re.compile(rf"^\W*(?:{_AUX})\b")
_DEFINITION = re.compile(
    r"what (?:is|are) (?:an? |the )?[\w'-]+(?: [\w'-]+){0,2}\W*$|what (?:does|do|did) .{1,60} mean\b|\bdefin(?:e|ition)\b|meaning of\b"
)
_IS = re.compile(r"(?:'s| (?:is|are|was|were))\b")
_OF = re.compile(r" (?:of|for)\b")
_IS_NAME = frozenset(("name", "title", "nickname", "names"))
_SORTS = frozenset(["kind", "kinds", "type", "types", "sort", "sorts", "form", "forms"])
_PLURAL = re.compile(r"[a-z-]+[^sui]s|people|men|women|children")
_PRECISIONS: dict[str, Precision] = {"year": "year", "month": "month", "day": "day", "date": "day"}
_PLAIN: dict[str, Kind] = {
    "who": "person",
    "whom": "person",
    "whose": "person",
    "where": "place",
    "when": "time",
    "why": "reason",
}


def read_english(text: str) -> Read | None:
    """Read a folded question; None where it has no asking words."""
    match = _asking_words(text)
    if match is None:
        yes_no = _YES_NO.match(text)
        return Read(*yes_no.span(), "yes_no") if yes_no else None
    word = match[0]
    if word in _PLAIN:
        return Read(*match.span(), _PLAIN[word], head_kind=_PLAIN[word])
    if word == "how":
        return Read(*match.span(), "manner")
    return _number(text, match) if word.startswith("how ") else _what(text, match)


def _asking_words(text: str) -> re.Match[str] | None:
    """The words that ask: the first that opens a clause, since others (the man who …) only join one; else the last."""
    found = [m for m in _ASKING.finditer(text) if m[0] != "when" or _WHEN.match(text, m.start())]
    leading = (m for m in found if _LEADS.search(text[max(0, m.start() - 12) : m.start()]))
    return next(leading, found[-1] if found else None)


def _number(text: str, match: re.Match[str]) -> Read:
    phrase = _phrase(text, match.end())
    is_share = expected_units(text).kind == "percent"
    counted = next((w for w, _ in phrase if _PLURAL.fullmatch(w)), phrase[-1][0]) if phrase else None
    if match[0] != "how many":
        counted = None
    return Read(*match.span(), "number", head_kind="number", unit="%" if is_share else counted)


def _phrase(text: str, at: int, *, limit: int = 6) -> list[tuple[str, int]]:
    """The words of the noun phrase that begins at a position, each with its end."""
    words: list[tuple[str, int]] = []
    for match in _WORD.finditer(text, at):
        is_article = match[0] in _ARTICLES
        if (words or not is_article) and (is_article or match[0] in _STOPS or not match[0][0].isalnum()):
            break
        if not is_article:
            words.append((match[0], match.end()))
        if len(words) == limit:
            break
    return words


def _what(text: str, match: re.Match[str]) -> Read:
    """Read what and which: by the noun behind them, or behind their verb (what was the name of the stadium)."""
    phrase = _phrase(text, match.end())
    verb = _IS.match(text, match.end())
    if not phrase and verb is not None:
        return _what_is(text, match, verb.end())
    return _of_phrase(match, phrase) if phrase else Read(*match.span(), None)


def _what_is(text: str, match: re.Match[str], at: int) -> Read:
    phrase = _phrase(text, at)
    if phrase and singular(phrase[-1][0]) in _IS_NAME:
        joined = _OF.match(text, phrase[-1][1])
        named = _phrase(text, joined.end()) if joined else []
        if named and singular(named[-1][0].removesuffix("'s")) in heads():
            return _of_phrase(match, named)
    read = _of_phrase(match, phrase) if phrase else Read(*match.span(), None)
    if read.kind is None and _DEFINITION.search(text):
        return read._replace(kind="definition")
    return read


def _of_phrase(match: re.Match[str], phrase: list[tuple[str, int]]) -> Read:
    """The kind that the last known noun of a phrase names; a phrase about a kind or type names none."""
    start = match.start()
    for word, end in reversed(phrase):
        head = singular(word)
        if word in _SORTS:
            break
        kind = "number" if head == "time" and len(phrase) > 1 else heads().get(head)  # the response time
        if kind is None:
            continue
        many = kind in ("person", "body", "place", "title") and head != word and _PLURAL.fullmatch(word)
        share = "%" if head in ("percentage", "percent", "share", "proportion", "fraction") else None
        return Read(start, end, "list" if many else kind, head, kind, share, _PRECISIONS.get(head))
    return Read(start, phrase[-1][1], None, head=phrase[-1][0])
