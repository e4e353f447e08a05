"""Answers, refusals and citations that tests of many parts look at."""

from __future__ import annotations

import dataclasses
from typing import Any

from rag.schema import answer_document
from rag.types import Answer, Citation, Hit, Passage, Refusal, Sentence, Verdict

REFUSED = Answer(
    question="火星上有没有医院?",
    language="zh",
    sentences=(),
    citations=(),
    refusal=Refusal(code="off_topic", message="文章没有谈到火星。"),
    composer="extractive",
)
CITATION = Citation(
    number=1,
    article_id="a-1",
    title="题目",
    source=None,
    date="2025",
    url=None,
    regions=(),
    heading_path=("题目",),
    start=3,
    end=9,
    quote="投入10亿元",
)


def citation(**changes: Any) -> Citation:
    """`CITATION`, but for what `changes` say."""
    return dataclasses.replace(CITATION, **changes)


def without_timings(answer: Answer) -> dict[str, Any]:
    """The document of an answer, but for what is different each time."""
    return {name: value for name, value in answer_document(answer).items() if name != "timings_ms"}


def hostile_answer(text: str) -> Answer:
    """An answer in which every text that comes from elsewhere is `text`."""
    passage = Passage(
        passage_id=text,
        article_id=f"x{text}",
        ordinal=0,
        start=0,
        end=3,
        text=text,
        heading_path=(text, text),
    )
    cited = citation(
        article_id="y" + text.replace("\ud800", ""),  # of an article, which is never without an encoding
        title=text,
        source=text,
        date=text,
        url=text,
        regions=(text,),
        heading_path=(text,),
        start=0,
        end=3,
        quote=text,
    )
    return Answer(
        question=f"一问{text}",
        language="zh",
        sentences=(Sentence(text=text, citations=(1,)),),
        citations=(cited,),
        refusal=None,
        composer="extractive",
        retrieved=(Hit(passage=passage, score=1.0, rank=1, origin="fused"),),
        dropped=(Verdict(supported=False, reason=f"数字{text}"),),
    )
