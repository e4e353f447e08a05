from __future__ import annotations

from pathlib import Path

import pytest

from rag.errors import SettingsError
from rag.settings import Settings, load_settings


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def test_an_argument_wins_over_the_environment_and_that_over_the_file(tmp_path, monkeypatch):
    (tmp_path / "yigai.toml").write_text(
        'library = "from-file"\ntop_k = 3\npassage_tokens = 100\n', encoding="utf-8"
    )
    monkeypatch.setenv("YIGAI_LIBRARY", "from-environment")
    monkeypatch.setenv("YIGAI_TOP_K", "4")

    settings = load_settings(top_k=5, library=None)

    assert (settings.library, settings.top_k, settings.passage_tokens) == (Path("from-environment"), 5, 100)


def test_an_empty_variable_counts_as_not_set(monkeypatch):
    monkeypatch.setenv("YIGAI_TOP_K", "")

    assert load_settings().top_k == Settings.model_fields["top_k"].default


@pytest.mark.parametrize(
    ("line", "name"), [("top_k = 0", "top_k"), ("colour = 1", "colour"), ("top_k = [", "yigai.toml")]
)
def test_a_bad_line_in_the_file_is_named(tmp_path, line, name):
    (tmp_path / "yigai.toml").write_text(line, encoding="utf-8")

    with pytest.raises(SettingsError) as caught:
        load_settings()

    assert name in str(caught.value)


def test_every_setting_is_described():
    assert all(field.description for field in Settings.model_fields.values())
