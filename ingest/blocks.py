"""What every reader of a format makes of a file: blocks of plain text in reading order, and what the file says of itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

BlockKind = Literal["text", "item", "row"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One paragraph, heading, list item or table row of plain text, without a line break.

    Attributes:
        level: The markup's heading level 1 to 6, or 0 where the markup does not say that it is one.
        is_link: Every word of it is a link.
    """

    text: str
    level: int = 0
    kind: BlockKind = "text"
    is_link: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Markup:
    """What a file says once its markup is off.

    Attributes:
        blocks: Paragraphs, headings, list items and table rows in reading order; none is empty or has a line break.
        before: The lines of an HTML page just above its article, where date and source often stand.
        front_matter: The YAML header's entries, every value as the text that was written.
        page_facts: What an HTML page says about itself: title, date, source, author, url.
        notes: What a reader of the report should know.
    """

    blocks: tuple[Block, ...]
    before: tuple[Block, ...] = ()
    front_matter: Mapping[str, Any] = field(default_factory=dict)
    page_facts: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
