"""The answers that were given, kept with what was asked, by whom and how: their shape, and a keeper in memory."""

from __future__ import annotations

import dataclasses
import datetime
import re
import secrets
import threading
import unicodedata
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from rag.errors import AnswerNotFoundError
from rag.schema import SCHEMA_VERSION
from rag.stored import answer_from, read_fields, stored_answer
from rag.types import Answer, Filter

Via = Literal["page", "api", "openai", "mcp", "cli"]
_ID = re.compile("[0-9a-f]{1,16}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What an answer was asked for with.

    Attributes:
        asker: Opaque name of whose answer it is; "" where nobody knows, and then it is nobody's.
        conversation: Opaque; "" where it belongs to none.
        history: Earlier questions of the conversation, oldest first.
        settings: What the answer depends on besides: the version of yigai, the encoder, `top_k`.
    """

    asker: str = ""
    conversation: str = ""
    via: Via
    history: tuple[str, ...] = ()
    within: Filter = field(default_factory=Filter)
    settings: Mapping[str, str | int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback:
    """A reader's thumb, up or down, and why; `given_at` is ISO 8601 in UTC, to the second."""

    liked: bool
    reason: str
    given_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """An answer that is kept; `asked_at` is ISO 8601 in UTC, to the second."""

    answer_id: str
    asked_at: str
    asked: Asked
    answer: Answer
    feedback: Feedback | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """A conversation in a list of them; `answers` counts its answers, refusals too."""

    conversation: str
    first_question: str
    started_at: str
    last_at: str
    answers: int


class History(Protocol):
    """Keeps answers. Of one second, the one that was kept later counts as newer.

    An `asker` sees, rates and forgets only what is their own; the asker "" owns nothing.
    """

    def keep(self, answer: Answer, asked: Asked) -> str:
        """Keep an answer; return its id, 16 hex characters."""

    def kept(self, answer_id: str) -> Kept:
        """Return the answer with exactly that id; AnswerNotFoundError if there is none."""

    def find(self, name: str) -> Kept:
        """Return the one answer whose id is, or begins with, `name`.

        Raises:
            AnswerNotFoundError: There is none, or there are several.
        """

    def ids(self, *, liked: bool | None = None) -> list[str]:
        """List the ids, newest first; `liked` leaves only those with such a thumb."""

    def listed(
        self, *, limit: int | None = None, liked: bool | None = None, asker: str | None = None
    ) -> list[Kept]:
        """List the answers, newest first, at most `limit`; with an asker, theirs alone ("": those of nobody)."""

    def conversation(self, conversation: str, *, asker: str, latest: int | None = None) -> list[Kept]:
        """List the answers of a conversation of the asker, oldest first; or only the `latest` so many of them."""

    def conversations(self, asker: str, *, limit: int = 20) -> list[Conversation]:
        """List the conversations of the asker, the one with the latest answer first."""

    def rate(self, answer_id: str, feedback: Feedback | None, *, asker: str | None = None) -> None:
        """Put feedback in the place of what an answer had; None takes it back.

        Raises:
            AnswerNotFoundError: There is no such answer, or it is not the asker's.
        """

    def forget(self, answer_ids: Collection[str]) -> int:
        """Remove answers; return how many there were."""

    def forget_conversation(self, conversation: str, *, asker: str) -> int:
        """Remove a conversation of the asker; return how many answers it had."""


class MemoryHistory:
    """A `History` that lasts as long as the process, for a library that may only be read. Safe to use from threads."""

    def __init__(self, *, most: int = 5000, clock: Callable[[], str] | None = None) -> None:
        """Keep at most `most` answers: beyond that, the oldest go."""
        self._most = most
        self._clock = clock or utc_now
        self._by_id: dict[str, Kept] = {}
        self._lock = threading.Lock()

    def keep(self, answer: Answer, asked: Asked) -> str:
        """Keep an answer; see `History.keep`."""
        kept = Kept(answer_id=new_answer_id(), asked_at=self._clock(), asked=asked, answer=answer)
        with self._lock:
            self._by_id[kept.answer_id] = kept
            while len(self._by_id) > self._most:
                del self._by_id[next(iter(self._by_id))]
        return kept.answer_id

    def kept(self, answer_id: str) -> Kept:
        """Return one by its id; see `History.kept`."""
        with self._lock:
            return self._of(answer_id, asker=None)

    def find(self, name: str) -> Kept:
        """Return one by the beginning of its id; see `History.find`."""
        start = as_id_start(name)
        found = [kept for kept in self._newest_first() if start and kept.answer_id.startswith(start)]
        if len(found) != 1:
            raise AnswerNotFoundError(count=len(found), name=name)
        return found[0]

    def ids(self, *, liked: bool | None = None) -> list[str]:
        """List the ids; see `History.ids`."""
        return [kept.answer_id for kept in self.listed(liked=liked)]

    def listed(
        self, *, limit: int | None = None, liked: bool | None = None, asker: str | None = None
    ) -> list[Kept]:
        """List the answers; see `History.listed`."""
        found = [
            kept
            for kept in self._newest_first()
            if (asker is None or kept.asked.asker == asker)
            and (liked is None or (kept.feedback is not None and kept.feedback.liked is liked))
        ]
        return found if limit is None else found[: max(0, limit)]

    def conversation(self, conversation: str, *, asker: str, latest: int | None = None) -> list[Kept]:
        """List a conversation; see `History.conversation`."""
        if not (conversation and asker):
            return []
        found = [k for k in self.listed(asker=asker) if k.asked.conversation == conversation]
        return found[:latest][::-1]

    def conversations(self, asker: str, *, limit: int = 20) -> list[Conversation]:
        """List the conversations; see `History.conversations`."""
        by_name: dict[str, list[Kept]] = {}
        for kept in self.listed(asker=asker) if asker else []:
            if kept.asked.conversation:
                by_name.setdefault(kept.asked.conversation, []).append(kept)
        return [_conversation_of(found) for found in by_name.values()][: max(0, limit)]

    def rate(self, answer_id: str, feedback: Feedback | None, *, asker: str | None = None) -> None:
        """Rate an answer; see `History.rate`."""
        with self._lock:
            rated = dataclasses.replace(self._of(answer_id, asker=asker), feedback=feedback)
            self._by_id[answer_id] = rated

    def forget(self, answer_ids: Collection[str]) -> int:
        """Remove answers; see `History.forget`."""
        with self._lock:
            gone = [self._by_id.pop(answer_id, None) for answer_id in set(answer_ids)]
        return sum(kept is not None for kept in gone)

    def forget_conversation(self, conversation: str, *, asker: str) -> int:
        """Remove a conversation; see `History.forget_conversation`."""
        return self.forget([kept.answer_id for kept in self.conversation(conversation, asker=asker)])

    def _of(self, answer_id: str, *, asker: str | None) -> Kept:
        kept = self._by_id.get(answer_id)
        if kept is None or not (asker is None or (asker and kept.asked.asker == asker)):
            raise AnswerNotFoundError(count=0, name=answer_id)
        return kept

    def _newest_first(self) -> list[Kept]:
        with self._lock:
            kept = list(self._by_id.values())
        return sorted(kept, key=lambda one: one.asked_at)[::-1]


def _conversation_of(newest_first: Sequence[Kept]) -> Conversation:
    last, first = newest_first[0], newest_first[-1]
    return Conversation(
        conversation=first.asked.conversation,
        first_question=first.answer.question,
        started_at=first.asked_at,
        last_at=last.asked_at,
        answers=len(newest_first),
    )


def new_answer_id() -> str:
    """Return an id that nobody can guess."""
    return secrets.token_hex(8)


def as_id_start(name: str) -> str:
    """Return what ids are compared with for a name that a person typed, in any width or case; "" if it can be none."""
    folded = unicodedata.normalize("NFKC", name).strip().lower()
    return folded if _ID.fullmatch(folded) else ""


def utc_now() -> str:
    """Return the time, ISO 8601 in UTC, to the second."""
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")


def kept_document(kept: Kept) -> dict[str, Any]:
    """Return a kept answer as plain values, ready for JSON; `kept_from` reads them back without a loss."""
    return {
        "schema": SCHEMA_VERSION,
        "answer_id": kept.answer_id,
        "asked_at": kept.asked_at,
        **asked_document(kept.asked),
        "answer": stored_answer(kept.answer),
        "feedback": dataclasses.asdict(kept.feedback) if kept.feedback else None,
    }


def kept_from(document: Mapping[str, Any]) -> Kept:
    """Return what `kept_document` made plain; fields that this version does not know are ignored."""
    feedback = document["feedback"]
    return Kept(
        answer_id=document["answer_id"],
        asked_at=document["asked_at"],
        asked=asked_from(document),
        answer=answer_from(document["answer"]),
        feedback=read_fields(Feedback, feedback) if feedback else None,
    )


def asked_document(asked: Asked) -> dict[str, Any]:
    """Return what was asked with as plain values; regions by code and by name."""
    return {
        "via": asked.via,
        "asker": asked.asker,
        "conversation": asked.conversation,
        "history": list(asked.history),
        "within": {
            **dataclasses.asdict(asked.within),
            "regions": [{"code": code, "name": region_name(code)} for code in asked.within.regions],
            "sources": list(asked.within.sources),
        },
        "settings": dict(asked.settings),
    }


def asked_from(document: Mapping[str, Any]) -> Asked:
    """Return what `asked_document` made plain."""
    within = document["within"]
    codes = [region["code"] for region in within["regions"]]
    return Asked(
        asker=document["asker"],
        conversation=document["conversation"],
        via=document["via"],
        history=tuple(document["history"]),
        within=read_fields(Filter, {**within, "regions": codes}),
        settings=dict(document["settings"]),
    )


def region_name(code: str) -> str:
    """Return a division's full name; a code that the gazetteer of this version lacks stands for itself."""
    from rag.regions import full_name  # its gazetteer is large, and most answers are kept without a filter

    try:
        return full_name(code)
    except ValueError:
        return code
