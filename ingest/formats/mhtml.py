"""Reads saved web pages (MHTML): the page itself out of the many parts of the message."""

from __future__ import annotations

import binascii
import email.errors
import email.header
import email.parser
import email.policy
import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from email.message import Message

from ingest.blocks import Markup
from ingest.decode import decode
from ingest.formats.refusals import bomb, damaged
from ingest.markup import read_markup
from rag.errors import UnreadableFileError

_KIND = "mhtml"
_MAX_HEADER_BYTES = 16_000
_MAX_VALUE_CHARS = 2_000
_MAX_PARTS = 20_000
_MAX_DEPTH = 5
_MAX_PAGES = 20
_FEW_CHARS = 60
_BLANKS = b"\xef\xbb\xbf \t\r\n\0"
_NO_HEADER = re.compile(rb"\A(?:\r\n|[\r\n])")
_HEADER_END = re.compile(rb"\r?\n\r?\n|\r\r")
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]+")
_WEB_ADDRESS = re.compile(r"https?://\S{4,2000}")
_PAGES = ("text/html", "application/xhtml+xml")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """One part of a message: its header, and its body as it was sent."""

    header: Message
    body: bytes

    @property
    def kind(self) -> str:
        return self.header.get_content_type()


@dataclass(slots=True, kw_only=True)
class _Parts:
    """The parts that hold something, in their order, and whether the message has its end."""

    parts: list[_Part] = field(default_factory=list)
    is_whole: bool = True


def read_mhtml(content: bytes) -> Markup:
    """Read a saved page: the part that the message names as its root, or the fullest of the pages in it.

    Raises:
        UnreadableFileError: There is no page in it, or it is nested without end.
    """
    message = _part(content.lstrip(_BLANKS))
    found = _Parts()
    _collect(message, found, depth=0)
    pages = [part for part in found.parts if part.kind in _PAGES] or [
        part for part in found.parts if part.kind == "text/plain"
    ]
    if not pages:
        raise damaged(_KIND)
    root = _root(message, pages)
    markup = _read(root)
    if sum(len(block.text) for block in markup.blocks) < _FEW_CHARS:  # the article may be in a frame
        others = [_read(part) for part in pages[:_MAX_PAGES] if part is not root]
        markup = max((markup, *others), key=lambda page: sum(len(block.text) for block in page.blocks))
    notes = () if found.is_whole else ("the file ends before its end mark; what is there was read",)
    return replace(
        markup, page_facts={**markup.page_facts, **_facts(message, root)}, notes=(*markup.notes, *notes)
    )


def _part(content: bytes) -> _Part:
    """Part a header from the body behind it."""
    end = _NO_HEADER.match(content) or _HEADER_END.search(content, 0, _MAX_HEADER_BYTES)
    head, body = (content[: end.start()], content[end.end() :]) if end else (content[:_MAX_HEADER_BYTES], b"")
    header = email.parser.BytesHeaderParser(policy=email.policy.compat32).parsebytes(head)
    return _Part(header=header, body=body)


def _collect(part: _Part, found: _Parts, *, depth: int) -> None:
    """Gather the parts inside a part. The standard library's reader is slow on many nested ones."""
    if part.header.get_content_maintype() != "multipart":
        found.parts.append(part)
        return
    if depth >= _MAX_DEPTH or len(found.parts) > _MAX_PARTS:
        raise bomb(_KIND)
    boundary = _value(part.header.get_boundary())
    if not boundary:
        raise damaged(_KIND)
    bodies, is_whole = _between(part.body, boundary.encode("utf-8", "surrogateescape"))
    found.is_whole = found.is_whole and is_whole
    for body in bodies:
        _collect(_part(_NO_HEADER.sub(b"", body, count=1)), found, depth=depth + 1)


def _between(body: bytes, boundary: bytes) -> tuple[list[bytes], bool]:
    """Cut a body at the lines that are its boundary; also whether the last one is there."""
    mark = re.compile(rb"(?:^|\r?\n|\r)--" + re.escape(boundary) + rb"(--)?[ \t]{0,80}(?=[\r\n]|\Z)")
    bodies: list[bytes] = []
    start: int | None = None
    for match in mark.finditer(body):
        if start is not None:
            bodies.append(body[start : match.start()])
        if match[1]:
            return bodies, True
        if len(bodies) > _MAX_PARTS:
            raise bomb(_KIND)
        start = match.end()
    return ([*bodies, body[start:]] if start is not None else bodies), False


def _root(message: _Part, pages: list[_Part]) -> _Part:
    """The page that the message says it begins with, or the first."""
    start = _value(message.header.get_param("start")).strip("<> ")
    named = (page for page in pages if start and _value(page.header["Content-ID"]).strip("<> ") == start)
    return next(named, pages[0])


def _read(part: _Part) -> Markup:
    declared = _value(part.header.get_content_charset())
    try:
        decoded = decode(_unwrapped(part), declared=declared or None)
    except UnreadableFileError as cause:
        raise damaged(_KIND) from cause
    markup = read_markup(decoded.text, suffix=".txt" if part.kind == "text/plain" else ".html")
    if decoded.unreadable:
        note = f"{decoded.unreadable} places could not be read as {decoded.codec}"
        markup = replace(markup, notes=(*markup.notes, note))
    return markup


def _unwrapped(part: _Part) -> bytes:
    """The body as it was before it was made fit for sending."""
    encoding = _value(part.header["Content-Transfer-Encoding"]).strip().lower()
    if encoding == "quoted-printable":
        return quopri.decodestring(part.body)
    if encoding == "base64":
        letters = _NOT_BASE64.sub(b"", part.body)
        letters = letters[: len(letters) - 1] if len(letters) % 4 == 1 else letters
        return binascii.a2b_base64(letters + b"=" * (-len(letters) % 4))
    return part.body


def _facts(message: _Part, root: _Part) -> dict[str, str]:
    """Where the page was saved from, and what the message calls it."""
    facts = {}
    for address in _addresses(message, root):
        if _WEB_ADDRESS.fullmatch(address):
            facts["url"] = address
            break
    if subject := _subject(message):
        facts["property_title"] = subject
    return facts


def _addresses(message: _Part, root: _Part) -> Iterator[str]:
    yield _value(message.header["Snapshot-Content-Location"]).strip()
    yield _value(root.header["Content-Location"]).strip()
    yield _value(message.header["Content-Location"]).strip()


def _subject(message: _Part) -> str:
    try:
        subject = str(email.header.make_header(email.header.decode_header(_value(message.header["Subject"]))))
    except (ValueError, LookupError, email.errors.MessageError):
        return ""
    return " ".join(subject.split())[:300]


def _value(value: object) -> str:
    """A header's value, or nothing where there is none or it is none that anybody means."""
    text = str(value) if value is not None else ""
    return text if len(text) <= _MAX_VALUE_CHARS else ""
