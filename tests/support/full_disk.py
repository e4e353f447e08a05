"""Ingests where there is no room or nothing may be written, in processes of their own.

Run as a program: `full_disk.py STORY PLACE ARTICLES SIZE_KB...`; prints a JSON line for each size.
"""

from __future__ import annotations

import json
import resource
import shutil
import signal
import subprocess
import sys
import traceback
from contextlib import suppress
from pathlib import Path
from typing import Any

from killed_ingest import ASKED, Board, fork, load_once

ROOMY_KB = 64_000
WORDS = {"床位": 1.0, "医院": 1.0}


def can_mount() -> bool:
    """Whether a small file system can be had: by the superuser, or where the system lends its powers."""
    program = shutil.which("unshare")
    if program is None:
        return False
    command = [program, "-rm", "mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", "/tmp"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def run(story: str, place: Path, articles: Path, sizes_kb: list[int]) -> list[dict[str, Any]]:
    """Tell one of `STORIES` for each size."""
    namespace = [] if story == "limited" else ["unshare", "-rm"]
    command = [*namespace, sys.executable, __file__, story, place, articles, *map(str, sizes_kb)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False, timeout=240)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def _told(work: Any) -> dict[str, Any]:
    """Do it, and say what came of it."""
    from rag.errors import YigaiError

    try:
        return {"error": None, **work()}
    except YigaiError as error:
        return {
            "error": type(error).__name__,
            "en": error.localised("en"),
            "zh": error.localised("zh"),
        }
    except BaseException:  # noqa: BLE001 - whatever else there is must be seen by the test
        return {"error": "traceback", "en": traceback.format_exc()}


def _open(library: Path) -> Any:
    from rag.library import Library

    return Library.open(library, encoder_name="hashing", dimension=48, create=True, exact_up_to=0)


def _ingest(library: Path, articles: Path) -> dict[str, Any]:
    from fakes import HashingEncoder

    import ingest.batch
    from ingest.run import IngestOptions, ingest_paths

    ingest.batch.BATCH_PASSAGES = 32
    with _open(library) as opened:
        options = IngestOptions(passage_tokens=64)
        ingest_paths([articles], library=opened, encoder=HashingEncoder(), options=options)
        return {"articles": len(opened.articles()), "problems": [str(p) for p in opened.check()]}


def _ask(library: Path) -> dict[str, Any]:
    from fakes import HashingEncoder

    from rag.library import Library

    with Library.open(library, encoder_name="hashing", dimension=48, exact_up_to=0) as opened:
        lexical = opened.lexical(WORDS, top_k=5)
        dense = opened.dense(HashingEncoder().embed_query(ASKED), top_k=5)
        found = {"articles": len(opened.articles()), "lexical": len(lexical), "dense": len(dense)}
        found["quoted"] = all(
            opened.article(hit.passage.article_id).text[hit.passage.start : hit.passage.end]
            == hit.passage.text
            for hit in lexical + dense
        )
        return found


def _fill(disk: Path) -> None:
    """Leave not a byte."""
    with suppress(OSError), (disk / "filler").open("wb", buffering=0) as file:
        while True:
            file.write(bytes(4096))


def _mount(disk: Path, options: str) -> None:
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(disk)], check=True)


def _full(disk: Path, articles: Path, size_kb: int) -> dict[str, Any]:
    """Ingest until the disk is full, ask with not a byte left, and ingest again on a larger disk."""
    disk.mkdir(exist_ok=True)
    _mount(disk, f"size={size_kb}k")
    library = disk / "library"
    try:
        first = fork(Board(), lambda: _told(lambda: _ingest(library, articles)), None)
        _fill(disk)
        full = fork(Board(), lambda: _told(lambda: _ask(library)), None)
        (disk / "filler").unlink()
        _mount(disk, f"remount,size={ROOMY_KB}k")
        last = fork(Board(), lambda: _told(lambda: _ingest(library, articles)), None)
    finally:
        subprocess.run(["umount", str(disk)], check=True)
    return {"size_kb": size_kb, "first": first, "full": full, "last": last}


def _limited(place: Path, articles: Path, size_kb: int) -> dict[str, Any]:
    """Ingest with no file allowed to grow beyond a size, ask, and ingest again without the limit."""
    library = place / f"library-{size_kb}"

    def ingest() -> dict[str, Any]:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # a full disk sends no signal
        resource.setrlimit(resource.RLIMIT_FSIZE, (size_kb * 1024, size_kb * 1024))
        return _told(lambda: _ingest(library, articles))

    first = fork(Board(), ingest, None)
    full = fork(Board(), lambda: _told(lambda: _ask(library)), None)
    last = fork(Board(), lambda: _told(lambda: _ingest(library, articles)), None)
    return {"size_kb": size_kb, "first": first, "full": full, "last": last}


def _read_only(disk: Path, articles: Path, size_kb: int) -> dict[str, Any]:
    """Ingest half, forbid all writing, ask and try to ingest the rest."""
    from rag.library import Library

    disk.mkdir(exist_ok=True)
    _mount(disk, f"size={size_kb}k")
    library, half = disk / "library", disk / "half"
    try:
        half.mkdir()
        for path in sorted(articles.iterdir())[::2]:
            shutil.copy(path, half)
        first = fork(Board(), lambda: _told(lambda: _ingest(library, half)), None)
        _mount(disk, "remount,ro")
        full = fork(Board(), lambda: _told(lambda: _ask(library)), None)
        last = fork(Board(), lambda: _told(lambda: _ingest(library, articles)), None)
        checked = fork(Board(), lambda: {"problems": [str(p) for p in Library.check_at(library)]}, None)
    finally:
        subprocess.run(["umount", str(disk)], check=True)
    return {"size_kb": size_kb, "first": first, "full": full, "last": last, "checked": checked}


STORIES = {"full": _full, "limited": _limited, "read-only": _read_only}


def main() -> None:
    load_once()
    story, place, articles, *sizes = sys.argv[1:]
    for size in sizes:
        told = STORIES[story](Path(place), Path(articles), int(size))
        sys.stdout.write(json.dumps(told) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
