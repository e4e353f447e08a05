"""Reads a verdict out of whatever a model replied; what is not plainly one is none."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from eval.judging.cache import Opinion

LONGEST_REPLY_CHARS = 8000
"""Of a longer reply only the end is read: models that think aloud give their verdict last."""

_WORDS = {
    "supported": True,
    "true": True,
    "支持": True,
    "unsupported": False,
    "not supported": False,
    "false": False,
    "不支持": False,
}
# Chinese models put their own quotation marks around, or unescaped quotes into, what should be JSON.
_LOOSE = re.compile(
    r"reason[\"'”]?\s*[:：]\s*(?P<reason>[^{}]*?)[\s,，;；*]*[\"'“]?verdict[\"'”]?\s*[:：]\s*"
    rf"[\"'“]?(?P<word>{'|'.join(_WORDS)})[\"'”]?[\s}}.。`]*\Z",
    re.IGNORECASE,
)
_JSON = json.JSONDecoder(strict=False)


def read_reply(text: str) -> Opinion | None:
    """The last verdict in a reply: a JSON object, fenced or among other words, or the same with the wrong quotes."""
    end = text[-LONGEST_REPLY_CHARS:]
    opinions = [opinion for found in _objects(end) if (opinion := _opinion(found)) is not None]
    return opinions[-1] if opinions else _loosely(end)


def _objects(text: str) -> Iterator[dict[str, object]]:
    at = text.find("{")
    while at >= 0:
        try:
            found, after = _JSON.raw_decode(text, at)
        except (ValueError, RecursionError):
            after = at + 1
        else:
            yield found
        at = text.find("{", after)


def _opinion(found: dict[str, object]) -> Opinion | None:
    supported = _WORDS.get(str(found.get("verdict")).strip().lower())
    reason = found.get("reason")
    if supported is None or not isinstance(reason, str):
        return None
    return Opinion(reason=reason.strip(), supported=supported)


def _loosely(text: str) -> Opinion | None:
    start = text.lower().rfind("reason")
    match = _LOOSE.search(text, start) if start >= 0 else None
    if match is None:
        return None
    return Opinion(reason=match["reason"].strip(" \t\r\n\"'“”"), supported=_WORDS[match["word"].lower()])
