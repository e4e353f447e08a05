"""The one kind of sentence that needs no citation: that the articles are silent about a place that was asked about."""

from __future__ import annotations

from prompts import load_prompt
from rag.regions import english_name, find_asked_regions, full_name
from rag.types import Language


def absence(code: str, language: Language) -> str:
    """Say that the articles do not mention the place of that code."""
    name = english_name(code) if language == "en" else full_name(code)
    return load_prompt("not_mentioned", language).format(region=name)


def place_of_absence(text: str, language: Language) -> str | None:
    """The code of the place that `text` says is not mentioned, where it says that word for word and nothing else."""
    codes = (r.code for mention in find_asked_regions(text) for r in (mention.region, *mention.alternatives))
    return next((code for code in codes if text == absence(code, language)), None)
