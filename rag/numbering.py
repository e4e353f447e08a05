"""Number the quotes of an answer and check every sentence before anyone sees it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rag.absence import is_absence, place_of_absence
from rag.compose import Draft, Quote
from rag.disagreement import is_worded_so, read_disagreement
from rag.regions import full_name
from rag.types import Citation, Language, Said, Sentence, Verdict
from rag.verify import Meaning, verify
from rag.verify.reasons import message


def number_and_verify(
    drafts: Sequence[Draft], *, language: Language, meaning: Meaning | None = None
) -> tuple[tuple[Sentence, ...], tuple[Citation, ...], tuple[Verdict, ...]]:
    """Give each distinct quote a number in order of first use, and drop every draft that its quotes do not support.

    Returns:
        The sentences, the citations they use (1 to n, none unused), and the verdicts on what was dropped.
    """
    outcomes = list(number_as_verified(drafts, language=language, meaning=meaning))
    said = [outcome for outcome in outcomes if isinstance(outcome, Said)]
    return (
        tuple(one.sentence for one in said),
        tuple(citation for one in said for citation in one.citations),
        tuple(outcome for outcome in outcomes if isinstance(outcome, Verdict)),
    )


def number_as_verified(
    drafts: Iterable[Draft | Verdict], *, language: Language, meaning: Meaning | None = None
) -> Iterator[Said | Verdict]:
    """Yield each sentence as soon as it is checked, or the verdict for which it is dropped, or both if it is kept."""
    numbers: dict[tuple[str, int, int], Citation] = {}
    unsaid: set[tuple[str, int, int]] = set()
    for draft in drafts:
        if isinstance(draft, Verdict):
            yield draft
            continue
        if not draft.is_lead and all(_key(q) in unsaid for q in draft.quotes):
            continue  # a card explains a sentence that is not shown
        verdict = check(draft, language=language, meaning=meaning)
        if not verdict.supported:
            if draft.is_lead:
                unsaid.update(_key(q) for q in draft.quotes)
            yield verdict
            if draft.is_kept:
                yield Said(sentence=Sentence(text=draft.text, citations=(), supported=False), citations=())
            continue
        unsaid.difference_update(_key(q) for q in draft.quotes)
        known = len(numbers)
        cited = [numbers.setdefault(_key(q), citation_of(q, len(numbers) + 1)).number for q in draft.quotes]
        sentence = Sentence(text=draft.text, citations=tuple(sorted(set(cited))))
        yield Said(sentence=sentence, citations=tuple(numbers.values())[known:], sides=draft.sides)


def check(draft: Draft, *, language: Language, meaning: Meaning | None = None) -> Verdict:
    """Verify one draft against what it quotes; without quotes it may only say that something is not mentioned.

    Of anything but a place only the rules may say so, which looked for it: they name the sides of a comparison.
    """
    if not draft.quotes and (draft.sides or place_of_absence(draft.text, language) is not None):
        return uncited(draft.text, language)
    if not draft.quotes:
        return Verdict(supported=False, reason=message("uncited", (draft.text,), language))
    citations = [citation_of(q, 0) for q in draft.quotes]
    return verify_cited(draft.text, citations, language=language, meaning=meaning)


def uncited(text: str, language: Language) -> Verdict:
    """Judge a sentence that cites nothing."""
    if is_absence(text, language):
        return Verdict(supported=True)
    return Verdict(supported=False, reason=message("uncited", (text,), language))


def verify_cited(
    text: str, citations: Sequence[Citation], *, language: Language, meaning: Meaning | None = None
) -> Verdict:
    """Check a sentence against the quotes of its citations; their headings, dates and places belong to the evidence.

    That articles differ is no word of theirs: it is held to their figures, sources and dates instead.
    """
    if is_worded_so(text, language):
        is_true = read_disagreement(text, citations, language) is not None
        reason = "" if is_true else message("agree", (text,), language)
        return Verdict(supported=is_true, reason=reason)
    evidence = "\n".join(c.quote for c in citations)
    return verify(text, evidence, context=context_of(citations), language=language, meaning=meaning)


def context_of(citations: Sequence[Citation]) -> str:
    """What belongs to quotes without standing in them: headings, dates, and the places they were found to speak of."""
    return "\n".join(part for c in citations for part in (*c.heading_path, c.date or "", *c.regions))


def _key(quote: Quote) -> tuple[str, int, int]:
    return quote.article.article_id, quote.start, quote.end


def citation_of(quote: Quote, number: int) -> Citation:
    """Make the citation of a quote, with all that a reader needs to find it."""
    article = quote.article
    return Citation(
        number=number,
        article_id=article.article_id,
        title=article.title,
        source=article.source,
        date=article.date,
        url=article.url,
        regions=tuple(full_name(code) for code in quote.regions),
        heading_path=quote.heading_path,
        start=quote.start,
        end=quote.end,
        quote=quote.text,
    )
