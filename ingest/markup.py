"""Takes markup off: front matter, Markdown and HTML become a list of blocks of plain text, in reading order."""

from __future__ import annotations

import functools
import html
import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Any

import yaml

from ingest.blocks import Block, Markup
from ingest.webpage import HTML_BREAK, fragment_blocks, read_page

_MAX_FRONT_MATTER_CHARS = 16_384
_MAX_YAML_BRACKETS = 64
_LINE_ENDS = re.compile(r"\r\n?|[\v\f\x1c-\x1e\x85\u2028\u2029]")
_PAGE_START = re.compile(
    r"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!doctype\s+html|<html|<head|<body)\b", re.IGNORECASE
)
_PAGE_PART = re.compile(r"<(?:html|body)[\s>]", re.IGNORECASE)
_HTML_LINE = re.compile(rf"</?(?:{HTML_BREAK})(?=[\s/>])[^<>]{{0,2000}}>", re.IGNORECASE)
_INLINE_TAG = re.compile(
    r"</?(?:a|abbr|b|big|cite|code|del|em|font|i|img|ins|kbd|label|mark|q|s|small|span|strike|strong|sub|sup|u|var|wbr)"
    r"(?:\s{1,99}(?:[a-z_:@][^<>]{0,2000})?)?/?>",  # an attribute; 若 a<b 且 c>d has none
    re.IGNORECASE,
)
_IMAGE = re.compile(r"!\[[^\[\]\n]{0,300}\]\([^()\n]{0,2000}\)")
_LINK = re.compile(r"\[([^\[\]\n]{1,300})\]\([^()\n]{0,1000}(?:\([^()\n]{0,300}\)[^()\n]{0,300})?\)")
_AUTOLINK = re.compile(r"<((?:https?|ftp)://[^<>\s]{1,2000})>", re.IGNORECASE)
_URL = re.compile(r"(?:https?|ftp)://[!-~]+", re.IGNORECASE)
_BOLD = re.compile(r"(\*\*|__)(?=[^\s*_])([^*_\n]{1,300})(?<=\S)\1")
# An asterisk opens emphasis only before a word and closes it only after one: an asterisk that blanks out a name has neither.
_EMPHASIS = re.compile(
    r"(?<![\w*])([*_])(?=[\w“\"‘《（(])([^*_\n]{1,300})(?<=[\w”\"’》）)。！？%])\1(?![\w*])"
)
_CODE = re.compile(r"(`{1,2})([^`\n]{1,300})\1")
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+\-.!|>~])")
_ENTITY = re.compile(r"&(?:[A-Za-z][A-Za-z0-9]{1,30}|#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6});")
_BULLET = re.compile(r"(?:[-*+·▪▫‣\u2043–]\s+|[•●◦]\s*)(?=\S)")
_RULE = re.compile(r"(?:[-*_=~—](?:[ \t]?)){3,}")
_LINK_DEFINITION = re.compile(r"\[[^\[\]\n]{1,100}\]:\s+\S+")
_FENCES = ("```", "~~~")
_WORD = re.compile(r"\w")


def read_markup(text: str, *, suffix: str) -> Markup:
    """Turn a file's text into blocks.

    Args:
        text: The decoded text.
        suffix: The file's suffix; HTML is also recognised by how it begins, since pages get saved as `.txt`.
    """
    text = _LINE_ENDS.sub("\n", text.lstrip("\ufeff"))
    if suffix.lower() in {".html", ".htm"} or _PAGE_START.match(text) or _PAGE_PART.search(text[:4096]):
        page = read_page(text)
        return Markup(blocks=page.blocks, before=page.before, page_facts=page.facts)
    header, body, note = _front_matter(text)
    is_markdown = suffix.lower() in {".md", ".markdown"}
    blocks = tuple(_text_blocks(body, is_markdown=is_markdown))
    return Markup(blocks=blocks, front_matter=header, notes=(note,) if note else ())


def _front_matter(text: str) -> tuple[dict[str, Any], str, str]:
    """Split off a YAML header; one that cannot be read stays text. Gives the entries, the rest, and a note."""
    if not text.startswith("---\n"):
        return {}, text, ""
    window = text[: _MAX_FRONT_MATTER_CHARS + 8]
    end = re.compile(r"^(?:---|\.\.\.)[ \t]*$", re.MULTILINE).search(window, 4)
    if end is None:
        return {}, text, ""
    source = text[4 : end.start()]
    try:
        entries = _load_yaml(source)
    except (yaml.YAMLError, RecursionError, ValueError) as cause:
        reason = str(cause).split("\n", 1)[0][:80]
        return {}, text, f"the front matter was read as text: {reason}"
    if not isinstance(entries, dict):
        return {}, text, ""
    return {str(key).strip().lower(): value for key, value in entries.items()}, text[end.end() :], ""


def _load_yaml(source: str) -> object:
    """Load strings, lists and mappings only: no types are built, and nothing can refer to anything else."""
    if source.count("[") + source.count("{") > _MAX_YAML_BRACKETS:
        raise ValueError("too many brackets")  # the parser takes seconds over a few thousand open ones
    for event in yaml.parse(source, Loader=yaml.SafeLoader):
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise ValueError("anchors and aliases are refused")
    loader = yaml.BaseLoader(source)
    try:
        entries: object = loader.get_single_data()
    finally:
        loader.dispose()
    return entries


def _text_blocks(text: str, *, is_markdown: bool) -> Iterator[Block]:
    """Read plain text or Markdown line by line."""
    text = _without(_without(text, "<!--", "-->"), "<script", "</script>")
    text = _without(text, "<style", "</style>")
    for kind, lines in _runs(text.split("\n")):
        if kind == "html":
            yield from fragment_blocks("\n".join(lines))
        elif kind == "code":
            yield from (Block(text=line.strip()) for line in lines)
        else:
            yield from _line_blocks(_without_setext(lines) if is_markdown else lines, is_markdown=is_markdown)


def _without(text: str, opening: str, closing: str) -> str:
    """Cut what stands between two marks; an opening mark that is never closed stays."""
    lowered = text.lower() if text.isascii() else _ascii_lower(text)
    pieces, position = [], 0
    while (start := lowered.find(opening, position)) >= 0 and (stop := lowered.find(closing, start)) >= 0:
        pieces.append(text[position:start])
        position = stop + len(closing)
    return "".join((*pieces, text[position:]))


def _ascii_lower(text: str) -> str:
    """Lower the ASCII letters only: the length, and with it every offset, stays."""
    return text.translate({code: code + 32 for code in range(65, 91)})


def _runs(lines: Iterable[str]) -> Iterator[tuple[str, list[str]]]:
    """Group lines that stand together: `text` until a blank line, `html` likewise, `code` between fences."""
    run: list[str] = []
    kind, fence = "text", ""
    for line in lines:
        stripped = line.strip()
        if fence:
            if stripped.startswith(fence):
                yield "code", [held for held in run if held.strip()]
                run, fence = [], ""
            else:
                run.append(line)
            continue
        starts = "html" if (kind == "html" and run) or _HTML_LINE.search(line) else "text"
        if run and (not stripped or starts != kind or stripped.startswith(_FENCES)):
            yield kind, run
            run = []
        kind = starts
        if stripped.startswith(_FENCES):
            fence = stripped[:3]
        elif stripped:
            run.append(line)
    if run:
        yield ("code" if fence else kind), [held for held in run if held.strip()]


def _without_setext(lines: list[str]) -> list[str]:
    """Write a heading underlined with `===` or `---` with number signs."""
    if len(lines) == 2 and len(lines[1].strip()) >= 3 and not lines[0].startswith("|"):
        for mark, sign in (("=", "# "), ("-", "## ")):
            if set(lines[1].strip()) == {mark}:
                return [sign + lines[0].strip()]
    return lines


def _line_blocks(lines: list[str], *, is_markdown: bool) -> Iterator[Block]:
    plain = (
        block
        for line in _unwrapped(lines)
        if (block := _line_block(line.strip(), is_markdown=is_markdown)) is not None
    )
    for block in plain:
        if block.text:
            yield block


def _line_block(line: str, *, is_markdown: bool) -> Block | None:
    """Read one line: a heading, a table row, a list item or a paragraph."""
    if line.startswith(">"):
        line = line.lstrip("> \t")
    if _RULE.fullmatch(line) or (line.startswith("|") and "-" in line and not line.strip("|:-+ \t")):
        return None
    if is_markdown and _LINK_DEFINITION.fullmatch(line):
        return None
    level = len(line) - len(line.lstrip("#"))
    if 1 <= level <= 6 and line[level : level + 1].isspace():
        return Block(
            text=_inline(line[level:].strip().rstrip("#").rstrip(), is_markdown=is_markdown), level=level
        )
    if line.startswith("|") and line.count("|") >= 3:
        cells = (_inline(cell.strip(), is_markdown=is_markdown) for cell in line.strip("|").split("|"))
        return Block(text=" | ".join(cell for cell in cells if cell), kind="row")
    bullet = _BULLET.match(line)
    text = _inline(line[bullet.end() :] if bullet else line, is_markdown=is_markdown)
    return Block(text=text, kind="item" if bullet else "text", is_link=_is_all_link(line))


def _inline(text: str, *, is_markdown: bool) -> str:
    """Take inline markup off one line. Plain text loses only what nobody writes by hand."""
    if "](" in text:
        text = _LINK.sub(r"\1", _IMAGE.sub("", text))
    if "<" in text:
        text = _INLINE_TAG.sub("", _AUTOLINK.sub(r"\1", text))
    if "**" in text or "__" in text:
        text = _BOLD.sub(r"\2", text)
    if is_markdown:
        text = _ESCAPE.sub(r"\1", _EMPHASIS.sub(r"\2", _CODE.sub(r"\2", text)))
    if "&" in text:
        text = _ENTITY.sub(lambda match: html.unescape(match.group()), text).replace("\n", " ")
    return text.strip()


def _is_all_link(line: str) -> bool:
    """Whether every word of the line is inside a link."""
    if "](" not in line and "://" not in line:
        return False
    rest = _URL.sub("", _AUTOLINK.sub("", _LINK.sub("", _IMAGE.sub("", line))))
    return _WORD.search(rest) is None


def _unwrapped(lines: list[str]) -> list[str]:
    """Join the lines of a paragraph that was wrapped at a margin; Chinese text usually has a paragraph per line."""
    if len(lines) < 2 or any(_is_own_line(line) for line in lines):
        return lines
    widths = [_width(line.strip()) for line in lines]
    widest = max(widths)
    ends = sum(line.rstrip()[-1:] in set("。！？；：.!?;:”") for line in lines[:-1])
    is_wrapped = 60 <= widest <= 120 and min(widths[:-1]) >= widest * 0.8 and ends * 2 <= len(lines) - 1
    return [functools.reduce(_join, (line.strip() for line in lines))] if is_wrapped else lines


def _is_own_line(line: str) -> bool:
    stripped = line.strip()
    return stripped.startswith(("#", "|", ">")) or _BULLET.match(stripped) is not None


def _width(text: str) -> int:
    """Columns on a terminal; a line over 120 characters counts as too wide whatever it holds."""
    if len(text) > 120:
        return len(text)
    return sum(2 if unicodedata.east_asian_width(ch) in "WF" else 1 for ch in text)


def _join(left: str, right: str) -> str:
    """Join two lines of a paragraph: with a space between Latin words, with nothing in Chinese."""
    return f"{left} {right}" if left[-1:] < "\u2e80" and right[:1] < "\u2e80" else left + right
