from __future__ import annotations

import json
import re

import pytest
from unruly_endpoint import endpoint
from unruly_replies import Reply, failure

from rag.library import Library

KEY = "sk-quite-secret"


def test_where_all_is_well_doctor_exits_0(cli, sample_library):
    ran = cli("doctor", "--library", sample_library)

    assert ran.code == 0
    assert ran.out.splitlines()[-1] == "All is well."
    assert "chromadb" in ran.out


def test_the_json_is_one_document_with_what_is_there(cli, sample_library):
    document = json.loads(cli("doctor", "--json", "--library", sample_library).out)

    assert document["problems"] == []
    assert document["articles"] > 20
    assert document["encoder"].startswith("bundled/")
    assert document["encoder_ready"] is True
    assert document["packages"]["chromadb"]
    assert all(document["packages"].values())
    assert len(document["packages"]) > 10


def test_a_missing_library_is_a_problem_with_its_next_step(cli, tmp_path):
    ran = cli("doctor", "--library", tmp_path, language="zh")

    assert ran.code == 1
    assert "✗" in ran.out
    assert "yigai ingest" in ran.out


def test_a_library_by_another_encoder_is_a_problem_for_doctor_and_for_ask(cli, tmp_path):
    Library.open(tmp_path, encoder_name="another/encoder", dimension=8, create=True).close()
    ran = cli("doctor", "--library", tmp_path)
    asked = cli("ask", "芜湖是怎么化债的?", "--library", tmp_path)

    assert ran.code == asked.code == 1
    for told in (ran.out, asked.err):
        assert "another/encoder" in told
        assert f"yigai library repair --library {tmp_path}" in told


def test_weights_that_are_not_there_are_a_problem(cli, tmp_path, monkeypatch, sample_library):
    monkeypatch.setenv("YIGAI_ENCODER_WEIGHTS", str(tmp_path / "nowhere.bin"))
    ran = cli("doctor", "--library", sample_library)

    assert ran.code == 1
    assert "nowhere.bin" in ran.out
    assert "YIGAI_ENCODER_WEIGHTS" in ran.out


def test_other_weights_than_the_right_ones_are_a_problem_for_doctor_and_for_ingest(
    cli, tmp_path, monkeypatch, sample_folder
):
    (tmp_path / "wrong.bin").write_bytes(b"E5S1" + bytes(100))
    monkeypatch.setenv("YIGAI_ENCODER_WEIGHTS", str(tmp_path / "wrong.bin"))
    monkeypatch.setenv("YIGAI_CACHE", str(tmp_path / "cache"))
    ran = cli("doctor", "--library", tmp_path / "library")
    ingested = cli("ingest", sample_folder, "--library", tmp_path / "library")

    assert ran.code == ingested.code == 1
    for told in (ran.out, ingested.err):
        assert "SHA-256" in told
        assert "YIGAI_ENCODER_WEIGHTS" in told


def test_an_encoder_that_does_not_exist_is_a_problem(cli, tmp_path, monkeypatch, sample_library):
    monkeypatch.setenv("YIGAI_ENCODER", "crystal ball")
    ran = cli("doctor", "--library", sample_library)

    assert ran.code == 1
    assert "crystal ball" in ran.out


def test_before_the_first_use_the_encoder_counts_as_not_prepared_and_doctor_makes_nothing(
    cli, tmp_path, monkeypatch, sample_library
):
    monkeypatch.setenv("YIGAI_CACHE", str(tmp_path / "cache"))
    ran = cli("doctor", "--library", sample_library)

    assert ran.code == 0
    assert "prepared at first use" in ran.out
    assert not (tmp_path / "cache").exists()


# The language model


@pytest.fixture
def model(monkeypatch):
    """Sets a language model: `model(server.url)`."""

    def be(url, name="qwen"):
        monkeypatch.setenv("YIGAI_LLM_BASE_URL", url)
        monkeypatch.setenv("YIGAI_LLM_MODEL", name)
        monkeypatch.setenv("YIGAI_LLM_API_KEY", KEY)
        monkeypatch.setenv("YIGAI_LLM_RETRIES", "0")

    return be


@pytest.mark.parametrize(("language", "told"), [("en", "none set"), ("zh", "未设置")])
def test_without_a_language_model_doctor_says_so_and_all_is_well(cli, sample_library, language, told):
    ran = cli("doctor", "--library", sample_library, language=language)

    assert ran.code == 0
    assert told in ran.out


@pytest.mark.allow_hosts(["127.0.0.1"])
def test_a_language_model_is_named_without_secrets_and_not_asked(cli, sample_library, model):
    with endpoint(Reply(content="2")) as server:
        place = server.url.removeprefix("http://")
        model(f"http://me:{KEY}@{place}?key={KEY}")
        ran = cli("doctor", "--library", sample_library)
        document = json.loads(cli("doctor", "--json", "--library", sample_library).out)

        assert server.requests == []
    assert ran.code == 0
    assert f"qwen at http://{place}" in ran.out
    assert document["model"] == {"name": "qwen", "place": f"http://{place}"}
    assert "model_reply" not in document
    assert KEY not in ran.out + json.dumps(document)


def test_a_model_of_a_provider_is_named_alone(cli, sample_library, monkeypatch):
    monkeypatch.setenv("YIGAI_LLM_MODEL", "openai:gpt")

    ran = cli("doctor", "--library", sample_library)

    assert re.search(r"^language model +openai:gpt$", ran.out, re.MULTILINE)


@pytest.mark.allow_hosts(["127.0.0.1"])
@pytest.mark.parametrize(
    ("language", "told"), [("en", r"it works, replied within \d+ ms"), ("zh", r"能用，\d+ 毫秒答复")]
)
def test_where_it_is_wanted_the_model_is_asked_once(cli, sample_library, model, language, told):
    with endpoint(Reply(content="2")) as server:
        model(server.url)
        ran = cli("doctor", "--model", "--library", sample_library, language=language)

        assert len(server.requests) == 1
    assert ran.code == 0
    assert re.search(told, ran.out)


@pytest.mark.allow_hosts(["127.0.0.1"])
def test_a_model_that_does_not_work_is_a_problem_that_does_not_tell_the_key(cli, sample_library, model):
    with endpoint(failure(401, message=f"bad key {KEY}")) as server:
        model(server.url)
        ran = cli("doctor", "--model", "--library", sample_library)
        document = json.loads(cli("doctor", "--model", "--json", "--library", sample_library).out)

    assert ran.code == 1
    assert "it does not work" in ran.out
    assert "✗" in ran.out
    assert document["model_reply"]["ok"] is False
    assert len(document["problems"]) == 1
    assert KEY not in ran.out + ran.err + json.dumps(document)


def test_a_model_whose_provider_is_not_there_is_a_problem(cli, sample_library, monkeypatch):
    monkeypatch.setenv("YIGAI_LLM_MODEL", "atlantis:gpt")

    ran = cli("doctor", "--model", "--library", sample_library)

    assert ran.code == 1
    assert "atlantis" in ran.out.splitlines()[-1]


def test_to_ask_a_model_that_is_not_set_is_a_problem(cli, sample_library):
    ran = cli("doctor", "--model", "--library", sample_library)

    assert ran.code == 1
    assert "YIGAI_LLM_MODEL" in ran.out
