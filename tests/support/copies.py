"""A library copied while others may be keeping answers in it."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path


def copy_library(library: Path, to: Path) -> Path:
    """Copy a library, as SQLite copies, without the answers that were kept in it."""
    ignored = shutil.ignore_patterns("library.db*", ".lock")
    copy = Path(shutil.copytree(library, to, ignore=ignored))
    with (
        closing(sqlite3.connect(library / "library.db")) as source,
        closing(sqlite3.connect(copy / "library.db")) as target,
    ):
        source.backup(target)
        target.execute("DROP TABLE IF EXISTS answers")
        target.commit()
    return copy
