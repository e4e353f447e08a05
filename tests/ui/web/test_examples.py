from __future__ import annotations

import dataclasses
import itertools
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st
from unruly_endpoint import endpoint
from unruly_replies import Reply

from rag.build import build_pipeline
from rag.errors import LibraryDamagedError
from rag.normalise import contains_han
from rag.settings import load_settings
from ui.web.examples import POOL, Examples, find_examples, spread


@pytest.fixture(scope="module")
def filled(pipeline):
    """Filled but once: every example is tried on the real pipeline, which takes seconds."""
    examples = Examples(pipeline)
    examples.refresh()
    return examples


@pytest.fixture(params=["zh", "en"])
def found(request, filled):
    return request.param, filled._pools[request.param]


def test_every_example_is_answered_from_the_article_it_was_made_of(found, pipeline):
    _, examples = found

    assert len(examples) >= 4
    for example in examples:
        answer = pipeline.ask(example.text)
        assert answer.answered
        assert answer.citations[0].article_id == example.article_id


def test_examples_are_in_their_language_no_two_alike_and_not_too_many(found):
    language, examples = found

    assert {contains_han(example.text) for example in examples} == {language == "zh"}
    assert len({example.text for example in examples}) == len(examples) <= POOL


def test_no_more_examples_are_made_than_asked_for(pipeline):
    assert len(list(find_examples(pipeline, "zh", most=2))) == 2


@given(st.integers(0, 200), st.integers(1, 40))
def test_what_is_spread_is_in_order_and_even_over_the_whole(count, most):
    items = [str(number) for number in range(count)]

    picked = [int(item) for item in spread(items, most)]

    gaps = [after - before for before, after in itertools.pairwise([*picked, count])]
    assert len(picked) == min(count, most)
    assert picked[:1] == [0][:count]
    assert all(gap >= 1 for gap in gaps)
    assert max(gaps, default=0) - min(gaps, default=0) <= 1


class _Scripted:
    """A library of which each look is told, and a pipeline that refuses everything."""

    def __init__(self, at_look=lambda: None):
        self.looks = 0
        self._at_look = at_look
        self.library = self

    def articles(self):
        self.looks += 1
        self._at_look()
        return []


def test_examples_near_the_question_come_first_in_their_order(filled):
    article_of = {example.text: example.article_id for example in filled._pools["zh"]}
    near = list(dict.fromkeys(article_of.values()))[:0:-2]

    some = filled.some("zh", most=POOL, near=near)

    assert len(near) >= 2
    assert list(dict.fromkeys(article_of[text] for text in some))[: len(near)] == near
    assert sorted(some) == sorted(article_of)


def test_a_few_examples_are_shown_of_the_pages_language(filled):
    assert len(filled.some("zh")) == 4
    assert not contains_han("".join(filled.some("en", most=POOL)))
    assert filled.some("zh", most=3, near=["nothing"]) == filled.some("zh")[:3]


def test_an_error_leaves_the_pools_as_they_were(filled):
    def damage():
        raise LibraryDamagedError(path="x", detail="y")

    examples = Examples(_Scripted(damage))
    examples._pools = dict(filled._pools)

    examples.refresh()

    assert examples.some("zh") == filled.some("zh")


def test_a_change_during_a_refresh_is_not_missed():
    scripted = _Scripted()
    examples = Examples(scripted)

    def change():
        if scripted.looks == 1:  # someone adds an article while the first language is looked at
            other = threading.Thread(target=examples.refresh)
            other.start()
            other.join(5)
            assert not other.is_alive()

    scripted._at_look = change

    examples.refresh()

    assert scripted.looks == 4


def test_work_in_the_background_that_breaks_off_says_so_in_the_log_alone(caplog, capfd):
    def shut_down():
        raise RuntimeError("the interpreter is going")

    examples = Examples(_Scripted(shut_down))

    examples.refresh_in_background()
    for thread in threading.enumerate():
        if thread.name == "examples":
            thread.join(30)

    assert "making examples was broken off" in caplog.text
    assert "Traceback" not in capfd.readouterr().err


def test_a_refresh_in_the_background_makes_nobody_wait():
    go, done = threading.Event(), threading.Event()
    scripted = _Scripted(lambda: (go.wait(5), done.set()))

    Examples(scripted).refresh_in_background()

    assert not done.is_set()
    go.set()
    assert done.wait(5)


def test_an_article_that_is_removed_midway_costs_only_its_own_examples(own, pipeline):
    class Shrinking:
        """The library, whose first article goes just after it was listed."""

        def articles(self):
            listed = own.articles()
            own.remove_article(listed[0].article_id)
            return listed

        def __getattr__(self, name):
            return getattr(own, name)

    made = list(find_examples(dataclasses.replace(pipeline, library=Shrinking()), "zh", most=1))

    assert len(made) == 1


@pytest.mark.allow_hosts(["127.0.0.1"])
def test_a_language_model_is_asked_no_question_that_is_only_tried(sample, encoder):
    with endpoint(Reply(content="信息不足")) as server:
        settings = load_settings(llm_base_url=server.url, llm_model="scripted")
        pipeline = build_pipeline(sample, encoder, settings)

        found = list(find_examples(pipeline.without_model(), "zh", most=2))

        assert server.requests == []
        assert pipeline.ask(found[0].text).usage is not None
        assert len(server.requests) == 1
    assert len(found) == 2
