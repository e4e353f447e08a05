"""The topic of a briefing: what it is about, in which setting, and how far a sentence speaks of it."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.aspects import Aspect, question_aspects
from rag.briefing.findings import tells_figures
from rag.evidence import Candidate, paragraph_start
from rag.glossary import Concept, concept, concepts, find_concepts
from rag.normalise import contains_han, fold
from rag.regions import find_asked_regions
from rag.retrieve import rarity_in
from rag.understand import Query, mask, understand

if TYPE_CHECKING:
    from rag.library import Library

NAMED, IMPLIED = 1.0, 0.5
"""A sentence names the topic, or speaks of a part of it where the topic is named."""

_JOINTS = re.compile(r"[和与及、,，/;；]|以及|\band\b")
_TURNS = re.compile(r"\b(?:of|in|for|at|by|among|within|across)\b")
_LONGEST_ITEM_CHARS = 8
_ASIDE = re.compile(r"(?:工作|问题|改革)?(?:之外|以外)")
_LIST = re.compile(r"[、，,；;。:：（）()\n]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """What a briefing is about.

    Attributes:
        text: In the reader's words.
        core: What it is about: of 公立医院化债 the 化债.
        setting: Where or for whom: 公立医院. An article on the topic speaks of that somewhere.
        query: The topic as a question is understood.
    """

    text: str
    core: tuple[Aspect, ...]
    setting: tuple[Aspect, ...]
    query: Query

    @property
    def concepts(self) -> tuple[str, ...]:
        """Ids of the glossary's concepts that the core is, in its order."""
        return tuple(a.concept_id for a in self.core if a.concept_id)

    @property
    def related(self) -> tuple[Concept, ...]:
        """Terms of the glossary that have to do with the core, in either direction, nearest first; never the core."""
        found = [concept(other) for own in self.concepts for other in concept(own).related]
        found += [c for c in _terms_related_to(self.concepts) if c not in found]
        kept = {c.id: c for c in found if c.kind == "term" and c.id not in self.concepts}
        return tuple(kept.values())

    @property
    def near(self) -> tuple[str, ...]:
        """Matching forms of the related terms, and of those related to them in turn."""
        nearer = {c.id for c in self.related}
        further = {other for c in self.related for other in c.related if concept(other).kind == "term"}
        apart = {a.concept_id for a in self.setting}
        return tuple(fold(form) for i in sorted((nearer | further) - apart) for form in concept(i).zh)

    @property
    def is_chinese(self) -> bool:
        """Whether it is put in Chinese."""
        return contains_han(self.text)

    @property
    def chinese(self) -> str:
        """The topic in Chinese: as it was put, or by the glossary's Chinese names; English words stay that it lacks."""
        if self.is_chinese:
            return self.text
        return "".join(a.name for a in (*self.setting, *self.core))

    def named_by(self, folded: str) -> bool:
        """Whether a text in its matching form names the core."""
        return self._names(folded) and self._names(_in_own_sense(folded, self.concepts))

    def _names(self, folded: str) -> bool:
        return any(a.names(folded) or a.strength(folded) > IMPLIED for a in self.core)

    def touched_by(self, folded: str) -> bool:
        """Whether it names the core, or a term of the glossary that has to do with it."""
        return self._touches(folded) and self._touches(_in_own_sense(folded, self.concepts))

    def _touches(self, folded: str) -> bool:
        return any(a.strength(folded) >= IMPLIED for a in self.core) or any(f in folded for f in self.near)


def _in_own_sense(folded: str, core: Sequence[str]) -> str:
    """Blank the verbs of the glossary that hold a noun's characters in another sense: 「清册的编制」 is no staffing quota."""
    letters = list(folded)
    for mention in find_concepts(folded):
        if mention.concept.kind == "verb" and mention.concept.id not in core:
            letters[mention.start : mention.end] = " " * (mention.end - mention.start)
    return "".join(letters)


def read_topic(text: str, library: Library) -> tuple[Topic, tuple[str, ...]]:
    """Read a topic as it was put.

    Returns:
        The topic, and the codes of the places that it names besides: 芜湖 of 芜湖化债, none of 三明医改经验, which is a
        term of its own.
    """
    rarity = rarity_in(library)
    query = understand(text, rarity=rarity, known=library.region_codes())
    terms = [m for m in find_concepts(text) if m.concept.kind == "term"]
    mentions = [
        m
        for m in find_asked_regions(text, library.region_codes())
        if not any(t.start < m.end and m.start < t.end for t in terms)
    ]
    unplaced = mask(text, mentions)
    aspects = question_aspects(unplaced, rarity, names_place=bool(mentions))
    topic = topic_of(dataclasses.replace(query, aspects=aspects, unplaced=unplaced))
    return topic, tuple(dict.fromkeys(m.region.code for m in mentions))


def topic_of(query: Query) -> Topic:
    """Tell the core of a topic from its setting: in Chinese, and in English before an "of", the head stands last."""
    subjects = [a for a in query.aspects if a.is_subject] or list(query.aspects)
    folded = fold(query.unplaced)
    ends = [j.end() for j in _JOINTS.finditer(folded)]
    turn = _TURNS.search(folded)
    heads: dict[int, tuple[int, Aspect]] = {}
    for aspect in subjects:
        at = _position(aspect, folded)
        if turn is not None and turn.start() > 0 and at > turn.start() and _holds_any(subjects, folded, turn):
            continue
        joint = sum(end <= at for end in ends)
        if joint not in heads or at > heads[joint][0]:
            heads[joint] = (at, aspect)
    core = tuple(aspect for _, aspect in sorted(heads.values(), key=lambda head: head[0]))
    return Topic(
        text=query.unplaced.strip(),
        core=core,
        setting=tuple(a for a in subjects if a not in core),
        query=query,
    )


def _position(aspect: Aspect, folded: str) -> int:
    return max((folded.rfind(form) for form in aspect.exact), default=-1)


def _holds_any(subjects: Sequence[Aspect], folded: str, turn: re.Match[str]) -> bool:
    """Whether anything stands before the "of"."""
    return any(0 <= _position(a, folded) < turn.start() for a in subjects)


def _terms_related_to(ids: Sequence[str]) -> list[Concept]:
    """Terms that name one of these as related, by id."""
    return sorted((c for c in concepts().values() if set(c.related) & set(ids)), key=lambda c: c.id)


def strength_in(topic: Topic, candidate: Candidate) -> float:
    """How far a sentence of an article is on the topic: `NAMED`, `IMPLIED` or 0.

    It is if it names the topic; or if it speaks of something related, or gives a figure, right where the topic is
    named: in its paragraph, under a heading or a title that is about nothing else. The setting must be spoken of
    anywhere in the article.
    """
    if not _has_setting(topic, candidate.article.text, candidate.article.title or ""):
        return 0.0
    if topic.named_by(candidate.folded):
        return NAMED
    if topic.touched_by(candidate.folded) and _is_named_around(topic, candidate):
        return IMPLIED
    return IMPLIED if tells_figures(candidate.text) and _stands_under(topic, candidate) else 0.0


def _has_setting(topic: Topic, text: str, title: str) -> bool:
    folded = fold(f"{title}\n{text}") if topic.setting else ""
    return all(a.strength(folded) >= IMPLIED for a in topic.setting)


def _is_named_around(topic: Topic, candidate: Candidate) -> bool:
    text = candidate.article.text
    before = text[paragraph_start(text, candidate.start) : candidate.start]
    return topic.named_by(candidate.context) or topic.named_by(fold(before))


def _stands_under(topic: Topic, candidate: Candidate) -> bool:
    """Whether the heading right above it is on the topic, or the title is and speaks of no other term."""
    path = candidate.heading_path
    if not path:
        return False
    title = candidate.article.title or ""
    headings = [heading for heading in path if heading != title]
    if headings and topic.named_by(fold(headings[-1])):
        return True
    own = {*topic.concepts, *(c.id for c in topic.related), *(a.concept_id for a in topic.setting)}
    in_title = {m.concept.id for m in find_concepts(title) if m.concept.kind == "term"}
    return topic.named_by(fold(title)) and in_title <= own


def is_passing(topic: Topic, text: str) -> bool:
    """Whether a text says nothing of the topic: it is an item of a list (「财政、编制、医保等部门」) or set aside (「化债之外」)."""
    folded = fold(text)
    forms = sorted({form for a in topic.core for form in (*a.exact, *a.near)}, key=lambda form: -len(form))
    spots = [m for form in forms if form for m in re.finditer(re.escape(form), folded)]
    return bool(spots) and all(_is_item(folded, m.start(), m.end()) for m in spots)


def _is_item(folded: str, start: int, end: int) -> bool:
    before = max((m.end() for m in _LIST.finditer(folded, 0, start)), default=0)
    after = _LIST.search(folded, end)
    stop = after.start() if after else len(folded)
    if _ASIDE.match(folded, end):
        return True
    is_listed = folded[before - 1 : before] == "、" or folded[stop : stop + 1] == "、"
    return is_listed and stop - before <= _LONGEST_ITEM_CHARS + (end - start)
