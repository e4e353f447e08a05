"""Writes the parts of Word documents as XML: paragraphs, numbering, styles and tables."""

from __future__ import annotations

from office_files import W

CHINESE_LEVELS = (("chineseCounting", "%1、"), ("chineseCounting", "（%2）"), ("decimal", "%3."))


def paragraph(text: str, properties: str = "", runs: str = "") -> str:
    """Write a paragraph, with properties and further runs."""
    return f'<w:p><w:pPr>{properties}</w:pPr><w:r><w:t xml:space="preserve">{text}</w:t></w:r>{runs}</w:p>'


def numbered(text: str, *, level: int = 0, number_id: int = 1) -> str:
    """Write a paragraph of a list."""
    return paragraph(text, f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number_id}"/></w:numPr>')


def numbering(
    levels: tuple[tuple[str, str], ...],
    *,
    extra: str = "",
    nums: str = '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>',
) -> str:
    """Write `numbering.xml` with one list, given each level's form and text."""
    written = "".join(
        f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>{extra}<w:lvlText w:val="{text}"/></w:lvl>'
        for at, (form, text) in enumerate(levels)
    )
    return f'<w:numbering xmlns:w="{W}"><w:abstractNum w:abstractNumId="0">{written}</w:abstractNum>{nums}</w:numbering>'


def styles(*definitions: str) -> str:
    """Write `styles.xml`."""
    return f'<w:styles xmlns:w="{W}">{"".join(definitions)}</w:styles>'


def cell(text: str, properties: str = "") -> str:
    """Write a cell of one paragraph."""
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{paragraph(text)}</w:tc>"


def table(*rows: tuple[str, ...], header: bool = False) -> str:
    """Write a table of rows of cells."""
    mark = "<w:trPr><w:tblHeader/></w:trPr>" if header else ""
    written = (f"<w:tr>{mark if not i else ''}{''.join(cells)}</w:tr>" for i, cells in enumerate(rows))
    return f"<w:tbl>{''.join(written)}</w:tbl>"
