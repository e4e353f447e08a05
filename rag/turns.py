"""Read one turn of a conversation: its places, years and subject, and the words by which it leans on what came before."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.glossary import ConceptMention, find_concepts
from rag.normalise import contains_han
from rag.phrases import PRONOUNS, core, find_all, has, has_pronoun, ids, pattern, unasked
from rag.regions import find_asked_regions
from rag.terms import content_terms, tagged_words
from rag.years import year_spans

_SHORT_CHARS = 10
_LATIN_WORD = re.compile("[A-Za-z]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place that a turn names; without a code it is the whole country."""

    start: int
    end: int
    surface: str
    code: str = ""
    is_ambiguous: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A question, read; `bare` and `core` have blanks for places and years, `core` no lead-in and no tail."""

    text: str
    bare: str
    core: str
    places: tuple[Place, ...]
    years: tuple[tuple[int, int], ...]
    concepts: tuple[ConceptMention, ...]

    @property
    def topics(self) -> list[ConceptMention]:
        """What it is about: not what it asks for (哪个部门), and no policy or pilot as such beside something else."""
        terms = [m for m in self.concepts if m.concept.kind == "term" and not _is_of_who(self, m)]
        known = [m for m in terms if not is_asked_for(self, m)]
        return [m for m in known if m.concept.id not in ids("relational")] or known or terms

    @property
    def has_own_place(self) -> bool:
        """Whether it asks about a place that it names, not about another beside that one."""
        return bool(self.places) and not has("against", self.bare)

    @property
    def is_plural(self) -> bool:
        """Whether it names several places."""
        return len({p.code for p in self.places}) > 1


def read_turn(text: str) -> Turn:
    """Read a question: its places, its years, what it is about, and what is left without those."""
    places = [
        Place(
            start=m.start,
            end=m.end,
            surface=text[m.start : m.end],
            code=m.region.code,
            is_ambiguous=bool(m.alternatives),
        )
        for m in find_asked_regions(text)
    ] or [Place(start=m.start(), end=m.end(), surface=m[0]) for m in find_all("nation", text)]
    years = year_spans(text)
    bare = _blank(text, [*((p.start, p.end) for p in places), *years])
    return Turn(
        text=text,
        bare=bare,
        core=core(bare),
        places=tuple(places),
        years=tuple(years),
        concepts=tuple(find_concepts(bare)),
    )


def bare_subject(turn: Turn) -> str:
    """Return the noun that a short turn names, without "those of the" before it and 的 behind it."""
    return pattern("closing").sub("", pattern("opening").sub("", turn.core)) or turn.core


def lacks_subject(turn: Turn) -> bool:
    """Whether a question says what happens, or how much, and not to what."""
    return not _names_outright(turn) and not subjects(turn) and not unknown_nouns(turn)


def leans_by_attribute(turn: Turn) -> bool:
    """Whether all that a question has for a subject is what is always that of something: 「钱从哪里来?」."""
    named, nouns = {m.concept.id for m in subjects(turn)}, unknown_nouns(turn)
    if _names_outright(turn) or has_pronoun(turn.text) or not named <= ids("attributes") | ids("anyone"):
        return False
    return has("attribute_noun", nouns[-1]) if nouns else bool(named & ids("attributes"))


def unknown_nouns(turn: Turn) -> list[str]:
    """Return the nouns that the glossary does not know, but those that say nothing by themselves."""
    named = [(m.start, m.end) for m in turn.concepts] + [m.span() for m in find_all("both", turn.bare)]
    rest = core(_blank(turn.bare, named))
    if contains_han(turn.text):
        tagged = tagged_words(rest)
        nouns = [word for word, tag in tagged if tag.startswith("n") or tag in ("l", "eng")]
    else:
        nouns = [m[0] for m in _LATIN_WORD.finditer(rest) if content_terms(m[0]) and not _is_verb_at(rest, m)]
    return [noun for noun in nouns if not has("empty_noun", noun)]


def _is_verb_at(text: str, word: re.Match[str]) -> bool:
    """Whether an English word is a verb, as far as its form and its neighbours tell."""
    return (
        has("before_verb", text[max(0, word.start() - 12) : word.start()])
        or has("after_verb", text[word.end() : word.end() + 9])
        or has("light_verb", word[0])
        or word[0].endswith(("ed", "ing"))
    )


def _names_outright(turn: Turn) -> bool:
    return has("pointed", turn.bare) or has("quoted", turn.text)


def subjects(turn: Turn) -> list[ConceptMention]:
    """Return the concepts that a question can be about."""
    return [m for m in turn.concepts if _is_subject(turn, m)]


def _is_of_who(turn: Turn, mention: ConceptMention) -> bool:
    return has("who_acts", turn.bare[max(0, mention.start - 5) : mention.start])


def _is_short_chinese(turn: Turn) -> bool:
    """Whether 「哪个部门管?」 may be all it says; "which hospitals" comes with verbs that look like nouns."""
    return len(turn.text) < _SHORT_CHARS and contains_han(turn.text) and not has("scope", turn.text)


def is_asked_for(turn: Turn, mention: ConceptMention) -> bool:
    """Whether a concept is the kind of thing that is asked for: 哪个部门."""
    return has("asked_for", turn.text[max(0, mention.start - 9) : mention.start])


def _is_subject(turn: Turn, mention: ConceptMention) -> bool:
    if mention.concept.kind == "verb" or mention.concept.id in ids("relational"):
        return False
    if _is_of_who(turn, mention) or (_is_short_chinese(turn) and is_asked_for(turn, mention)):
        return False
    return mention.concept.kind == "term" or not has(
        "acts", turn.bare[max(0, mention.start - 9) : mention.start]
    )


def is_nominal(turn: Turn) -> bool:
    """Whether a turn names a thing and asks nothing of its own: 「县医院呢?」."""
    return not (has("asks", turn.core) or has("yes_no", turn.text) or has("adverbial", turn.core))


def is_noun_phrase(turn: Turn) -> bool:
    """Whether all that a short turn says is one thing by name, or nothing at all beside places and years."""
    noun = bare_subject(turn)
    names = [m for m in find_concepts(noun) if m.concept.kind != "verb" or m.concept.id == "reform"]
    rest = _blank(noun, clusters(names, noun))
    if contains_han(noun):
        return all(tag.startswith(("n", "j", "b")) for _, tag in tagged_words(rest))
    return not content_terms(rest)


def sole_concept(turn: Turn) -> ConceptMention | None:
    """Return the concept that is all a short turn names."""
    noun = bare_subject(turn)
    found = find_concepts(noun)
    return found[0] if len(found) == 1 and (found[0].start, found[0].end) == (0, len(noun)) else None


def is_of_both(turn: Turn) -> bool:
    """Whether a question is about the two that the question before names."""
    return has("both", turn.bare) or has("which_of", turn.bare)


def refers_back(turn: Turn) -> bool:
    """Whether a pronoun stands for something said before, not for what the question itself names in front of it."""
    places = [p.end for p in turn.places]
    owners = [m.end for m in turn.concepts if m.concept.kind != "verb"]
    first = {name: min(places, default=len(turn.text)) for name in PRONOUNS}
    first["en_possessive"] = min([*places, *owners], default=len(turn.text))
    return any(m.start() < first[name] for name in PRONOUNS for m in find_all(name, turn.text))


def takes_topic(turn: Turn) -> bool:
    """Whether a question leaves out what it is about."""
    leans = lacks_subject(turn) or leans_by_attribute(turn)
    return leans or has("afterwards", turn.core) or has("part_of", turn.core)


def is_whole(turn: Turn) -> bool:
    """Whether a question that names no place says by itself what it is of: its reach, a title, nothing of health reform."""
    is_foreign = not subjects(turn) and bool(unknown_nouns(turn)) and not leans_by_attribute(turn)
    return is_foreign or has_own_reach(turn)


def has_own_reach(turn: Turn) -> bool:
    """Whether a question can be of no place but the one it means: the country, each county, a title, another matter."""
    is_foreign = not turn.concepts and len(unknown_nouns(turn)) > 1
    return (
        is_foreign or any(has(name, turn.text) for name in ("scope", "quoted")) or has("defines", turn.core)
    )


def is_fragment(turn: Turn) -> bool:
    """Whether a turn opens or ends as a follow-up does and asks nothing by itself."""
    is_open = has("lead_in", turn.text) or unasked(turn.text).endswith("呢")
    return is_open and not has("asks", turn.core)


def says_something(turn: Turn) -> bool:
    """Whether a turn has a subject, a question word or a lead-in: something to complete."""
    return bool(turn.concepts or not is_nominal(turn) or core(turn.text) != turn.text.strip())


def may_stand_alone(turn: Turn) -> bool:
    """「三明的亮点是什么?」「2020年的目标是什么?」: as like of the place or year as such as of the subject before."""
    is_own = turn.has_own_place or (turn.years and not turn.places)
    is_whole = not any(has(name, turn.text) for name in ("lead_in", "policy", *PRONOUNS))
    return bool(is_own) and is_whole and any(m.concept.kind == "general" for m in turn.concepts)


def clusters(spans: Sequence[Place | ConceptMention], text: str) -> list[tuple[int, int]]:
    """Where the text names things, those that only 和, 的, "and" or "of" parts taken as one."""
    clusters: list[tuple[int, int]] = []
    for span in spans:
        if clusters and pattern("joins").fullmatch(text, clusters[-1][1], span.start):
            clusters[-1] = (clusters[-1][0], span.end)
        else:
            clusters.append((span.start, span.end))
    return clusters


def _blank(text: str, spans: Sequence[tuple[int, int]]) -> str:
    letters = list(text)
    for start, end in spans:
        letters[start:end] = " " * (end - start)
    return "".join(letters)
