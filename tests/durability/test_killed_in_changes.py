"""An ingest of changed articles, killed at any moment, leaves each as it was or as it is; the next run completes it."""

from __future__ import annotations

import pytest
from killings import kill_at_random, require_complete, require_sound, second_story

KILLS = 25


@pytest.fixture(scope="module")
def story(server, tmp_path_factory):
    return second_story(server, tmp_path_factory.mktemp("second"))


def test_killed_at_any_moment_each_article_is_the_old_or_the_new_and_the_next_run_goes_on(
    story, server, tmp_path
):
    kill_at_random(story, server, tmp_path / "library", kills=KILLS)


@pytest.mark.parametrize("phase", ["record", "commit", "clean-up"])
def test_killed_in_a_step_that_random_moments_seldom_meet(story, server, tmp_path, phase):
    place = story.start(tmp_path / "library")
    for nth in (1, 2):
        run = server.ingest(place, story.articles, {"phase": phase, "nth": nth, "after_s": 0.0})
        require_sound(story, server.examine(place, check_first=nth == 1), where=f"{phase} {nth}: {run}")
    server.ingest(place, story.articles)

    require_complete(story, server.examine(place, check_first=True))
