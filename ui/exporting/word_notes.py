"""Footnotes of a Word document: the part that holds them, and what each says.

A source stands in full (title, outlet, date, clause) at its first place; where a later section cites it, a note names it
and refers to the first; and a repeat within a section shows that section's own note again (NOTEREF). So a section
that is copied into another document still says where everything is from, and no clause is printed twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import XmlPart
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from rag.briefing.types import Source
from rag.types import Language
from ui.exporting.word_parts import make, make_bookmark, make_field, make_run, make_text
from ui.exporting.words import cite, quote, word

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.paragraph import Paragraph
    from lxml.etree import _Element

REFERENCE = "FootnoteReference"
TEXT = "FootnoteText"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
_EMPTY = (
    f"<w:footnotes {nsdecls('w')}>"
    '<w:footnote w:type="separator" w:id="-1"><w:p><w:pPr><w:spacing w:after="0" w:line="240" w:lineRule="auto"/></w:pPr>'
    "<w:r><w:separator/></w:r></w:p></w:footnote>"
    '<w:footnote w:type="continuationSeparator" w:id="0"><w:p><w:pPr><w:spacing w:after="0" w:line="240" w:lineRule="auto"/>'
    "</w:pPr><w:r><w:continuationSeparator/></w:r></w:p></w:footnote></w:footnotes>"
)
_FIRST_BOOKMARK = 100_000  # headings count from 1


class Footnotes:
    """The footnotes of one document, numbered as Word will number them: by place, from 1."""

    def __init__(self, document: Document, sources: Iterable[Source], language: Language) -> None:
        self._sources: Mapping[int, Source] = {source.number: source for source in sources}
        self._language = language
        self._root = parse_xml(_EMPTY)
        self._count = 0
        self._first: dict[int, int] = {}
        self._here: dict[int, int] = {}
        part = document.part
        notes = XmlPart(PackURI("/word/footnotes.xml"), _TYPE, self._root, part.package)
        part.relate_to(notes, RELATIONSHIP_TYPE.FOOTNOTES)
        separators = make("footnotePr", make("footnote", id=-1), make("footnote", id=0))
        # Its place in the schema is before the compatibility settings.
        document.settings.element.find("{*}compat").addprevious(separators)

    def begin_section(self) -> None:
        """Let what follows have notes of its own."""
        self._here.clear()

    def add(self, paragraph: Paragraph, numbers: Iterable[int]) -> None:
        """Add the markers of sources to the end of a paragraph: [1][2]."""
        for number in numbers:
            if number in self._here:
                self._append(paragraph, self.refer(self._here[number]))
            else:
                self._append(paragraph, self._new(number))

    def refer(self, note: int) -> list[_Element]:
        """Make runs that show the number of a note that stands elsewhere."""
        return make_field(f"NOTEREF {_bookmark(note)} \\f \\h", str(note), REFERENCE)

    def first_notes(self, numbers: Iterable[int]) -> list[int]:
        """Return the notes in which sources stand in full, in order; sources that nothing cites have none."""
        return sorted(self._first[number] for number in numbers if number in self._first)

    def _append(self, paragraph: Paragraph, runs: list[_Element]) -> None:
        paragraph._p.extend([make_run("[", REFERENCE), *runs, make_run("]", REFERENCE)])

    def _new(self, number: int) -> list[_Element]:
        self._count += 1
        note = self._count
        self._here[number] = note
        self._root.append(self._written(note, number))
        self._first.setdefault(number, note)
        mark = make("r", make("rPr", make("rStyle", val=REFERENCE)), make("footnoteReference", id=note))
        return make_bookmark(_bookmark(note), _FIRST_BOOKMARK + note, [mark])

    def _written(self, note: int, number: int) -> _Element:
        source, language = self._sources[number], self._language
        mark = make("r", make("rPr", make("rStyle", val=REFERENCE)), make("footnoteRef"))
        head = [make("pPr", make("pStyle", val=TEXT)), mark, make("r", make_text(" "))]
        if number not in self._first:
            return make("footnote", make("p", *head, make_run(quote(source, language))), id=note)
        named = make_run(word("same_as_note", language, citation=cite(source, language)))
        first = self._first[number]
        # Without \\f: in a note the number stands on the line.
        reference = make_field(f"NOTEREF {_bookmark(first)} \\h", str(first))
        return make("footnote", make("p", *head, named, *reference), id=note)


def _bookmark(note: int) -> str:
    return f"_RefNote{note}"
