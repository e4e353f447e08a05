"""Turning text into vectors: what every encoder offers; the concrete ones are beside this file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np
    from numpy.typing import NDArray


class Encoder(Protocol):
    """Text in, unit vectors out. Making one is cheap; the model is loaded once, by the first method that needs it."""

    @property
    def name(self) -> str:
        """What the vectors were made with; libraries store it, so it changes whenever the vectors would."""

    @property
    def dimension(self) -> int:
        """Length of a vector."""

    @property
    def max_tokens(self) -> int:
        """The window, in the encoder's own tokens, with its prefix and special tokens counted."""

    def warm_up(self) -> None:
        """Load what is needed; safe to call from several threads, and again.

        Raises:
            ModelUnavailableError: The weights, or the package that would run them, are not on this machine.
        """

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Count each text's tokens as a passage, with prefix and special tokens, never cut at the window."""

    def embed_passages(
        self, texts: Sequence[str], *, on_progress: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        """Embed passages for the index; a question needs `embed_query`, which reads it as one.

        A text longer than the window is cut there without a word: cut passages to fit (`count_tokens`).

        Args:
            texts: In any order; they are sorted by length inside.
            on_progress: Called with the number of texts just done, many times.

        Returns:
            Unit vectors, shape (len(texts), dimension), in input order. No texts give shape (0, dimension).
        """

    def embed_query(self, text: str) -> list[float]:
        """Embed a question; beyond the window it is cut."""

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Embed passages as LangChain wants them."""
