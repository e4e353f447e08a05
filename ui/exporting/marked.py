"""A briefing as Markdown with footnotes; charts become tables."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from urllib.parse import quote as percent_encode

from rag.briefing.types import Bar, Briefing, Chart, Line, Section, Source
from rag.types import Language
from ui.exporting.outline import (
    Table,
    articles_of,
    asides,
    bar_name,
    bars_of,
    has_bars,
    has_rows,
    is_bare,
    is_web_address,
    lay_out,
    walk,
)
from ui.exporting.words import cite, describe, word

_DEEPEST = 6
_URL_SAFE = ":/?#[]@!$&'()*+,;=%-._~"
_MARKUP = re.compile(r"[\\`*_{}\[\]#|~$^@]")
_HTML = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
# What would be a list, a quotation or a rule at the start of a line.
_OPENING = re.compile(r"^(?:(\d{1,9})(?=[.)](?:\s|$))|(?=[-+=:]))")
# Bare addresses that some readers turn into links.
_ADDRESS = re.compile(r"(?i)\b(https?|ftp|mailto|javascript|data|xmpp):|\bwww\.")


def to_markdown(briefing: Briefing) -> str:
    """Write the whole text, in the reading order of the briefing, its sources as footnotes of the same numbers."""
    language = briefing.request.language
    blocks = [f"# {escape(briefing.title)}"]
    blocks += [
        "\n".join(
            _item(f"{escape(name)}{word('colon', language)}{escape(text)}")
            for name, text in describe(briefing)
        )
    ]
    for depth, section in walk(briefing.sections):
        blocks.append(f"{'#' * min(depth + 1, _DEEPEST)} {escape(section.heading) or '&nbsp;'}")
        blocks += _body(section, language)
    blocks += _listed(briefing.questions, language)
    if briefing.sources:
        blocks.append(f"## {word('sources', language)}")
        blocks.append("\n".join(_entry(*found, language) for found in articles_of(briefing.sources)))
        blocks.append("\n".join(_footnote(source, language) for source in briefing.sources))
    return "\n\n".join(blocks) + "\n"


def escape(text: str) -> str:
    """Return Markdown that shows the text as it is, in a paragraph, a heading, a list or a cell of a table."""
    text = _ADDRESS.sub(lambda m: m[0].replace(":", "\0").replace(".", "\1"), text)
    text = "".join(_HTML.get(ch, f"\\{ch}" if _MARKUP.match(ch) else ch) for ch in text)
    text = _OPENING.sub(lambda m: f"{m[1] or ''}\\", text)
    return text.replace("!\\[", "\\!\\[").replace("\0", "&#58;").replace("\1", "&#46;")


def _body(section: Section, language: Language) -> Iterator[str]:
    if is_bare(section):
        yield word("none" if section.kind == "silence" else "silent", language)
    if section.lines:
        yield "\n".join(_item(_line(line, language)) for line in section.lines)
    if section.grid and has_rows(section):
        yield _table(lay_out(section.grid, section.kind, language), language)
    for chart in filter(has_bars, section.charts):
        yield from _chart(chart, language)


def _item(text: str) -> str:
    return f"- {text}"


def _line(line: Line, language: Language) -> str:
    return f"{escape(line.text)}{escape(asides(line, language))}{_marks(line.sources)}"


def _marks(numbers: Iterable[int]) -> str:
    return "".join(f"[^{number}]" for number in numbers)


def _table(table: Table, language: Language) -> str:
    rows = [
        [
            escape(name),
            *(
                "<br>".join(_line(line, language) for line in cell) or word("silent", language)
                for cell in cells
            ),
        ]
        for name, cells in table.rows
    ]
    return _rows([escape(name) for name in table.head], rows)


def _rows(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cell or '&nbsp;' for cell in line)} |" for line in lines)


def _chart(chart: Chart, language: Language) -> Iterator[str]:
    rows = [
        [escape(bar_name(group, series, bar, chart)), _shown(bar, language)]
        for group, series, bar in bars_of(chart)
    ]
    # Bold to the end of the line: after a full-width colon the mark would not close.
    yield f"**{word('chart', language)}{word('colon', language)}{escape(chart.title)}**"
    value = word("value", language) + (word("aside", language, text=chart.unit) if chart.unit else "")
    yield _rows([word("item", language), escape(value)], rows)


def _shown(bar: Bar | None, language: Language) -> str:
    return f"{escape(bar.shown)}{_marks(bar.sources)}" if bar else word("silent", language)


def _listed(questions: tuple[str, ...], language: Language) -> list[str]:
    if not questions:
        return []
    return [f"## {word('questions', language)}", "\n".join(_item(escape(text)) for text in questions)]


def _entry(article: Source, numbers: list[int], language: Language) -> str:
    """A line of the list of sources. Its numbers make the notes hold even where no text cites them."""
    link = f" <{percent_encode(str(article.url), safe=_URL_SAFE)}>" if is_web_address(article.url) else ""
    return _item(f"{escape(cite(article, language))}{link} {_marks(numbers)}")


def _footnote(source: Source, language: Language) -> str:
    # The space keeps readers that know no footnotes from taking the whole for the address of a link.
    return f"[^{source.number}]: {escape(cite(source, language))}{word('colon', language).strip()} 「{escape(source.quote)}」"
