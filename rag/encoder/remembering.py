"""An encoder that remembers: sentences of the passages people ask about come up again and again."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from rag.encoder import Encoder

MOST = 20_000
"""Passage vectors kept: some 35 MB with the bundled encoder, and what a question costs falls by half and more."""


class RememberingEncoder:
    """Gives the vectors of another encoder, and those of passages from memory where it can. Safe to use from threads.

    The bundled encoder gives a text the same vector, to the bit, in whatever company it is embedded; so does this one.

    Args:
        encoder: The one that embeds.
        most: Passages remembered; beyond that, the least recently used goes.
    """

    def __init__(self, encoder: Encoder, *, most: int = MOST) -> None:
        self.encoder = encoder
        self._most = most
        self._vectors: OrderedDict[str, NDArray[np.float32]] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        """That of the encoder: the vectors are its own."""
        return self.encoder.name

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return self.encoder.dimension

    @property
    def max_tokens(self) -> int:
        """The window of the encoder."""
        return self.encoder.max_tokens

    def warm_up(self) -> None:
        """Load the encoder."""
        self.encoder.warm_up()

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Count each text's tokens as a passage."""
        return self.encoder.count_tokens(texts)

    def embed_passages(
        self, texts: Sequence[str], *, on_progress: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        """Embed passages, each of them once; see `Encoder.embed_passages`."""
        import numpy as np

        known = self._recalled(texts)
        missing = [text for text in dict.fromkeys(texts) if text not in known]
        if on_progress and len(missing) < len(texts):
            on_progress(len(texts) - len(missing))
        if missing:
            found = dict(
                zip(missing, self.encoder.embed_passages(missing, on_progress=on_progress), strict=True)
            )
            self._remember(found)
            known |= found
        return (
            np.stack([known[text] for text in texts]) if texts else np.zeros((0, self.dimension), np.float32)
        )

    def embed_query(self, text: str) -> list[float]:
        """Embed a question; these are not remembered."""
        return self.encoder.embed_query(text)

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Embed passages as LangChain wants them."""
        return [[float(x) for x in row] for row in self.embed_passages(texts)]

    def _recalled(self, texts: Sequence[str]) -> dict[str, NDArray[np.float32]]:
        with self._lock:
            known = {text: self._vectors[text] for text in texts if text in self._vectors}
            for text in known:
                self._vectors.move_to_end(text)
        return known

    def _remember(self, found: dict[str, NDArray[np.float32]]) -> None:
        with self._lock:
            self._vectors.update((text, vector.copy()) for text, vector in found.items())
            while len(self._vectors) > self._most:
                self._vectors.popitem(last=False)
