"""Briefings on real articles, where this machine has them."""

from __future__ import annotations

import itertools

import pytest

from ingest.run import ingest_paths
from rag.briefing.proof import check_briefing
from rag.briefing.shelf import Shelf
from rag.briefing.types import Request
from rag.briefing.write import write_briefing
from rag.build import build_pipeline, open_library

pytestmark = pytest.mark.seeds
TOPICS = ("公立医院化债", "编制改革", "紧密型医共体")


@pytest.fixture(scope="module")
def pipeline(tmp_path_factory, shared_folder, bundled_encoder, default_settings):
    place = tmp_path_factory.mktemp("seeds") / "library"
    with open_library(place, bundled_encoder, create=True) as library:
        ingest_paths(
            sorted((shared_folder / "seeds").glob("*.txt")), library=library, encoder=bundled_encoder
        )
        yield build_pipeline(library, bundled_encoder, default_settings, is_lasting=True)


@pytest.mark.parametrize(("topic", "language"), list(itertools.product(TOPICS, ("zh", "en"))))
def test_every_line_cell_and_bar_is_proven(pipeline, topic, language):
    briefing = write_briefing(pipeline, Request(topic=topic, language=language))

    assert briefing.dropped == ()
    assert check_briefing(briefing, Shelf(pipeline.library)) == ()
    assert {s.kind for s in briefing.sections} >= {"summary", "practice"}


def test_figures_of_the_debt_are_set_out(pipeline):
    briefing = write_briefing(pipeline, Request(topic="公立医院化债"))

    (row,) = next(s for s in briefing.sections if s.kind == "changes").grid.rows
    assert [cell[0].text for cell in row[1][:2]] == ["62.59%", "48.8%"]
