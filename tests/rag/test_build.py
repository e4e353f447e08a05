from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from rag.build import build_encoder, build_pipeline, chosen_composer, open_library
from rag.errors import GenerationError, LibraryMismatchError, LibraryMissingError, SettingsError
from rag.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
HEAVY = {"torch", "transformers", "gradio", "chromadb", "onnxruntime", "onnx", "tokenizers", "numpy"}


def modules_after(code):
    run = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport json, sys\nprint(json.dumps(sorted(sys.modules)))"],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    return set(json.loads(run.stdout.splitlines()[-1]))


def test_importing_the_builder_loads_nothing_heavy():
    assert modules_after("import rag.build, rag.settings, rag.schema, rag.types, rag.errors") & HEAVY == set()


def test_the_default_encoder_is_the_bundled_one(tmp_path):
    encoder = build_encoder(Settings(cache=tmp_path))

    assert encoder.name.startswith("bundled/")
    assert list(tmp_path.iterdir()) == []  # nothing is converted before the first use


def test_a_sentence_transformers_encoder_is_named_by_its_model():
    loaded = modules_after(
        "from rag.build import build_encoder; from rag.settings import Settings\n"
        "encoder = build_encoder(Settings(encoder='sentence-transformers:some/model'))\n"
        "assert 'some/model' in encoder.name, encoder.name"
    )

    assert "torch" not in loaded


@pytest.mark.parametrize("name", ["bundle", "sentence-transformers", "openai:text-embedding-3", "BUNDLED"])
def test_an_encoder_that_does_not_exist_is_a_wrong_setting(name):
    with pytest.raises(SettingsError) as caught:
        build_encoder(Settings(encoder=name))

    assert name in str(caught.value)
    assert "bundled" in str(caught.value)


def test_a_library_that_is_not_there_is_only_made_when_told_to(tmp_path, bundled_encoder):
    with pytest.raises(LibraryMissingError):
        open_library(tmp_path / "library", bundled_encoder)

    with open_library(tmp_path / "library", bundled_encoder, create=True) as library:
        assert library.passage_count() == 0
    with open_library(tmp_path / "library", bundled_encoder) as library:
        assert library.manifest.encoder == bundled_encoder.name


def test_a_library_is_not_opened_for_another_encoder(tmp_path, bundled_encoder):
    open_library(tmp_path / "library", bundled_encoder, create=True).close()

    class Other:
        name, dimension = "other", 8

    with pytest.raises(LibraryMismatchError, match="other"):
        open_library(tmp_path / "library", Other())


def test_a_pipeline_reads_as_many_passages_as_the_settings_say(tiny_library, bundled_encoder):
    pipeline = build_pipeline(tiny_library, bundled_encoder, Settings(top_k=3))

    assert pipeline.top_k == 3
    assert pipeline.composer.name == "extractive"


@pytest.mark.parametrize(
    ("settings", "composer", "chosen"),
    [
        ({}, None, "extractive"),
        ({"llm_model": "m"}, None, "llm"),
        ({"llm_model": "m"}, "extractive", "extractive"),
        ({"llm_model": "m", "composer": "extractive"}, None, "extractive"),
        ({"llm_model": "m", "composer": "extractive"}, "auto", "llm"),
        ({"llm_model": "m", "composer": "extractive"}, "llm", "llm"),
        ({}, "auto", "extractive"),
    ],
)
def test_who_words_the_answers(settings, composer, chosen):
    assert chosen_composer(Settings(**settings), composer) == chosen


@pytest.mark.parametrize(("settings", "composer"), [({}, "llm"), ({"composer": "llm"}, None), ({}, "poet")])
def test_a_composer_that_cannot_be_is_a_wrong_setting(settings, composer):
    with pytest.raises(SettingsError):
        chosen_composer(Settings(**settings), composer)


NO_SUCH_MODEL = {"llm_model": "nosuchprovider:model"}


def test_a_model_that_cannot_be_opened_leaves_the_answer_to_the_articles(tiny_library, bundled_encoder):
    plain = build_pipeline(tiny_library, bundled_encoder, Settings())
    pipeline = build_pipeline(tiny_library, bundled_encoder, Settings(**NO_SUCH_MODEL))
    question = "合肥的家庭医生签约率是多少?"
    answer = pipeline.ask(question, history=["合肥和赣州怎么样?", "后者的呢?"])

    assert (answer.composer, answer.fallback_reason) == ("extractive", "rejected")
    assert answer.sentences == plain.ask(question).sentences


def test_whoever_insists_on_it_is_told_what_is_wrong(tiny_library, bundled_encoder):
    with pytest.raises(GenerationError, match="provider:model"):
        build_pipeline(tiny_library, bundled_encoder, Settings(**NO_SUCH_MODEL), composer="llm")
