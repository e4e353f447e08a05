"""What kind of thing a question asks for, and whether a sentence holds one: by rules and word lists, without a model."""

from __future__ import annotations

from rag.kinds.answering import could_answer
from rag.kinds.asking import asked_kinds
from rag.kinds.finding import find_things
from rag.kinds.types import AskedFor, Kind, Precision, Thing

__all__ = ["AskedFor", "Kind", "Precision", "Thing", "asked_kinds", "could_answer", "find_things"]
