"""What a turn of a conversation shows: the answer as kept, set against the library as it is now. Nothing is escaped here."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import quote

from rag.errors import ArticleNotFoundError
from rag.followup import resolve_followup
from rag.library import Library
from rag.normalise import detect_language
from rag.pipeline import readable
from rag.regions import english_name, full_name, resolve
from rag.types import Answer, Article, Citation, Filter, Hit, Language, Said, Sentence
from ui.web.reading import Clause, clause_in_paragraph
from ui.web.words import separator, word

State = Literal["current", "changed", "gone"]
FindArticle = Callable[[str], Article | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A place in an article: a citation (numbered), or a passage that was only read (number 0).

    Attributes:
        anchor: Its id in the page.
        facts: Source, date and regions, in words.
        path: The headings it stands under, without the title.
        state: Whether the article still reads so at these offsets.
        address: Of the article, opened at this place; relative to the root.
    """

    number: int
    anchor: str
    title: str
    facts: tuple[str, ...]
    path: tuple[str, ...]
    clause: Clause
    state: State
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A question and what became of it, ready for the template."""

    key: str
    question: str
    asked_as: str
    within: str
    language: Language
    sentences: tuple[Sentence, ...]
    refusal: str
    cards: tuple[Card, ...]
    unused: tuple[Card, ...]
    copied: str
    answer_id: str
    liked: bool | None = None
    reason: str = ""
    offers: tuple[str, ...] = ()


def finder(library: Library) -> FindArticle:
    """Return a function that finds articles and reads each but once."""
    known: dict[str, Article | None] = {}

    def find(article_id: str) -> Article | None:
        if article_id not in known:
            try:
                known[article_id] = library.article(article_id)
            except ArticleNotFoundError:
                known[article_id] = None
        return known[article_id]

    return find


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """How the question of a turn was asked."""

    key: str
    history: tuple[str, ...] = ()
    within: Filter = field(default_factory=Filter)
    answer_id: str = ""
    liked: bool | None = None
    reason: str = ""
    offers: tuple[str, ...] = ()


def turn_of(answer: Answer, asking: Asking, *, find: FindArticle, language: Language) -> Turn:
    """Put a turn together; `language` is the page's, the answer keeps its own."""
    understood = _understood(answer.question, tuple(asking.history))
    cards = tuple(
        citation_card(citation, f"c-{asking.key}-{citation.number}", find=find, language=language)
        for citation in answer.citations
    )
    unused = tuple(
        hit_card(hit, f"u-{asking.key}-{i}", find=find, language=language)
        for i, hit in enumerate(answer.unused, start=1)
    )
    return Turn(
        key=asking.key,
        question=answer.question,
        asked_as=understood if understood != answer.question else "",
        within=filter_words(asking.within, language),
        language=answer.language,
        sentences=answer.sentences,
        refusal=answer.refusal.message if answer.refusal else "",
        cards=cards,
        unused=unused,
        copied=answer_with_sources(answer),
        answer_id=asking.answer_id,
        liked=asking.liked,
        reason=asking.reason,
        offers=asking.offers,
    )


def unfinished(question: str, said: Sequence[Said]) -> Answer:
    """Show what was said so far in the form of an answer."""
    return Answer(
        question=question,
        language=detect_language(question),
        sentences=tuple(one.sentence for one in said),
        citations=tuple(citation for one in said for citation in one.citations),
        refusal=None,
        composer="",
    )


@functools.lru_cache(maxsize=4096)  # a conversation shows each of its turns again with every answer
def _understood(question: str, history: tuple[str, ...]) -> str:
    """What the pipeline took the question to ask; it reads a history in no other form than this."""
    return resolve_followup(question, [readable(earlier) for earlier in history]) if history else question


def citation_card(citation: Citation, anchor: str, *, find: FindArticle, language: Language) -> Card:
    """Make the card of a citation; its clause is the quote, whatever has become of the article."""
    article = find(citation.article_id)
    clause, state = _clause(article, citation.start, citation.end, citation.quote)
    names = [_region_name(name, language) for name in citation.regions]
    return Card(
        number=citation.number,
        anchor=anchor,
        title=citation.title or word("untitled", language),
        facts=_facts(citation.source, citation.date, names, language),
        path=tuple(part for part in citation.heading_path if part != citation.title),
        clause=clause,
        state=state,
        address=address_of(citation.article_id, citation.start, citation.end),
    )


def hit_card(hit: Hit, anchor: str, *, find: FindArticle, language: Language) -> Card:
    """Make the card of a passage that was read and not cited."""
    passage = hit.passage
    article = find(passage.article_id)
    _, state = _clause(article, passage.start, passage.end, passage.text)
    title = article.title if article else (passage.heading_path or (None,))[0]
    return Card(
        number=0,
        anchor=anchor,
        title=title or word("untitled", language),
        facts=_facts(
            article.source if article else None,
            article.date if article else None,
            region_names(passage.regions, language),
            language,
        ),
        path=tuple(part for part in passage.heading_path if part != title),
        clause=Clause(before="", text=passage.text, after=""),
        state=state,
        address=address_of(passage.article_id, passage.start, passage.end),
    )


def _clause(article: Article | None, start: int, end: int, kept: str) -> tuple[Clause, State]:
    if article is not None and article.text[start:end] == kept:
        return clause_in_paragraph(article.text, start, end), "current"
    return Clause(before="", text=kept, after=""), "gone" if article is None else "changed"


def address_of(article_id: str, start: int = 0, end: int = 0) -> str:
    """Return where an article is read, opened at a place; relative to the root."""
    place = f"?start={start}&end={end}" if end > start else ""
    return f"article/{quote(article_id, safe='')}{place}"


def region_names(codes: Sequence[str], language: Language) -> list[str]:
    """Name divisions in the page's language; one that the gazetteer of this version lacks stands for itself."""
    return [_name_of(code, language) for code in codes]


def _name_of(code: str, language: Language) -> str:
    try:
        return full_name(code) if language == "zh" else english_name(code)
    except ValueError:
        return code


def _region_name(name: str, language: Language) -> str:
    """A citation holds full Chinese names; in English a reader needs the other."""
    found = resolve(name) if language == "en" else None
    return english_name(found.code) if found else name


def _facts(
    source: str | None, date: str | None, regions: Sequence[str], language: Language
) -> tuple[str, ...]:
    return tuple(
        part
        for part in (
            source or word("no_source", language),
            date or word("undated", language),
            separator(language).join(regions),
        )
        if part
    )


def filter_words(within: Filter, language: Language) -> str:
    """Say what a search was restricted to; empty where it was not."""
    parts = [
        *region_names(within.regions, language),
        word("since", language, year=within.since_year) if within.since_year else "",
        word("until", language, year=within.until_year) if within.until_year else "",
        *within.sources,
    ]
    what = separator(language).join(part for part in parts if part)
    return word("within", language, what=what) if what else ""


def answer_with_sources(answer: Answer) -> str:
    """The answer as plain text with its sources, to paste into a document."""
    language = answer.language
    lines = [answer.question, "", answer.text]
    if answer.citations:
        lines += [
            "",
            f"{word('sources', language)}:" if language == "en" else f"{word('sources', language)}：",
        ]
    for citation in answer.citations:
        where = [
            citation.title or word("untitled", language),
            citation.source or word("no_source", language),
            citation.date or word("undated", language),
            word("place", language, start=citation.start + 1, end=citation.end),
        ]
        lines += [f"[{citation.number}] " + " · ".join(where), f"    「{citation.quote}」"]
        if citation.url:
            lines.append(f"    {citation.url}")
    return "\n".join(lines)
