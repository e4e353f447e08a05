from __future__ import annotations

import functools
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.reposts import Group, Grouping, Store, Text, bands, signature

BODY = "".join(f"第{n}项工作由县医院牵头，已经完成{n * 7 + 3}处，涉及居民{n * 31 + 5}人。" for n in range(8))
SENTENCES = BODY.split("。")
OTHER = "".join(f"图书馆第{n}层开放到晚上，读者可以自己借还图书，座位{n * 13 + 2}个。" for n in range(8))
CORRECTION = BODY.replace("居民36人", "居民63人")


@functools.cache
def bands_of(text: str) -> frozenset[int]:
    return frozenset(bands(signature(text)))


class Shelf:
    """A library in memory, as far as grouping needs one."""

    def __init__(self, most_candidates: int = 1000) -> None:
        self.texts: dict[str, Text] = {}
        self.groups: dict[str, Group] = {}
        self.compared = 0
        self._most = most_candidates
        self._grouping = Grouping(
            Store(
                bands_of=lambda article_id: tuple(bands_of(self.texts[article_id].text)),
                candidates=self._candidates,
                text_of=self._text_of,
                group_of=self._members,
                most_candidates=most_candidates,
            )
        )

    def add(self, article_id: str, text: Text) -> None:
        rest = self._dissolve(article_id)
        self.texts[article_id] = text
        self._regroup([*rest, article_id])

    def remove(self, article_id: str) -> None:
        rest = self._dissolve(article_id)
        del self.texts[article_id]
        self._regroup(rest)

    @property
    def found(self) -> set[tuple[str, tuple[tuple[str, str | None], ...]]]:
        return {(g.representative, tuple(sorted(g.members.items()))) for g in self.groups.values()}

    def _dissolve(self, article_id: str) -> list[str]:
        members = self._members(article_id) if article_id in self.texts else []
        for member in members:
            self.groups.pop(member, None)
        return [member for member in members if member != article_id]

    def _regroup(self, asked: list[str]) -> None:
        for group in self._grouping.regroup(asked):
            for member in group.members:
                self.groups[member] = group

    def _members(self, article_id: str) -> list[str]:
        group = self.groups.get(article_id)
        return sorted(group.members) if group else [article_id]

    def _candidates(self, wanted) -> list[str]:
        shared = {a: len(bands_of(t.text).intersection(wanted)) for a, t in self.texts.items()}
        return sorted((a for a, n in shared.items() if n), key=lambda a: (-shared[a], a))[: self._most]

    def _text_of(self, article_id: str) -> Text:
        self.compared += 1
        return self.texts[article_id]


def printing(body: str, day: int = 1, source: str | None = None, title: str | None = None) -> Text:
    return Text(text=body, date=f"2023-08-{day:02}", source=source, title=title)


def test_the_fullest_then_the_earliest_then_the_issuer_stands_for_all():
    shelf = Shelf()
    shelf.add("cut", printing("。".join(SENTENCES[:5]), day=1))
    shelf.add("portal", printing(BODY, day=2, source="门户网"))
    assert {g.representative for g in shelf.groups.values()} == {"portal"}

    shelf.add("issuer", printing(BODY, day=2, source="县卫生健康委员会"))
    assert {g.representative for g in shelf.groups.values()} == {"issuer"}

    shelf.add("early", printing(BODY, day=1))
    assert {g.representative for g in shelf.groups.values()} == {"early"}


def test_the_latest_correction_stands_for_those_that_it_corrects():
    shelf = Shelf()
    shelf.add("first", printing(BODY, day=1))
    shelf.add("again", printing(BODY, day=9))
    shelf.add("right", printing(CORRECTION, day=3, title="更正：工作进展"))
    shelf.add("copy", printing(CORRECTION, day=5, title="更正：工作进展"))

    assert shelf.found == {
        ("copy", (("again", "correction"), ("copy", None), ("first", "correction"), ("right", "repost")))
    }


def test_small_changes_do_not_chain_different_articles_together():
    """Each step drops one sentence of the leader and adds one of its own: the last has little in common with the first."""
    shelf = Shelf()
    for step in range(9):
        kept = SENTENCES[step:8] + OTHER.split("。")[:step]
        shelf.add(f"s{step}", printing("。".join(kept)))

    assert shelf.groups["s0"].members.keys().isdisjoint({"s8"})


VARIANTS = {
    "whole": printing(BODY, day=2),
    "again": printing(BODY, day=3, source="县政府"),
    "cut": printing("。".join(SENTENCES[:5]), day=1),
    "middle": printing("。".join(SENTENCES[2:7]), day=1),
    "junk": printing(f"来源：某网\n{BODY}\n责任编辑：某人", day=4),
    "right": printing(CORRECTION, day=5, title="更正：进展"),
    "right again": printing(CORRECTION, day=6, title="更正：进展"),
    "figure": printing(BODY.replace("居民67人", "居民76人"), day=2),
    "figure cut": printing("。".join(BODY.replace("居民67人", "居民76人").split("。")[:5]), day=2),
    "other": printing(OTHER, day=1),
    "other cut": printing("。".join(OTHER.split("。")[:6]), day=1),
    "both": printing("。".join(SENTENCES[:4]) + "。" + OTHER, day=1),
}


@settings(max_examples=25, deadline=None)
@given(
    names=st.permutations(sorted(VARIANTS)), gone=st.sets(st.sampled_from(sorted(VARIANTS))), data=st.data()
)
def test_groups_do_not_depend_on_the_order_nor_on_what_came_and_went(names, gone, data):
    shelf, plain = Shelf(), Shelf()
    for name in names:
        shelf.add(name, VARIANTS[name])
    for name in data.draw(st.permutations(sorted(gone))):
        shelf.remove(name)
    for name in sorted(VARIANTS.keys() - gone):
        plain.add(name, VARIANTS[name])

    assert shelf.found == plain.found
    again = shelf.found
    for name in sorted(VARIANTS.keys() - gone):
        shelf.add(name, VARIANTS[name])
    assert shelf.found == again


def test_an_article_that_changes_is_grouped_by_what_it_is_now():
    shelf = Shelf()
    shelf.add("a", printing(BODY, day=1))
    shelf.add("b", printing(BODY, day=2))
    shelf.add("c", printing(OTHER, day=3))

    shelf.add("a", printing(OTHER, day=1))

    assert shelf.found == {("b", (("b", None),)), ("a", (("a", None), ("c", "repost")))}


@pytest.mark.parametrize("most", [3, 10])
def test_a_group_of_more_than_are_compared_stays_one(most):
    days = random.Random(most).sample(range(1, 29), 20)
    shelf = Shelf(most_candidates=most)
    for number, day in enumerate(days):
        shelf.add(f"a{number:02}", printing(BODY, day=day))
    first = f"a{days.index(min(days)):02}"
    assert {g.representative for g in shelf.groups.values()} == {first}

    shelf.remove(first)

    assert len(shelf.found) == 1


def test_texts_read_for_a_new_printing_do_not_grow_with_its_group():
    shelf = Shelf(most_candidates=8)
    for number in range(20):
        shelf.add(f"a{number:02}", printing(BODY, day=number + 1))
    before = shelf.compared
    shelf.add("b", printing(BODY, day=28))
    small = shelf.compared - before
    for number in range(20, 60):
        shelf.add(f"a{number:02}", printing(BODY, day=28))
    before = shelf.compared
    shelf.add("c", printing(BODY, day=28))

    assert shelf.compared - before <= small + 2
