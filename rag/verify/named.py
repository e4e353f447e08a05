"""Places and reform terms that a text names; gazetteer and glossary are loaded when first asked for."""

from __future__ import annotations

from collections.abc import Iterable

from rag.types import Language


def places_in(text: str) -> list[tuple[str, ...]]:
    """The codes that each place named in a text may have."""
    from rag.regions import find_regions

    return [(m.region.code, *(a.code for a in m.alternatives)) for m in find_regions(text)]


def any_within(known: Iterable[str], wanted: Iterable[str]) -> bool:
    """Whether any of the known division codes is, or lies in, any of the wanted ones."""
    from rag.regions import is_within

    return any(is_within(code, ancestor) for code in known for ancestor in wanted)


def place_name(code: str, language: Language) -> str:
    """Return the name of a division in full, or in English."""
    from rag.regions import english_name, full_name

    return full_name(code) if language == "zh" else english_name(code)


def concepts_in(text: str) -> set[str]:
    """Ids of the terms in a text; verbs and general nouns, which any text holds, are left out."""
    from rag.glossary import find_concepts

    return {m.concept.id for m in find_concepts(text) if m.concept.kind == "term"}
