"""Processes that share a library: a writer of articles in two versions, and a reader that looks for half an article.

Run as a program: `sharers.py ROLE LIBRARY ...`; prints one JSON line at its end.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rag.library import Library


def start(role: str, *arguments: object) -> subprocess.Popen[str]:
    """Start one; it prints `ready` as soon as it has loaded everything, and waits for a line."""
    command = [sys.executable, __file__, role, *map(str, arguments)]
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8"
    )
    assert process.stdout is not None
    first = process.stdout.readline()
    assert first == "ready\n", (first, process.stderr and process.stderr.read())
    return process


def go(process: subprocess.Popen[str]) -> None:
    """Let one that is ready begin."""
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()


def ended(process: subprocess.Popen[str]) -> dict[str, Any]:
    """Wait for the end of one, and return what it has to say."""
    said, complaint = process.communicate(timeout=100)
    assert process.returncode == 0, complaint
    found: dict[str, Any] = json.loads(said)
    return found


def _open(library: str) -> Library:
    from rag.library import Library

    return Library.open(Path(library), encoder_name="hashing", dimension=48, create=True, exact_up_to=0)


def ingest(library: str, articles: str, *versions: str) -> dict[str, Any]:
    """Ingest a folder, in each of the versions in turn where there are any."""
    from fakes import HashingEncoder
    from many_articles import write_articles

    import ingest.batch
    from ingest.run import IngestOptions, ingest_paths

    ingest.batch.BATCH_PASSAGES = 32
    reports = []
    with _open(library) as opened:
        for version in versions or ("",):
            if version:
                count = len(list(Path(articles).iterdir()))
                write_articles(Path(articles), count=count, version=int(version))
            options = IngestOptions(passage_tokens=64)
            report = ingest_paths([Path(articles)], library=opened, encoder=HashingEncoder(), options=options)
            reports.append({name: report.count(name) for name in ("added", "replaced", "unchanged")})
    return {"reports": reports}


def _wait(library: str, articles: str, wait_s: str) -> dict[str, Any]:
    """Ingest a folder, unless another process writes for longer than that."""
    from rag.errors import LibraryBusyError

    with _open(library) as opened:
        try:
            with opened.writing(wait_s=float(wait_s)):
                return ingest(library, articles)
        except LibraryBusyError as error:
            return {"busy": [error.localised("en"), error.localised("zh")]}


def _hold(library: str, until: str) -> dict[str, Any]:
    """Hold the library as its writer, until a file is there; it says so by another."""
    with _open(library) as opened, opened.writing():
        Path(until + ".held").touch()
        while not Path(until).exists():
            time.sleep(0.01)
    return {}


def _ask(library: str, until: str) -> dict[str, Any]:
    """Search, open what was found and compare, over and over, until a file is there."""
    from fakes import HashingEncoder

    encoder, rounds, wrong, seen = HashingEncoder(), 0, [], set()
    with _open(library) as opened:
        while not Path(until).exists():
            rounds += 1
            hits = opened.lexical({"床位": 1.0, "医院": 1.0}, top_k=10)
            hits += opened.dense(encoder.embed_query("县医院新增床位"), top_k=10)
            for hit in hits:
                wrong += _mismatches(opened, hit.passage)
            for summary in opened.articles():
                seen.add(summary.article_id)
    return {"rounds": rounds, "wrong": wrong, "articles": len(seen)}


def _mismatches(opened: Library, passage: Any) -> list[str]:
    """Look whether the text that a hit was cut from is there as a whole: the article now, or its earlier version."""
    from rag.errors import ArticleNotFoundError

    with suppress(ArticleNotFoundError):
        article, _ = opened.as_quoted(passage.article_id, start=passage.start, quote=passage.text)
        if article.text[passage.start : passage.end] != passage.text:
            return [passage.passage_id]
        return []
    return [f"{passage.passage_id}: no article"]


ROLES = {"write": ingest, "wait": _wait, "hold": _hold, "ask": _ask}


def main() -> None:
    from killed_ingest import load_once

    load_once()
    role, *arguments = sys.argv[1:]
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    sys.stdout.write(json.dumps(ROLES[role](*arguments)) + "\n")


if __name__ == "__main__":
    main()
