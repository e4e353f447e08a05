"""What `rag.history.History` promises, held against the keeper in a library and the one in memory."""

from __future__ import annotations

import itertools
import re
from concurrent.futures import ThreadPoolExecutor

import pytest

from rag.errors import AnswerNotFoundError
from rag.history import Asked, Conversation, Feedback, History, MemoryHistory
from rag.library.catalogue import Catalogue
from rag.library.history import KeptHistory
from rag.library.records import Manifest
from rag.library.schema import SCHEMA
from rag.types import Answer, Citation, Filter, Hit, Passage, Refusal, Sentence, Verdict

HOSTILE = [
    "\x00\x1b[31m\u202e红\u2066",
    "\ud800",
    "\udfff\ud800",
    "\ud83d\ude00",
    "a\nb\u2028c",
    "'; DROP TABLE answers; --",
    "１Ａ％𠮷",
]
THUMB_UP = Feedback(liked=True, reason="引用准确", given_at="2026-01-02T03:04:05+00:00")
THUMB_DOWN = Feedback(liked=False, reason="答非所问", given_at="2026-01-02T03:04:06+00:00")


class Clock:
    """Says the times it was given, the last one for ever."""

    def __init__(self) -> None:
        self.times = ["2026-01-01T00:00:00+00:00"]

    def __call__(self) -> str:
        return self.times.pop(0) if len(self.times) > 1 else self.times[0]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["library", "memory"])
def history(request, tmp_path, clock):
    if request.param == "memory":
        yield MemoryHistory(clock=clock)
        return
    catalogue = Catalogue.create(tmp_path, Manifest(schema=SCHEMA, encoder="none", dimension=1))
    yield KeptHistory(catalogue, clock=clock)
    catalogue.close()


def refused(question="火星上有没有医院?"):
    return Answer(
        question=question,
        language="zh",
        sentences=(),
        citations=(),
        refusal=Refusal(code="off_topic", message="文章没有谈到火星。"),
        composer="extractive",
    )


def answered(question="芜湖是怎么化债的?"):
    passage = Passage(
        passage_id="wuhu#0",
        article_id="wuhu",
        ordinal=0,
        start=3,
        end=9,
        text="降到48.8%",
        heading_path=("芜湖", "化债"),
        regions=("340200",),
    )
    citation = Citation(
        number=1,
        article_id="wuhu",
        title=None,
        source="卫生报",
        date="2024-05",
        url=None,
        regions=("安徽省芜湖市",),
        heading_path=("芜湖",),
        start=3,
        end=9,
        quote="降到48.8%",
    )
    return Answer(
        question=question,
        language="zh",
        sentences=(Sentence(text="降到48.8%。", citations=(1,)),),
        citations=(citation,),
        refusal=None,
        composer="extractive",
        retrieved=(Hit(passage=passage, score=0.1 + 0.2, rank=1, origin="fused"),),
        dropped=(Verdict(supported=False, reason="数字不在原文"),),
        timings_ms={"total": 12.34, "retrieve": 5.0},
    )


def asked(asker="", conversation="", **fields):
    return Asked(
        asker=asker, conversation=conversation, **({"via": "page", "settings": {"top_k": 8}} | fields)
    )


def questions(kept):
    return [one.answer.question for one in kept]


class TestHistoryContract:
    def test_what_is_kept_comes_back_whole(self, history: History, clock):
        answer = answered()
        how = asked(
            "amei",
            "c1",
            history=("先问的", "后问的"),
            within=Filter(regions=("340200",), since_year=2020, until_year=2024, sources=("卫生报",)),
            settings={"yigai": "0.1.0", "top_k": 8},
        )

        kept = history.kept(history.keep(answer, how))

        assert (kept.answer, kept.asked, kept.asked_at) == (answer, how, clock.times[0])
        assert kept.feedback is None

    def test_an_id_is_16_hexadecimal_characters_and_never_the_same(self, history):
        ids = [history.keep(refused(), asked()) for _ in range(50)]

        assert len(set(ids)) == 50
        assert all(re.fullmatch("[0-9a-f]{16}", one) for one in ids)

    @pytest.mark.parametrize("text", HOSTILE, ids=ascii)
    def test_any_text_comes_back_as_it_was(self, history, text):
        answer_id = history.keep(answered(text), asked(text, text, history=(text,)))
        history.rate(answer_id, Feedback(liked=False, reason=text, given_at="2026"), asker=text)

        kept = history.kept(answer_id)

        assert (kept.answer.question, kept.asked.history, kept.feedback.reason) == (text, (text,), text)
        assert history.conversation(text, asker=text) == [kept]
        assert [c.first_question for c in history.conversations(text)] == [text]
        assert history.listed(asker=text) == [kept]

    def test_askers_who_differ_only_in_what_is_not_utf_8_are_two(self, history):
        history.keep(refused(), asked("\ud800", "c"))

        assert history.conversation("c", asker="\udbff") == []
        assert history.conversation("c", asker="?") == []
        assert len(history.conversation("c", asker="\ud800")) == 1

    # Listing

    def test_nothing_is_listed_before_anything_was_kept(self, history):
        assert history.listed() == history.ids() == history.conversations("amei") == []
        assert history.conversation("c1", asker="amei") == []

    def test_the_newest_is_listed_first_by_time_then_by_order_of_keeping(self, history, clock):
        clock.times = [f"2026-01-0{day}T00:00:00+00:00" for day in (2, 2, 3, 1)]
        ids = [history.keep(refused(str(n)), asked()) for n in range(4)]

        assert questions(history.listed()) == ["2", "1", "0", "3"]
        assert history.ids() == [ids[2], ids[1], ids[0], ids[3]]

    @pytest.mark.parametrize(("limit", "found"), [(None, 3), (0, 0), (1, 1), (2, 2), (9, 3), (-1, 0)])
    def test_a_limit_cuts_off_the_oldest(self, history, limit, found):
        for n in range(3):
            history.keep(refused(str(n)), asked())

        assert questions(history.listed(limit=limit)) == ["2", "1", "0"][:found]

    def test_thumbs_and_askers_narrow_a_list(self, history):
        up, down, none = (history.keep(refused(), asked(name)) for name in ("amei", "bao", "bao"))
        history.rate(up, THUMB_UP)
        history.rate(down, THUMB_DOWN)

        assert [k.answer_id for k in history.listed(liked=True)] == history.ids(liked=True) == [up]
        assert [k.answer_id for k in history.listed(liked=False)] == history.ids(liked=False) == [down]
        assert [k.answer_id for k in history.listed(asker="bao")] == [none, down]
        assert history.listed(asker="bao", liked=True) == history.listed(asker="") == []

    # Finding

    def test_an_answer_is_found_by_its_id_or_a_beginning_of_it_in_any_width_and_case(self, history):
        answer_id = history.keep(answered(), asked())
        wide = "".join(chr(ord(ch) + 0xFEE0) for ch in answer_id[:6].upper())

        for name in (answer_id, answer_id[:1], answer_id[:8], answer_id.upper(), f" {answer_id} ", wide):
            assert history.find(name).answer_id == answer_id

    @pytest.mark.parametrize("name", ["", " ", "%", "_", "g", "0" * 17, "a\x00", *HOSTILE], ids=ascii)
    def test_what_is_no_beginning_of_an_id_finds_nothing(self, history, name):
        history.keep(answered(), asked())

        with pytest.raises(AnswerNotFoundError) as caught:
            history.find(name)

        assert caught.value.values["count"] == "0"

    def test_a_beginning_of_several_ids_is_an_error_that_counts_them(self, history):
        ids = sorted(history.keep(refused(), asked()) for _ in range(40))  # more than there are first digits
        pairs = [one[0] for one, other in itertools.pairwise(ids) if one[0] == other[0]]

        with pytest.raises(AnswerNotFoundError) as caught:
            history.find(pairs[0])

        assert caught.value.values["count"] == str(sum(one[0] == pairs[0] for one in ids))

    @pytest.mark.parametrize("answer_id", ["", "0" * 16, "x", *HOSTILE], ids=ascii)
    def test_an_id_that_is_not_there_is_an_error(self, history, answer_id):
        history.keep(answered(), asked())

        with pytest.raises(AnswerNotFoundError):
            history.kept(answer_id)
        with pytest.raises(AnswerNotFoundError):
            history.rate(answer_id, THUMB_UP)

    # Conversations

    def test_a_conversation_is_listed_from_its_beginning(self, history):
        for n in range(3):
            history.keep(refused(str(n)), asked("amei", "c1"))
        history.keep(refused("other"), asked("amei", "c2"))

        assert questions(history.conversation("c1", asker="amei")) == ["0", "1", "2"]
        assert questions(history.conversation("c1", asker="amei", latest=2)) == ["1", "2"]
        assert questions(history.conversation("c1", asker="amei", latest=9)) == ["0", "1", "2"]

    def test_conversations_say_when_they_were_and_how_they_began(self, history, clock):
        clock.times = [f"2026-01-0{day}T00:00:00+00:00" for day in (1, 2, 3, 4)]
        for question, conversation in (("first", "c1"), ("second", "c2"), ("third", "c1"), ("alone", "")):
            history.keep(refused(question), asked("amei", conversation))

        found = history.conversations("amei")

        assert found == [
            Conversation(
                conversation="c1",
                first_question="first",
                started_at="2026-01-01T00:00:00+00:00",
                last_at="2026-01-03T00:00:00+00:00",
                answers=2,
            ),
            Conversation(
                conversation="c2",
                first_question="second",
                started_at="2026-01-02T00:00:00+00:00",
                last_at="2026-01-02T00:00:00+00:00",
                answers=1,
            ),
        ]
        assert history.conversations("amei", limit=1) == found[:1]
        assert history.conversations("amei", limit=0) == history.conversations("amei", limit=-1) == []

    def test_of_conversations_of_one_second_the_last_used_comes_first(self, history):
        for conversation in ("c1", "c2", "c1"):
            history.keep(refused(), asked("amei", conversation))

        assert [c.conversation for c in history.conversations("amei")] == ["c1", "c2"]

    def test_nobody_sees_the_conversations_of_another(self, history):
        history.keep(refused(), asked("amei", "c1"))

        for other in ("bao", "", "Amei", "amei "):
            assert history.conversation("c1", asker=other) == []
            assert history.conversations(other) == []
            assert history.forget_conversation("c1", asker=other) == 0
        assert len(history.conversation("c1", asker="amei")) == 1

    def test_two_askers_may_name_their_conversations_alike(self, history):
        history.keep(refused("hers"), asked("amei", "c1"))
        history.keep(refused("his"), asked("bao", "c1"))

        assert questions(history.conversation("c1", asker="bao")) == ["his"]
        assert [c.first_question for c in history.conversations("amei")] == ["hers"]

    def test_the_asker_whom_nobody_knows_owns_nothing(self, history):
        answer_id = history.keep(refused(), asked("", "c1"))

        assert history.conversation("c1", asker="") == history.conversations("") == []
        assert history.forget_conversation("c1", asker="") == 0
        with pytest.raises(AnswerNotFoundError):
            history.rate(answer_id, THUMB_UP, asker="")
        assert [k.answer_id for k in history.listed(asker="")] == [answer_id]

    def test_answers_of_no_conversation_are_none_together(self, history):
        history.keep(refused(), asked("amei", ""))

        assert history.conversation("", asker="amei") == history.conversations("amei") == []
        assert history.forget_conversation("", asker="amei") == 0

    # Rating

    def test_the_last_thumb_counts_and_can_be_taken_back(self, history):
        answer_id = history.keep(answered(), asked("amei"))

        history.rate(answer_id, THUMB_UP, asker="amei")
        history.rate(answer_id, THUMB_DOWN, asker="amei")
        assert history.kept(answer_id).feedback == THUMB_DOWN

        history.rate(answer_id, None, asker="amei")
        assert history.kept(answer_id).feedback is None
        assert history.listed(liked=True) == history.listed(liked=False) == []

    def test_an_answer_is_rated_by_its_asker_only(self, history):
        answer_id = history.keep(answered(), asked("amei"))

        with pytest.raises(AnswerNotFoundError):
            history.rate(answer_id, THUMB_DOWN, asker="bao")
        assert history.kept(answer_id).feedback is None

    def test_rating_changes_neither_the_answer_nor_its_place(self, history):
        first, second = (history.keep(answered(), asked("amei", "c1")) for _ in range(2))
        before = history.kept(first)

        history.rate(first, THUMB_UP)

        after = history.kept(first)
        assert (after.answer, after.asked, after.asked_at) == (before.answer, before.asked, before.asked_at)
        assert history.ids() == [second, first]

    # Forgetting

    def test_what_is_forgotten_is_gone_and_the_rest_is_not(self, history):
        ids = [history.keep(refused(), asked()) for _ in range(3)]

        assert history.forget([ids[0], ids[2], ids[0], "0" * 16, "\ud800"]) == 2
        assert history.ids() == [ids[1]]
        assert history.forget([]) == history.forget([ids[0]]) == 0

    def test_a_forgotten_conversation_takes_its_answers_with_it(self, history):
        for conversation in ("c1", "c1", "c2"):
            history.keep(refused(), asked("amei", conversation))

        assert history.forget_conversation("c1", asker="amei") == 2
        assert [c.conversation for c in history.conversations("amei")] == ["c2"]

    def test_the_newest_stays_the_newest_after_it_followed_a_forgotten_one(self, history):
        first = history.keep(refused(), asked())
        history.forget([history.keep(refused(), asked())])
        last = history.keep(refused(), asked())

        assert history.ids() == [last, first]

    # At the same time

    def test_eight_threads_keep_at_once_and_nothing_is_lost(self, history):
        def keep(thread):
            return [history.keep(answered(f"{thread}-{n}"), asked(f"asker-{thread}", "c")) for n in range(25)]

        with ThreadPoolExecutor(8) as threads:
            ids = [one for kept in threads.map(keep, range(8)) for one in kept]

        assert sorted(history.ids()) == sorted(ids)
        for thread in range(8):
            own = history.conversation("c", asker=f"asker-{thread}")
            assert questions(own) == [f"{thread}-{n}" for n in range(25)]
