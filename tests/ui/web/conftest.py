"""The real parts behind the page: the bundled encoder, the sample library to read, and a copy of it to change."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from rag.build import build_encoder, build_pipeline, open_library
from rag.encoder import Encoder
from rag.library import Library
from rag.pipeline import Pipeline
from rag.settings import load_settings

# The first example loads templates and word lists.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    return build_encoder(load_settings())


@pytest.fixture(scope="session")
def sample(sample_library: Path, encoder: Encoder) -> Iterator[Library]:
    """The sample library, opened; not to be written to."""
    with open_library(sample_library, encoder) as library:
        yield library


@pytest.fixture(scope="session")
def pipeline(sample: Library, encoder: Encoder) -> Pipeline:
    return build_pipeline(sample, encoder, load_settings())


@pytest.fixture
def own(own_library: Path, encoder: Encoder) -> Iterator[Library]:
    """A copy of the sample library, opened, that a test may change."""
    with open_library(own_library, encoder) as library:
        yield library
