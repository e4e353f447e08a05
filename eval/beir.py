"""Data sets in BEIR layout: `corpus.jsonl`, `queries.jsonl` and `qrels/SPLIT.tsv`, checked against each other."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from eval.lines import read_lines
from eval.scratch import make_article
from rag.errors import SuiteError
from rag.types import Article

DEFAULT_SPLIT = "test"
_COLUMNS = 3
_Grades = dict[str, dict[str, int]]


class _Entry(BaseModel):
    """A line of the corpus or of the queries; other fields are left alone."""

    model_config = ConfigDict(frozen=True, coerce_numbers_to_str=True)

    id: Annotated[str, Field(alias="_id", min_length=1)]
    title: str | None = None
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BeirDataset:
    """A data set whose files fit together; the corpus stays on disk.

    Attributes:
        documents: How many the corpus holds.
        queries: The words of each judged query by its id, in the order of the file.
        qrels: Grades of each of these queries by document.
        unjudged: How many queries the split has no judgement on: nothing can be said about them.
    """

    folder: Path
    split: str
    documents: int
    queries: dict[str, str]
    qrels: _Grades
    unjudged: int

    @property
    def name(self) -> str:
        """The name of the folder."""
        return self.folder.resolve().name

    def articles(self) -> Iterator[Article]:
        """Read the corpus again, each document as an article with its id."""
        for _, entry in read_lines(self.folder / "corpus.jsonl", _Entry):
            yield make_article(entry.id, title=entry.title or "", text=entry.text)


def read_beir(folder: Path, *, split: str = DEFAULT_SPLIT) -> BeirDataset:
    """Read a data set and check all of it.

    Raises:
        SuiteError: A file is missing or malformed, an id comes twice, or a judgement names what is not there.
    """
    documents = dict.fromkeys(entry.id for entry in _entries(folder / "corpus.jsonl"))
    queries = {entry.id: entry.text for entry in _entries(folder / "queries.jsonl")}
    path = folder / "qrels" / f"{split}.tsv"
    qrels: _Grades = {}
    for line, (query_id, document_id, grade) in _judgements(path):
        for name, known, file in (
            (query_id, queries, "queries.jsonl"),
            (document_id, documents, "corpus.jsonl"),
        ):
            if name not in known:
                raise SuiteError(path=path, line=line, problem=f"{name!r} is not in {file}")
        if qrels.setdefault(query_id, {}).setdefault(document_id, grade) != grade:
            raise SuiteError(path=path, line=line, problem=f"{document_id!r} has another grade already")
    if not qrels:
        raise SuiteError(path=path, line=0, problem="it holds no judgement")
    judged = {query_id: text for query_id, text in queries.items() if query_id in qrels}
    return BeirDataset(
        folder=folder,
        split=split,
        documents=len(documents),
        queries=judged,
        qrels={query_id: qrels[query_id] for query_id in judged},
        unjudged=len(queries) - len(judged),
    )


def _entries(path: Path) -> Iterator[_Entry]:
    """The entries of a file, each id once."""
    seen: set[str] = set()
    for line, entry in read_lines(path, _Entry):
        if entry.id in seen:
            raise SuiteError(path=path, line=line, problem=f"_id {entry.id!r} is there already")
        seen.add(entry.id)
        yield entry
    if not seen:
        raise SuiteError(path=path, line=0, problem="it holds no entry")


def _judgements(path: Path) -> Iterator[tuple[int, tuple[str, str, int]]]:
    """The lines of a file of judgements with their numbers; the first may be a header."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.reader(file, delimiter="\t", strict=True)
            for position, row in enumerate(rows):
                if row and not (position == 0 and _is_header(row)):
                    yield rows.line_num, _judgement(path, rows.line_num, row)
    except OSError as cause:
        raise SuiteError(path=path, line=0, problem=_missing(path, cause)) from cause
    except UnicodeDecodeError as cause:
        raise SuiteError(path=path, line=0, problem=f"it is not UTF-8 ({cause.reason})") from cause
    except csv.Error as cause:
        raise SuiteError(path=path, line=rows.line_num, problem=str(cause)) from cause


def _is_header(row: list[str]) -> bool:
    return len(row) == _COLUMNS and row[2].strip().lower() in {"score", "relevance", "label"}


def _judgement(path: Path, line: int, row: list[str]) -> tuple[str, str, int]:
    try:
        query_id, document_id, grade = row
        return query_id, document_id, int(grade)
    except ValueError as cause:
        problem = f"query id, document id and a whole number are needed, with tabs between, not {row}"
        raise SuiteError(path=path, line=line, problem=problem) from cause


def _missing(path: Path, cause: OSError) -> str:
    """What is wrong, and the splits that there are."""
    problem = cause.strerror or str(cause)
    splits = sorted(other.stem for other in path.parent.glob("*.tsv")) if path.parent.is_dir() else []
    return f"{problem}; splits there: {', '.join(splits)}" if splits else problem
