"""The evidence that a model is shown: numbered blocks of neighbouring sentences, each with its place, within a budget."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rag.assess import Scored, is_in_place
from rag.compose import Quote
from rag.compose.cards import glosses
from rag.evidence import Candidate, paragraph_start
from rag.hostile import is_hostile
from rag.regions import full_name
from rag.types import Article, Language
from rag.understand import Query

MOST_BLOCKS = 6
_READ_SENTENCES = 12
"""Answering sentences looked at: the best ones; what comes after them rarely answers."""
_NEIGHBOURS = 1
"""Sentences shown before and after one that answers: what 「其中」 and 「该市」 refer to stands there."""

_OWN_MARKER = re.compile(r"[\[【\uff3b]([\d,，、\s-]{1,12})[\]】\uff3d]")
Size = Callable[["Block"], int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Neighbouring sentences of one paragraph, in reading order, the best of them first in `merit`.

    Attributes:
        number: By which the model cites it, from 1.
        merit: The sentences' offsets, those that answer best first.
    """

    number: int
    sentences: tuple[Candidate, ...]
    merit: tuple[int, ...]

    @property
    def article(self) -> Article:
        """The article that it is from."""
        return self.sentences[0].article

    @property
    def text(self) -> str:
        """The article's own words, from the first sentence to the last."""
        return self.article.text[self.sentences[0].start : self.sentences[-1].end]

    @property
    def head(self) -> str:
        """Where the words stand: places, title, headings, date."""
        first = self.sentences[0]
        places = "、".join(full_name(code) for code in first.regions[:2])
        path = list(dict.fromkeys(part for part in (self.article.title, *first.heading_path) if part))
        return " · ".join(part for part in (places, " > ".join(path), self.article.date or "") if part)

    def shown(self, language: Language) -> str:
        """The block as the model reads it; for an answer in English, with what its figures and terms are in English."""
        notes = glosses(self.text) if language == "en" else []
        listed = f"\n(In English: {'; '.join(notes)}.)" if notes else ""
        return f"[{self.number}] {unnumbered(self.head)}\n{unnumbered(self.text)}{listed}"


def unnumbered(text: str) -> str:
    """Without markers of its own, which would be taken for ours: [3] becomes (3)."""
    return _OWN_MARKER.sub(r"(\1)", text)


def quote_of(*sentences: Candidate) -> Quote:
    """Quote neighbouring sentences, from the first to the last."""
    first, last = sentences[0], sentences[-1]
    regions = dict.fromkeys(code for one in sentences for code in one.regions)
    return Quote(
        article=first.article,
        start=first.start,
        end=last.end,
        heading_path=first.heading_path,
        regions=tuple(regions),
    )


def choose_blocks(query: Query, answering: Sequence[Scored], read: Sequence[Candidate]) -> list[Block]:
    """Gather the best answering sentences with their neighbours; where places are compared, each has its share.

    Sentences that speak to a model rather than a reader are left out.

    Args:
        query: What is asked.
        answering: Sentences that answer, best first.
        read: Every sentence that was read, in which the neighbours are looked for.
    """
    chosen = [s for s in _shared_out(query, answering) if not is_hostile(s.candidate.text)][:_READ_SENTENCES]
    paragraphs: dict[tuple[str, int], list[Candidate]] = {}
    for scored in chosen:
        paragraphs.setdefault(_paragraph(scored.candidate), []).append(scored.candidate)
    neighbours: dict[tuple[str, int], list[Candidate]] = {}
    for candidate in read:
        if is_hostile(candidate.text):
            continue
        neighbours.setdefault(_paragraph(candidate), []).append(candidate)
    blocks: list[Block] = []
    for key, answers in paragraphs.items():
        blocks += _blocks(query, answers, sorted(neighbours.get(key, answers), key=lambda c: c.start))
    return [dataclasses.replace(b, number=n) for n, b in enumerate(blocks[:MOST_BLOCKS], start=1)]


def _shared_out(query: Query, answering: Sequence[Scored]) -> list[Scored]:
    """Take from each place asked about in turn."""
    if len(query.regions) < 2:
        return list(answering)
    by_place = [
        [s for s in answering if is_in_place(dataclasses.replace(query, regions=(group,)), s.candidate)]
        for group in query.regions
    ]
    turns = [s for rank in range(max(map(len, by_place))) for of in by_place for s in of[rank : rank + 1]]
    return list(dict.fromkeys(turns))


def _paragraph(candidate: Candidate) -> tuple[str, int]:
    article = candidate.article
    return article.article_id, paragraph_start(article.text, candidate.start)


def _blocks(query: Query, answers: Sequence[Candidate], around: Sequence[Candidate]) -> list[Block]:
    """Group the answers of one paragraph, each with its neighbours, into runs without a gap."""
    starts = [one.start for one in around]
    wanted: set[int] = set()
    for answer in answers:
        at = starts.index(answer.start) if answer.start in starts else -1
        near = around[max(0, at - _NEIGHBOURS) : at + _NEIGHBOURS + 1] if at >= 0 else []
        wanted.update(one.start for one in near if is_in_place(query, one))
    wanted.update(one.start for one in answers)
    runs: list[list[Candidate]] = []
    for one in around:
        if one.start not in wanted:
            continue
        # A block is shown and quoted as a whole: nothing that was left out may stand in its middle.
        if runs and not one.article.text[runs[-1][-1].end : one.start].strip():
            runs[-1].append(one)
        else:
            runs.append([one])
    merit = [answer.start for answer in answers]
    made = [
        Block(number=0, sentences=tuple(run), merit=tuple(m for m in merit if m in {c.start for c in run}))
        for run in runs
    ]
    return sorted((b for b in made if b.merit), key=lambda block: merit.index(block.merit[0]))


def fit_blocks(blocks: Sequence[Block], *, budget_tokens: int, size: Size) -> list[Block]:
    """Trim the longest block by a sentence, as often as it takes; a block of one sentence goes if it is the last.

    Args:
        blocks: Best first.
        budget_tokens: What all of them may take.
        size: Tokens of a block as it is shown.

    Returns:
        The blocks that fit, renumbered; none where not even one sentence does.
    """
    kept = list(blocks)
    sizes = [size(block) for block in kept]
    while kept and sum(sizes) > budget_tokens:
        longest = max(range(len(kept)), key=lambda i: (len(kept[i].sentences) > 1, sizes[i]))
        if len(kept[longest].sentences) == 1:
            longest = len(kept) - 1
            del kept[longest], sizes[longest]
            continue
        kept[longest] = _shorter(kept[longest])
        sizes[longest] = size(kept[longest])
    return [dataclasses.replace(block, number=n) for n, block in enumerate(kept, start=1)]


def _shorter(block: Block) -> Block:
    """Leave out the outer sentence that answers less."""
    first, last = block.sentences[0], block.sentences[-1]
    rank = {start: place for place, start in enumerate(block.merit)}
    worst = len(block.merit)
    is_first = rank.get(first.start, worst) >= rank.get(last.start, worst)
    kept = block.sentences[1:] if is_first else block.sentences[:-1]
    starts = {one.start for one in kept}
    return dataclasses.replace(block, sentences=kept, merit=tuple(m for m in block.merit if m in starts))
