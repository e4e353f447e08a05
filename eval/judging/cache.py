"""Verdicts of a model kept by content: one JSON file a claim, so that nothing is asked and paid for twice."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """What a model made of one claim.

    Attributes:
        reason: In its own words, given before the verdict; where there is none, why.
        supported: None where it gave no verdict that can be read: the claim is neither supported nor unsupported.
    """

    reason: str
    supported: bool | None


def cache_key(*, model: str, prompt: str, claim: str, evidence: str, context: str) -> str:
    """The name of a verdict: it differs as soon as any part differs."""
    parts = json.dumps([model, prompt, claim, evidence, context])
    return hashlib.sha256(parts.encode()).hexdigest()


class JudgeCache:
    """A folder of verdicts. What cannot be read in it is asked again; it can be deleted at any time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, key: str) -> Opinion | None:
        """The verdict of that name, or None if there is none that can be used."""
        try:
            kept = json.loads(self._path(key).read_bytes())
        except (OSError, ValueError, RecursionError):
            return None
        if not isinstance(kept, dict):
            return None
        reason, supported = kept.get("reason"), kept.get("supported")
        if not isinstance(reason, str) or not isinstance(supported, bool):
            return None
        return Opinion(reason=reason, supported=supported)

    def put(self, key: str, opinion: Opinion) -> None:
        """Keep a verdict, whole or not at all; where there was none, nothing is kept. A full disk only costs time."""
        if opinion.supported is None:
            return
        path = self._path(key)
        text = json.dumps({"reason": opinion.reason, "supported": opinion.supported})
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            _write_whole(path, text)
        except OSError as cause:
            _LOG.warning("a verdict could not be kept in %s: %s", path.parent, cause.strerror or cause)

    def _path(self, key: str) -> Path:
        return self._folder / key[:2] / f"{key}.json"


def _write_whole(path: Path, text: str) -> None:
    """Write beside the file and move it into place, so that nobody ever reads half of it."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
