"""Text from outside (questions, articles, models) made harmless for the places a report is shown."""

from __future__ import annotations

import re
import unicodedata

_OBEYED = {"Cc", "Cf", "Cs", "Cn", "Zl", "Zp"}
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|~>@$:])")
_HTML = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"}


def visible(text: str) -> str:
    """Spell out what would be obeyed instead of read, or cannot be written: control, bidirectional, no characters.

    Line feeds and tabs stay. What comes back can be encoded, and stand in XML and HTML.
    """
    return "".join(
        ch if ch in "\n\t" or unicodedata.category(ch) not in _OBEYED else _spelt(ch) for ch in text
    )


def _spelt(ch: str) -> str:
    return f"[U+{ord(ch):04X}]"


def one_line(text: str, *, limit: int = 200) -> str:
    """The visible text on one line of at most `limit` characters, cut with an ellipsis."""
    line = " ".join(visible(text[: 4 * limit]).split())
    cut = len(line) > limit or len(text) > 4 * limit
    return f"{line[: limit - 1]}…" if cut else line


def markdown(text: str, *, limit: int = 200) -> str:
    """One line of Markdown that shows the text as it is, in a paragraph, a table cell or inside HTML.

    Everything that GitHub reads as markup is escaped: tables, emphasis, links and bare addresses, formulas, HTML.
    """
    line = "".join(_HTML.get(ch, ch) for ch in one_line(text, limit=limit))
    parts = re.split(r"(&(?:amp|lt|gt|quot);)", line)
    return "".join(part if i % 2 else _MARKDOWN.sub(_entity, part) for i, part in enumerate(parts))


def _entity(match: re.Match[str]) -> str:
    """A numeric reference holds everywhere, where a backslash before a bar or in HTML would not."""
    return f"&#{ord(match[0])};"
