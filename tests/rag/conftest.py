"""The real parts for tests of the answering steps: the bundled encoder, the sample library, and one of our own words."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import settings
from modelled import Modelled
from shelf import Shelf

from ingest.read import read_content
from ingest.run import ingest_paths
from ingest.split import split_article
from rag.build import build_encoder, build_pipeline, open_library
from rag.encoder import Encoder
from rag.evidence import Candidate, gather_candidates
from rag.library import Library
from rag.pipeline import Pipeline
from rag.settings import Settings, load_settings
from rag.types import Answer, Hit
from rag.understand import Query, understand

# The first example loads the word lists; what must be quick says so with a clock of its own.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")

TINY = {
    "hefei.md": """---
title: 安徽合肥：签约服务和编制
date: 2021-05-06
source: 测试文库
region: [安徽省合肥市]
---
合肥市去年核增编制300个。今年再核增120个，全部用于乡镇卫生院。

## 签约服务

合肥市的家庭医生签约率从41.5%提高到63.2%。全国的签约率由国家卫生健康委公布。
""",
    "ganzhou.md": """---
title: 江西赣州：院前急救
source: 测试文库
region: [江西省赣州市]
---
赣州市新设急救站30个，平均急救反应时间从28分钟缩短到15分钟。

赣州市为急救站投入2.4亿元，钱出自市级财政。
""",
    "suzhou.md": """---
title: 蘇州：編制周轉池
date: 2018
source: 测试文库
region: [江苏省苏州市]
---
蘇州市在2018年設立編制周轉池，先後放入編制560個。周轉池由蘇州市的編辦管理。
""",
}
"""Facts that no real article states: what is found here was not known before."""


def _equally_rare(forms: Sequence[str]) -> float:
    return 0.5 if forms else 1.0


@pytest.fixture(scope="session")
def default_settings() -> Settings:
    return load_settings()


@pytest.fixture(scope="session")
def bundled_encoder(default_settings: Settings) -> Encoder:
    """The default encoder, with the user's cache: converting it takes a while on the first run of a machine."""
    return build_encoder(default_settings)


@pytest.fixture(scope="session")
def opened_sample(sample_library: Path, bundled_encoder: Encoder) -> Iterator[Library]:
    with open_library(sample_library, bundled_encoder) as library:
        yield library


@pytest.fixture(scope="session")
def tiny_library(tmp_path_factory: pytest.TempPathFactory, bundled_encoder: Encoder) -> Iterator[Library]:
    folder = tmp_path_factory.mktemp("tiny")
    for name, text in TINY.items():
        (folder / name).write_text(text, encoding="utf-8")
    with open_library(folder / "library", bundled_encoder, create=True) as library:
        ingest_paths([folder / name for name in TINY], library=library, encoder=bundled_encoder)
        yield library


@pytest.fixture(scope="session")
def empty_library(tmp_path_factory: pytest.TempPathFactory, bundled_encoder: Encoder) -> Iterator[Library]:
    with open_library(tmp_path_factory.mktemp("empty") / "library", bundled_encoder, create=True) as library:
        yield library


@pytest.fixture(scope="session")
def sample_pipeline(opened_sample: Library, bundled_encoder: Encoder, default_settings: Settings) -> Pipeline:
    return build_pipeline(opened_sample, bundled_encoder, default_settings)


@pytest.fixture(scope="session")
def answer_to(sample_pipeline: Pipeline) -> Callable[[str], Answer]:
    """The first answer to a question, kept: most properties are looked at one by one."""
    return functools.cache(sample_pipeline.ask)


@pytest.fixture(scope="session")
def tiny_pipeline(tiny_library: Library, bundled_encoder: Encoder, default_settings: Settings) -> Pipeline:
    return build_pipeline(tiny_library, bundled_encoder, default_settings)


@pytest.fixture(scope="session")
def tiny_modelled(tiny_library: Library, bundled_encoder: Encoder) -> Modelled:
    """Answers from the library of our own words, by a model at an endpoint."""
    return Modelled(library=tiny_library, encoder=bundled_encoder)


@pytest.fixture(scope="session")
def query_for() -> Callable[[str], Query]:
    """Understands a question as if every word were about as rare as any other."""
    return lambda question: understand(question, rarity=_equally_rare)


@pytest.fixture(scope="session")
def candidates_in() -> Callable[..., list[Candidate]]:
    """Reads Markdown texts as an ingest would, and gathers every sentence of every passage, in order."""

    def gather(*markdown: str) -> list[Candidate]:
        articles = [read_content(text.encode(), path=Path("a.md")).article for text in markdown]
        passages = [
            passage
            for article in articles
            for passage in split_article(
                article,
                budget_tokens=192,
                window_tokens=512,
                count_tokens=lambda texts: [len(t) for t in texts],
            )
        ]
        hits = [Hit(passage=p, score=1.0, rank=n, origin="fused") for n, p in enumerate(passages, start=1)]
        return gather_candidates(hits, library=Shelf(*articles))  # type: ignore[arg-type]  # all it asks for

    return gather
