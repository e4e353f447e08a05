"""What an error at the terminal looks like."""

from __future__ import annotations


def is_one_line(text: str) -> bool:
    """Whether a text is one whole line, and no traceback."""
    return text.endswith("\n") and text.count("\n") == 1 and "Traceback" not in text
