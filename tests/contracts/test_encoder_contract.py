"""What `rag.encoder.Encoder` promises, held against each encoder."""

from __future__ import annotations

import numpy as np
import pytest

TEXTS = [
    "芜湖市用于化解医院债务的资金",
    "丽水市的急救车平均多久到达",
    "The ambulance arrives within twelve minutes on average.",
    "a",
    "編制周轉池",
    "医院" * 200,
]


def cosine(one, other):
    return float(np.dot(np.asarray(one, np.float64), np.asarray(other, np.float64)))


class TestEncoderContract:
    def test_a_name_and_a_dimension_are_known_before_anything_is_embedded(self, encoder):
        assert encoder.name
        assert encoder.dimension > 0
        assert encoder.max_tokens > 32

    def test_passages_give_one_row_each(self, encoder):
        vectors = encoder.embed_passages(TEXTS)

        assert vectors.shape == (len(TEXTS), encoder.dimension)
        assert vectors.dtype == np.float32

    def test_vectors_have_unit_length(self, encoder):
        vectors = [*encoder.embed_passages(TEXTS), *(encoder.embed_query(text) for text in TEXTS)]

        assert np.allclose([np.linalg.norm(v) for v in vectors], 1, atol=1e-3)

    def test_rows_stand_in_the_order_of_the_texts(self, encoder):
        forwards, backwards = encoder.embed_passages(TEXTS), encoder.embed_passages(TEXTS[::-1])

        assert np.allclose(forwards, backwards[::-1], atol=2e-3)

    def test_a_text_is_embedded_the_same_alone_and_among_others(self, encoder):
        together = encoder.embed_passages(TEXTS)

        for text, row in zip(TEXTS, together, strict=True):
            assert cosine(encoder.embed_passages([text])[0], row) > 0.999

    def test_the_same_text_always_has_the_same_vector(self, encoder):
        assert np.array_equal(encoder.embed_passages(TEXTS), encoder.embed_passages(TEXTS))
        assert encoder.embed_query(TEXTS[0]) == encoder.embed_query(TEXTS[0])

    def test_no_texts_give_no_rows_of_the_right_width(self, encoder):
        assert encoder.embed_passages([]).shape == (0, encoder.dimension)
        assert encoder.embed_documents([]) == []
        assert encoder.count_tokens([]) == []

    def test_a_query_is_a_plain_list_of_numbers(self, encoder):
        vector = encoder.embed_query("芜湖是怎么化债的?")

        assert len(vector) == encoder.dimension
        assert all(type(value) is float for value in vector)

    def test_documents_are_passages_as_langchain_wants_them(self, encoder):
        documents = encoder.embed_documents(TEXTS)

        assert type(documents[0]) is list
        assert np.allclose(documents, encoder.embed_passages(TEXTS), atol=1e-6)

    def test_texts_near_in_meaning_are_nearer_than_others(self, encoder):
        question = encoder.embed_query("How long until the ambulance arrives?")
        near, far = encoder.embed_passages(
            ["The ambulance arrives within twelve minutes.", "The library has new opening hours."]
        )

        assert cosine(question, near) > cosine(question, far)

    @pytest.mark.parametrize("text", ["", " ", "\n", "\x00", "🙂", "ﷺ" * 100, "芜" * 5000, "\u202e"])
    def test_any_text_has_a_vector(self, encoder, text):
        assert np.isfinite(encoder.embed_passages([text])).all()
        assert np.isfinite(encoder.embed_query(text)).all()

    def test_what_is_beyond_the_window_is_cut(self, encoder):
        long = "医院" * (2 * encoder.max_tokens)

        assert encoder.count_tokens([long])[0] > encoder.max_tokens
        assert np.allclose(
            encoder.embed_passages([long])[0], encoder.embed_passages([long + "债务" * 50])[0], atol=1e-4
        )

    def test_tokens_are_counted_for_each_text_and_grow_with_it(self, encoder):
        counts = encoder.count_tokens(["", "医院", "医院的债务和编制", "医院的债务和编制" * 20])

        assert counts == sorted(counts)
        assert all(count > 0 for count in counts)
        assert counts == [
            encoder.count_tokens([text])[0]
            for text in ["", "医院", "医院的债务和编制", "医院的债务和编制" * 20]
        ]

    def test_progress_adds_up_to_the_number_of_texts(self, encoder):
        done = []

        encoder.embed_passages(TEXTS * 20, on_progress=done.append)

        assert sum(done) == 20 * len(TEXTS)

    def test_warming_up_twice_does_no_harm(self, encoder):
        encoder.warm_up()
        encoder.warm_up()

        assert len(encoder.embed_query("芜湖")) == encoder.dimension


def test_the_default_encoder_reads_a_question_otherwise_than_a_passage(bundled):
    text = "芜湖是怎么化债的?"

    as_question, as_passage = bundled.embed_query(text), bundled.embed_passages([text])[0]

    assert 0.5 < cosine(as_question, as_passage) < 0.9999


def test_the_default_encoder_finds_chinese_by_an_english_question(bundled):
    question = bundled.embed_query("How did the city reduce its hospital debt?")
    near, far = bundled.embed_passages(["该市用财政资金化解了医院的债务。", "该市的图书馆延长了开放时间。"])

    assert cosine(question, near) > cosine(question, far)
