"""Questions that the library can answer, made from its own articles and tried before anyone is offered them."""

from __future__ import annotations

import itertools
import logging
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.errors import YigaiError
from rag.figures import changes
from rag.glossary import Concept, find_concepts
from rag.regions import english_name, region
from rag.types import Language, Passage

if TYPE_CHECKING:
    from rag.library import Library
    from rag.pipeline import Pipeline

_log = logging.getLogger(__name__)

POOL = 12
"""Questions kept for each language; a few are shown at a time."""
TRIED_ARTICLES, TRIED_QUESTIONS = 40, 60
"""Articles looked at, spread over the library, and questions tried: what this costs does not grow with it."""
MOST_OF_A_PLACE = 2
TELLING_CHARS = 3
"""A shorter term (方案, 急救) tells too little of what an article is about."""
_BODIES = ("局", "委", "部", "办", "厅", "院", "中心")
"""A term that ends so names who acts, not what is done."""
_DONE: dict[Language, str] = {
    "zh": "{place}在{topic}方面是怎么做的？",
    "en": "What did {place} do about {topic}?",
}
_CHANGED: dict[Language, str] = {
    "zh": "{place}的{topic}有什么变化？",
    "en": "How did {place}'s {topic} change?",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A question and the article that answers it."""

    text: str
    article_id: str


class Examples:
    """A pool of examples for each language, filled in the background and again when the library has changed."""

    def __init__(self, pipeline: Pipeline) -> None:
        self._pipeline = pipeline
        self._pools: dict[Language, tuple[Example, ...]] = {"zh": (), "en": ()}
        self._busy = threading.Lock()
        self._is_stale = threading.Event()

    def refresh(self) -> None:
        """Fill the pools; returns at once where somebody is at it already, who then does it once more.

        Errors leave the pools as they were.
        """
        self._is_stale.set()
        while self._is_stale.is_set() and self._busy.acquire(blocking=False):
            try:
                self._is_stale.clear()
                for language in ("zh", "en"):
                    self._pools[language] = tuple(find_examples(self._pipeline, language))
            except YigaiError:
                _log.exception("no examples could be made")
            finally:
                self._busy.release()

    def refresh_in_background(self) -> None:
        """Fill the pools without making anyone wait."""
        threading.Thread(target=self._refresh_alone, name="examples", daemon=True).start()

    def _refresh_alone(self) -> None:
        try:
            self.refresh()
        except Exception:  # noqa: BLE001  # the edge of a thread: the server stops, and its library is closed
            _log.exception("making examples was broken off")

    def some(self, language: Language, *, most: int = 4, near: Sequence[str] = ()) -> tuple[str, ...]:
        """Return a few questions; those about the articles `near` come first, in that order."""
        pool = self._pools[language]
        rank = {article_id: place for place, article_id in reversed(list(enumerate(near)))}
        chosen = sorted(pool, key=lambda one: rank.get(one.article_id, len(rank)))
        return tuple(one.text for one in chosen[:most])


def find_examples(pipeline: Pipeline, language: Language, *, most: int = POOL) -> Iterator[Example]:
    """Yield questions that the pipeline answers from the article they were made of, no two alike.

    Those about a figure that has changed come first, then those about what headings name.
    """
    passages = _passages(pipeline.library)
    asked: set[str] = set()
    of_place: Counter[str] = Counter()
    found = 0
    for make in (_question_of_change, _question_of_deed):
        for passage in passages:
            if found == most or len(asked) == TRIED_QUESTIONS:
                return
            text, place = make(passage, language), passage.regions[0]
            if not text or text in asked or of_place[place] == MOST_OF_A_PLACE:
                continue
            asked.add(text)
            answer = pipeline.ask(text)
            if answer.answered and answer.citations[0].article_id == passage.article_id:
                of_place[place] += 1
                found += 1
                yield Example(text=text, article_id=passage.article_id)


def _passages(library: Library) -> list[Passage]:
    """Take passages that are about one place, of articles over the whole library: the first of each, the second, and so on."""
    articles = spread([a.article_id for a in library.articles()], TRIED_ARTICLES)
    shelves = [
        [passage for passage in library.article_passages(article_id) if len(passage.regions) == 1]
        for article_id in articles
    ]
    return [passage for row in itertools.zip_longest(*shelves) for passage in row if passage is not None]


def _question_of_change(passage: Passage, language: Language) -> str:
    subjects = [change.subject for change in changes(passage.text) if change.subject]
    named = "\n".join(passage.text[start:end] for start, end in subjects)
    return _question(_CHANGED[language], passage, named, language)


def _question_of_deed(passage: Passage, language: Language) -> str:
    return _question(_DONE[language], passage, "\n".join(passage.heading_path), language)


def _question(pattern: str, passage: Passage, named: str, language: Language) -> str:
    """Make a question of the passage's place and the most telling term in `named`; empty where there is none."""
    topics = _telling_terms(named)
    if not topics:
        return ""
    code, topic = passage.regions[0], topics[0]
    place = region(code).name if language == "zh" else english_name(code)
    return pattern.format(place=place, topic=topic.en[0] if language == "en" else topic.zh[0])


def _telling_terms(text: str) -> list[Concept]:
    """The terms of the reform that a text names, the longest first."""
    concepts = {m.concept.id: m.concept for m in find_concepts(text) if m.concept.kind == "term"}
    telling = [
        c for c in concepts.values() if len(c.zh[0]) >= TELLING_CHARS and not c.zh[0].endswith(_BODIES)
    ]
    return sorted(telling, key=lambda concept: -len(concept.zh[0]))


def spread(items: Sequence[str], most: int) -> list[str]:
    """Pick at most `most` items, evenly over the whole."""
    if len(items) <= most:
        return list(items)
    return [items[i * len(items) // most] for i in range(most)]
