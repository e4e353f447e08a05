"""Where the evidence of a case stands in a library."""

from __future__ import annotations

from dataclasses import dataclass

from eval.cases import Case
from eval.facts import comparable
from rag.errors import ArticleNotFoundError, SuiteError
from rag.library import Library
from rag.normalise import fold_aligned
from rag.types import Article, Passage


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Where the evidence of a case stands: spans by article, and the passages that hold them."""

    spans: tuple[tuple[str, int, int], ...]
    passages: tuple[Passage, ...]


def locate(case: Case, library: Library) -> Places:
    """Find the evidence of a case in the library.

    Raises:
        SuiteError: The library has no such article, or the words do not stand in it. The line is not known here.
    """
    spans: list[tuple[str, int, int]] = []
    passages: dict[str, Passage] = {}
    for evidence in case.evidence:
        try:
            article = library.find_article(evidence.article)
        except ArticleNotFoundError as cause:
            problem = f"evidence: {cause.values['count']} articles match {evidence.article!r}; the library is another one"
            raise SuiteError(path=case.id, line=0, problem=problem) from cause
        found = _occurrences(article, evidence.text)
        if not found:
            problem = f"evidence: {evidence.text!r} does not stand in article {article.article_id!r}"
            raise SuiteError(path=case.id, line=0, problem=problem)
        spans += [(article.article_id, *span) for span in found]
        for passage in library.article_passages(article.article_id):
            if any(passage.start < end and start < passage.end for start, end in found):
                passages[passage.passage_id] = passage
    return Places(spans=tuple(spans), passages=tuple(passages.values()))


def _occurrences(article: Article, words: str) -> list[tuple[int, int]]:
    """Every place in an article where words stand, in their matching form, white space apart."""
    folded = fold_aligned(article.text)
    kept = [i for i, ch in enumerate(folded.text) if not ch.isspace()]
    text, wanted = "".join(folded.text[i] for i in kept), comparable(words)
    found, at = [], text.find(wanted)
    while at >= 0:
        found.append(folded.span(kept[at], kept[at + len(wanted) - 1] + 1))
        at = text.find(wanted, at + 1)
    return found
