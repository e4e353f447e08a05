"""The help pages: one for each command, in both languages, laid out by hand in `manual.*.txt`.

Typer's own layout counts a Han character as one cell wide, and mixes nothing but English into its frame.
"""

from __future__ import annotations

import functools
from importlib import resources

from rag.types import Language

_MARK = "=== "


@functools.cache
def pages(language: Language) -> dict[str, str]:
    """Return every page by its command, such as `yigai library show`."""
    text = (resources.files("ui") / f"manual.{language}.txt").read_text(encoding="utf-8")
    parts = [part.split("\n", 1) for part in f"\n{text}".split(f"\n{_MARK}")[1:]]
    return {command.strip(): body.strip("\n") for command, body in parts}
