"""How much room text takes in a terminal: a Han character takes two cells."""

from __future__ import annotations

import unicodedata


def display_width(text: str) -> int:
    """Cells that a terminal needs for the text."""
    return sum(
        0 if unicodedata.combining(ch) else 1 + (unicodedata.east_asian_width(ch) in "WF") for ch in text
    )
