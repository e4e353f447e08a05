"""Traditional characters: telling them, and writing them."""

from __future__ import annotations

import functools
from typing import Protocol

from rag.normalise import simplify


class _Converter(Protocol):
    def convert(self, text: str) -> str: ...


@functools.cache
def _converter() -> _Converter:
    import opencc

    converter: _Converter = opencc.OpenCC("s2t")
    return converter


def to_traditional(text: str) -> str:
    """Turn Simplified characters into Traditional ones; Chinese in other text as well."""
    return _converter().convert(text)


def is_traditional(text: str) -> bool:
    """Whether more characters of a text are Traditional only than Simplified only."""
    simplified, traditional = simplify(text), to_traditional(text)
    if len(traditional) != len(text):
        return False
    return _unlike(text, simplified) > _unlike(text, traditional)


def _unlike(text: str, other: str) -> int:
    return sum(a != b for a, b in zip(text, other, strict=True))
