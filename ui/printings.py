"""Other printings of an article that is cited: the same text elsewhere, in words and as plain values."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from rag.schema import answer_document
from rag.types import Answer, Citation, Language, Repost, RepostRelation
from ui.strings import tell

if TYPE_CHECKING:
    from rag.library import Library

Printings = Mapping[str, Sequence[Repost]]
"""The other printings by the id of the article; articles without any are left out."""
NO_PRINTINGS: Printings = MappingProxyType({})

_MOST_NAMED = 5
_KEYS: dict[RepostRelation, str] = {"repost": "also_printed", "correction": "also_corrected"}


def printings_of(citations: Iterable[Citation], library: Library) -> dict[str, tuple[Repost, ...]]:
    """Look up the other printings of the articles cited; an article that is gone has none."""
    found: dict[str, tuple[Repost, ...]] = {}
    for article_id in dict.fromkeys(citation.article_id for citation in citations):
        if reposts := library.reposts(article_id):
            found[article_id] = reposts
    return found


def printing_words(reposts: Iterable[Repost], language: Language, *, own: str | None = None) -> list[str]:
    """Say who else printed an article, each outlet once: a line for plain printings, and one for corrected ones.

    Args:
        reposts: The other printings.
        language: Of the words.
        own: The article's own outlet, which is not named again for another plain printing.
    """
    names: dict[RepostRelation, dict[str, None]] = {"repost": {}, "correction": {}}
    for repost in reposts:
        name = " ".join((repost.source or tell("no_source", language)).split())
        if repost.relation != "repost" or repost.source is None or repost.source != own:
            names[repost.relation][name] = None
    return [
        tell(_KEYS[kind], language, names=_listed(list(some), language))
        for kind, some in names.items()
        if some
    ]


def _listed(names: Sequence[str], language: Language) -> str:
    more = tell("and_more", language) if len(names) > _MOST_NAMED else ""
    return tell("comma", language).join(names[:_MOST_NAMED]) + more


def document_with_printings(answer: Answer, printings: Printings) -> dict[str, Any]:
    """The public document of an answer, each citation with the other printings of its article as `reposts`."""
    return {**answer_document(answer), "citations": citation_documents(answer.citations, printings)}


def citation_documents(citations: Iterable[Citation], printings: Printings) -> list[dict[str, Any]]:
    """Citations as plain values, each with the other printings of its article as `reposts`."""
    return [
        {
            **dataclasses.asdict(citation),
            "reposts": [dataclasses.asdict(repost) for repost in printings.get(citation.article_id, ())],
        }
        for citation in citations
    ]
