from __future__ import annotations

import json
import subprocess
import sys
import textwrap
import time
from dataclasses import asdict, replace

import pytest

from rag.encoder.convert import conversion_key, prepare
from rag.errors import ModelUnavailableError


def names_in(folder):
    return sorted(file.name for file in folder.iterdir())


def process_of(body, tiny, cache):
    """Start a real process that has `card`, `weights` and `cache`."""
    start = """
        import json, sys, time
        from pathlib import Path
        from rag.encoder.convert import prepare
        from rag.encoder.weights import ModelCard
        card = ModelCard(**json.loads(sys.argv[1]))
        weights, cache = Path(sys.argv[2]), Path(sys.argv[3])
    """
    code = textwrap.dedent(start) + textwrap.dedent(body)
    arguments = [json.dumps(asdict(tiny.card)), str(tiny.path), str(cache)]
    return subprocess.Popen([sys.executable, "-c", code, *arguments], stdout=subprocess.PIPE, text=True)


def test_the_folder_holds_all_that_the_encoder_runs_from(tiny, tmp_path):
    folder = prepare(tmp_path / "cache", tiny.card, weights=tiny.path)

    assert folder == tmp_path / "cache" / "encoder" / conversion_key(tiny.card)
    assert names_in(folder) == [
        "contents.json",
        "model.onnx",
        "model.onnx.weights",
        "pieces.bin",
        "tokenizer.json",
    ]


def test_nothing_but_the_folder_and_its_lock_is_left(tiny, tmp_path):
    folder = prepare(tmp_path, tiny.card, weights=tiny.path)

    assert set(names_in(tmp_path / "encoder")) <= {folder.name, f"{folder.name}.lock"}


def test_the_user_is_told_once(tiny, tmp_path):
    said = []
    for _ in range(2):
        prepare(tmp_path, tiny.card, weights=tiny.path, on_prepare=said.append)

    assert len(said) == 1
    assert "once" in said[0]


def test_a_prepared_encoder_needs_its_weights_no_more(tiny, tmp_path):
    folder = prepare(tmp_path, tiny.card, weights=tiny.path)
    tiny.path.unlink()

    assert prepare(tmp_path, tiny.card, weights=tiny.path) == folder


@pytest.mark.parametrize("change", [{"sha256": "0" * 64}, {"exact": True}])
def test_other_weights_and_other_arithmetic_have_another_folder(tiny, change):
    assert conversion_key(replace(tiny.card, **change)) != conversion_key(tiny.card)


@pytest.mark.parametrize("name", ["model.onnx.weights", "contents.json", "pieces.bin"])
def test_a_folder_with_a_shortened_file_is_made_again(tiny, tmp_path, name):
    folder = prepare(tmp_path, tiny.card, weights=tiny.path)
    whole = (folder / name).read_bytes()
    (folder / name).write_bytes(whole[: len(whole) // 2])

    prepare(tmp_path, tiny.card, weights=tiny.path)

    assert (folder / name).read_bytes() == whole


def test_wrong_weights_leave_no_folder(tiny, tmp_path):
    tiny.path.write_bytes(b"something else")

    with pytest.raises(ModelUnavailableError, match="SHA-256"):
        prepare(tmp_path, tiny.card, weights=tiny.path)

    assert not [name for name in names_in(tmp_path / "encoder") if not name.endswith(".lock")]


def test_a_cache_that_cannot_be_written_is_named_with_what_to_do(tiny, tmp_path):
    (tmp_path / "cache").write_text("a file where the folder should be", encoding="utf-8")

    with pytest.raises(ModelUnavailableError, match=r"cannot be prepared.*YIGAI_CACHE"):
        prepare(tmp_path / "cache", tiny.card, weights=tiny.path)


def test_processes_that_start_together_convert_once(tiny, tmp_path):
    body = """
        print("ready", flush=True)
        while not (cache / "go").exists():
            time.sleep(0.005)
        print(prepare(cache, card, weights=weights, on_prepare=lambda message: print("converting")))
    """
    processes = [process_of(body, tiny, tmp_path) for _ in range(3)]
    for process in processes:
        assert process.stdout.readline() == "ready\n"

    (tmp_path / "go").touch()
    said = [process.communicate(timeout=60)[0].split() for process in processes]

    assert [process.returncode for process in processes] == [0, 0, 0]
    assert sorted(len(lines) for lines in said) == [1, 1, 2]
    assert {lines[-1] for lines in said} == {str(prepare(tmp_path, tiny.card))}


def test_a_conversion_that_was_killed_is_cleared_away_and_done_again(tiny, tmp_path):
    body = """
        from rag.encoder import graph
        whole = graph.write_graph
        def write_and_wait(*arguments, **options):
            whole(*arguments, **options)
            print("half done", flush=True)
            time.sleep(60)
        graph.write_graph = write_and_wait
        prepare(cache, card, weights=weights)
    """
    process = process_of(body, tiny, tmp_path)
    assert process.stdout.readline() == "half done\n"
    process.kill()
    process.communicate()
    home = tmp_path / "encoder"
    left = names_in(home)

    start = time.monotonic()
    folder = prepare(tmp_path, tiny.card, weights=tiny.path)

    assert any(name.startswith("unfinished-") for name in left)  # it was killed in the middle
    assert folder.name not in left
    assert not any(name.startswith("unfinished-") for name in names_in(home))
    assert time.monotonic() - start < 30  # the dead process holds no lock
