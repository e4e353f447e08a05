"""How near in meaning each candidate sentence is to the question, beside the others at hand."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from rag.evidence import Candidate, sentences_of
from rag.types import Article, Passage

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from rag.encoder import Encoder
    from rag.library import SentenceVectors

MOST_SENTENCES = 24
"""Sentences compared with a question; those of lower rank rarely answer. One whose vector is not kept takes some 8 ms."""

CLEAR_LEAD = 0.06
"""Cosine above the mean of the sentences at hand that counts as a clear lead: e5 keeps all cosines within 0.2."""


_UNREAD_LEAD = -0.02
"""Cosine below the mean that a sentence of lower rank is taken to have: those most often do."""


def mark_standouts(
    candidates: Sequence[Candidate],
    vector: NDArray[np.float32],
    *,
    encoder: Encoder,
    known: Mapping[tuple[str, int, int], NDArray[np.float32]] | None = None,
) -> list[Candidate]:
    """Give each candidate its `lead`, and the first ones their `standout`: 0 up to their mean, 1 from a clear lead on.

    Args:
        candidates: In order of rank.
        vector: The question's.
        encoder: Embeds the sentences whose vectors are not known.
        known: Vectors by article, start and end; see `embed_sentences`.
    """
    if not candidates:
        return []
    first = candidates[:MOST_SENTENCES]
    similarities = _vectors_of(first, encoder, known or {}) @ vector
    mean = float(similarities.mean())
    marked = [_marked(c, float(s) - mean) for c, s in zip(first, similarities, strict=True)]
    return [*marked, *(dataclasses.replace(c, lead=_UNREAD_LEAD) for c in candidates[MOST_SENTENCES:])]


def embed_sentences(
    cut: Sequence[tuple[Article, Sequence[Passage]]], encoder: Encoder
) -> list[list[SentenceVectors]]:
    """Embed ahead of any question what `mark_standouts` asks for: the sentences of each passage of each article."""
    from rag.library import SentenceVectors

    spans = [[tuple(sentences_of(article, passage)) for passage in passages] for article, passages in cut]
    texts = [[[a.text[x:y] for x, y in one] for one in own] for (a, _), own in zip(cut, spans, strict=True)]
    numbers: dict[str, int] = {}
    for text in (text for own in texts for one in own for text in one):
        numbers.setdefault(text, len(numbers))
    vectors = encoder.embed_passages(list(numbers))
    return [
        [
            SentenceVectors(spans=places, vectors=vectors[[numbers[text] for text in one]])
            for places, one in zip(own_spans, own_texts, strict=True)
        ]
        for own_spans, own_texts in zip(spans, texts, strict=True)
    ]


def _vectors_of(
    candidates: Sequence[Candidate],
    encoder: Encoder,
    known: Mapping[tuple[str, int, int], NDArray[np.float32]],
) -> NDArray[np.float32]:
    import numpy as np

    places = [(c.article.article_id, c.start, c.end) for c in candidates]
    missing = [at for at, place in enumerate(places) if place not in known]
    found = encoder.embed_passages([candidates[at].text for at in missing]) if missing else ()
    made = dict(zip(missing, found, strict=True))
    return np.stack([made[at] if at in made else known[place] for at, place in enumerate(places)])


def _marked(candidate: Candidate, lead: float) -> Candidate:
    standout = round(min(1.0, max(0.0, lead / CLEAR_LEAD)), 4)
    return dataclasses.replace(candidate, standout=standout, lead=round(lead, 4))
