"""A bilingual glossary of health-reform concepts, and finding them in Chinese and English text."""

from __future__ import annotations

import functools
import importlib.resources
import itertools
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, NamedTuple, cast

from rag.normalise import fold, fold_aligned

ConceptKind = Literal["term", "verb", "general"]

_WORD = re.compile(r"[a-z]+")
_GAP = re.compile("(?:['\\u2019]s?)?[\\s\\-\\u2010-\\u2015/]{0,3}")
_ENDINGS = ("ing", "ed", "es", "s", "e")
_SHORTEST_STEM = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Concept:
    """One idea of the reform under all its names.

    Attributes:
        kind: "term" of the reform, or a "verb" or "general" noun that questions use and nearly any text holds.
        zh: Chinese terms, Simplified and folded; the canonical one first.
        en: English terms; the gloss first.
        related: Ids of concepts that have to do with this one, but cannot stand in for it.
    """

    id: str
    kind: ConceptKind
    zh: tuple[str, ...]
    en: tuple[str, ...]
    related: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConceptMention:
    """A concept named at `[start, end)` of the text."""

    concept: Concept
    start: int
    end: int


class _Word(NamedTuple):
    start: int
    end: int
    plain: str
    stem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Glossary:
    concepts: Mapping[str, Concept]
    id_by_zh: Mapping[str, str]
    zh_sizes: Mapping[str, tuple[int, ...]]  # by first character, longest first
    id_by_plain: Mapping[str, str]  # English terms, words in the singular
    id_by_stem: Mapping[str, str]
    en_sizes: Mapping[str, tuple[int, ...]]  # by first plain word or stem, in words, longest first


def concepts() -> Mapping[str, Concept]:
    """Return every concept by id, in the order of the data file."""
    return _glossary().concepts


def concept(concept_id: str) -> Concept:
    """Return one concept.

    Raises:
        ValueError: There is none of that id.
    """
    try:
        return _glossary().concepts[concept_id]
    except KeyError:
        raise ValueError(f"no concept has id {concept_id[:40]!r}") from None


def gloss(zh_term: str) -> str | None:
    """Return the English gloss of the concept that has this Chinese term among its own, or None."""
    book = _glossary()
    concept_id = book.id_by_zh.get(fold(zh_term).strip())
    return book.concepts[concept_id].en[0] if concept_id else None


def find_concepts(text: str) -> list[ConceptMention]:
    """Find the concepts named in a text, in text order, without overlaps; the longest reading wins.

    Chinese terms are found in either script and width, English ones on word bounds, in singular, plural, -ed and
    -ing, with hyphens or spaces.
    """
    book = _glossary()
    folded = fold_aligned(text)
    found = sorted([*_find_zh(book, folded.text), *_find_en(book, folded.text)], key=lambda f: (f[0], -f[1]))
    mentions: list[ConceptMention] = []
    reached = 0
    for folded_start, folded_end, concept_id in found:
        if folded_start >= reached:
            reached = folded_end
            start, end = folded.span(folded_start, folded_end)
            mentions.append(ConceptMention(concept=book.concepts[concept_id], start=start, end=end))
    return mentions


def _find_zh(book: _Glossary, text: str) -> Iterator[tuple[int, int, str]]:
    sizes_by_opening, id_by_term = book.zh_sizes, book.id_by_zh
    position = 0
    while position < len(text):
        for size in sizes_by_opening.get(text[position], ()):
            term = text[position : position + size]
            concept_id = id_by_term.get(term) if len(term) == size else None
            if concept_id is not None:
                yield position, position + size, concept_id
                position += size - 1
                break
        position += 1


def _find_en(book: _Glossary, text: str) -> Iterator[tuple[int, int, str]]:
    words = [_Word(m.start(), m.end(), _singular(m[0]), _stem(m[0])) for m in _WORD.finditer(text)]
    number = 0
    while number < len(words):
        size, concept_id = _longest_en(book, text, words, number)
        if concept_id:
            yield words[number].start, words[number + size - 1].end, concept_id
        number += size


def _longest_en(book: _Glossary, text: str, words: Sequence[_Word], number: int) -> tuple[int, str]:
    """Return the length in words and the concept of the longest term at word `number`; 1 and "" if there is none."""
    first = words[number]
    sizes = {*book.en_sizes.get(first.plain, ()), *book.en_sizes.get(first.stem, ())}
    for size in sorted(sizes, reverse=True):
        part = words[number : number + size]
        if len(part) < size or not _stand_together(text, part):
            continue
        concept_id = book.id_by_plain.get(" ".join(w.plain for w in part))
        concept_id = concept_id or book.id_by_stem.get(" ".join(w.stem for w in part))
        if concept_id:
            return size, concept_id
    return 1, ""


def _stand_together(text: str, part: Sequence[_Word]) -> bool:
    return all(_GAP.fullmatch(text, a.end, b.start) for a, b in itertools.pairwise(part))


def _singular(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > _SHORTEST_STEM:
        return word[:-1]
    return word


def _stem(word: str) -> str:
    """Cut plural, -ed, -ing and a last e, so that reduce, reduced and reducing meet; not a real stemmer."""
    for ending in _ENDINGS:
        keeps = word.endswith(("ss", "us", "is")) and ending in {"s", "es"}
        if word.endswith(ending) and not keeps and len(word) - len(ending) >= _SHORTEST_STEM:
            word = word[: -len(ending)]
            break
    word = word.removesuffix("y") + "i" if word.endswith("y") else word
    return word[:-1] if len(word) > _SHORTEST_STEM and word[-1] == word[-2] else word


@functools.cache
def _glossary() -> _Glossary:
    known = {c.id: c for c in _read_concepts()}
    id_by_zh = {term: c.id for c in known.values() for term in c.zh}
    id_by_plain: dict[str, str] = {}
    id_by_stem: dict[str, str] = {}
    for term, concept_id in ((term, c.id) for c in known.values() for term in c.en):
        words = _WORD.findall(term.lower())
        id_by_plain.setdefault(" ".join(map(_singular, words)), concept_id)
        # A noun in -ing (staffing, meeting) is not the verb's form: `staff` and `meet` must not find it.
        id_by_stem.setdefault(" ".join(w if w.endswith("ing") else _stem(w) for w in words), concept_id)
    return _Glossary(
        concepts=MappingProxyType(known),
        id_by_zh=id_by_zh,
        zh_sizes=_sizes((term[0], len(term)) for term in id_by_zh),
        id_by_plain=id_by_plain,
        id_by_stem=id_by_stem,
        en_sizes=_sizes((key.split(" ")[0], key.count(" ") + 1) for key in [*id_by_plain, *id_by_stem]),
    )


def _read_concepts() -> Iterator[Concept]:
    text = (importlib.resources.files("rag") / "data" / "glossary.tsv").read_text(encoding="utf-8")
    for line in text.split("\n"):
        if line and not line.startswith("#"):
            # Editors strip the last tab where nothing is related.
            concept_id, kind, zh, en, related = [*line.split("\t"), ""][:5]
            yield Concept(
                id=concept_id,
                kind=cast("ConceptKind", kind),
                zh=tuple(zh.split(";")),
                en=tuple(en.split(";")),
                related=tuple(related.split(";")) if related else (),
            )


def _sizes(openings: Iterable[tuple[str, int]]) -> dict[str, tuple[int, ...]]:
    sizes: dict[str, set[int]] = defaultdict(set)
    for opening, size in openings:
        sizes[opening].add(size)
    return {opening: tuple(sorted(lengths, reverse=True)) for opening, lengths in sizes.items()}
