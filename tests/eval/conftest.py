"""A pipeline over the sample library, for everything that evaluates."""

from __future__ import annotations

import pytest

from rag.build import build_encoder, build_pipeline, open_library
from rag.settings import load_settings


@pytest.fixture(scope="session")
def pipeline(sample_library):
    settings = load_settings(library=sample_library)
    encoder = build_encoder(settings)
    with open_library(settings.library, encoder) as library:
        yield build_pipeline(library, encoder, settings)
