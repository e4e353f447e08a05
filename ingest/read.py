"""Reads one file as an article: load, decode, take markup off, clean, describe, find structure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from ingest.blocks import Markup
from ingest.clean import clean_blocks
from ingest.decode import decode
from ingest.describe import describe, make_article_id
from ingest.formats import read_document
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


def read_content(
    content: bytes,
    *,
    path: Path,
    fields: Mapping[str, str] | None = None,
    declared: str | None = None,
) -> ReadArticle:
    """Read an article from a file's bytes.

    Args:
        content: The bytes.
        path: Gives the name and the kind only.
        fields: What is known of the article beside its text (a table's other columns), which nothing else outweighs.
        declared: The charset that the sender named.

    Raises:
        UnreadableFileError: The bytes are not text, or nothing of the text is an article.
    """
    markup, codec = _markup_of(content, suffix=path.suffix, declared=declared)
    if fields:
        markup = replace(markup, front_matter={**markup.front_matter, **fields})
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
        author=described.author,
        column=described.column,
        issuer=described.issuer,
        doc_number=described.doc_number,
        kind=described.kind,
        regions=described.regions,
        headings=find_headings(cleaned.blocks, title=described.title),
        content_hash=content_hash,
        facts_from=described.facts_from,
    )
    return ReadArticle(
        article=article,
        codec=codec,
        cut=tuple((block.text, block.reason) for block in cleaned.cut),
        notes=markup.notes,
    )


def _markup_of(content: bytes, *, suffix: str, declared: str | None) -> tuple[Markup, str]:
    """Take the markup off, and say what kind of bytes it was: a document's format, or a text's codec."""
    document = read_document(content, suffix=suffix)
    if document is not None:
        return document
    decoded = decode(content, declared=declared)
    markup = read_markup(decoded.text, suffix=suffix)
    if decoded.unreadable:
        note = f"{decoded.unreadable} places could not be read as {decoded.codec}"
        markup = replace(markup, notes=(*markup.notes, note))
    return markup, decoded.codec
