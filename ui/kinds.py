"""Which kinds of files are read, in words for a person."""

from __future__ import annotations

from ingest.load import CONTAINER_SUFFIXES, DOCUMENT_SUFFIXES, OLD_SUFFIXES, TEXT_SUFFIXES
from rag.types import Language
from ui.strings import tell


def kinds_read(language: Language) -> str:
    """The kinds of files that are read, by suffix, like with like."""
    groups = {
        "documents": DOCUMENT_SUFFIXES - OLD_SUFFIXES,
        "texts": TEXT_SUFFIXES,
        "tables": CONTAINER_SUFFIXES - {".zip"},
        "archives": frozenset({".zip"}),
    }
    told = [tell(f"kind_{name}", language, suffixes=" ".join(sorted(some))) for name, some in groups.items()]
    return tell("semicolon", language).join(told)
