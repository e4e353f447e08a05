"""Read a model's claims in JSON as they come: the form is the schema's, what they say is checked like any other words."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator
from typing import Any

from rag.compose.statements import Statement, read_statements
from rag.llm.failures import trouble

_THOUGHT = re.compile(r"\A\s*<think>.*?(?:</think>|\Z)", re.DOTALL)
_FENCE = re.compile(r"\A```(?:json)?|```\Z")
_OPENINGS = ("{", '["', "[{", "<think>", "```json", "```\n{")
"""How a reply in JSON begins; whatever else a reply begins with, it is prose."""

CLAIMS_SCHEMA: dict[str, Any] = {
    "title": "answer",
    "description": "The answer, one claim a sentence. No claims where the material does not answer.",
    "type": "object",
    "properties": {
        "claims": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "text": {"type": "string", "description": "One sentence."},
                    "citations": {"type": "array", "items": {"type": "integer"}},
                },
                "required": ["text", "citations"],
                "additionalProperties": False,
            },
        }
    },
    "required": ["claims"],
    "additionalProperties": False,
}


def read_claims(pieces: Iterable[str], *, place: str) -> Iterator[Statement]:
    """Yield each claim once the next one has begun, and the last at the end.

    Args:
        pieces: The JSON text; prose is read as such, since not every endpoint can hold a model to a form.
        place: Where the model is, as errors name it.

    Raises:
        GenerationError: It is not the form that was asked for.
    """
    from langchain_core.utils.json import parse_partial_json

    text, told = "", 0
    pieces = iter(pieces)
    for piece in pieces:
        text += piece
        if _is_prose(text):
            yield from read_statements(itertools.chain([text], pieces))
            return
        if "}" not in piece:
            continue
        claims = _claims(_parsed(parse_partial_json, text))
        for claim in claims[told:-1]:
            yield from _statements(claim)
        told = max(told, len(claims) - 1)
    parsed = _parsed(parse_partial_json, text)
    listed, claims = _listed(parsed), _claims(parsed)
    if _bare(text) and (not isinstance(listed, list) or (listed and not claims)):
        raise trouble("wrong_form", place)
    if listed == []:
        yield Statement(text="INSUFFICIENT", cited=())
    for claim in claims[told:]:
        yield from _statements(claim)


def _is_prose(text: str) -> bool:
    """Whether a reply that begins like this is no JSON, whatever comes."""
    rest = _bare(text)
    return not any(rest.startswith(opening) or opening.startswith(rest) for opening in _OPENINGS)


def _bare(text: str) -> str:
    return _THOUGHT.sub("", text, count=1).strip()


def _parsed(parse: Any, text: str) -> Any:  # noqa: ANN401  # any JSON
    try:
        return parse(_FENCE.sub("", _bare(text)).strip())
    except ValueError:
        return None


def _listed(parsed: Any) -> Any:  # noqa: ANN401  # any JSON
    return parsed.get("claims") if isinstance(parsed, dict) else None


def _claims(parsed: Any) -> list[dict[str, Any]]:  # noqa: ANN401  # any JSON
    claims = _listed(parsed)
    if not isinstance(claims, list):
        return []
    return [c for c in claims if isinstance(c, dict) and isinstance(c.get("text"), str)]


def _statements(claim: dict[str, Any]) -> Iterator[Statement]:
    """A claim is one sentence, but models put several into it: each is checked by itself."""
    citations = claim.get("citations")
    numbers = tuple(n for n in citations if isinstance(n, int)) if isinstance(citations, list) else ()
    for statement in read_statements([claim["text"]]):
        yield Statement(text=statement.text, cited=tuple(dict.fromkeys((*statement.cited, *numbers))))
