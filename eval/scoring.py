"""One answer held against its case: what it says, what it cites, whether it rightly refused.

The checker of the product judges the claims, but on the article's own text at the cited offsets, never on the quote that
the answer carries; how far it can be trusted is measured by `eval.mutations`.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Sequence

from eval.cases import Case
from eval.citations import citation_precision, citation_recall
from eval.facts import Said
from eval.grounded import ungrounded
from eval.places import Places
from eval.report import CaseResult, CitationResult, ClaimResult, Tally
from rag.absence import place_of_absence
from rag.disagreement import read_disagreement
from rag.errors import ArticleNotFoundError
from rag.figures import find_figures
from rag.library import Library
from rag.numbering import context_of, uncited, verify_cited
from rag.regions import full_name
from rag.types import Answer, Citation, Language, Verdict
from rag.verify import FIGURE_REASONS, Meaning, audit

YES, NO = Tally(hits=1, of=1), Tally(hits=0, of=1)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Judging:
    """What answers are judged by: the library they cite, and the checker's measure of meaning."""

    library: Library
    meaning: Meaning | None = None


def score_case(case: Case, answer: Answer, *, by: Judging, places: Places, suite: str) -> CaseResult:
    """Judge one answer; retrieval is scored apart, for all cases at once (see `eval.runner`)."""
    citations = tuple(_citation_result(c, by.library) for c in answer.citations)
    real = _as_in_library(answer, by)
    claims = tuple(_claim(text, cited, known, real) for text, cited, known in _statements(answer, real))
    said = Said("\n".join(s.text for s in answer.sentences))
    failures = _failures(case, answer, said)
    failures += [f"unsupported: {c.text} ({c.reason})" for c in claims if not c.supported]
    failures += [f"inexact: [{c.number}]" for c in citations if not c.exact]
    scores = _refusal_scores(case, answer) | _answer_scores(case, answer, said, places)
    if answer.answered:
        scores |= _claim_scores(claims, citations, real)
        scores |= _dropped(claims, answer) | _worded(answer)
        scores |= _grounded(answer, real)
    return dataclasses.replace(
        _unanswered(case, suite),
        passed=not failures,
        failures=tuple(failures),
        answered=answer.answered,
        refusal=answer.refusal.code if answer.refusal else None,
        text=answer.text,
        claims=claims,
        citations=citations,
        dropped=tuple(verdict.reason for verdict in answer.dropped),
        composer=answer.composer,
        fallback=answer.fallback_reason,
        scores={**scores, "passed": NO if failures else YES, "errors": NO},
    )


def failed_case(case: Case, suite: str, error: str) -> CaseResult:
    """What stands for a case that could not be scored: failed in everything that it should have shown."""
    scores = {"passed": NO, "errors": YES}
    if case.expect == "answer":
        scores |= {"correctness": NO, "false_refusal": YES}
    if case.expect == "refuse":
        scores |= {"refusal_recall": NO}
    failures = (f"unscored: {error}",)
    return dataclasses.replace(_unanswered(case, suite), failures=failures, scores=scores, error=error)


def _unanswered(case: Case, suite: str) -> CaseResult:
    return CaseResult(
        key=f"{suite}/{case.id}",
        suite=suite,
        id=case.id,
        type=case.type,
        lang=case.lang,
        question=case.question,
        history=case.history,
        expect=case.expect,
        passed=False,
        failures=(),
        answered=False,
        refusal=None,
        text="",
    )


# What the answer says


def _failures(case: Case, answer: Answer, said: Said) -> list[str]:
    if not answer.answered:
        code = answer.refusal.code if answer.refusal else ""
        if case.expect == "answer":
            return [f"refused: {code}"]
        wrong = case.refusal and code not in case.refusal
        return [f"wrong_reason: {code} ≠ {', '.join(case.refusal)}"] if wrong else []
    if case.expect == "refuse":
        return ["answered: "]
    failures = [f"lacks: {fact}" for fact in said.missing(case.must_contain)]
    denied = [f if isinstance(f, str) else f[0] for f in case.must_not_contain if said.holds(f)]
    failures += [f"says: {fact}" for fact in denied]
    cited = [c.article_id for c in answer.citations]
    uncited_articles = [a for a in case.articles if not any(c.startswith(a) for c in cited)]
    return failures + [f"not_cited: {a}" for a in uncited_articles]


def _refusal_scores(case: Case, answer: Answer) -> dict[str, Tally]:
    if case.expect == "answer":
        return {"false_refusal": NO if answer.answered else YES}
    if case.expect == "either" or answer.refusal is None:
        return {} if case.expect == "either" else {"refusal_recall": NO}
    scores = {"refusal_recall": YES}
    if case.refusal:
        scores["refusal_reason"] = YES if answer.refusal.code in case.refusal else NO
    return scores


def _answer_scores(case: Case, answer: Answer, said: Said, places: Places) -> dict[str, Tally]:
    scores: dict[str, Tally] = {}
    if case.expect == "answer":
        missing = len(said.missing(case.must_contain)) if answer.answered else len(case.must_contain)
        wrong = any(said.holds(f) for f in case.must_not_contain)
        share = 0.0 if wrong else 1 - missing / len(case.must_contain)
        scores["correctness"] = Tally(hits=round(share, 6), of=1)
    if answer.answered:
        scores["answer_chars"] = Tally(hits=sum(len(s.text) for s in answer.sentences), of=1)
        if places.spans:
            cites = any(
                c.article_id == a and c.start < e and s < c.end
                for c in answer.citations
                for a, s, e in places.spans
            )
            scores["evidence_cited"] = YES if cites else NO
    return scores


# What the answer cites


@dataclasses.dataclass(frozen=True, slots=True)
class _Real:
    """The citations of an answer with the articles' own text at their offsets in place of what they quote."""

    by_number: dict[int, Citation]
    language: Language
    meaning: Meaning | None

    def supports(self, text: str, cited: Sequence[Citation]) -> bool:
        return bool(cited) and self.judge(text, cited).supported

    def judge(self, text: str, cited: Sequence[Citation]) -> Verdict:
        return verify_cited(text, cited, language=self.language, meaning=self.meaning)


def _as_in_library(answer: Answer, by: Judging) -> _Real:
    real = {}
    for citation in answer.citations:
        text = _cited_text(citation, by.library)
        if text:
            real[citation.number] = dataclasses.replace(citation, quote=text)
    return _Real(real, answer.language, by.meaning)


def _cited_text(citation: Citation, library: Library) -> str:
    """The article's text at the cited offsets; empty where there is none."""
    try:
        text = library.article(citation.article_id).text
    except ArticleNotFoundError:
        return ""
    return text[citation.start : citation.end] if 0 <= citation.start < citation.end <= len(text) else ""


def _citation_result(citation: Citation, library: Library) -> CitationResult:
    return CitationResult(
        number=citation.number,
        article_id=citation.article_id,
        title=citation.title,
        start=citation.start,
        end=citation.end,
        quote=citation.quote,
        exact=citation.quote != "" and _cited_text(citation, library) == citation.quote,
    )


def _statements(answer: Answer, real: _Real) -> list[tuple[str, tuple[int, ...], list[Citation]]]:
    """Each sentence with the numbers it cites, and the citations of these that point at anything."""
    return [
        (s.text, s.citations, [real.by_number[n] for n in s.citations if n in real.by_number])
        for s in answer.sentences
        if s.supported  # what is shown as unproven claims nothing
    ]


def _claim(text: str, numbers: tuple[int, ...], known: list[Citation], real: _Real) -> ClaimResult:
    if not numbers:
        verdict = _silent(text, real)
    elif len(known) < len(numbers):
        verdict = Verdict(supported=False, reason="it cites what is not there")
    else:
        verdict = real.judge(text, known)
    return ClaimResult(text=text, citations=numbers, supported=verdict.supported, reason=verdict.reason)


def _silent(text: str, real: _Real) -> Verdict:
    """A sentence without citations may only say that a place is not mentioned, and then none cited may be of it."""
    code = place_of_absence(text, real.language)
    if code is not None and any(full_name(code) in c.regions for c in real.by_number.values()):
        return Verdict(supported=False, reason=f"{full_name(code)} is cited all the same")
    return uncited(text, real.language)


def _claim_scores(
    claims: Sequence[ClaimResult], citations: Sequence[CitationResult], real: _Real
) -> dict[str, Tally]:
    cited = [
        (c.text, [real.by_number[n] for n in c.citations if n in real.by_number])
        for c in claims
        if c.citations or not c.supported
    ]
    supports = functools.partial(_supports_cached, real, {})
    scores = {
        "faithfulness": Tally(hits=sum(c.supported for c in claims), of=len(claims)),
        "citation_recall": citation_recall(cited, supports),
        "citation_precision": citation_precision(cited, supports),
        "citation_exact": Tally(hits=sum(c.exact for c in citations), of=len(citations)),
        "figure_support": _figure_support(cited, real),
    }
    return {name: tally for name, tally in scores.items() if tally.of}


def _supports_cached(
    real: _Real, seen: dict[tuple[str, tuple[int, ...]], bool], text: str, cited: Sequence[Citation]
) -> bool:
    """Judge each statement with each set of citations once."""
    key = (text, tuple(c.number for c in cited))
    if key not in seen:
        seen[key] = real.supports(text, cited)
    return seen[key]


def _figure_support(statements: Sequence[tuple[str, Sequence[Citation]]], real: _Real) -> Tally:
    """Count the figures, dates included, that the checker has nothing to say against; without citations it has."""
    supported = total = 0
    for text, cited in statements:
        figures = find_figures(text)
        total += len(figures)
        if read_disagreement(text, cited, real.language):
            supported += len(
                figures
            )  # how many articles differ, and when they were published, is in no quote
        elif cited and figures:
            evidence, context = "\n".join(c.quote for c in cited), context_of(cited)
            wrong = [
                (f.start, f.end)
                for f in audit(text, evidence, context=context, language=real.language)
                if f.reason in FIGURE_REASONS
            ]
            supported += sum(not any(s < f.end and f.start < e for s, e in wrong) for f in figures)
    return Tally(hits=supported, of=total)


def _worded(answer: Answer) -> dict[str, Tally]:
    """Who worded an answer for which a language model was asked."""
    if answer.fallback_reason is None and not answer.composer.startswith("llm"):
        return {}
    return {
        "by_model": YES if answer.composer.startswith("llm") else NO,
        "fell_back": YES if answer.fallback_reason else NO,
    }


def _grounded(answer: Answer, real: _Real) -> dict[str, Tally]:
    found = [ungrounded(text, known) for text, _, known in _statements(answer, real) if known]
    return {"grounded": Tally(hits=sum(not missing for missing in found), of=len(found))} if found else {}


def _dropped(claims: Sequence[ClaimResult], answer: Answer) -> dict[str, Tally]:
    drafted = len(claims) + len(answer.dropped)
    return {"dropped": Tally(hits=len(answer.dropped), of=drafted)} if drafted else {}
