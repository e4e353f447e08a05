"""Makes members of the rows of a table: a stable name, the fields, and the text to read."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping

from ingest.containers.columns import FIELDS, column_key, field_of, has_text, missing_text, pick, text_of
from ingest.containers.member import ContainerOptions, Member, MemberProblem, problem, too_large

_PAGE = re.compile(r"<(?:!doctype\s+html|html|body)[\s>]", re.IGNORECASE)
_MARKDOWN = re.compile(r"^(?:#{1,6}[ \t]+\S|```)|\]\(https?://", re.MULTILINE)
_UNSAFE = re.compile(r"[^\w.-]+")
_LOOKED_AT_CHARS = 20_000
_MAX_ID_CHARS = 80
_MAX_FIELD_CHARS = 2_000


class Rows:
    """Turns rows into members; keeps the names apart."""

    def __init__(self, options: ContainerOptions, *, codec: str) -> None:
        self._options = options
        self._codec = codec
        self._names: set[str] = set()

    def member(self, row: Mapping[str, object], *, number: int) -> Member | MemberProblem:
        """Make a member of a row; `number` counts from 1."""
        keyed = _keyed(row)
        columns = self._options.columns
        name = self._unique(_row_name(field_of(pick(keyed, "id", columns), "id"), number), number)
        text = text_of(pick(keyed, "text", columns))
        if text is None:
            return _without_text(name, row, self._options)
        fields = {field: value for field in FIELDS if (value := field_of(pick(keyed, field, columns), field))}
        fields, notes = _within_bounds(fields)
        text, spoilt = _well_formed(text)
        content = _canonical({field: _well_formed(value)[0] for field, value in fields.items()}, text)
        if len(content) > self._options.max_member_bytes:
            return too_large(name, self._options.max_member_bytes)
        return Member(
            name=name,
            content=content,
            suffix=_suffix(text),
            fields={field: _well_formed(value)[0] for field, value in fields.items()},
            notes=(*notes, *((f"{spoilt} places could not be read as {self._codec}",) if spoilt else ())),
            codec=self._codec,
        )

    def _unique(self, name: str, number: int) -> str:
        """The name; the row's number is added to one that was there before."""
        while name in self._names:
            name = f"{name}-{row_name(number)}"
        self._names.add(name)
        return name


def row_name(number: int) -> str:
    """Name a row by its number, so that names sort as the rows do."""
    return f"row-{number:06d}"


def _keyed(row: Mapping[str, object]) -> dict[str, object]:
    """The row by what tells its columns; of two columns that look alike, the first with a value."""
    keyed: dict[str, object] = {}
    for column, value in row.items():
        key = column_key(column)
        if keyed.get(key) in (None, ""):
            keyed[key] = value
    return keyed


def _row_name(identity: str | None, number: int) -> str:
    """Name a row by its id, where it has one: a hash tells ids apart that look alike once they are safe."""
    if identity is None:
        return row_name(number)
    safe = _UNSAFE.sub("-", identity).strip("-.")[:_MAX_ID_CHARS]
    if safe == identity:
        return f"id-{safe}"
    digest = hashlib.sha256(identity.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"id-{safe}-{digest}" if safe else f"id-{digest}"


def _without_text(name: str, row: Mapping[str, object], options: ContainerOptions) -> MemberProblem:
    """An empty text column is no article; a row that has no such column may have another name for it."""
    if not has_text(row, options.columns):
        return MemberProblem(name=name, error=missing_text(list(row), options.columns))
    return problem(
        name, "no_text", en="there is no text in this row's text column", zh="这一行的正文列里没有文字"
    )


def _within_bounds(fields: Mapping[str, str]) -> tuple[dict[str, str], tuple[str, ...]]:
    kept = {field: value for field, value in fields.items() if len(value) <= _MAX_FIELD_CHARS}
    notes = tuple(f"{field} was left out: it is too long to be one" for field in fields if field not in kept)
    return kept, notes


def _well_formed(text: str) -> tuple[str, int]:
    """The text without NUL and without halves of characters, and how many places cannot be read in it."""
    text = text.replace("\0", "")
    if not text.isascii():
        # JSON can spell one character as two halves, or one half alone.
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text, text.count("\ufffd")


def _canonical(fields: Mapping[str, str], text: str) -> bytes:
    """The row as bytes: every reader skips the comment, and it makes a row with another title another content."""
    if not fields:
        return text.encode()
    header = json.dumps(fields, ensure_ascii=False, sort_keys=True)
    header = header.replace("<", "\\u003c").replace(">", "\\u003e")
    return f"<!-- {header} -->\n{text}".encode()


def _suffix(text: str) -> str:
    """The kind of file a row's text would be; fragments of HTML are read as such in a `.txt` too, whole."""
    start = text[:_LOOKED_AT_CHARS]
    if _PAGE.search(start):
        return ".html"
    return ".md" if _MARKDOWN.search(start) else ".txt"
