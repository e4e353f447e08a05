"""What somebody gets who installs the wheel."""

from __future__ import annotations

import subprocess
import sys
import tomllib
import zipfile
from importlib import metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
PACKAGES = ("rag", "ingest", "prompts", "ui", "eval")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> zipfile.ZipFile:
    """The wheel, built by the build backend itself from what is on the disk; nothing is fetched."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (file,) = folder.glob("*.whl")
    with zipfile.ZipFile(file) as opened:
        yield opened


def test_the_wheel_holds_every_file_of_the_packages(wheel):
    expected = {
        file.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for file in (ROOT / package).rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    }
    held = {name for name in wheel.namelist() if ".dist-info/" not in name}

    assert held == expected


@pytest.mark.parametrize(
    ("pattern", "at_least"),
    [
        ("ingest/sample/*.md", 24),
        ("prompts/*.md", 10),
        ("rag/data/*.tsv", 3),
        ("rag/data/*.txt", 2),
        ("ui/manual.*.txt", 2),
    ],
)
def test_the_wheel_holds_what_is_no_code(wheel, pattern, at_least):
    assert sum(Path(name).match(pattern) for name in wheel.namelist()) >= at_least


@pytest.mark.parametrize("package", PACKAGES)
def test_every_package_says_that_it_is_typed(wheel, package):
    assert f"{package}/py.typed" in wheel.namelist()


@pytest.mark.parametrize("file", ["LICENSE", "NOTICE"])
def test_the_wheel_holds_the_licence_and_the_notice(wheel, file):
    (inside,) = [name for name in wheel.namelist() if name.endswith(f".dist-info/licenses/{file}")]

    assert wheel.read(inside) == (ROOT / file).read_bytes()


def test_the_wheel_says_its_name_version_and_command(wheel):
    texts = {
        name.rpartition("/")[2]: wheel.read(name).decode()
        for name in wheel.namelist()
        if ".dist-info/" in name
    }

    assert f"\nName: yigai\nVersion: {PROJECT['version']}\n" in texts["METADATA"]
    assert "\nLicense-Expression: Apache-2.0\n" in texts["METADATA"]
    assert "yigai = ui.cli:main" in texts["entry_points.txt"]


def test_the_installed_version_is_that_of_the_project():
    assert metadata.version("yigai") == PROJECT["version"]
