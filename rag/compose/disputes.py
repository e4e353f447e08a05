"""Where articles differ in a figure: the sentence that says so, and their own sentences, the newest first."""

from __future__ import annotations

from collections.abc import Sequence

from rag.assess import Scored
from rag.compose import Draft, Quote
from rag.conflicts import Side
from rag.disagreement import disagreement
from rag.numbering import citation_of
from rag.understand import Query

Place = tuple[str, int]
"""An article's id and where in it a sentence begins."""


def dispute(query: Query, sides: Sequence[Side]) -> Draft:
    """Say that articles differ."""
    quotes = tuple(whole(side.scored) for side in sides)
    stated = [(citation_of(quote, 0), side.figure) for quote, side in zip(quotes, sides, strict=True)]
    return Draft(text=disagreement(stated, query.language), quotes=quotes)


def in_order(chosen: Sequence[Scored], conflicts: Sequence[Sequence[Side]]) -> list[Scored]:
    """Put the sentences that differ first, the newest of each conflict before the others, then what else was chosen."""
    sides = [side.scored for sides in conflicts for side in sides]
    return list({place_of(scored): scored for scored in (*sides, *chosen)}.values())


def whole(scored: Scored) -> Quote:
    """Quote a sentence as it is: what explains why it differs may stand in any of its clauses."""
    candidate = scored.candidate
    return Quote(
        article=candidate.article,
        start=candidate.start,
        end=candidate.end,
        heading_path=candidate.heading_path,
        regions=candidate.regions,
    )


def place_of(scored: Scored) -> Place:
    """Where a sentence stands; no two stand in one place."""
    return scored.candidate.article.article_id, scored.candidate.start
