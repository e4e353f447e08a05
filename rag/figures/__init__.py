"""Figures in Chinese and English text: found, compared, paired into changes, put into English. Exact arithmetic."""

from __future__ import annotations

from rag.figures.amounts import Amount, Change, Direction, Figure, FigureKind
from rag.figures.asked import Asked, AskedKind, expected_units
from rag.figures.bounds import differ
from rag.figures.chinese import as_written, in_chinese
from rag.figures.english import in_english
from rag.figures.pairs import changes, changes_among, difference, is_computable, is_fraction, rough_difference
from rag.figures.reading import find_figures
from rag.figures.units import base_value, same_unit, same_value

__all__ = [
    "Amount",
    "Asked",
    "AskedKind",
    "Change",
    "Direction",
    "Figure",
    "FigureKind",
    "as_written",
    "base_value",
    "changes",
    "changes_among",
    "differ",
    "difference",
    "expected_units",
    "find_figures",
    "in_chinese",
    "in_english",
    "is_computable",
    "is_fraction",
    "rough_difference",
    "same_unit",
    "same_value",
]
