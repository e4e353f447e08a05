"""Material made of our own words, as an ingest would read them, for what composes an answer from it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from rag.assess import assess
from rag.compose import Material


@pytest.fixture(scope="session")
def material_of(candidates_in, query_for) -> Callable[..., Material]:
    """Puts a question to Markdown texts, without any search: all of them were found."""

    def make(question: str, *markdown: str) -> Material:
        query, read = query_for(question), candidates_in(*markdown)
        return Material(query=query, answering=assess(query, read).answering, read=read)

    return make
