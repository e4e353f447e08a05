"""What is installed, which encoder and library are in use, and what is wrong."""

from __future__ import annotations

import importlib.util
import platform
import re
import sqlite3
import sys
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from importlib import metadata
from typing import Any

from rag.build import build_encoder
from rag.errors import ModelUnavailableError, YigaiError
from rag.library import Library
from rag.settings import Settings
from rag.types import Language
from ui.render import printable, table
from ui.strings import tell

_CELL_WIDTH = 64
_OPTIONAL = ("sentence-transformers", "langchain-huggingface", "torch")
_LABELS: dict[str, dict[Language, str]] = {
    "version": {"zh": "版本", "en": "version"},
    "python": {"zh": "Python", "en": "Python"},
    "sqlite": {"zh": "SQLite", "en": "SQLite"},
    "packages": {"zh": "组件", "en": "packages"},
    "optional": {"zh": "可选组件", "en": "optional"},
    "encoder": {"zh": "编码器", "en": "encoder"},
    "encoder_ready": {"zh": "编码器已备好", "en": "encoder ready"},
    "library": {"zh": "文库", "en": "library"},
    "articles": {"zh": "文章", "en": "articles"},
    "cache": {"zh": "缓存", "en": "cache"},
}


_Problem = dict[Language, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """Facts by name, and each problem in both languages; no problems means that asking works."""

    facts: dict[str, Any]
    problems: tuple[_Problem, ...]

    def document(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {"schema": 1, **self.facts, "problems": [p["en"] for p in self.problems]}


def diagnose(settings: Settings) -> Diagnosis:
    """Look at everything that `ingest` and `ask` need; nothing is changed, and no model is fetched."""
    facts: dict[str, Any] = {
        "version": _version("yigai"),
        "python": f"{platform.python_version()} ({sys.executable})",
        "sqlite": sqlite3.sqlite_version,
        "packages": {name: _version(name) for name in _needed()},
        "optional": {name: _version(name) for name in _OPTIONAL},
        "cache": str(settings.cache),
        "encoder": None,
        "encoder_ready": None,
        "library": str(settings.library),
        "articles": None,
    }
    problems = [_both("package_missing", name=n) for n, version in facts["packages"].items() if not version]
    if not _has_fts5():
        problems.append(_both("no_fts5"))
    problems += _collect(lambda: _look_at_encoder(settings, facts))
    problems += _collect(lambda: _look_at_library(settings, facts))
    return Diagnosis(facts=facts, problems=tuple(problems))


def render_diagnosis(diagnosis: Diagnosis, language: Language) -> str:
    """The facts as a table, then the problems, or that there are none."""
    rows = []
    for name, value in diagnosis.facts.items():
        first, *rest = _cell(value, language)
        rows += [(_LABELS[name][language], first), *(("", line) for line in rest)]
    problems = [f"✗ {p[language]}" for p in diagnosis.problems] or [tell("all_well", language)]
    return printable("\n".join([*table(rows), "", *problems]))


def _cell(value: object, language: Language) -> list[str]:
    """A fact as the lines of its cell."""
    if isinstance(value, bool):
        return [tell("ready" if value else "not_ready", language)]
    if isinstance(value, dict):
        installed = ", ".join(f"{name} {version}" for name, version in value.items() if version)
        return textwrap.wrap(installed, _CELL_WIDTH, break_on_hyphens=False) or ["-"]
    return ["-" if value is None else str(value)]


def _look_at_encoder(settings: Settings, facts: dict[str, Any]) -> None:
    """Try the encoder where that costs nothing; else look whether it could be made."""
    encoder = build_encoder(settings)
    facts["encoder"] = encoder.name
    if settings.encoder != "bundled":
        # To try it would load torch, and might fetch a model.
        if importlib.util.find_spec("sentence_transformers") is None:
            raise ModelUnavailableError(
                model=encoder.name,
                detail=(
                    "the package sentence-transformers is not installed",
                    "没有安装组件 sentence-transformers",
                ),
                next_step=('Install it: pip install "yigai[models]"', '请安装：pip install "yigai[models]"'),
            )
        return
    from rag.encoder.convert import is_prepared
    from rag.encoder.weights import MULTILINGUAL_E5_SMALL, read_weights

    facts["encoder_ready"] = is_prepared(settings.cache, MULTILINGUAL_E5_SMALL)
    if settings.encoder_weights is not None or not facts["encoder_ready"]:
        read_weights(MULTILINGUAL_E5_SMALL, settings.encoder_weights)
    if facts["encoder_ready"]:
        encoder.warm_up()


def _look_at_library(settings: Settings, facts: dict[str, Any]) -> None:
    """Open the library as `ask` would, but for loading the encoder."""
    with Library.open(settings.library) as library:
        facts["articles"] = len(library.articles())
    Library.open(settings.library, encoder_name=facts["encoder"]).close()


def _collect(look: Callable[[], None]) -> list[_Problem]:
    """Turn what `look` stumbles over into a problem."""
    try:
        look()
    except YigaiError as error:
        return [{"zh": error.localised("zh"), "en": error.localised("en")}]
    return []


def _both(key: str, **values: object) -> _Problem:
    return {"zh": tell(key, "zh", **values), "en": tell(key, "en", **values)}


def _needed() -> list[str]:
    """Name what an installation brings on every machine; what is conditional is looked for where it is used."""
    required = metadata.requires("yigai") or []
    return sorted(re.split(r"[^\w.-]", line, maxsplit=1)[0] for line in required if ";" not in line)


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def _has_fts5() -> bool:
    connection = sqlite3.connect(":memory:")
    try:
        return any("ENABLE_FTS5" in row[0] for row in connection.execute("PRAGMA compile_options"))
    finally:
        connection.close()
