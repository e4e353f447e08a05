"""Any model that sentence-transformers can run, by name or from a folder; an extra, because it brings torch."""

from __future__ import annotations

import hashlib
import os
import re
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from langchain_core.embeddings import Embeddings

from rag.errors import ModelUnavailableError
from rag.silence import silence_vendors

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray
    from sentence_transformers import SentenceTransformer

_PACKAGE = "sentence_transformers"
_INSTALL = ('Install it: pip install "yigai[models]"', '请安装：pip install "yigai[models]"')
# The instruct models of the family are told what to do in words, and say so in their own prompts.
_E5 = re.compile(r"(?:^|[/_-])e5(?!.*instruct)(?:[/_-]|$)", re.IGNORECASE)
_SURROGATE = re.compile("[\ud800-\udfff]")
_GROUP = 256  # texts between two reports of progress
_SAMPLES, _SAMPLE_BYTES = 16, 65536


class _Prefixes(NamedTuple):
    query: str
    passage: str


class _Loaded(NamedTuple):
    model: SentenceTransformer
    prefixes: _Prefixes
    dimension: int


class SentenceTransformersEncoder(Embeddings):
    """An encoder of the user's choice. Texts are cut at the model's own window; vectors have length one.

    A model that has to be fetched is fetched by its first use; a folder, or a model fetched before, needs no
    network. No code that comes with a model is ever run.

    Args:
        model: A name on the Hugging Face hub, or a folder.
        device: As torch names it.
        query_prefix: Put before a question; None: the model's own prompt "query", else what its family is known to
            need ("query: " for E5), else nothing.
        passage_prefix: Likewise before a passage: the prompt "document" or "passage", "passage: " for E5.
    """

    def __init__(
        self,
        model: str | Path,
        *,
        device: str = "cpu",
        query_prefix: str | None = None,
        passage_prefix: str | None = None,
    ) -> None:
        self._model_path = str(model)
        self._device = device
        self._given = (query_prefix, passage_prefix)
        self._lock = threading.RLock()
        self._loaded: _Loaded | None = None
        self.name = _identity(self._model_path, self._given)

    @property
    def dimension(self) -> int:
        """Length of a vector; only the loaded model knows it."""
        return self._load().dimension

    @property
    def max_tokens(self) -> int:
        """The model's window; only the loaded model knows it."""
        model = self._load().model
        return int(model.max_seq_length or model.tokenizer.model_max_length)

    def warm_up(self) -> None:
        """Load the model.

        Raises:
            ModelUnavailableError: The package is not installed, or there is no such model here or on the hub.
        """
        self._load()

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Count each text's tokens as a passage, with prefix and special tokens, never cut at the window."""
        if not texts:
            return []
        model, prefixes, _ = self._load()
        encoded = model.tokenizer(
            [prefixes.passage + _encodable(text) for text in texts], truncation=False, verbose=False
        )
        return [len(ids) for ids in encoded["input_ids"]]

    def embed_passages(
        self, texts: Sequence[str], *, on_progress: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        """Embed passages; see `rag.encoder.Encoder`."""
        model, prefixes, _ = self._load()
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        for first in range(0, len(texts), _GROUP):
            group = [_encodable(text) for text in texts[first : first + _GROUP]]
            vectors[first : first + len(group)] = model.encode_document(
                group, prompt=prefixes.passage, normalize_embeddings=True, show_progress_bar=False
            )
            if on_progress is not None:
                on_progress(len(group))
        return vectors

    def embed_query(self, text: str) -> list[float]:
        """Embed a question; what is beyond the window is cut off."""
        model, prefixes, _ = self._load()
        vectors = model.encode_query(
            [_encodable(text)], prompt=prefixes.query, normalize_embeddings=True, show_progress_bar=False
        )
        vector: list[float] = vectors[0].tolist()
        return vector

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Embed passages as LangChain wants them."""
        vectors: list[list[float]] = self.embed_passages(texts).tolist()
        return vectors

    def _load(self) -> _Loaded:
        if self._loaded is None:
            with self._lock:
                if self._loaded is None:
                    model = self._open()
                    prefixes = _prefixes(self._model_path, model.prompts, self._given)
                    # Its own word for it has had several names; a vector cannot be wrong.
                    probe = model.encode_document(["."], prompt=prefixes.passage, show_progress_bar=False)
                    self._loaded = _Loaded(model, prefixes, probe.shape[1])
        return self._loaded

    def _open(self) -> SentenceTransformer:
        try:
            silence_vendors()
            os.environ["HF_HUB_OFFLINE"] = (
                "1"  # read at import; else each missing file is asked for six times
            )
            from sentence_transformers import SentenceTransformer
        except ImportError as cause:
            raise ModelUnavailableError(
                model=self._model_path,
                detail=(
                    f"the package {_PACKAGE} cannot be imported ({cause})",
                    f"无法导入组件 {_PACKAGE}（{cause}）",
                ),
                next_step=_INSTALL,
            ) from cause
        try:
            return SentenceTransformer(
                self._model_path, device=self._device, trust_remote_code=False, local_files_only=True
            )
        except (OSError, ValueError, RuntimeError, KeyError) as cause:
            raise ModelUnavailableError(
                model=self._model_path,
                detail=(
                    f"no usable model by that name or in that folder is on this machine ({type(cause).__name__})",
                    f"本机没有这个名字的模型，文件夹里也没有可用的模型（{type(cause).__name__}）",
                ),
                next_step=(
                    f"Models are never fetched by themselves: fetch it once (hf download {self._model_path}), "
                    "or name a folder that holds one.",
                    f"模型不会自动下载：请先下载一次（hf download {self._model_path}），或给出存放模型的文件夹。",
                ),
            ) from cause


def _prefixes(
    model: str, prompts: Mapping[str, str | None], given: tuple[str | None, str | None]
) -> _Prefixes:
    """Choose the prefixes: what the caller gave, else the model's own prompts, else its family's."""
    is_e5 = _E5.search(model) is not None
    query = prompts.get("query") or ("query: " if is_e5 else "")
    passage = prompts.get("document") or prompts.get("passage") or ("passage: " if is_e5 else "")
    return _Prefixes(query if given[0] is None else given[0], passage if given[1] is None else given[1])


def _identity(model: str, given: tuple[str | None, str | None]) -> str:
    """Name the model and, in 8 hex digits, all that changes its vectors: a folder's content, the prefixes given.

    A folder goes by its content and last part, so that it can be moved.
    """
    folder = Path(model)
    digest = hashlib.sha256(repr(given).encode())
    if not folder.is_dir():
        digest.update(model.encode("utf-8", "surrogatepass"))
        return f"sentence-transformers/{model}/{digest.hexdigest()[:8]}"
    for file in sorted(
        file for pattern in ("*.json", "*.safetensors", "*.bin") for file in folder.rglob(pattern)
    ):
        digest.update(f"{file.relative_to(folder).as_posix()} {file.stat().st_size}".encode())
        _add_sample(digest, file)
    return f"sentence-transformers/{folder.resolve().name}/{digest.hexdigest()[:8]}"


def _add_sample(digest: Any, file: Path) -> None:  # noqa: ANN401 - hashlib does not name its class
    """Add parts spread over the file: reading gigabytes of weights would make construction slow."""
    size = file.stat().st_size
    with file.open("rb") as handle:
        for sample in range(_SAMPLES):
            handle.seek(max(0, size - _SAMPLE_BYTES) * sample // (_SAMPLES - 1))
            digest.update(handle.read(_SAMPLE_BYTES))


def _encodable(text: str) -> str:
    """Replace surrogates that belong to no character: tokenizers cannot take them."""
    return _SURROGATE.sub(" ", text)
