"""Ingests of hundreds of articles that are killed, over and over, and what must be so after each kill."""

from __future__ import annotations

import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chance import seeded
from killed_ingest import KillServer
from many_articles import write_articles

ARTICLES = 300
STEP_FILES = 80
"""Each run is killed no more than so many files after the last: kills come everywhere, and a run comes to its end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """An ingest and what it makes: `before` is what is in the library when it starts."""

    articles: Path
    library: Path | None
    seconds: float
    before: dict[str, Any]
    after: dict[str, Any]

    def start(self, at: Path) -> Path:
        """Put the library as it is before into an empty place."""
        shutil.rmtree(at, ignore_errors=True)
        if self.library is not None:
            shutil.copytree(self.library, at)
        return at


def first_story(server: KillServer, folder: Path) -> Story:
    """300 articles come into a new library."""
    write_articles(folder / "articles", count=ARTICLES)
    run = server.ingest(folder / "library", folder / "articles")
    after = server.examine(folder / "library", check_first=False)
    assert (len(after["articles"]), after["problems"], run["refused"]) == (ARTICLES, [], 0)
    assert after["passages"] == after["vectors"] > ARTICLES
    return Story(
        articles=folder / "articles",
        library=None,
        seconds=run["seconds"],
        before={"articles": {}},
        after=after,
    )


def second_story(server: KillServer, folder: Path) -> Story:
    """300 articles are in the library, and four of five of their files have changed since."""
    write_articles(folder / "articles", count=ARTICLES)
    server.ingest(folder / "old", folder / "articles")
    before = server.examine(folder / "old", check_first=False)
    shutil.copytree(folder / "old", folder / "new")
    write_articles(folder / "articles", count=ARTICLES, version=2)
    run = server.ingest(folder / "new", folder / "articles")
    after = server.examine(folder / "new", check_first=False)
    changed = [name for name in after["articles"] if after["articles"][name] != before["articles"][name]]
    assert (len(changed), after["problems"]) == (ARTICLES * 4 // 5, [])
    return Story(
        articles=folder / "articles",
        library=folder / "old",
        seconds=run["seconds"],
        before=before,
        after=after,
    )


def kill_at_random(story: Story, server: KillServer, folder: Path, *, kills: int) -> None:
    """Kill an ingest so many times, going on each time from where it was, and anew when it is done."""
    chance, killed = seeded(), []
    place, rounds, seen = story.start(folder), 0, 0
    while len(killed) < kills:
        seen += chance.randrange(1, STEP_FILES)
        moment = {"phase": "reading", "nth": seen, "after_s": chance.uniform(0, story.seconds / 10)}
        run = server.ingest(place, story.articles, moment)
        where = f"kill {len(killed)}, {moment}: {run}"
        if run["killed"]:
            found = server.examine(place, check_first=chance.random() < 0.5)
            require_sound(story, found, where=where)
            new = found.get("articles", {}).items() - story.before["articles"].items()
            killed.append((run["files"], len(new), run["phase"]))
        else:
            require_complete(story, server.examine(place, check_first=True))
            place, rounds, seen = story.start(folder), rounds + 1, 0
    sys.stdout.write(f"{rounds} whole runs; killed at (files seen, articles new, in): {killed}\n")
    server.ingest(place, story.articles)
    require_complete(story, server.examine(place, check_first=True))


def require_sound(story: Story, found: dict[str, Any], *, where: str) -> None:
    """Whatever was killed: each article is whole, the old or the new; it is found and cited; the check is content."""
    if found.get("missing"):
        assert story.library is None, where
        return
    assert (found["problems"], found["cited_wrongly"]) == ([], []), where
    for name, digest in found["articles"].items():
        assert digest in (story.before["articles"].get(name), story.after["articles"][name]), (where, name)
    assert set(story.before["articles"]) <= set(found["articles"]), where
    assert found["vectors"] == found["passages"], where
    assert bool(found["hits"]) == bool(found["articles"]), where


def require_complete(story: Story, found: dict[str, Any]) -> None:
    """Nothing tells the library from that of an uninterrupted run."""
    for part in ("articles", "passages", "vectors", "problems", "cited_wrongly"):
        assert found[part] == story.after[part], part
