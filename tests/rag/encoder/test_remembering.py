from __future__ import annotations

import threading

import numpy as np
import pytest

from rag.build import build_encoder
from rag.encoder.remembering import RememberingEncoder
from rag.settings import load_settings


class CountingEncoder:
    """Passes on to the real encoder and notes what it was asked to embed."""

    def __init__(self, encoder):
        self._encoder = encoder
        self.asked = []

    def __getattr__(self, name):
        return getattr(self._encoder, name)

    def embed_passages(self, texts, *, on_progress=None):
        self.asked.append(list(texts))
        return self._encoder.embed_passages(texts, on_progress=on_progress)


@pytest.fixture(scope="module")
def bundled():
    return build_encoder(load_settings())


@pytest.fixture
def counting(bundled):
    return CountingEncoder(bundled)


def test_vectors_are_those_of_the_encoder_to_the_bit(bundled, counting):
    texts = ["芜湖化债", "编制周转池", "芜湖化债", "How did Wuhu reduce debt?", ""]
    remembering = RememberingEncoder(counting)

    first, again = remembering.embed_passages(texts), remembering.embed_passages(texts[::-1])

    assert np.array_equal(first, bundled.embed_passages(texts))
    assert np.array_equal(again, first[::-1])


def test_a_passage_is_embedded_once(counting):
    remembering = RememberingEncoder(counting)

    remembering.embed_passages(["甲", "乙", "甲"])
    remembering.embed_passages(["乙", "丙"])

    assert counting.asked == [["甲", "乙"], ["丙"]]


def test_beyond_the_limit_the_least_recently_used_goes(counting):
    remembering = RememberingEncoder(counting, most=2)
    remembering.embed_passages(["甲", "乙"])
    remembering.embed_passages(["甲"])
    remembering.embed_passages(["丙"])

    counting.asked.clear()
    remembering.embed_passages(["甲", "丙"])
    remembering.embed_passages(["乙"])

    assert counting.asked == [["乙"]]


def test_more_passages_than_are_remembered_still_come_whole(bundled, counting):
    texts = [f"第{i}条" for i in range(20)]

    assert np.array_equal(
        RememberingEncoder(counting, most=3).embed_passages(texts), bundled.embed_passages(texts)
    )


def test_what_a_caller_does_to_a_vector_is_not_remembered(counting):
    remembering = RememberingEncoder(counting)
    vectors = remembering.embed_passages(["甲"])
    before = vectors.copy()
    vectors[:] = 0

    assert np.array_equal(remembering.embed_passages(["甲"]), before)


def test_progress_counts_every_text(counting):
    remembering = RememberingEncoder(counting)
    remembering.embed_passages(["甲"])
    done = []

    remembering.embed_passages(["甲", "乙", "乙", "丙"], on_progress=done.append)

    assert sum(done) == 4


def test_many_threads_get_the_right_vectors(bundled, counting):
    texts = [f"第{i}条" for i in range(12)]
    expected = bundled.embed_passages(texts)
    remembering = RememberingEncoder(counting, most=6)
    wrong = []

    def work(start):
        for i in range(15):
            at = (start + i) % 12
            if not np.array_equal(remembering.embed_passages([texts[at]])[0], expected[at]):
                wrong.append(at)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert wrong == []
