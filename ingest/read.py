"""Reads one file as an article: load, decode, take markup off, clean, describe, find structure."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from ingest.clean import clean_blocks
from ingest.decode import Decoded, decode
from ingest.describe import describe, make_article_id
from ingest.load import read_bytes
from ingest.markup import read_markup
from ingest.structure import find_headings
from rag.errors import UnreadableFileError
from rag.types import Article

_VISIBLE = re.compile(r"\w")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadArticle:
    """An article and what a report says about how it was read.

    Attributes:
        codec: The encoding that the bytes were in.
        cut: What was left out of the text, in order, each with the kind of chrome it is.
        notes: What a person should know: unreadable places, front matter that could not be read.
    """

    article: Article
    codec: str
    cut: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]


def read_article(path: Path, *, max_bytes: int) -> ReadArticle:
    """Read a file as an article.

    Raises:
        IngestError: The file cannot be read, is not text, or has no text in it.
    """
    return read_content(read_bytes(path, max_bytes=max_bytes), path=path)


def read_content(content: bytes, *, path: Path) -> ReadArticle:
    """Read an article from a file's bytes; `path` gives its name and kind only.

    Raises:
        UnreadableFileError: The bytes are not text, or nothing of the text is an article.
    """
    decoded = decode(content)
    markup = read_markup(decoded.text, suffix=path.suffix)
    cleaned = clean_blocks(markup.blocks, before=markup.before)
    text = "\n".join(block.text for block in cleaned.blocks)
    if not _VISIBLE.search(text):
        raise UnreadableFileError(
            code="no_text", detail_en="there is no text in it", detail_zh="文件里没有正文"
        )
    described = describe(markup, cleaned)
    content_hash = hashlib.sha256(content).hexdigest()
    article = Article(
        article_id=make_article_id(path.stem, content_hash),
        title=described.title,
        text=text,
        source=described.source,
        date=described.date,
        url=described.url,
        regions=described.regions,
        headings=find_headings(cleaned.blocks, title=described.title),
        content_hash=content_hash,
        facts_from=described.facts_from,
    )
    return ReadArticle(
        article=article,
        codec=decoded.codec,
        cut=tuple((block.text, block.reason) for block in cleaned.cut),
        notes=_notes(markup.notes, decoded),
    )


def _notes(notes: tuple[str, ...], decoded: Decoded) -> tuple[str, ...]:
    if decoded.unreadable:
        return (*notes, f"{decoded.unreadable} places could not be read as {decoded.codec}")
    return notes
