"""Briefings on the sample library, each written once, and topics without a library."""

from __future__ import annotations

import functools
from collections.abc import Callable

import pytest

from rag.briefing.topic import Topic, topic_of
from rag.briefing.types import Briefing, Request
from rag.briefing.write import write_briefing
from rag.build import build_pipeline
from rag.encoder import Encoder
from rag.library import Library
from rag.pipeline import Pipeline
from rag.settings import Settings
from rag.understand import Query


@pytest.fixture(scope="session")
def briefing_pipeline(
    opened_sample: Library, bundled_encoder: Encoder, default_settings: Settings
) -> Pipeline:
    """Remembers sentences, as the command does: otherwise each question reads them anew."""
    return build_pipeline(opened_sample, bundled_encoder, default_settings, is_lasting=True)


@pytest.fixture(scope="session")
def briefing_on(briefing_pipeline: Pipeline) -> Callable[..., Briefing]:
    """The briefing that the sample library gives on a topic."""

    @functools.cache
    def brief(topic: str, **wanted: object) -> Briefing:
        return write_briefing(briefing_pipeline, Request(topic=topic, **wanted))

    return brief


@pytest.fixture
def topic_called(query_for: Callable[[str], Query]) -> Callable[[str], Topic]:
    return lambda text: topic_of(query_for(text))
