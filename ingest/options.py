"""How files are read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestOptions:
    """How files are read.

    Attributes:
        passage_tokens: The budget of a passage, in tiktoken tokens.
        max_bytes: The largest article, as a file or inside of a container.
        max_container_bytes: The largest archive, table or list of records.
        columns: Which column of a table or key of a record holds what: `{"text": "正文"}`; the rest is recognised.
    """

    passage_tokens: int = 192
    max_bytes: int = 20_000_000
    max_container_bytes: int = 200_000_000
    columns: Mapping[str, str] = field(default_factory=dict)
