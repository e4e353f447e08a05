"""Our hybrid retriever as a LangChain `BaseRetriever`, so that any LangChain chain can use a library."""

from __future__ import annotations

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict, SkipValidation

from rag.encoder import Encoder
from rag.library import Library
from rag.pipeline import readable
from rag.retrieve import rarity_in, retrieve
from rag.types import Filter, Hit
from rag.understand import understand


class LibraryRetriever(BaseRetriever):
    """Finds passages for a question; `page_content` is the exact slice, `metadata` says where it was cut.

    `k` is the number of documents; it can also be given to each call: `retriever.invoke(question, k=3)`.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    library: SkipValidation[Library]
    encoder: SkipValidation[Encoder]
    k: int = 8

    def _get_relevant_documents(
        self,
        query: str,
        *,
        run_manager: CallbackManagerForRetrieverRun,  # noqa: ARG002  # LangChain's signature
        k: int | None = None,
    ) -> list[Document]:
        understood = understand(readable(query), rarity=rarity_in(self.library))
        found = retrieve(
            understood,
            library=self.library,
            encoder=self.encoder,
            top_k=self.k if k is None else k,
            within=Filter(),
        )
        return [to_document(hit) for hit in found.hits]


def to_document(hit: Hit) -> Document:
    """Turn a hit into LangChain's piece of text; `start` and `end` are code points in the article's text."""
    passage = hit.passage
    return Document(
        id=passage.passage_id,
        page_content=passage.text,
        metadata={
            "article_id": passage.article_id,
            "start": passage.start,
            "end": passage.end,
            "heading_path": list(passage.heading_path),
            "regions": list(passage.regions),
            "rank": hit.rank,
            "score": hit.score,
        },
    )
