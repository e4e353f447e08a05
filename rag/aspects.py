"""The aspects of a question: what evidence for it must speak of, each with the forms that would cover it."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rag.glossary import Concept, concept, find_concepts
from rag.normalise import contains_han, fold, fold_aligned
from rag.terms import index_terms, tagged_words

Rarity = Callable[[Sequence[str]], float]
"""Of the forms of one aspect, how rare they are in the library: 0 (everywhere) to 1 (nowhere)."""

# Words that put a question rather than say what it is about; evidence need not repeat them.
_FRAME = re.compile(
    r"比较|对比|相比|不同|区别|异同|差异|做法|措施|举措|办法|哪些|哪几|方面|情况|下一步|近期|目前|现在|今后|未来|内容|数字|数据|各(?:自|有|是|为|靠|占|怎)|分别|具体|主要|一下|介绍|讲的|指的"
    r"|\b(?:compar(?:e|ed|ing|ison)|differ(?:s|ence|ences|ent)?|areas?|aspects?|measures?|figures?|details?|contents?)\b"
)
_QUOTED = re.compile(r"[“「『《\"]([^“”「」『』《》\"]{2,30})[”」』》\"]")
_HAN_RUN = re.compile(r"[\u4e00-\u9fff]{2,12}")
_QUESTION_WORDS = re.compile(r"是什么|什么是|什么|意思|怎么|怎样|如何|多少|哪|谁|为何|吗|呢|的|是|了")
_ORDINAL = re.compile(r"第(?:[一二三四五六七八九十]{1,3}|\d{1,3})")
_OR = re.compile(r"\s*(?:或者?|还是|or)\s*")

_KIND_WEIGHTS = {"term": 1.0, "general": 0.45, "verb": 0.3}
# By the first letter of jieba's tags; words of other kinds (pronouns, numerals, particles …) say nothing to look for.
_WORD_WEIGHTS = {"n": 0.7, "j": 0.7, "i": 0.7, "l": 0.7, "v": 0.25, "a": 0.2}
_VERBAL_NOUNS = ("vn", "an")
_FOREIGN_WEIGHT = 0.3
_SYNONYM_STRENGTH = 0.9
_PARTS_STRENGTH = 0.75
_ORDINAL_WEIGHT = 0.5
_QUOTED_WEIGHT = 0.8
_NEAR_STRENGTH = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Aspect:
    """One thing that evidence for the question must speak of.

    Attributes:
        name: As the question has it (or the concept's own name).
        weight: How much of the question it is; only ratios matter.
        exact: Matching forms that cover the aspect, the asked one first; the others count a little less.
        near: Matching forms of related terms, which cover it in part.
        parts: The words that each longer form is made of: near each other (卫生系统的工作人员), they cover it too.
        is_subject: Whether the question is about this (a term), rather than how it is put (a verb).
        is_known: Whether the glossary knows it, with its synonyms; of other words, other wordings are likely.
        is_foreign: A Latin word without a translation, for which silence in a Chinese text proves nothing.
        is_person: A person's name: whoever speaks in an article need not be named in each sentence.
        is_unheard: A word that no passage of the library holds.
        english: The concept's English name, where there is a concept.
    """

    name: str
    weight: float
    exact: tuple[str, ...]
    near: tuple[str, ...] = ()
    parts: tuple[tuple[str, ...], ...] = ()
    is_subject: bool = True
    is_known: bool = True
    is_foreign: bool = False
    is_person: bool = False
    is_unheard: bool = False
    concept_id: str | None = None
    english: str = ""

    def names(self, folded: str) -> bool:
        """Whether a text in its matching form holds the aspect by one of its names, related terms not counted."""
        return any(form in folded for form in self.exact)

    def strength(self, folded: str) -> float:
        """How far a text in its matching form covers the aspect, 0 to 1."""
        if self.exact[0] in folded:
            return 1.0
        if any(form in folded for form in self.exact):
            return _SYNONYM_STRENGTH
        if any(_stand_together(parts, folded) for parts in self.parts):
            return _PARTS_STRENGTH
        return _NEAR_STRENGTH if any(form in folded for form in self.near) else 0.0


def question_aspects(text: str, rarity: Rarity, *, names_place: bool) -> tuple[Aspect, ...]:
    """The aspects without the words that only put the question; all of them where nothing else is asked about."""
    aspects = find_aspects(without_frame(text), rarity)
    return aspects if aspects or names_place else find_aspects(text, rarity) or _whole(text)


def _whole(text: str) -> tuple[Aspect, ...]:
    """What a question says that is cut into no words (「六个一指的是什么?」): its first run of Han characters."""
    runs = _HAN_RUN.findall(_QUESTION_WORDS.sub(" ", without_frame(fold(text))))
    return tuple(Aspect(name=run, weight=_WORD_WEIGHTS["n"], exact=(run,)) for run in runs[:1])


def without_frame(text: str) -> str:
    """Blank out the words that put a question rather than say what it is about."""
    folded = fold_aligned(text)
    for match in reversed(list(_FRAME.finditer(folded.text))):
        start, end = folded.span(*match.span())
        text = text[:start] + " " * (end - start) + text[end:]
    return text


def find_aspects(text: str, rarity: Rarity) -> tuple[Aspect, ...]:
    """Cut what is left of a question into aspects: glossary concepts first, then the remaining content words."""
    aspects: dict[str, Aspect] = {}
    rest = text
    previous: tuple[str, int] | None = None
    for mention in find_concepts(text):
        aspect = concept_aspect(mention.concept, text[mention.start : mention.end], rarity)
        if previous and _OR.fullmatch(text[previous[1] : mention.start]):
            key = previous[0]
            aspects[key] = either(aspects[key], aspect)
        else:
            key = mention.concept.id
            aspects.setdefault(key, aspect)
        previous = (key, mention.end)
        rest = rest[: mention.start] + " " * (mention.end - mention.start) + rest[mention.end :]
    for match in _QUOTED.finditer(text):
        name = fold(match[1])
        aspects.setdefault(name, Aspect(name=match[1], weight=_QUOTED_WEIGHT, exact=(name,)))
    for match in _ORDINAL.finditer(fold(rest)):
        aspects.setdefault(match[0], ordinal_aspect(match[0]))
    for word, tag in tagged_words(rest):
        telling = word_aspect(word, tag, rarity)
        if telling is not None:
            aspects.setdefault(word, telling)
    return tuple(aspects.values())


def concept_aspect(found: Concept, name: str, rarity: Rarity) -> Aspect:
    """The aspect of a glossary concept: any of its Chinese or English names covers it, related ones in part."""
    related = (form for other in found.related for form in concept(other).zh)
    asked = name.strip()
    exact = tuple(dict.fromkeys(fold(form) for form in (asked, *found.zh, *found.en)))
    return Aspect(
        name=asked if contains_han(asked) else found.zh[0],
        weight=_KIND_WEIGHTS[found.kind] * (0.5 + 0.5 * rarity(found.zh)),
        exact=exact,
        parts=_parts(exact),
        near=tuple(fold(form) for form in related),
        is_subject=found.kind == "term",
        concept_id=found.id,
        english=found.en[0],
    )


def ordinal_aspect(name: str) -> Aspect:
    """The aspect of 「第二」: what is said of the first or the third answers nothing."""
    return Aspect(name=name, weight=_ORDINAL_WEIGHT, exact=(name,))


def either(one: Aspect, other: Aspect) -> Aspect:
    """The aspect of 「就诊或住院」: covered by whichever the evidence speaks of."""
    return dataclasses.replace(
        one,
        name=f"{one.name}/{other.name}",
        weight=max(one.weight, other.weight),
        exact=one.exact + other.exact,
        near=one.near + other.near,
        parts=one.parts + other.parts,
        english=f"{one.english} or {other.english}",
    )


def word_aspect(word: str, tag: str, rarity: Rarity) -> Aspect | None:
    """The aspect of a word that the glossary does not know; None for words that say nothing to look for."""
    is_foreign = not contains_han(word)
    weight = (
        _FOREIGN_WEIGHT if is_foreign else _WORD_WEIGHTS.get("n" if tag in _VERBAL_NOUNS else tag[0], 0.0)
    )
    if not weight or (len(word) == 1 and not is_foreign):
        return None
    return Aspect(
        name=word,
        weight=weight * (0.5 + 0.5 * rarity([word])),
        exact=(word,),
        parts=_parts((word,)),
        is_subject=weight >= _WORD_WEIGHTS["n"],
        is_known=False,
        is_foreign=is_foreign,
        is_person=tag == "nr",
        is_unheard=rarity([word]) == 1,
    )


def _stand_together(parts: Sequence[str], folded: str) -> bool:
    """Whether all parts occur near the first one: within twice their own length to either side."""
    reach = 2 * sum(map(len, parts))
    at = folded.find(parts[0])
    while at >= 0:
        around = folded[max(0, at - reach) : at + len(parts[0]) + reach]
        if all(part in around for part in parts):
            return True
        at = folded.find(parts[0], at + 1)
    return False


def _parts(forms: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """The shorter words inside each form, where there are at least two."""
    split = (
        tuple(t for t in index_terms(form) if t != form and len(t) > 1)
        for form in forms
        if contains_han(form)
    )
    return tuple(dict.fromkeys(parts for parts in split if len(parts) > 1))
