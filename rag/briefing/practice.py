"""What is done where, and the most telling of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rag.briefing.draft import Drafts
from rag.briefing.findings import Finding, in_reading_order
from rag.briefing.plan import place_in
from rag.briefing.topic import NAMED
from rag.briefing.types import Line, Section
from rag.briefing.words import word
from rag.types import Article, Language

_MOST_OF_PLACE = 6
_MOST_OF_ARTICLE = 4
_MOST_ARTICLES = 4
_BEGINNING_CHARS = 14
_LEAST_IN_SUMMARY, _MOST_IN_SUMMARY = 3, 6
_LONGEST_IN_SUMMARY_CHARS = 160


def practice(findings: Sequence[Finding], places: Sequence[str], drafts: Drafts) -> Section | None:
    """A part for each place, measures before results; then for each article that names none."""
    parts = [_part(place_in(p, drafts.language), of_place(findings, p), drafts) for p in places]
    parts += [
        _part(_heading(a, drafts.language), of_article(findings, a), drafts) for a in _placeless(findings)
    ]
    kept = tuple(part for part in parts if part.lines)
    if not kept:
        return None
    return Section(kind="practice", heading=word("practice", drafts.language), parts=kept)


def of_place(findings: Sequence[Finding], place: str) -> list[Finding]:
    """What is told of a place, the best found first; passing words only where there is nothing else."""
    own = [f for f in findings if f.place == place]
    return ([f for f in own if not f.is_passing] or own)[:_MOST_OF_PLACE]


def of_article(findings: Sequence[Finding], article: Article) -> list[Finding]:
    """What an article tells without naming a place."""
    own = [f for f in findings if not f.place and f.quote.article.article_id == article.article_id]
    return sorted((f for f in own if not f.is_passing), key=lambda f: not f.is_telling)[:_MOST_OF_ARTICLE]


def _placeless(findings: Sequence[Finding]) -> list[Article]:
    articles = {f.quote.article.article_id: f.quote.article for f in findings if not f.place}
    return list(articles.values())[:_MOST_ARTICLES]


def _part(heading: str, findings: Sequence[Finding], drafts: Drafts) -> Section:
    lines = tuple(drafts.sentence(f, names_place=False) for f in in_reading_order(findings))
    return Section(kind="practice", heading=heading, lines=lines)


def _heading(article: Article, language: Language) -> str:
    beginning = " ".join(article.text.split())[:_BEGINNING_CHARS]
    title = article.title or word("untitled", language, text=beginning)
    return word("no_place", language, title=f"《{title}》" if language == "zh" and article.title else title)


def summary(findings: Sequence[Finding], places: Sequence[str], drafts: Drafts) -> Section | None:
    """The most telling lines: the best one of each place, then others with figures in turn, three at least."""
    full = [f for f in findings if not f.is_passing]
    by_place = [sorted(of_place(full, place), key=_least_telling) for place in places]
    first = [rows[0] for rows in by_place if rows]
    others = [f for f in _in_turn([rows[1:] for rows in by_place]) if f.is_telling]
    rest = sorted((f for f in full if not f.place), key=_least_telling)
    chosen = [*first, *others][:_MOST_IN_SUMMARY]
    chosen += rest[: max(0, _LEAST_IN_SUMMARY - len(chosen))]
    if not chosen:
        return None
    lines: tuple[Line, ...] = tuple(drafts.sentence(f) for f in chosen)
    return Section(kind="summary", heading=word("summary", drafts.language), lines=lines)


def _least_telling(finding: Finding) -> tuple[bool, bool, bool]:
    is_long = len(finding.quote.text) > _LONGEST_IN_SUMMARY_CHARS
    return is_long, not finding.is_telling, finding.strength < NAMED


def _in_turn(rows: Sequence[Sequence[Finding]]) -> Iterable[Finding]:
    for rank in range(max(map(len, rows), default=0)):
        for row in rows:
            if rank < len(row):
                yield row[rank]
