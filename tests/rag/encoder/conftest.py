"""A weight file of a few kilobytes in the published layout, with the numbers that are in it."""

from __future__ import annotations

import hashlib
import random
import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import platformdirs
import pytest
from numpy.typing import NDArray

from rag.encoder.bundled import BundledEncoder
from rag.encoder.weights import ModelCard

HIDDEN, LAYERS, HEADS, FFN, POSITIONS = 64, 2, 4, 96, 48
PIECES = [
    "<s>",
    "<pad>",
    "</s>",
    "<unk>",
    "▁",
    "▁passage",
    "▁query",
    ":",
    "医",
    "改",
    "医改",
    "院",
    "a",
    "b",
    "ab",
    "，",
]
PIECES += ["<mask>"]


@dataclass(frozen=True, kw_only=True)
class Tiny:
    """The file, and what a correct reader must find in it."""

    path: Path
    card: ModelCard
    tensors: dict[str, NDArray[np.float32]]


@pytest.fixture
def tiny(tmp_path: Path) -> Tiny:
    tensors, directory, blob = _tensors(np.random.default_rng(7))
    head = _head()
    size = len(head) + 4 + sum(2 + len(name) + 21 for name, *_ in directory)
    content = head + struct.pack("<i", len(directory))
    for name, dtype, elements, offset, length in directory:
        content += struct.pack("<H", len(name)) + name.encode()
        content += struct.pack("<BIQQ", dtype, elements, size + offset, length)
    content += blob
    path = tmp_path / "tiny.bin"
    path.write_bytes(content)
    card = ModelCard(
        name="tiny",
        package="no_such_package_is_installed",
        requirement="no-such-package==1",
        member="folder/tiny.bin",
        sha256=hashlib.sha256(content).hexdigest(),
        dimension=HIDDEN,
        max_tokens=POSITIONS,
        query_prefix="query: ",
        passage_prefix="passage: ",
    )
    return Tiny(path=path, card=card, tensors=tensors)


def _head() -> bytes:
    scores = random.Random(3)  # fixed, so that every run tests the same file
    blobs = [piece.encode() for piece in PIECES]
    bounds = np.cumsum([0] + [len(blob) for blob in blobs]).astype("<u4")
    values = [0.0 if piece.startswith("<") else scores.uniform(-9, -2) for piece in PIECES]
    normalisation = struct.pack("<IBI", ord("Ａ"), 1, ord("a")) + struct.pack("<IBI", 0x0A, 1, 0x20)
    return b"".join(
        [
            struct.pack(
                "<4sI7ifi", b"E5S1", 1, HIDDEN, LAYERS, HEADS, FFN, len(PIECES) + 3, POSITIONS, 2, 1e-12, 32
            ),
            struct.pack("<5iQ", len(PIECES), 0, 2, 1, 3, int(bounds[-1])),
            bounds.tobytes(),
            np.array(values, "<f4").tobytes(),
            b"".join(blobs),
            struct.pack("<iI", 2, len(normalisation)),
            normalisation,
        ]
    )


def _tensors(
    rng: np.random.Generator,
) -> tuple[dict[str, NDArray[np.float32]], list[tuple[str, int, int, int, int]], bytes]:
    shapes: dict[str, tuple[int, ...]] = {
        "emb.word": (len(PIECES) + 3, HIDDEN),
        "emb.pos": (POSITIONS, HIDDEN),
        "emb.type": (2, HIDDEN),
        "emb.ln.w": (HIDDEN,),
        "emb.ln.b": (HIDDEN,),
    }
    for layer in range(LAYERS):
        for name in ("q", "k", "v", "ao", "fi", "fo"):
            rows, columns = (FFN if name == "fi" else HIDDEN), (FFN if name == "fo" else HIDDEN)
            shapes |= {f"l{layer}.{name}.w": (rows, columns), f"l{layer}.{name}.b": (rows,)}
        for name in ("aln", "oln"):
            shapes |= {f"l{layer}.{name}.w": (HIDDEN,), f"l{layer}.{name}.b": (HIDDEN,)}
    tensors, directory, blob = {}, [], b""
    for name, shape in shapes.items():
        is_q4 = name == "emb.word" or (name.endswith(".w") and "ln" not in name)
        tensors[name], stored = (
            _q4(rng, shape) if is_q4 else _f32(rng, shape, around=float(name.endswith("ln.w")))
        )
        directory.append((name, int(is_q4), tensors[name].size, len(blob), len(stored)))
        blob += stored
    return tensors, directory, blob


def _q4(rng: np.random.Generator, shape: tuple[int, ...]) -> tuple[NDArray[np.float32], bytes]:
    levels = rng.integers(0, 16, (int(np.prod(shape)) // 32, 32))
    scales = rng.uniform(0.005, 0.05, len(levels)).astype("<f2")
    stored = b"".join(
        scale.tobytes()
        + bytes(int(low) | int(high) << 4 for low, high in zip(row[:16], row[16:], strict=True))
        for scale, row in zip(scales, levels, strict=True)
    )
    return ((levels - 8) * scales.astype(np.float32)[:, None]).astype(np.float32).reshape(shape), stored


def _f32(
    rng: np.random.Generator, shape: tuple[int, ...], *, around: float
) -> tuple[NDArray[np.float32], bytes]:
    values = (around + rng.normal(0, 0.1, shape)).astype("<f4")
    return values, values.tobytes()


@pytest.fixture(scope="session")
def encoder() -> BundledEncoder:
    """The real one, from the user's own cache: converted once on a machine, whichever test comes first."""
    return BundledEncoder(platformdirs.user_cache_path("yigai", appauthor=False))
