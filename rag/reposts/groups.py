"""Which articles are printings of one text: groups kept up to date as articles come and go.

Articles have a rank: the fullest text first, then the earliest, then the better source. In the order of their rank,
each joins the first of those before it that leads a group and that it is a printing of; else it leads a group of its
own. So the groups follow from the articles alone, never from the order in which they came, and a chain of small
changes does not tie different articles together: every member was compared with its leader. When one article comes
or goes, only those that share a band with one whose part changes are asked again.
"""

from __future__ import annotations

import heapq
import math
import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from rag.normalise import simplify
from rag.reposts.compare import Text, compare, is_correcting
from rag.reposts.printing import read_printing
from rag.types import RepostRelation

# Texts whose lengths differ by less than about a tenth count as equally full: the rest is a portal's.
_FULLER = 1.1
_MOST_KEPT = 50_000  # ranks, and relations; some 10 MB
_MOST_TEXTS = 200
_ISSUER = re.compile(
    r"(?:委员会|[委局厅部院]|政府|中心|办公室|国务院|政府网|官网)$|卫健委|卫生健康|医保局|医疗保障局"
)

_Rank = tuple[int, str, int, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Printings of one text, or one article alone.

    Attributes:
        representative: The article that stands for all.
        members: Each article, that one included, with what it is to it: None for that one itself.
    """

    representative: str
    members: Mapping[str, RepostRelation | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """How the grouping sees a library; it writes nothing.

    Attributes:
        bands_of: An article's bands.
        candidates: The articles that have one of the bands, but for those that were not grouped yet; where they are
            more than `most_candidates`, those that have the most bands.
        text_of: What is compared of an article.
        group_of: The article ids of an article's group as it is recorded, itself included.
    """

    bands_of: Callable[[str], Sequence[int]]
    candidates: Callable[[Collection[int]], Iterable[str]]
    text_of: Callable[[str], Text]
    group_of: Callable[[str], Collection[str]]
    most_candidates: int


def _rank(article_id: str, text: Text) -> _Rank:
    """Order articles, the best first."""
    fullness = round(math.log(max(1, len(read_printing(text.text).text)), _FULLER))
    return -fullness, text.date or "9999", _source_rank(text.source), article_id


def _source_rank(source: str | None) -> int:
    """Put a body that issues such texts before any other named source, and that before none."""
    if not source:
        return 2
    return 0 if _ISSUER.search(simplify(source.strip())) else 1


class Grouping:
    """Keeps the groups of a library; makes the same ones as if all articles had come at once."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._texts: dict[str, Text] = {}
        self._leaders: dict[str, str] = {}  # as they are now, of the articles that were looked at
        self._recorded: dict[str, str] = {}
        # What follows from the texts alone is kept between calls: else a group of many costs its square.
        self._ranks: dict[str, _Rank] = {}
        self._relations: defaultdict[str, dict[str, RepostRelation | None]] = defaultdict(dict)

    def place(self, article_id: str) -> tuple[Group, ...]:
        """Find the group of a new article; see `regroup`."""
        return self.regroup([article_id])

    def regroup(self, members: Iterable[str]) -> tuple[Group, ...]:
        """Find the groups of articles, and return every group that changed. Record them before the next call.

        Args:
            members: Articles that are new or whose text changed, and every other of a group that such an article
                was in, or one that was removed. Their bands and texts are in the store.

        Returns:
            Disjoint groups; articles alone are groups too.
        """
        asked = list(dict.fromkeys(members))
        self._forget(asked)
        self._recorded.update((article_id, "") for article_id in asked)
        self._settle(asked)
        return self._changed()

    def _forget(self, asked: Iterable[str]) -> None:
        self._leaders.clear()
        self._recorded.clear()
        self._texts.clear()
        if len(self._ranks) > _MOST_KEPT or sum(map(len, self._relations.values())) > _MOST_KEPT:
            self._ranks.clear()
            self._relations.clear()
        for article_id in asked:
            self._ranks.pop(article_id, None)
            for other in self._relations.pop(article_id, ()):
                self._relations[other].pop(article_id, None)

    def _settle(self, asked: Iterable[str]) -> None:
        """Ask articles for their leaders, the best rank first; each answer may only change those of lower rank."""
        queue = [(self._rank(article_id), article_id) for article_id in asked]
        heapq.heapify(queue)
        settled: dict[str, frozenset[int]] = {}  # bands of the leaders found
        while queue:
            rank, article_id = heapq.heappop(queue)
            if article_id in self._leaders:
                continue
            near, bands = self._near(article_id, settled)
            old, new = self._leader(article_id), self._choose(article_id, near)
            self._leaders[article_id] = new
            if new == article_id:
                settled[article_id] = bands
            if old == new or (old and article_id not in (old, new)):
                continue
            followers = set(near).union(self._store.group_of(article_id) if old == article_id else ())
            for other in followers - {article_id}:
                if self._rank(other) > rank and self._depends(other, article_id):
                    heapq.heappush(queue, (self._rank(other), other))

    def _near(
        self, article_id: str, settled: Mapping[str, frozenset[int]]
    ) -> tuple[list[str], frozenset[int]]:
        """Return the articles that may be printings of the same text, and the bands.

        Where the store leaves candidates out, the one that leads them is found through any of them.
        """
        bands = frozenset(self._store.bands_of(article_id))
        found = set(self._store.candidates(bands))
        if len(found) >= self._store.most_candidates:
            found |= {leader for other in found if (leader := self._leader(other))}
        found |= {leader for leader, its_bands in settled.items() if not bands.isdisjoint(its_bands)}
        return sorted(found - {article_id}), bands

    def _choose(self, article_id: str, near: Iterable[str]) -> str:
        rank = self._rank(article_id)
        leaders = [other for other in near if self._leader(other) == other]
        better = sorted((self._rank(other), other) for other in leaders if self._rank(other) < rank)
        return next((other for _, other in better if self._relation(article_id, other)), article_id)

    def _depends(self, other: str, article_id: str) -> bool:
        """Whether an article of lower rank may have to change when `article_id` began or ceased to lead."""
        leader = self._leader(other)
        if leader == article_id or not leader:
            return True
        leads = self._leaders[article_id] == article_id
        return (
            leads
            and self._rank(leader) > self._rank(article_id)
            and self._relation(other, article_id) is not None
        )

    def _changed(self) -> tuple[Group, ...]:
        """Make the groups into which or out of which an article moved."""
        moved = [a for a, leader in self._leaders.items() if leader != self._recorded[a]]
        touched = {self._leaders[a] for a in moved}
        touched |= {
            self._leader(old) for a in moved if (old := self._recorded[a]) and self._leader(old) == old
        }
        by_leader: dict[str, set[str]] = {leader: {leader} for leader in touched}
        for leader in touched:
            for member in self._store.group_of(leader):
                if self._leader(member) == leader:
                    by_leader[leader].add(member)
        for member, leader in self._leaders.items():
            if leader in by_leader:
                by_leader[leader].add(member)
        return tuple(self._group(leader, sorted(ids)) for leader, ids in sorted(by_leader.items()))

    def _group(self, leader: str, article_ids: Sequence[str]) -> Group:
        """Make a group; a correction of its leader stands for it, and for the others printed what it corrects."""
        corrections = [
            a
            for a in article_ids
            if self._relation(a, leader) == "correction" and is_correcting(self._text(a), self._text(leader))
        ]
        chosen = max(corrections, key=lambda a: (self._text(a).date or "", a), default=leader)
        otherwise: RepostRelation = "repost" if chosen == leader else "correction"
        relations = {a: None if a == chosen else self._relation(a, chosen) or otherwise for a in article_ids}
        return Group(representative=chosen, members=relations)

    def _leader(self, article_id: str) -> str:
        """Return the leader of an article's group: as it is now, or as it was recorded; "" for one that has none yet."""
        if article_id in self._leaders:
            return self._leaders[article_id]
        if article_id not in self._recorded:
            group = self._store.group_of(article_id)
            leader = min(group, key=self._rank)
            self._recorded.update((member, leader) for member in group if member not in self._recorded)
        return self._recorded[article_id]

    def _relation(self, one: str, other: str) -> RepostRelation | None:
        known = self._relations[one]
        if one != other and other not in known:
            known[other] = self._relations[other][one] = compare(self._text(one), self._text(other))
        return known.get(other)

    def _text(self, article_id: str) -> Text:
        if article_id not in self._texts:
            if len(self._texts) >= _MOST_TEXTS:
                self._texts.clear()
            self._texts[article_id] = self._store.text_of(article_id)
        return self._texts[article_id]

    def _rank(self, article_id: str) -> _Rank:
        if article_id not in self._ranks:
            self._ranks[article_id] = _rank(article_id, self._text(article_id))
        return self._ranks[article_id]
