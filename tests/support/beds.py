"""Two small articles for a library, how they get in, and how what is found is named."""

from __future__ import annotations

from collections.abc import Iterable

from rag.library import Library, NewArticle
from rag.types import Hit

BEDS = "市中医院新增床位二百张\n县医院关停旧病区三个\n乡镇卫生院配齐全科医生"
DRUGS = "药品目录调整一次\n耗材集中采购节约经费"


def ids(hits: Iterable[Hit]) -> list[str]:
    """Name the passages found, in order."""
    return [hit.passage.passage_id for hit in hits]


def write(library: Library, *articles: NewArticle) -> None:
    """Put articles into a library."""
    library.replace_articles(articles)
