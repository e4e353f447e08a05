"""The ingest that makes a library, killed at any moment, leaves one that works and that the next run completes."""

from __future__ import annotations

import pytest
from fakes import DIMENSION
from killings import first_story, kill_at_random, require_complete, require_sound

from rag.library.vectors import VectorIndex

KILLS = 25


@pytest.fixture(scope="module")
def story(server, tmp_path_factory):
    return first_story(server, tmp_path_factory.mktemp("first"))


def test_killed_at_any_moment_the_library_works_and_the_next_run_goes_on(story, server, tmp_path):
    kill_at_random(story, server, tmp_path / "library", kills=KILLS)


def test_a_recovery_that_is_killed_itself_is_done_by_whoever_comes_next(story, server, tmp_path):
    place = story.start(tmp_path / "library")
    assert server.ingest(place, story.articles, {"phase": "vectors", "nth": 3, "after_s": 0.0})["killed"]
    for delay in (0.0, 0.005, 0.02):
        VectorIndex(place, dimension=DIMENSION).mark_interrupted()  # as a kill leaves it, but surely
        again = server.ingest(place, story.articles, {"phase": "rebuild", "nth": 1, "after_s": delay})
        assert again["killed"]

    require_sound(story, server.examine(place, check_first=False), where="after the recoveries")
    server.ingest(place, story.articles)

    require_complete(story, server.examine(place, check_first=True))
