"""Reads RTF: paragraphs, automatic numbers, tables, footnotes and text boxes, in GBK, Big5 or Unicode escapes.

striprtf does not do: it leaves out footnotes and text boxes, fails on a Chinese character whose second byte is written
as a letter, and reads unescaped GBK bytes as Latin.
"""

from __future__ import annotations

from dataclasses import replace

from ingest.blocks import Markup
from ingest.formats.refusals import bomb, damaged
from ingest.formats.rtf_paper import Paper, joined
from ingest.formats.rtf_state import Reader, State, flush, write
from ingest.formats.rtf_text import Token, tokens
from ingest.formats.rtf_words import CHARACTERS, follow
from rag.figures.units import words

_MAX_DEPTH = 2_000
_UNREAD = frozenset(
    words(
        "annotation atnauthor atndate atnicn atnid atnparent atnref atrfend atrfstart bkmkend bkmkstart blipuid colortbl "
        "comment datastore do doccomm falt filetbl fontemb footer footerf footerl footerr ftncn ftnsep ftnsepc aftncn "
        "aftnsep aftnsepc generator header headerf headerl headerr hl latentstyles listoverridetable listpicture listtable "
        "mmath nonesttables objdata passwordhash pgptbl pict pn printim private revtbl revtim rsidtbl rxe shprslt sn sp "
        "stylesheet sv tc template themedata txe userprops xe xmlnstbl colorschememapping keywords subject operator category "
        "manager company hlinkbase buptim"
    )
)
_READ_THOUGH_STARRED = frozenset(("shpinst", "shptxt", "footnote", "ud", "fldinst"))
_PLACES = {
    "fonttbl": "fonts",
    "info": "twice",
    "fldinst": "code",
    "listtext": "number",
    "pntext": "number",
}
_FACTS = {"title": "property_title", "author": "property_author"}


def read_rtf(content: bytes) -> Markup:
    """Read an RTF document.

    Raises:
        UnreadableFileError: It is cut off, or its groups are nested without end.
    """
    reader = Reader(state=State(paper=Paper()))
    paper = reader.state.paper
    is_closed = False
    for token in tokens(content):
        _take(reader, token)
        if token.brace == "}" and not reader.stack:
            is_closed = True
            break
    if not is_closed:
        raise damaged("rtf")
    facts = {name: " ".join(joined(pieces).split())[:300] for name, pieces in reader.facts.items()}
    notes = [f"{reader.unreadable} places could not be read"] if reader.unreadable else []
    notes += ["the table of contents was left out"] if reader.had_contents else []
    return Markup(
        blocks=tuple(paper.finish()),
        page_facts={name: text for name, text in facts.items() if text},
        notes=tuple(notes),
    )


def _take(reader: Reader, token: Token) -> None:
    if token.literal or token.bytes_in_hex:
        _take_bytes(reader, token.literal or token.bytes_in_hex)
    elif token.brace == "{":
        flush(reader)
        if len(reader.stack) >= _MAX_DEPTH:
            raise bomb("rtf")
        reader.stack.append(reader.state)
        reader.to_skip = 0
    elif token.brace == "}":
        _close(reader)
    elif token.symbol:
        _take_symbol(reader, token.symbol)
    else:
        _take_word(reader, token.word, token.number)


def _take_bytes(reader: Reader, data: bytes) -> None:
    skipped = min(reader.to_skip, len(data))
    reader.to_skip -= skipped
    if reader.state.place not in ("nowhere", "twice", "fonts") and not reader.state.is_unseen:
        reader.pending += data[skipped:]


def _take_symbol(reader: Reader, symbol: str) -> None:
    if symbol == "*":
        reader.is_starred = True
    elif symbol in "\r\n":
        _take_word(reader, "par", None)
    elif reader.to_skip:
        reader.to_skip -= 1
    else:
        write(reader, CHARACTERS.get(symbol, ""))


def _close(reader: Reader) -> None:
    """End a group; a note or text box that ends with it goes behind the paragraph it hangs on."""
    flush(reader)
    reader.to_skip, reader.is_starred = 0, False
    inner = reader.state
    reader.state = reader.stack.pop() if reader.stack else inner
    if inner.place == "code" and reader.state.place != "code":
        code, reader.code = joined(reader.code).split(), []
        reader.state = replace(reader.state, is_contents=code[:1] == ["TOC"])
    if inner.paper is not reader.state.paper:
        reader.state.paper.behind += inner.paper.finish()


def _take_word(reader: Reader, word: str, number: int | None) -> None:
    flush(reader)
    is_starred, reader.is_starred = reader.is_starred, False
    state = reader.state
    if word == "u":
        write(reader, chr((number or 0) % 0x10000))
        reader.to_skip = state.skip
        return
    reader.to_skip = 0
    if state.place == "twice" and word == "ud":
        reader.state = replace(state, place="body")
    elif word in _UNREAD or (is_starred and word not in _READ_THOUGH_STARRED):
        reader.state = replace(state, place="nowhere")
    elif state.place != "nowhere" and not _opens(reader, word):
        follow(reader, word, number)


def _opens(reader: Reader, word: str) -> bool:
    """Whether a word makes its group one whose words go elsewhere."""
    state = reader.state
    if word in _PLACES:
        reader.state = replace(state, place=_PLACES[word])
    elif word == "upr":
        reader.state = replace(state, place="twice" if state.place == "body" else state.place)
    elif word == "fldrslt" and state.is_contents:
        reader.had_contents = True
        reader.state = replace(state, place="nowhere")
    elif word in _FACTS and state.place == "twice":
        reader.state = replace(state, place="fact", fact=_FACTS[word])
    elif word in ("footnote", "shptxt") and state.place == "body":
        paper = Paper(number=["注："] if word == "footnote" else [])
        reader.state = replace(state, paper=paper, is_in_table=False, level=0)
    else:
        return False
    return True
