"""What is installed, which encoder, library and language model are in use, and what is wrong."""

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
from rag.errors import GenerationError, ModelUnavailableError, YigaiError
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
    "model": {"zh": "语言模型", "en": "language model"},
    "model_reply": {"zh": "语言模型答复", "en": "its reply"},
}


_OF_MODEL = ("model", "model_reply")
_Problem = dict[Language, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """Facts by name, and each problem in both languages; no problems means that asking works."""

    facts: dict[str, Any]
    problems: tuple[_Problem, ...]

    def document(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {"schema": 1, **self.facts, "problems": [p["en"] for p in self.problems]}


def diagnose(settings: Settings, *, asks_model: bool = False) -> Diagnosis:
    """Look at everything that `ingest` and `ask` need; nothing is changed, and no model is fetched.

    Args:
        settings: What is in use.
        asks_model: Ask the language model one short thing; otherwise no other server hears of this.
    """
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
        "model": _model_set(settings),
    }
    problems = [_both("package_missing", name=n) for n, version in facts["packages"].items() if not version]
    if not _has_fts5():
        problems.append(_both("no_fts5"))
    problems += _collect(lambda: _look_at_encoder(settings, facts))
    problems += _collect(lambda: _look_at_library(settings, facts))
    if asks_model:
        problems += _ask_model(settings, facts)
    return Diagnosis(facts=facts, problems=tuple(problems))


def render_diagnosis(diagnosis: Diagnosis, language: Language) -> str:
    """The facts as a table, then the problems, or that there are none."""
    rows = []
    for name, value in diagnosis.facts.items():
        first, *rest = _model_cell(name, value, language) if name in _OF_MODEL else _cell(value, language)
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


def _model_cell(name: str, value: dict[str, Any] | None, language: Language) -> list[str]:
    if value is None:
        return [tell("no_model", language)]
    if name == "model":
        return [tell("model_set", language, **value) if value["place"] else value["name"]]
    return [tell("model_replied" if value["ok"] else "model_failed", language, ms=round(value["ms"]))]


def _model_set(settings: Settings) -> dict[str, str] | None:
    """Name the language model that is set, and where it is; never its key, nor a password in its address."""
    from rag.llm.opening import address_of

    address = address_of(settings)
    if not address.model:
        return None
    return {"name": address.model, "place": address.place if address.base_url else ""}


def _ask_model(settings: Settings, facts: dict[str, Any]) -> list[_Problem]:
    """Ask the language model one short thing; the key is in no error of ours."""
    if facts["model"] is None:
        return [_both("model_not_set")]
    from rag.build import build_client
    from rag.llm.checking import check_model

    try:
        check = check_model(build_client(settings))
    except GenerationError as error:  # it cannot even be opened
        return [_told(error)]
    facts["model_reply"] = {"ok": check.ok, "ms": check.ms}
    return [_told(check.problem)] if check.problem else []


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
        return [_told(error)]
    return []


def _told(error: YigaiError) -> _Problem:
    return {"zh": error.localised("zh"), "en": error.localised("en")}


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
