"""What kind of thing a question asks for."""

from __future__ import annotations

import functools

from rag.kinds.asking_chinese import read_chinese, read_tail
from rag.kinds.asking_english import read_english
from rag.kinds.types import AskedFor
from rag.normalise import contains_han, fold_aligned


@functools.lru_cache(maxsize=4096)
def asked_kinds(question: str) -> AskedFor:
    """Say what kind of thing a question asks for; `kind` is None where its words do not tell."""
    folded = fold_aligned(question)
    text = folded.text
    read = read_chinese(text) if contains_han(text) else None
    read = read or read_english(text) or read_tail(text)
    if read is None:
        return AskedFor()
    start, end = folded.span(read.start, read.end)
    return AskedFor(
        kind=read.kind,
        unit=read.unit,
        precision=read.precision,
        head=read.head,
        head_kind=read.head_kind,
        start=start,
        end=end,
    )
