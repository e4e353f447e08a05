"""The README and the changelog say what is there."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
import typer

from rag.settings import Settings
from ui.cli import app

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
_ROW = re.compile(r"^\| `([A-Z_]+)` \| (.+) \| (.+) \|$", re.MULTILINE)
SETTINGS = {row[1].lower(): row[3].strip("` ") for row in _ROW.finditer(README)}
FIELDS = Settings.model_fields


def test_the_table_of_settings_names_every_setting_and_no_other():
    assert set(SETTINGS) == set(FIELDS)


@pytest.mark.parametrize("name", [n for n, field in FIELDS.items() if isinstance(field.default, int | float)])
def test_the_table_gives_the_default_of_a_number(name):
    assert float(SETTINGS[name]) == FIELDS[name].default


def test_the_table_gives_the_default_encoder():
    assert SETTINGS["encoder"] == FIELDS["encoder"].default


def test_every_setting_has_a_description():
    assert all(field.description for field in FIELDS.values())


@pytest.mark.parametrize(
    "command", ["ingest", "ask", "ui", "history", "password", "doctor", "library", "eval", "brief", "figures"]
)
def test_the_readme_shows_every_command(command):
    assert re.search(rf"\byigai {command}\b", README)


def test_the_readme_names_every_command_of_the_library():
    line = next(line for line in README.splitlines() if "yigai library list" in line)

    for name in typer.main.get_command(app).commands["library"].commands:
        assert re.search(rf"\b{name}\b", line)


@pytest.mark.parametrize("code", ["0 done or answered", "3 refused", "2 bad usage", "1 failure"])
def test_the_readme_gives_every_exit_code(code):
    assert code in " ".join(README.split())


def test_every_path_that_the_readme_names_is_there():
    named = set(re.findall(r"`((?:rag|ingest|prompts|ui|eval|tests)/[\w./*-]*)`", README))
    named |= set(re.findall(r"`([\w-]+\.(?:toml|md|txt)|Makefile|NOTICE|LICENSE)`", README)) - {
        "yigai.toml",
        "chrome.toml",
    }

    assert len(named) > 8
    assert [path for path in named if not list(ROOT.glob(path.rstrip("/")))] == []


def test_every_make_target_that_the_readme_names_is_there():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    named = set(re.findall(r"\bmake ([a-z]+)\b", README))

    assert {"demo", "test"} <= named
    assert [target for target in named if not re.search(rf"^{target}:", makefile, re.MULTILINE)] == []


def test_the_changelog_begins_with_the_current_version():
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    headings = re.findall(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)

    assert headings[0] == version
