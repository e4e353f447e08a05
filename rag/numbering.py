"""Number the quotes of an answer and check every sentence before anyone sees it."""

from __future__ import annotations

from collections.abc import Sequence

from rag.compose import Draft, Quote
from rag.regions import full_name
from rag.types import Citation, Language, Sentence, Verdict
from rag.verify import verify


def number_and_verify(
    drafts: Sequence[Draft], *, language: Language
) -> tuple[tuple[Sentence, ...], tuple[Citation, ...], tuple[Verdict, ...]]:
    """Give each distinct quote a number in order of first use, and drop every draft that its quotes do not support.

    Returns:
        The sentences, the citations they use (1 to n, none unused), and the verdicts on what was dropped.
    """
    sentences: list[Sentence] = []
    numbers: dict[tuple[str, int, int], Citation] = {}
    dropped: list[Verdict] = []
    unsaid: set[tuple[str, int, int]] = set()
    for draft in drafts:
        if draft.quotes and all(_key(q) in unsaid for q in draft.quotes):
            continue  # a card explains a sentence that is not shown
        verdict = check(draft, language=language)
        if not verdict.supported:
            dropped.append(verdict)
            if draft.is_lead:
                unsaid.update(_key(q) for q in draft.quotes)
            continue
        cited = [numbers.setdefault(_key(q), _citation(q, len(numbers) + 1)).number for q in draft.quotes]
        sentences.append(Sentence(text=draft.text, citations=tuple(sorted(set(cited)))))
    return tuple(sentences), tuple(numbers.values()), tuple(dropped)


def check(draft: Draft, *, language: Language) -> Verdict:
    """Verify one draft against what it quotes; a draft without quotes claims nothing of the articles."""
    if not draft.quotes:
        return Verdict(supported=True)
    evidence = "\n".join(q.text for q in draft.quotes)
    context = "\n".join(part for q in draft.quotes for part in _context(q))
    return verify(draft.text, evidence, context=context, language=language)


def _context(quote: Quote) -> list[str]:
    """What belongs to a quote without standing in it: headings, date, and the place it was found to speak of."""
    return [*quote.heading_path, quote.article.date or "", *(full_name(code) for code in quote.regions)]


def _key(quote: Quote) -> tuple[str, int, int]:
    return quote.article.article_id, quote.start, quote.end


def _citation(quote: Quote, number: int) -> Citation:
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
