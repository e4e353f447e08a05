from __future__ import annotations

from pathlib import Path

import pytest
from fakes import HashingEncoder

from rag.library import Library


@pytest.fixture
def hashing_encoder() -> HashingEncoder:
    return HashingEncoder()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "articles"
    made.mkdir()
    return made


@pytest.fixture
def library(tmp_path: Path, hashing_encoder: HashingEncoder):
    with Library.open(
        tmp_path / "library",
        encoder_name=hashing_encoder.name,
        dimension=hashing_encoder.dimension,
        create=True,
    ) as opened:
        yield opened
