"""The real parts behind the page: the bundled encoder, the sample library to read, and a copy of it to change."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from ingest.run import IngestOptions
from rag.build import build_encoder, build_pipeline, open_library
from rag.encoder import Encoder
from rag.history import MemoryHistory
from rag.library import Library
from rag.pipeline import Pipeline
from rag.settings import load_settings
from ui.web.desk import Desk, Line
from ui.web.examples import Examples
from ui.web.hall import Hall
from ui.web.intake import Intake
from ui.web.shelves import Shelves

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


@pytest.fixture
def hall_of(tmp_path: Path, encoder: Encoder) -> Callable[..., Hall]:
    """Makes a page over a pipeline: `hall_of(pipeline, language="en")`; with a library of its own it may be written to."""

    def make(
        pipeline,
        *,
        language="zh",
        history=None,
        line=None,
        library=None,
        library_of_pages=None,
        settings=None,
    ):
        desk = Desk(
            pipeline,
            history=history or MemoryHistory(),
            line=line or Line(at_once=1, most=8),
            settings=settings or {},
        )
        return Hall(
            desk=desk,
            examples=Examples(pipeline),
            shelves=Shelves(library=library or library_of_pages, reports=tmp_path / "reports"),
            language=language,
            root="/root",
            intake=Intake(library=library, encoder=encoder, options=IngestOptions()) if library else None,
        )

    return make
