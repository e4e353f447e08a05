from __future__ import annotations

import pytest
from langchain_core.prompts import PromptTemplate
from langchain_core.runnables import RunnablePassthrough
from langchain_tests.integration_tests.retrievers import RetrieversIntegrationTests

from rag.langchain import LibraryRetriever, to_document
from rag.types import Hit, Passage

QUESTION = "芜湖是怎么化债的?"


class TestLibraryRetrieverStandard(RetrieversIntegrationTests):
    """LangChain's own tests of a retriever."""

    @pytest.fixture(autouse=True)
    def _with_the_opened_sample(self, opened_sample, bundled_encoder):
        self._parts = {"library": opened_sample, "encoder": bundled_encoder}

    @property
    def retriever_constructor(self):
        return LibraryRetriever

    @property
    def retriever_constructor_params(self):
        return self._parts

    @property
    def retriever_query_example(self):
        return QUESTION


@pytest.fixture
def retriever(opened_sample, bundled_encoder):
    return LibraryRetriever(library=opened_sample, encoder=bundled_encoder, k=5)


def test_the_content_of_a_document_is_the_exact_slice_of_its_article(retriever, opened_sample):
    for question in (QUESTION, "How many high-level hospitals has Guangdong built?", "廣東的三張處方"):
        documents = retriever.invoke(question)

        assert documents
        for document in documents:
            text = opened_sample.article(document.metadata["article_id"]).text
            assert text[document.metadata["start"] : document.metadata["end"]] == document.page_content


def test_documents_come_best_first_with_ids_of_their_own(retriever):
    documents = retriever.invoke(QUESTION)

    assert [d.metadata["rank"] for d in documents] == [1, 2, 3, 4, 5]
    assert len({d.id for d in documents}) == 5
    assert any("10亿元" in d.page_content for d in documents[:3])


def test_a_retriever_is_part_of_a_chain(retriever):
    chain = {"context": retriever, "question": RunnablePassthrough()} | PromptTemplate.from_template(
        "{context}\n{question}"
    )

    assert "10亿元" in chain.invoke(QUESTION).text


async def test_a_retriever_can_be_awaited(retriever):
    assert [d.id for d in await retriever.ainvoke(QUESTION)] == [d.id for d in retriever.invoke(QUESTION)]


@pytest.mark.parametrize("question", ["", "？", "\x00", "a" * 5000, "\udcff芜湖"])
def test_any_question_is_retrieved_for(retriever, question):
    assert len(retriever.invoke(question)) <= 5


def test_no_documents_can_be_asked_for(retriever):
    assert retriever.invoke(QUESTION, k=0) == []


def test_metadata_says_where_a_document_was_cut():
    passage = Passage(
        passage_id="a#1",
        article_id="a",
        ordinal=1,
        start=3,
        end=5,
        text="甲。",
        heading_path=("题目", "一"),
        regions=("340200",),
    )

    document = to_document(Hit(passage=passage, score=0.5, rank=2, origin="fused"))

    assert document.id == "a#1"
    assert document.metadata == {
        "article_id": "a",
        "start": 3,
        "end": 5,
        "heading_path": ["题目", "一"],
        "regions": ["340200"],
        "rank": 2,
        "score": 0.5,
    }
