"""From hits to candidate sentences that know their place and time.

hit ─ sentence_spans ─▶ sentence ─▶ place: own words, else earlier in its paragraph, else headings, else article
                                 └▶ years: own words (今年 by the article's date), else headings, else the date
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.normalise import fold, sentence_spans
from rag.regions import find_regions
from rag.types import Article, Hit
from rag.understand import find_years

if TYPE_CHECKING:
    from rag.library import Library

_RELATIVE_YEARS = {"前年": -2, "去年": -1, "上年": -1, "今年": 0, "本年": 0, "今年以来": 0, "明年": 1}
_RELATIVE = re.compile("|".join(sorted(_RELATIVE_YEARS, key=len, reverse=True)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A sentence that may answer: `article.text[start:end]`, with what is known of it.

    Attributes:
        folded: Matching form of the sentence.
        context: Matching form of its title and headings.
        before: Matching form of the sentence before it in the same paragraph, or empty.
        regions: Codes it speaks of.
        own_regions: Whether the places stand in the sentence itself.
        years: Years it names itself, relative ones resolved.
        implied_years: Years of its headings, title or article date, which hold where it names none.
        rank: Rank of its passage after fusion.
        dense_rank: Rank of its passage on the dense side alone, or None.
    """

    article: Article
    start: int
    end: int
    folded: str
    context: str
    before: str
    heading_path: tuple[str, ...]
    regions: tuple[str, ...]
    own_regions: bool
    years: tuple[int, ...]
    implied_years: tuple[int, ...]
    rank: int
    dense_rank: int | None

    @property
    def text(self) -> str:
        """The sentence as the article has it."""
        return self.article.text[self.start : self.end]


def gather_candidates(
    hits: Sequence[Hit], *, library: Library, dense_ranks: dict[str, int]
) -> list[Candidate]:
    """Cut the hits into sentences, in order of rank; each sentence once."""
    articles = {hit.passage.article_id: None for hit in hits}
    by_id = {article_id: library.article(article_id) for article_id in articles}
    seen: set[tuple[str, int]] = set()
    candidates = []
    for hit in hits:
        article = by_id[hit.passage.article_id]
        for start, end in sentence_spans(article.text, hit.passage.start, hit.passage.end):
            if (article.article_id, start) not in seen:
                seen.add((article.article_id, start))
                candidates.append(
                    _candidate(article, hit, start, end, dense_ranks.get(hit.passage.passage_id))
                )
    return candidates


def _candidate(article: Article, hit: Hit, start: int, end: int, dense_rank: int | None) -> Candidate:
    text = article.text[start:end]
    earlier = sentence_spans(article.text, _paragraph_start(article.text, start), start)
    regions, own = _regions(article, hit, text, [article.text[a:b] for a, b in earlier])
    return Candidate(
        article=article,
        start=start,
        end=end,
        folded=fold(text),
        context=fold(" ".join(hit.passage.heading_path)),
        before=fold(article.text[earlier[-1][0] : earlier[-1][1]]) if earlier else "",
        heading_path=hit.passage.heading_path,
        regions=regions,
        own_regions=own,
        years=named_years(text, article.date),
        implied_years=_implied_years(article, hit.passage.heading_path),
        rank=hit.rank,
        dense_rank=dense_rank,
    )


def named_years(text: str, date: str | None) -> tuple[int, ...]:
    """Years that a text names, with 今年, 去年 … resolved where the article's date is known."""
    years = set(find_years(text))
    if date:
        years.update(int(date[:4]) + _RELATIVE_YEARS[m[0]] for m in _RELATIVE.finditer(fold(text)))
    return tuple(sorted(years))


def _implied_years(article: Article, heading_path: Iterable[str]) -> tuple[int, ...]:
    years = set(find_years(" ".join(heading_path)))
    if article.date:
        years.add(int(article.date[:4]))
    return tuple(sorted(years))


def _regions(article: Article, hit: Hit, text: str, earlier: Sequence[str]) -> tuple[tuple[str, ...], bool]:
    own = _codes(text)
    if own:
        return own, True
    for sentence in reversed(earlier):
        codes = _codes(sentence)
        if codes:
            return codes, False
    for heading in reversed(hit.passage.heading_path):
        codes = _codes(heading)
        if codes:
            return codes, False
    return article.regions, False


def _codes(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(m.region.code for m in find_regions(text)))


def _paragraph_start(text: str, position: int) -> int:
    return text.rfind("\n", 0, position) + 1
