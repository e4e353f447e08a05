"""The clause of the evidence that is most like one of the claim."""

from __future__ import annotations

from collections import Counter

from rag.verify.cues import directions_in
from rag.verify.forms import Span, terms_of
from rag.verify.readings import Reading


class ClauseMatcher:
    """Finds the clause of the evidence that shares the most terms with a given one."""

    def __init__(self, evidence: Reading) -> None:
        self.evidence = evidence
        self.clauses_by_term: dict[str, list[int]] = {}
        self._directions: dict[Span, set[str]] = {}
        for index, (start, end) in enumerate(evidence.clauses):
            for term in terms_of(evidence.text[start:end]):
                postings = self.clauses_by_term.setdefault(term, [])
                if len(postings) < 30:
                    postings.append(index)

    def directions_in(self, clause: Span) -> set[str]:
        """Whether a clause of the evidence speaks of rising, of falling, or both."""
        if clause not in self._directions:
            self._directions[clause] = directions_in(self.evidence.text[slice(*clause)])
        return self._directions[clause]

    def most_alike(self, clause: str) -> Span | None:
        """The best clause, where it shares at least half of the terms."""
        terms = terms_of(clause)
        votes = Counter(index for term in terms for index in self.clauses_by_term.get(term, ()))
        best = max(votes.items(), key=lambda item: (item[1], -item[0]), default=None)
        return self.evidence.clauses[best[0]] if best and 2 * best[1] >= len(terms) else None
