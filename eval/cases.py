"""Questions to measure with: one JSON object a line, checked as it is read, errors naming file and line.

The schema is documented in `eval/suites/README.md`; the types here are its definition.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from eval.lines import read_lines
from rag.errors import SuiteError
from rag.types import RefusalCode

CaseType = Literal[
    "fact", "figure", "compare", "followup", "near_miss", "off_topic", "false_premise", "unanswerable"
]
Expectation = Literal["answer", "refuse", "either"]
Fact = str | tuple[str, ...]
"""What an answer must hold: a string, or several of which one is enough. A figure is compared by value and unit."""

_TO_BE_REFUSED: frozenset[CaseType] = frozenset({"near_miss", "off_topic", "unanswerable"})
_Text = Annotated[str, Field(min_length=1)]


class Evidence(BaseModel):
    """A place in the library that proves the answer: an article, by id or its beginning, and words that stand in it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    article: _Text
    text: _Text


class Case(BaseModel):
    """One question with what its answer must hold, or with the reason to refuse it.

    Attributes:
        id: Unique within its suite.
        expect: "either" may be refused, or answered with every fact (a false premise set right); set by `type` if left out.
        must_contain: Facts that the answer has to hold; required where an answer is expected.
        must_not_contain: What an answer must not say, compared as facts are.
        evidence: Places that prove the answer; their passages are what retrieval has to find.
        articles: Ids, or their beginnings, of articles of which each must be cited.
        refusal: Codes of which the refusal must have one; empty where any will do.
        near: Of a near miss, what is not there: the city, the year or the indicator.
        note: For people.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: _Text
    type: CaseType
    lang: Literal["zh", "zh-Hant", "en"] = "zh"
    question: _Text
    history: tuple[_Text, ...] = ()
    expect: Expectation = "answer"
    must_contain: tuple[Fact, ...] = ()
    must_not_contain: tuple[Fact, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    articles: tuple[_Text, ...] = ()
    refusal: tuple[RefusalCode, ...] = ()
    near: Literal["city", "year", "indicator"] | None = None
    note: str = ""

    @model_validator(mode="before")
    @classmethod
    def _expect_by_type(cls, fields: object) -> object:
        if isinstance(fields, dict) and "expect" not in fields:
            kind = fields.get("type")
            expect = "refuse" if kind in _TO_BE_REFUSED else "either" if kind == "false_premise" else "answer"
            return {**fields, "expect": expect}
        return fields

    @model_validator(mode="after")
    def _hangs_together(self) -> Case:
        if self.expect == "answer" and not self.must_contain:
            raise ValueError("must_contain: an answer is expected, so say what it must hold")
        if self.expect == "refuse" and (self.must_contain or self.articles):
            raise ValueError("must_contain, articles: a refusal is expected, so it can hold nothing")
        if self.expect == "answer" and self.refusal:
            raise ValueError("refusal: an answer is expected, so there is no reason to refuse")
        if self.near and self.type != "near_miss":
            raise ValueError("near: only a near_miss has it")
        return self


class Suite(BaseModel):
    """The cases of one file, in order, with the file's own hash."""

    model_config = ConfigDict(frozen=True)

    name: str
    sha256: str
    cases: tuple[Case, ...]


def read_suite(path: Path) -> Suite:
    """Read a suite; blank lines are passed over.

    Raises:
        SuiteError: There is no such file, a line is no case, an id comes twice, or there is no case at all.
    """
    cases: dict[str, Case] = {}
    for number, case in read_lines(path, Case):
        if case.id in cases:
            raise SuiteError(path=path, line=number, problem=f"id {case.id!r} is there already")
        cases[case.id] = case
    if not cases:
        raise SuiteError(path=path, line=0, problem="it holds no case")
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return Suite(name=path.stem, sha256=digest, cases=tuple(cases.values()))


def suites_folder() -> Path:
    """The folder of the suites that come with the product."""
    return Path(__file__).parent / "suites"
