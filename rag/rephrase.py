"""Questions put otherwise: a follow-up made self-contained, a comparison split. By rules; a model only where these are unsure."""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from prompts import load_prompt
from rag.errors import GenerationError
from rag.figures import find_figures
from rag.followup import resolve
from rag.glossary import find_concepts
from rag.hostile import is_hostile
from rag.llm.fence import fence_of
from rag.normalise import detect_language
from rag.regions import find_regions
from rag.verify.named import concepts_in
from rag.years import find_years

if TYPE_CHECKING:
    from rag.llm.client import ModelClient, UnopenedModel
    from rag.llm.tally import Turn
    from rag.types import Language

_log = logging.getLogger(__name__)

_EARLIER = 4
"""Earlier questions that the model is shown: the nearest ones."""
_LONGEST_CHARS = 300
_LONGEST_S = 15.0
"""A question put otherwise is a help, not the answer: for that it is not waited long."""
_FOLLOWUP = re.compile(r"^earlier: (.*?)\nquestion: (.*?)\nstandalone: (.*?)$", re.S | re.M)
_COMPARISON = re.compile(r"^question: (.*?)\nparts: (.*?)\Z", re.S | re.M)
_LIST_MARK = re.compile(r"^\s*(?:[-*•·]|\d{1,2}[.、)）])\s*")
_MOST_PARTS = 4


class Rephraser(Protocol):
    """Puts questions otherwise; never changes what is asked."""

    def standalone(
        self, question: str, history: Sequence[str], *, stop: threading.Event | None = None
    ) -> str:
        """Return the question in a form that needs no earlier one."""
        ...

    def sides(self, question: str, *, stop: threading.Event | None = None) -> tuple[str, ...]:
        """Return one question for each side of a comparison; none where it cannot be split."""
        ...


class RuleRephraser:
    """By rules alone; see `rag.followup`."""

    def standalone(
        self,
        question: str,
        history: Sequence[str],
        *,
        stop: threading.Event | None = None,  # noqa: ARG002  # nothing is waited for
    ) -> str:
        """Return the question completed by rules."""
        return resolve(question, history).text

    def sides(self, question: str, *, stop: threading.Event | None = None) -> tuple[str, ...]:  # noqa: ARG002  # as above
        """Split nothing: places that are compared have searches of their own."""
        return ()


class ModelRephraser:
    """Asks a model where the rules are unsure, and takes only what adds nothing of its own."""

    def __init__(self, client: ModelClient | UnopenedModel) -> None:
        self._client = client.hurried(_LONGEST_S)

    def standalone(
        self, question: str, history: Sequence[str], *, stop: threading.Event | None = None
    ) -> str:
        """Return the question completed by rules, or by the model where these are unsure and it keeps to the conversation."""
        resolved = resolve(question, history)
        if resolved.is_sure:
            return resolved.text
        written = self._ask(_condense_turns(question, history[-_EARLIER:]), stop).strip()
        return written if completes(written, question, history) else resolved.text

    def sides(self, question: str, *, stop: threading.Event | None = None) -> tuple[str, ...]:
        """Return what the model splits a comparison into, if every part is of the question's own words."""
        lines = self._ask(_decompose_turns(question), stop).splitlines()
        parts = tuple(dict.fromkeys(part for line in lines if (part := _LIST_MARK.sub("", line).strip())))
        return parts if splits(parts, question) else ()

    def _ask(self, turns: Sequence[Turn], stop: threading.Event | None) -> str:
        try:
            return self._client.complete(turns, stop=stop)
        except GenerationError as error:
            _log.info("a question was left as the rules have it: %s", error.code)
            return ""


def completes(written: str, question: str, history: Sequence[str]) -> bool:
    """Whether a rewritten question keeps what was asked, and takes what it adds from the conversation alone."""
    said = "\n".join((*history, question))
    if not written or "\n" in written or len(written) > _LONGEST_CHARS or is_hostile(written):
        return False
    if detect_language(written) != detect_language(question):
        return False
    return all(
        found(question) <= found(written) <= found(said) for found in (_regions, _years, _figures)
    ) and _concepts(question) <= _concepts(written) <= _concepts(said)


def splits(parts: Sequence[str], question: str) -> bool:
    """Whether parts are several, each about less than the whole and about nothing else, and together about all of it."""
    if not 2 <= len(parts) <= _MOST_PARTS or any(len(part) > _LONGEST_CHARS for part in parts):
        return False
    whole = _subjects(question)
    each = [_subjects(part) for part in parts]
    return all(one and one < whole for one in each) and set[str]().union(*each) == whole


def _subjects(text: str) -> set[str]:
    return set(concepts_in(text)) | _regions(text) | _years(text) | _figures(text)


def _regions(text: str) -> set[str]:
    return {mention.region.code for mention in find_regions(text)}


def _years(text: str) -> set[str]:
    return {str(year) for year in find_years(text)}


def _figures(text: str) -> set[str]:
    return {f"{figure.value} {figure.unit}" for figure in find_figures(text)}


def _concepts(text: str) -> set[str]:
    return {mention.concept.id for mention in find_concepts(text)}


def _condense_turns(question: str, history: Sequence[str]) -> list[Turn]:
    language = detect_language(question)
    turns: list[Turn] = [("system", load_prompt("condense", language).format())]
    for earlier, asked, standalone in _FOLLOWUP.findall(load_prompt("condense_examples", language).text):
        turns += [("human", _followup([earlier], asked, language)), ("ai", standalone)]
    return [*turns, ("human", _followup(history, question, language))]


def _followup(history: Sequence[str], question: str, language: Language) -> str:
    prompt = load_prompt("condense_question", language)
    return prompt.format(fence=fence_of([*history, question]), earlier="\n".join(history), question=question)


def _decompose_turns(question: str) -> list[Turn]:
    language = detect_language(question)
    turns: list[Turn] = [("system", load_prompt("decompose", language).format())]
    for asked, parts in _COMPARISON.findall(load_prompt("decompose_examples", language).text):
        turns += [("human", _comparison(asked, language)), ("ai", parts)]
    return [*turns, ("human", _comparison(question, language))]


def _comparison(question: str, language: Language) -> str:
    prompt = load_prompt("decompose_question", language)
    return prompt.format(fence=fence_of([question]), question=question)
