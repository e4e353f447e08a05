"""The sample library, made once in the cache for the suites that come with the product."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock

import ingest
from ingest.run import IngestEvent, IngestOptions, ingest_paths, pipeline_version
from rag.build import open_library

if TYPE_CHECKING:
    from rag.encoder import Encoder


def sample_library(
    cache: Path, encoder: Encoder, *, on_event: Callable[[IngestEvent], None] | None = None
) -> Path:
    """Return the folder of a library of the sample articles as they are now, made with this encoder.

    It is made beside its place and moved there when it is whole, so that it is never seen half made.

    Raises:
        LibraryError: It cannot be written.
    """
    articles = Path(ingest.__file__).parent / "sample"
    folder = cache / "evaluation"
    place = folder / f"sample-{_fingerprint(articles, encoder)}"
    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(folder / "sample.lock"):
        if not place.is_dir():
            half = folder / "sample-half-made"
            shutil.rmtree(half, ignore_errors=True)
            with open_library(half, encoder, create=True) as library:
                ingest_paths([articles], library=library, encoder=encoder, on_event=on_event)
            half.rename(place)
    return place


def _fingerprint(articles: Path, encoder: Encoder) -> str:
    """What the library depends on: the articles, how they are read and split, and the encoder."""
    digest = hashlib.sha256(f"{encoder.name} {pipeline_version(encoder, IngestOptions())}".encode())
    for file in sorted(articles.glob("*.md")):
        digest.update(file.name.encode())
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()[:12]
