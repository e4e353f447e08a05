"""What a turn of a conversation shows: the answer as kept, set against the library as it is now. Nothing is escaped here."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import quote, urlencode

from rag.disagreement import conflicts_told
from rag.followup import resolve_followup
from rag.normalise import detect_language
from rag.pipeline import readable
from rag.regions import english_name, full_name, resolve
from rag.table import Table
from rag.types import Answer, Article, Citation, Filter, Hit, Language, Said, Sentence
from ui.printings import printing_words
from ui.quoting import State
from ui.remembering import local_time
from ui.render import answer_notes, answer_text, citation_head, fallback_note, worded_by
from ui.strings import tell
from ui.tables import table_heads, table_markdown
from ui.web.finding import ArticleFinder, Place, place_of
from ui.web.reading import Clause
from ui.web.words import separator, word


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A place in an article: a citation (numbered), or a passage that was only read (number 0).

    Attributes:
        anchor: Its id in the page.
        facts: Source, date and regions, in words.
        path: The headings it stands under, without the title.
        state: Whether the article still reads so at these offsets; "earlier": a version before it did, "changed": none
            that is kept does.
        address: Of the article, or of the version that was quoted, opened at this place; relative to the root.
        replaced: When that version was replaced, in words; empty for any other state.
        present: Of the article as it is now, where the address is of an earlier version.
        printings: Who else printed the article, a line for each kind of printing.
    """

    number: int
    anchor: str
    title: str
    facts: tuple[str, ...]
    path: tuple[str, ...]
    clause: Clause
    state: State
    address: str
    replaced: str = ""
    present: str = ""
    printings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A question and what became of it, ready for the template.

    Attributes:
        asked_as: What the question was taken to ask; empty where that is the question itself.
        note: Why the answer is not (wholly) the language model's; empty where none was asked, or all is well.
        worded: Which language model worded it; empty where none did.
        differing: Positions of the sentences that say that articles differ.
        table: A comparison side by side; its heads, that of the rows first, and its mark of silence are in the answer's language.
    """

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
    note: str = ""
    worded: str = ""
    differing: tuple[int, ...] = ()
    liked: bool | None = None
    reason: str = ""
    offers: tuple[str, ...] = ()
    table: Table | None = None
    heads: tuple[str, ...] = ()
    silent: str = ""


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


def turn_of(answer: Answer, asking: Asking, *, find: ArticleFinder, language: Language) -> Turn:
    """Put a turn together; `language` is the page's, the answer keeps its own."""
    understood = answer.understood or _understood(answer.question, tuple(asking.history))
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
        note=fallback_note(answer, language),
        worded=worded_by(answer, language),
        differing=tuple(conflict.sentence for conflict in answer.conflicts),
        liked=asking.liked,
        reason=asking.reason,
        offers=asking.offers,
        table=answer.table,
        heads=table_heads(answer.table, answer.language) if answer.table else (),
        silent=tell("silent", answer.language),
    )


def unfinished(question: str, said: Sequence[Said]) -> Answer:
    """Show what was said so far in the form of an answer."""
    language = detect_language(question)
    sentences = tuple(one.sentence for one in said)
    citations = tuple(citation for one in said for citation in one.citations)
    return Answer(
        question=question,
        language=language,
        sentences=sentences,
        citations=citations,
        refusal=None,
        composer="",
        conflicts=conflicts_told(sentences, citations, language),
    )


@functools.lru_cache(maxsize=4096)  # a conversation shows each of its turns again with every answer
def _understood(question: str, history: tuple[str, ...]) -> str:
    """What rules take the question to ask, where no answer says so yet, or it was kept before answers did."""
    return resolve_followup(question, [readable(earlier) for earlier in history]) if history else question


def citation_card(citation: Citation, anchor: str, *, find: ArticleFinder, language: Language) -> Card:
    """Make the card of a citation; its clause is the quote, whatever has become of the article."""
    place = place_of(find, citation.article_id, citation.start, citation.quote)
    names = [_region_name(name, language) for name in citation.regions]
    return Card(
        number=citation.number,
        anchor=anchor,
        title=citation.title or word("untitled", language),
        facts=facts_of(citation.source, citation.date, names, language),
        path=tuple(part for part in citation.heading_path if part != citation.title),
        clause=place.clause,
        state=place.state,
        **_links(place, citation.article_id, citation.start, citation.end),
        printings=_printings(find(citation.article_id), language),
    )


def hit_card(hit: Hit, anchor: str, *, find: ArticleFinder, language: Language) -> Card:
    """Make the card of a passage that was read and not cited."""
    passage = hit.passage
    place = place_of(find, passage.article_id, passage.start, passage.text)
    article = place.article
    title = article.title if article else (passage.heading_path or (None,))[0]
    return Card(
        number=0,
        anchor=anchor,
        title=title or word("untitled", language),
        facts=facts_of(
            article.source if article else None,
            article.date if article else None,
            region_names(passage.regions, language),
            language,
        ),
        path=tuple(part for part in passage.heading_path if part != title),
        clause=Clause(before="", text=passage.text, after=""),
        state=place.state,
        **_links(place, passage.article_id, passage.start, passage.end),
        printings=_printings(find(passage.article_id), language),
    )


def _links(place: Place, article_id: str, start: int, end: int) -> dict[str, str]:
    return {
        "address": address_of(article_id, start, end, version=place.replaced_at),
        "replaced": local_time(place.replaced_at) if place.replaced_at else "",
        "present": address_of(article_id) if place.replaced_at else "",
    }


def _printings(article: Article | None, language: Language) -> tuple[str, ...]:
    return tuple(printing_words(article.reposts, language, own=article.source)) if article else ()


def address_of(article_id: str, start: int = 0, end: int = 0, *, version: str = "") -> str:
    """Return where an article is read, opened at a place; relative to the root.

    Args:
        article_id: Of the article.
        start: Of the place.
        end: Of the place; none is marked where it is not beyond the start.
        version: When the version was replaced (ISO 8601); empty for the article as it is now.
    """
    place = {"start": str(start), "end": str(end)} if end > start else {}
    query = urlencode({**place, **({"version": version} if version else {})})
    return f"article/{quote(article_id, safe='')}" + (f"?{query}" if query else "")


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


def facts_of(
    source: str | None, date: str | None, regions: Sequence[str], language: Language
) -> tuple[str, ...]:
    """Source, date and regions in words; the first two also where they are not known."""
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
    """The answer as plain text with its marks, a comparison as a table of Markdown, notes and sources, to paste into a document."""
    language = answer.language
    notes = answer_notes(answer, language)
    table = ["", *table_markdown(answer.table, language)] if answer.table else []
    lines = [answer.question, "", answer_text(answer), *table, *(["", *notes] if notes else [])]
    if answer.citations:
        lines += [
            "",
            f"{word('sources', language)}:" if language == "en" else f"{word('sources', language)}：",
        ]
    for citation in answer.citations:
        place = word("place", language, start=citation.start + 1, end=citation.end)
        head = f"[{citation.number}] {citation_head(citation, language)} · {place}"
        lines += [head, f"    「{citation.quote}」"]
        if citation.url:
            lines.append(f"    {citation.url}")
    return "\n".join(lines)
