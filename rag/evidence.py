"""From hits to candidate sentences that know their place and time.

hit ─ sentence_spans ─▶ sentence ─▶ place: own words, else earlier in its paragraph, else headings, else article
                                 └▶ years: own words (今年 by the article's date), else headings, else the date
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.hostile import is_hostile
from rag.normalise import fold, sentence_spans
from rag.regions import find_regions
from rag.types import Article, Hit, Passage
from rag.years import find_years

if TYPE_CHECKING:
    from rag.library import Library

_LONGEST_LIST = 10
_LIST_LINE_CHARS = 60

_STOPS = "。！？!?"

_RELATIVE_YEARS = {"前年": -2, "去年": -1, "上年": -1, "今年": 0, "本年": 0, "今年以来": 0, "明年": 1}
_HEADING_LEAD = re.compile(
    r"[\W\d_]*(?:[一二三四五六七八九十]{1,3}[、是]|第[一二三四五六七八九十]{1,3}[章节条]?|问答|专访|访谈)?[\W_]*"
)
_ASKS = re.compile(r"[？?][”’」』）)]*$")
_NATIONAL = re.compile(
    r"(?:^|[，,；;：:\s])(?:目前|今年|已|将|在|由|对){0,3}(?:全国|国家层面|国务院|国家卫生健康委|国家卫健委|国家医保局|我国|中央|各地(?!级))"
)
_LABEL_CHARS = 12
"""A sentence this short (「六、一条龙。」) only names what the next one tells."""

# 基本年薪, 以上年龄, 目前年均, 如今年轻 … hold such a word by accident.
_RELATIVE = re.compile(
    f"(?<![基以之目如文过])(?:{'|'.join(sorted(_RELATIVE_YEARS, key=len, reverse=True))})(?![龄轻])"
)


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
        standout: How much nearer in meaning to the question it is than the others at hand, 0 to 1; see `rerank`.
        lead: The same as a cosine above their mean, which may be below 0.
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
    standout: float = 0.0
    lead: float = 0.0

    @property
    def text(self) -> str:
        """The sentence as the article has it."""
        return self.article.text[self.start : self.end]


def gather_candidates(hits: Sequence[Hit], *, library: Library) -> list[Candidate]:
    """Cut the hits into whole sentences, in order of rank, each once; a sentence that asks answers nothing."""
    articles = {
        article_id: library.article(article_id) for article_id in {h.passage.article_id for h in hits}
    }
    seen: set[tuple[str, int]] = set()
    candidates = []
    for hit in hits:
        article = articles[hit.passage.article_id]
        if article.text[hit.passage.start : hit.passage.end] != hit.passage.text:
            continue  # replaced by an ingest just now: the hit speaks of the earlier text
        for start, end in sentences_of(article, hit.passage):
            if (article.article_id, start) not in seen:
                seen.add((article.article_id, start))
                candidates.append(_candidate(article, hit, start, end))
    return candidates


def sentences_of(article: Article, passage: Passage) -> list[tuple[int, int]]:
    """Spans of the whole sentences that begin or end inside a passage, those that ask left out.

    A long one may have been cut between passages: it belongs to both.
    """
    text, start, end = article.text, passage.start, passage.end
    first = paragraph_start(text, start)
    last = paragraph_end(text, max(start, end - 1))
    spans = join_labels(text, sentence_spans(text, first, last))
    whole = [(a, list_end(article, b)) for a, b in spans if a < end and b > start]
    return [(a, b) for a, b in whole if not _ASKS.search(text, a, b)]


def list_end(article: Article, end: int) -> int:
    """Where a sentence that announces a list (「包括：」) really ends: after the short lines that follow it.

    Items mostly end in 「；」 and the last in 「。」; where the first ends in 「。」 already, all of them do.
    """
    text, headings = article.text, {h.start for h in article.headings}
    if text[end - 1] not in "：:" or text[end : end + 1] != "\n":
        return end
    closing = ""
    for _ in range(_LONGEST_LIST):
        stop = paragraph_end(text, end + 1)
        line = text[end + 1 : stop].strip()
        if not 0 < len(line) <= _LIST_LINE_CHARS or end + 1 in headings:
            break
        end, closing = stop, closing or line[-1]
        if line[-1] in _STOPS and closing not in _STOPS:
            break
    while text[end - 1].isspace():
        end -= 1
    return end


def join_labels(text: str, spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Join a sentence that is only a label to the one that follows it; to none that gives orders to a model."""
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        is_label = bool(joined) and joined[-1][1] - joined[-1][0] <= _LABEL_CHARS and start == joined[-1][1]
        if is_label and not is_hostile(text[start:end]):
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


def _candidate(article: Article, hit: Hit, start: int, end: int) -> Candidate:
    text = article.text[start:end]
    earlier = sentence_spans(article.text, paragraph_start(article.text, start), start)
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
    if own or _NATIONAL.search(fold(text)):
        return own, bool(own)
    for sentence in reversed(earlier):
        codes = _codes(sentence)
        if codes:
            return codes, False
    for heading in reversed(hit.passage.heading_path):
        codes = subject_codes(heading)
        if codes:
            return codes, False
    return article.regions, False


def subject_codes(heading: str) -> tuple[str, ...]:
    """Places that a heading is about: 「芜湖怎样化债」 is about Wuhu, 「学习三明医改经验」 is not about Sanming."""
    lead = _HEADING_LEAD.match(heading)
    start = lead.end() if lead else 0
    return tuple(dict.fromkeys(m.region.code for m in find_regions(heading) if m.start <= start))[:1]


@functools.lru_cache(maxsize=4096)  # those before a sentence are asked of each one after it
def _codes(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(m.region.code for m in find_regions(text)))


def paragraph_end(text: str, position: int) -> int:
    """Offset of the end of the paragraph that `position` is in."""
    end = text.find("\n", position)
    return len(text) if end < 0 else end


def paragraph_start(text: str, position: int) -> int:
    """Offset of the start of the paragraph that `position` is in."""
    return text.rfind("\n", 0, position) + 1
