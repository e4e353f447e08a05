"""The writes, waits and hang-ups that an entry of the script comes down to. Pure: `unruly_endpoint` does them."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from http.client import responses
from typing import Any

from unruly_replies import FOREVER, Entry, Failure, Fault, Form, Reply, Silence

Request = Mapping[str, Any]

_GARBLES = ("error", "bad_json")
_BAD_JSON = '{"choices": [{"index": 0, "delta": {"content": "被'
_MODEL = "scripted"


@dataclass(frozen=True, kw_only=True)
class Write:
    """Bytes that are sent at once."""

    sent: bytes


@dataclass(frozen=True, kw_only=True)
class Wait:
    """Seconds in which nothing is sent."""

    seconds: float


@dataclass(frozen=True, kw_only=True)
class HangUp:
    """The server ends the connection."""

    is_reset: bool = False


@dataclass(frozen=True, kw_only=True)
class Said:
    """Everything has been said; a client that leaves now, as some do at `[DONE]`, misses nothing."""


Step = Write | Wait | HangUp | Said


@dataclass(frozen=True, kw_only=True)
class _Part:
    """Part of a body, and the silence before it."""

    text: str
    pause_s: float = 0.0


def steps(entry: Entry, request: Request) -> Iterator[Step]:
    """Say what is done to answer a request, in order; without a `HangUp` the connection is kept open.

    Raises:
        ValueError: The entry asks for what cannot be, such as half a character where all are of one byte.
    """
    match entry:
        case Silence():
            yield HangUp(is_reset=entry.is_reset)
        case Failure():
            yield from _failed(entry)
        case Reply():
            yield Wait(seconds=entry.pace.before_byte_s)
            yield Write(sent=_head(200, _reply_headers(entry, request)))
            yield from _body(entry, request)


def _failed(entry: Failure) -> Iterator[Step]:
    body = entry.body.encode()
    headers = {"Content-Type": entry.content_type, "Content-Length": str(len(body)), **entry.headers}
    yield Wait(seconds=entry.before_byte_s)
    yield Write(sent=_head(entry.status, headers) + body)
    yield Said()


def _reply_headers(reply: Reply, request: Request) -> dict[str, str]:
    framing = ("Transfer-Encoding", "chunked") if reply.form.is_chunked else ("Connection", "close")
    kind = "text/event-stream; charset=utf-8" if _is_stream(request) else "application/json"
    return dict([("Content-Type", kind), framing])


def _head(status: int, headers: Mapping[str, str]) -> bytes:
    lines = [
        f"HTTP/1.1 {status} {responses.get(status, 'Unnamed')}",
        *(f"{n}: {v}" for n, v in headers.items()),
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def _is_stream(request: Request) -> bool:
    return bool(request.get("stream"))


# A body is parts, framed, up to where it breaks


def _body(reply: Reply, request: Request) -> Iterator[Step]:
    comment = _line(": keep-alive", reply.form) if _is_stream(request) else "\n"
    breaks = reply.fault if reply.fault and reply.fault.kind not in _GARBLES else None
    breaks_at = _index_of(breaks, request)
    for index, part in enumerate(_parts(reply, request)):
        yield from _silence(part.pause_s, comment, reply)
        raw = part.text.encode()
        if breaks and index >= breaks_at and (breaks.kind != "half_character" or not raw.isascii()):
            yield from _broken(breaks, raw, comment, reply)
            return
        yield from _framed(raw, reply.form)
    if breaks:
        yield from _broken(breaks, b"", comment, reply)
        return
    yield Said()
    yield Write(sent=b"0\r\n\r\n") if reply.form.is_chunked else HangUp()


def _index_of(fault: Fault | None, request: Request) -> float:
    """The part before which a fault strikes: a stream's first part is the role, a document's second its other half."""
    if fault is None or (fault.after_pieces is None and _is_stream(request)):
        return FOREVER
    return 1 + (fault.after_pieces or 0) if _is_stream(request) else 1


def _broken(fault: Fault, raw: bytes, comment: str, reply: Reply) -> Iterator[Step]:
    if fault.kind == "stall":
        yield from _silence(FOREVER, comment, reply)
    if fault.kind == "half_character":
        cut = next((at for at, byte in enumerate(raw) if byte >= 0xC0), None)
        if cut is None:
            raise ValueError("there is no character to cut: the rest of the answer is ASCII")
        yield from _framed(raw[: cut + 1], reply.form)
    yield HangUp(is_reset=fault.kind == "reset")


def _silence(seconds: float, comment: str, reply: Reply) -> Iterator[Step]:
    left = seconds
    while left > reply.pace.comment_every_s:
        yield Wait(seconds=reply.pace.comment_every_s)
        yield from _framed(comment.encode(), reply.form)
        left -= reply.pace.comment_every_s
    if left:
        yield Wait(seconds=left)


def _framed(raw: bytes, form: Form) -> Iterator[Write]:
    pieces = (raw[at : at + 1] for at in range(len(raw))) if form.is_bytewise else [raw]
    for piece in pieces:
        yield Write(sent=b"%x\r\n%s\r\n" % (len(piece), piece) if form.is_chunked else piece)


# What a body says


def _parts(reply: Reply, request: Request) -> Iterable[_Part]:
    if not _is_stream(request):
        return _document(reply, request)
    fault = reply.fault
    if fault is None or fault.kind not in _GARBLES:
        return _stream(reply, request)
    garbled = _error() if fault.kind == "error" else _BAD_JSON
    parts = _stream(reply, request)
    before = parts if fault.after_pieces is None else itertools.islice(parts, 1 + fault.after_pieces)
    return itertools.chain(before, [_Part(text=_event(garbled, reply.form))], parts)


def _stream(reply: Reply, request: Request) -> Iterator[_Part]:
    form = reply.form
    yield _Part(text=_event(_chunk({"role": "assistant", "content": ""}), form))
    pause_s = reply.pace.before_token_s
    for delta in _deltas(reply, request):
        yield _Part(text=_event(_chunk(delta), form), pause_s=pause_s)
        pause_s = reply.pace.between_tokens_s
    if reply.finish is not None:
        yield _Part(text=_event(_chunk({}, finish=reply.finish), form))
    if reply.usage and (request.get("stream_options") or {}).get("include_usage"):
        yield _Part(
            text=_event(_dumps({**_envelope("chat.completion.chunk"), "choices": [], **_usage(reply)}), form)
        )
    if form.has_done:
        yield _Part(text=_event("[DONE]", form))


def _deltas(reply: Reply, request: Request) -> Iterator[dict[str, str]]:
    for piece in _cut(reply.reasoning, reply.piece_chars):
        yield {"reasoning_content": piece}
    pieces = _cut(_content(reply, request), reply.piece_chars)
    for piece in itertools.cycle(pieces) if reply.is_endless else pieces:
        yield {"content": piece}


def _document(reply: Reply, request: Request) -> list[_Part]:
    pause_s = FOREVER if reply.is_endless else reply.pace.before_token_s
    kind = reply.fault.kind if reply.fault else None
    if kind == "error":
        return [_Part(text=_error(), pause_s=pause_s)]
    reasoning = {"reasoning_content": reply.reasoning} if reply.reasoning else {}
    message = {"role": "assistant", **reasoning, "content": _content(reply, request)}
    choice = {"index": 0, "finish_reason": reply.finish, "message": message}
    # The content stands last, so that a fault between the halves leaves it out or cuts it.
    text = _dumps({**_envelope("chat.completion"), **_usage(reply), "choices": [choice]})
    middle = len(text) // 2
    first = _Part(text=text[:middle], pause_s=pause_s)
    return [first] if kind == "bad_json" else [first, _Part(text=text[middle:])]


def _content(reply: Reply, request: Request) -> str:
    return reply.content if isinstance(reply.content, str) else reply.content(request["messages"])


def _cut(text: str, piece_chars: int) -> Sequence[str]:
    return [text[at : at + piece_chars] for at in range(0, len(text), piece_chars)]


def _chunk(delta: Mapping[str, str], *, finish: str | None = None) -> str:
    choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
    return _dumps({**_envelope("chat.completion.chunk"), "choices": [choice]})


def _envelope(kind: str) -> dict[str, Any]:
    return {"id": "chatcmpl-1", "object": kind, "created": 0, "model": _MODEL}


def _usage(reply: Reply) -> dict[str, Any]:
    if reply.usage is None:
        return {}
    prompt, completion = reply.usage
    counts = {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion}
    return {"usage": counts}


def _error() -> str:
    return _dumps({"error": {"message": "the model crashed", "type": "server_error", "code": 500}})


def _event(payload: str, form: Form) -> str:
    noise = form.noise.replace("\n", form.line_end)
    return noise + _line(form.prefix + payload, form)


def _line(text: str, form: Form) -> str:
    return text + form.line_end * 2


def _dumps(value: object) -> str:
    """JSON with Han characters as they are: escaped, none could be cut in two."""
    return json.dumps(value, ensure_ascii=False)
