from __future__ import annotations

import json

from rag.library import Library


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
