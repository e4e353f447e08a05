"""How much room text takes on paper and slides, estimated so that it rather needs less than it is given."""

from __future__ import annotations

import re
import unicodedata

# A run of Latin goes to the next line whole; everything else can break after any character.
_ATOMS = re.compile(r"[!-~\u00a1-\u024f]+|\s+|.", re.DOTALL)
# Widths in ems of a wide Latin face, so that any other substituted for it fits too.
_WIDE_LATIN = frozenset("mwMW%@&—…")
_NARROW_LATIN = frozenset("iljtfrI.,;:!'|()[] /-")


def ems(text: str) -> float:
    """Estimate the width of a text on one line, in ems."""
    return sum(map(_char_ems, text))


def _char_ems(ch: str) -> float:
    if unicodedata.east_asian_width(ch) in "WFA":
        return 1.0
    if unicodedata.combining(ch):
        return 0.0
    if ch in _NARROW_LATIN:
        return 0.4
    return 0.95 if ch in _WIDE_LATIN else 0.75 if ch.isupper() else 0.6


def wrap(text: str, width: float) -> list[str]:
    """Break a text into lines of at most `width` ems (at least two); joined, they are the text again.

    One em of each line stays free, since a line may not begin with a full stop or end with an opening bracket.
    """
    room = max(width - 1, 1.0)
    lines: list[str] = [""]
    used = 0.0
    for atom in _ATOMS.findall(text):
        for piece in [atom] if ems(atom) <= room else atom:
            size = ems(piece)
            if used + size > room and lines[-1] and not piece.isspace():
                lines.append("")
                used = 0.0
            lines[-1] += piece
            used += size
    return lines


def line_count(text: str, width: float) -> int:
    """Estimate how many lines of `width` ems a text takes, at least one."""
    return len(wrap(text, width))


def cut(text: str, width: float, lines: int) -> list[str]:
    """Cut a text into pieces that take at most `lines` lines each; joined, they are the text again."""
    wrapped = wrap(text, width)
    return ["".join(wrapped[at : at + lines]) for at in range(0, len(wrapped), lines)]


def clip(text: str, width: float) -> str:
    """Return a text of at most `width` ems, with an ellipsis where something was left off."""
    if ems(text) <= width:
        return text
    kept, used = "", 1.0
    for ch in text:
        used += _char_ems(ch)
        if used > width:
            break
        kept += ch
    return kept.rstrip() + "…"
