"""A SentencePiece Unigram tokenizer that is ready in milliseconds, however large its vocabulary.

The pieces lie sorted in one file that is read, not parsed; they are found by bisection, and those found are
remembered. (The `tokenizers` library builds a trie of all 250,000 first: half a second to over one, and some
150 MB, in every process that asks one question.)
"""

from __future__ import annotations

import json
import struct
import sys
import unicodedata
from bisect import bisect_left
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from rag.encoder.weights import Vocabulary

_SPACE = "\u2581"  # SentencePiece's mark for the start of a word
_UNKNOWN_PENALTY = 10.0
_CHARACTERS_PER_TOKEN = 32  # no piece is longer than 16
_MEMORY_LIMIT = 400_000
_COMPOSED_TOGETHER = 1024
_HEADER = struct.Struct("=2I")
_PIECES, _SETTINGS = "pieces.bin", "tokenizer.json"
_SURROGATES = range(0xD800, 0xE000)

_Found = tuple[int, float]  # token id, or -1 for what only begins a piece; score
_NOT_A_PIECE: _Found = (-1, 0.0)


def save_vocabulary(vocabulary: Vocabulary, folder: Path) -> None:
    """Write the files that `UnigramTokenizer` reads."""
    order = sorted(
        (piece.encode(), index, score)
        for index, (piece, score) in enumerate(zip(vocabulary.pieces, vocabulary.scores, strict=True))
        if piece and index not in vocabulary.special
    )
    ends = [0]
    for piece, _, _ in order:
        ends.append(ends[-1] + len(piece))
    with (folder / _PIECES).open("wb") as file:
        file.write(_HEADER.pack(len(order), ends[-1]))
        file.write(struct.pack(f"={len(ends)}I", *ends))
        file.write(struct.pack(f"={len(order)}I", *(index for _, index, _ in order)))
        file.write(struct.pack(f"={len(order)}f", *(score for _, _, score in order)))
        file.write(b"".join(piece for piece, _, _ in order))
    settings = {
        "bos": vocabulary.bos,
        "eos": vocabulary.eos,
        "unknown": vocabulary.unknown,
        "unknown_score": min(vocabulary.scores) - _UNKNOWN_PENALTY,
        "longest": max((len(piece) for piece in vocabulary.pieces), default=1),
        "normalisation": {str(point): text for point, text in vocabulary.normalisation.items()},
    }
    (folder / _SETTINGS).write_text(json.dumps(settings), encoding="utf-8")


class UnigramTokenizer:
    """Text to token ids: the most probable way to cut each word into pieces.

    Any string is accepted: control characters vanish, surrogates that belong to no character become spaces, and
    the spelling of a special token ("</s>") is text like any other.
    """

    def __init__(self, folder: Path) -> None:
        content = memoryview((folder / _PIECES).read_bytes())
        count, blob_bytes = _HEADER.unpack_from(content)
        table = content[_HEADER.size :]
        self._bounds = table[: 4 * (count + 1)].cast("I")
        self._ids = table[4 * (count + 1) : 4 * (2 * count + 1)].cast("I")
        self._scores = table[4 * (2 * count + 1) : 4 * (3 * count + 1)].cast("f")
        self._blob = bytes(table[4 * (3 * count + 1) :])
        if len(self._blob) != blob_bytes:
            raise ValueError(f"{folder / _PIECES}: {len(self._blob)} bytes of pieces, expected {blob_bytes}")
        settings = json.loads((folder / _SETTINGS).read_text(encoding="utf-8"))
        self._bos: int = settings["bos"]
        self._eos: int = settings["eos"]
        self._unknown: int = settings["unknown"]
        self._unknown_score: float = settings["unknown_score"]
        self._longest: int = settings["longest"]
        self._replacements = _replacements(settings["normalisation"])
        self._known: dict[str, _Found | None] = {}

    def encode(self, text: str, *, max_tokens: int = sys.maxsize) -> list[int]:
        """Return the ids with `<s>` and `</s>` around them; beyond `max_tokens` (at least 2) the text is cut."""
        # A long tail that will be cut anyway is not even looked at.
        words = self.normalise(text[: max_tokens * _CHARACTERS_PER_TOKEN]).split(" ")
        ids = [self._bos]
        for word in words:
            if len(ids) >= max_tokens:
                break
            if word:
                ids += self._cut(_SPACE + word)
        del ids[max_tokens - 1 :]
        ids.append(self._eos)
        return ids

    def normalise(self, text: str) -> str:
        """Return the form that the vocabulary is written in: the model's own map, composed, single spaces."""
        mapped = text if text.isascii() and text.isprintable() else text.translate(self._replacements)
        return " ".join(_compose(mapped).split())

    def _cut(self, word: str) -> list[int]:
        """Viterbi: for each end, the best piece that ends there."""
        size = len(word)
        best = [0.0] + [float("-inf")] * size
        pieces = [(0, 0)] * (size + 1)  # token id, where it starts
        known, longest = self._known, self._longest
        for start in range(size):
            base = best[start]
            unknown = base + self._unknown_score
            for end in range(start + 1, min(size, start + longest) + 1):
                span = word[start:end]
                try:
                    found = known[span]
                except KeyError:
                    found = self._look_up(span)
                if found is None:
                    break
                if found[0] >= 0 and base + found[1] > best[end]:
                    best[end], pieces[end] = base + found[1], (found[0], start)
            if unknown > best[start + 1]:
                best[start + 1], pieces[start + 1] = unknown, (self._unknown, start)
        return self._trace(pieces)

    def _trace(self, pieces: list[tuple[int, int]]) -> list[int]:
        """Follow the best pieces back from the end; neighbouring unknown characters are one token."""
        ids: list[int] = []
        end = len(pieces) - 1
        while end > 0:
            token, end = pieces[end]
            if not (token == self._unknown and ids and ids[-1] == token):
                ids.append(token)
        ids.reverse()
        return ids

    def _look_up(self, span: str) -> _Found | None:
        """Find a span among the pieces; None where no piece even begins with it."""
        key = span.encode()
        index = bisect_left(range(len(self._ids)), key, key=self._piece)
        piece = self._piece(index) if index < len(self._ids) else b""
        found: _Found | None = None
        if piece == key:
            found = (self._ids[index], self._scores[index])
        elif piece.startswith(key):
            found = _NOT_A_PIECE
        if len(self._known) >= _MEMORY_LIMIT:
            self._known.clear()
        self._known[span] = found
        return found

    def _piece(self, index: int) -> bytes:
        return self._blob[self._bounds[index] : self._bounds[index + 1]]


def _compose(text: str) -> str:
    # In slices: a run of n combining marks takes time n squared, and someone will send one.
    slices = range(0, len(text), _COMPOSED_TOGETHER)
    return "".join(unicodedata.normalize("NFC", text[start : start + _COMPOSED_TOGETHER]) for start in slices)


def _replacements(normalisation: Mapping[str, str]) -> dict[int, str]:
    table = dict.fromkeys(_SURROGATES, " ")
    table[0] = ""
    table.update({int(point): text for point, text in normalisation.items()})
    return table
