"""The pipeline a newcomer would write from LangChain's parts, over the same weights in torch: what ours is held against."""

from __future__ import annotations

import importlib
import importlib.util
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from rag.encoder.weights import MULTILINGUAL_E5_SMALL, ModelCard, Weights, read_weights

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from tokenizers import Tokenizer

CHUNK_CHARS, OVERLAP_CHARS = 160, 20
"""About a passage of ours with its headings, in tokens; the splitter counts characters."""
_SEPARATORS = ["\n\n", "\n", "。", "！", "？", "；", "，", " ", ""]
_NEEDED = (
    "torch",
    "sentence_transformers",
    "langchain_huggingface",
    "langchain_text_splitters",
    "langchain_chroma",
)


def missing_packages() -> list[str]:
    """List the packages that the stock pipeline needs and that are not installed here."""
    return [name for name in _NEEDED if importlib.util.find_spec(name) is None]


def write_model(
    folder: Path, *, card: ModelCard = MULTILINGUAL_E5_SMALL, weights: Path | None = None
) -> Path:
    """Write the bundled encoder's weights as a folder that sentence-transformers reads, in fp32, and pools by the mean.

    Raises:
        ModelUnavailableError: The weights are not on this machine.
    """
    transformers = importlib.import_module("transformers")
    parsed = read_weights(card, weights)
    model = transformers.BertModel(_config(parsed))
    model.load_state_dict(_state(parsed))
    model.save_pretrained(folder)
    pieces, vocabulary = parsed.vocabulary.pieces, parsed.vocabulary
    transformers.PreTrainedTokenizerFast(
        tokenizer_object=_tokenizer(parsed),
        model_max_length=card.max_tokens,
        bos_token=pieces[vocabulary.bos],
        eos_token=pieces[vocabulary.eos],
        cls_token=pieces[vocabulary.bos],
        sep_token=pieces[vocabulary.eos],
        pad_token=pieces[vocabulary.pad],
        unk_token=pieces[vocabulary.unknown],
    ).save_pretrained(folder)
    return folder


def _config(weights: Weights) -> Any:  # noqa: ANN401 - a class of transformers
    shape = weights.shape
    return importlib.import_module("transformers").BertConfig(
        vocab_size=len(weights.vocabulary.pieces),
        hidden_size=shape.hidden,
        num_hidden_layers=shape.layers,
        num_attention_heads=shape.heads,
        intermediate_size=shape.ffn,
        max_position_embeddings=shape.positions,
        type_vocab_size=shape.types,
        layer_norm_eps=shape.epsilon,
        pad_token_id=weights.vocabulary.pad,
    )


def _state(weights: Weights) -> dict[str, Any]:
    """Name the tensors as transformers does."""
    torch = importlib.import_module("torch")
    hidden, rows = weights.shape.hidden, len(weights.vocabulary.pieces)
    arrays: dict[str, NDArray[np.float32]] = {
        "embeddings.word_embeddings.weight": weights.dequantised("emb.word").reshape(-1, hidden)[:rows],
        "embeddings.position_embeddings.weight": weights.floats("emb.pos").reshape(-1, hidden),
        "embeddings.token_type_embeddings.weight": weights.floats("emb.type").reshape(-1, hidden),
        "embeddings.LayerNorm.weight": weights.floats("emb.ln.w"),
        "embeddings.LayerNorm.bias": weights.floats("emb.ln.b"),
        # Loaded by transformers, used by no one here: texts are pooled by their mean.
        "pooler.dense.weight": np.zeros((hidden, hidden), np.float32),
        "pooler.dense.bias": np.zeros(hidden, np.float32),
    }
    dense = {
        "q": "attention.self.query",
        "k": "attention.self.key",
        "v": "attention.self.value",
        "ao": "attention.output.dense",
        "fi": "intermediate.dense",
        "fo": "output.dense",
    }
    for layer in range(weights.shape.layers):
        for ours, theirs in dense.items():
            width = weights.shape.ffn if ours == "fo" else hidden
            matrix = weights.dequantised(f"l{layer}.{ours}.w").reshape(-1, width)
            arrays[f"encoder.layer.{layer}.{theirs}.weight"] = matrix
            arrays[f"encoder.layer.{layer}.{theirs}.bias"] = weights.floats(f"l{layer}.{ours}.b")
        for ours, theirs in {"aln": "attention.output.LayerNorm", "oln": "output.LayerNorm"}.items():
            arrays[f"encoder.layer.{layer}.{theirs}.weight"] = weights.floats(f"l{layer}.{ours}.w")
            arrays[f"encoder.layer.{layer}.{theirs}.bias"] = weights.floats(f"l{layer}.{ours}.b")
    return {name: torch.from_numpy(array.copy()) for name, array in arrays.items()}


def _tokenizer(weights: Weights) -> Tokenizer:
    """The vocabulary in the tokenizers library, which users of sentence-transformers get."""
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

    vocabulary = weights.vocabulary
    pieces = list(zip(vocabulary.pieces, vocabulary.scores, strict=True))
    tokenizer = Tokenizer(models.Unigram(pieces, unk_id=vocabulary.unknown))
    steps = [normalizers.NFKC(), normalizers.Replace(Regex(r"\s+"), " "), normalizers.Strip()]
    tokenizer.normalizer = normalizers.Sequence(steps)
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always")
    begin, end = vocabulary.pieces[vocabulary.bos], vocabulary.pieces[vocabulary.eos]
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{begin} $A {end}", special_tokens=[(begin, vocabulary.bos), (end, vocabulary.eos)]
    )
    return tokenizer


class StockPipeline:
    """Recursive splitter, sentence-transformers, Chroma. What one ingest embedded and how long each part took stays here."""

    def __init__(self, model: Path, *, threads: int) -> None:
        importlib.import_module("torch").set_num_threads(threads)
        splitters = importlib.import_module("langchain_text_splitters")
        self._store_class = importlib.import_module("langchain_chroma").Chroma
        self._splitter = splitters.RecursiveCharacterTextSplitter(
            chunk_size=CHUNK_CHARS, chunk_overlap=OVERLAP_CHARS, separators=_SEPARATORS
        )
        embeddings = importlib.import_module("langchain_huggingface").HuggingFaceEmbeddings(
            model_name=str(model),
            model_kwargs={"device": "cpu"},
            encode_kwargs={"prompt": MULTILINGUAL_E5_SMALL.passage_prefix, "normalize_embeddings": True},
        )
        self._embeddings = _TimedEmbeddings(embeddings)
        self.embed(["一"])

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Embed texts as the pipeline does."""
        return np.asarray(self._embeddings.embed_documents(list(texts)), np.float32)

    def ingest(self, files: Sequence[Path], target: Path) -> tuple[dict[str, float], list[str]]:
        """Read, split, embed and store all files.

        Returns:
            Seconds by part, and the texts that were embedded.
        """
        from langchain_core.documents import Document

        self._embeddings.seconds = 0.0
        start = time.perf_counter()
        documents = [
            Document(page_content=file.read_text(encoding="utf-8"), metadata={"source": str(file)})
            for file in files
        ]
        read = time.perf_counter()
        chunks = self._splitter.split_documents(documents)
        split = time.perf_counter()
        self._store_class.from_documents(chunks, self._embeddings, persist_directory=str(target))
        stored = time.perf_counter()
        embedded_s = self._embeddings.seconds
        parts = {
            "read": read - start,
            "split": split - read,
            "embed": embedded_s,
            "write": stored - split - embedded_s,
        }
        return parts, [chunk.page_content for chunk in chunks]


class _TimedEmbeddings:
    """LangChain's embeddings with a clock."""

    def __init__(self, embeddings: Any) -> None:  # noqa: ANN401 - an untyped package's class
        self._embeddings = embeddings
        self.seconds = 0.0

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        start = time.perf_counter()
        vectors: list[list[float]] = self._embeddings.embed_documents(texts)
        self.seconds += time.perf_counter() - start
        return vectors

    def embed_query(self, text: str) -> list[float]:
        return self.embed_documents([text])[0]
