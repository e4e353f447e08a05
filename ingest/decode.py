"""Turns bytes into text: finds the encoding, checks that the text is plausible, and never loses a character in silence."""

from __future__ import annotations

import codecs
import functools
import re
import unicodedata
from dataclasses import dataclass

from rag.errors import UnreadableFileError

# The frequent characters of running text, Simplified and Traditional: over a third of any article, and next to none
# of what the wrong codec makes of one.
_FREQUENT = frozenset(
    "的一是不了在人有我他这中大来上国个到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可她里后小么心多天而能好都然没日于起还发"
    "成事只作当想看文无开手十用主行方又如前所本见经头面公同三已老从动两长知民样现分将外但身些与高意进把法此实回二理美点月明其种声全工己话儿"
    "者向情部正名定女问力机给等几很业最间新什打便位因重被走电四第门相次东政海口使教西再平真听世气信北少关并内加化由却代军产入先山五太水万市"
    "眼体别处总才场师书比住员九笑性通目华报立马命张活难神数件安表原车白应路期叫死常提感金何更反合放做系计或司利受光王果亲界及今京务制解各任"
    "至清物台象记边共风战干接它许八特觉望直服毛林题建南度统色字请交爱让认算论百吃义科怎元社术结六功指思非流每青管夫连远资队跟带花快条院变联"
    "医疗卫健康保障药县乡改革基层服务病患者镇省区级策推展"
    "這來國個說們為時會過學對後麼還發當開見經頭動兩長樣現將與進實點種聲話兒問機給幾業間氣關並內產萬體別處總場師書華報馬張難數電車應風戰覺"
    "題術資連遠隊帶條變聯醫療衛藥縣鄉務級東無從請讓認論義結愛計親總還單歷極團類議據號環護轉廣權標質證響營審評層擴區專產顧"
)
_PUNCTUATION = re.compile("[\u2013-\u2026\u3000-\u3017\uff01-\uff5e\u2460-\u2473\u25a0-\u25cf\u00b7]")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_META_CHARSET = re.compile(
    rb"<(?:meta|\?xml)\b[^>]{0,300}?\b(?:charset|encoding)\s*=\s*[\"']?\s*([A-Za-z0-9_.:\-]{2,30})",
    re.IGNORECASE,
)
# The wider set that readers of each name actually use.
_WIDER = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "cp936": "gb18030",
    "big5": "big5hkscs",
    "cp950": "big5hkscs",
}
_CANDIDATES = ("gb18030", "big5hkscs", "utf-16-le", "utf-16-be")
_CONTROLS = bytes(set(range(32)) - {7, 8, 9, 10, 11, 12, 13, 26, 27})
_SAMPLE_CHARS = 20_000
_MIN_PLAUSIBLE = 0.25
_MAX_REPLACED = 1 / 500
_SURELY_UTF8_CHARS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """The text, the codec that read it, and how many places it could not read (each is U+FFFD, or cut at the end)."""

    text: str
    codec: str
    unreadable: int = 0


def decode(data: bytes, *, declared: str | None = None) -> Decoded:
    """Decode a whole file: byte order mark, UTF-8, declared charset, then the most plausible Chinese codec.

    Args:
        data: The file's bytes.
        declared: A charset named by whoever sent the file; an HTML page's own `<meta charset>` is read here.

    Raises:
        UnreadableFileError: `binary` when it is not text, `encoding` when no codec makes sense of it.
    """
    marked = _by_byte_order_mark(data)
    if marked is not None:
        return marked
    if b"\0" in data or len(data.translate(None, _CONTROLS)) < len(data) * 0.98:
        return _wide_or_binary(data)
    utf8 = _strict(data, "utf-8")
    if utf8 is not None:
        return utf8
    named = _codec_name(declared) or declared_charset(data)
    return _most_plausible(data, named)


def declared_charset(data: bytes) -> str | None:
    """Read the charset an HTML page declares for itself within its first 4 kB, as a codec Python knows."""
    match = _META_CHARSET.search(data[:4096])
    return _codec_name(match.group(1).decode("ascii")) if match else None


def plausibility(text: str) -> float:
    """Score how much a text looks like one that was decoded rightly; up to about 1, below 0 for garbage.

    Only characters beyond ASCII speak: they are the ones a wrong codec spoils.
    """
    sample = [ch for ch in text if ch > "\x7f"][:_SAMPLE_CHARS]
    if not sample:
        return 1.0
    return sum(map(_character_score, sample)) / len(sample)


@functools.lru_cache(maxsize=65536)
def _character_score(ch: str) -> float:
    if ch in _FREQUENT:
        return 1.0
    if _PUNCTUATION.match(ch) or _is_common(ch):
        return 0.5
    if unicodedata.category(ch) in {"Co", "Cn", "Cc", "Cs"} or ch == "\ufffd":
        return -4.0
    return 0.0 if "\u4e00" <= ch <= "\u9fff" else -0.25


def _is_common(ch: str) -> bool:
    """Whether the character is in the first, commoner plane of GB 2312 or of Big5."""
    for codec, first, last in (("gb2312", 0xB0, 0xD7), ("big5", 0xA4, 0xC6)):
        try:
            lead = ch.encode(codec)[0]
        except UnicodeEncodeError:
            continue
        if first <= lead <= last:
            return "\u4e00" <= ch <= "\u9fff"
    return False


def _by_byte_order_mark(data: bytes) -> Decoded | None:
    for mark, codec in _BOMS:
        if data.startswith(mark):
            decoded = _strict(data, codec) or _cut_short(data, codec)
            if decoded is None or "\0" in decoded.text:
                raise _undecodable()
            return decoded
    return None


def _wide_or_binary(data: bytes) -> Decoded:
    """Bytes of NUL and other controls mean UTF-16 without a mark, or no text at all."""
    options = [
        decoded for codec in ("utf-16-le", "utf-16-be") if (decoded := _strict(data, codec)) is not None
    ]
    # Latin text read in the wrong order becomes rare characters, which the score cannot tell from right but rare ones.
    options = [d for d in options if "\0" not in d.text and plausibility(d.text) >= _MIN_PLAUSIBLE]
    if not options:
        raise _binary()
    return max(options, key=lambda decoded: plausibility(decoded.text))


def _most_plausible(data: bytes, named: str | None) -> Decoded:
    """Choose among strict decodings; only when there is none, one with a few unreadable places."""
    cut = _cut_short(data, "utf-8")
    if cut is not None and sum(ch > "\x7f" for ch in cut.text) >= _SURELY_UTF8_CHARS:
        return cut
    codecs_to_try = list(dict.fromkeys((*((named,) if named else ()), *_CANDIDATES)))
    strict = [d for codec in codecs_to_try if (d := _strict(data, codec)) is not None]
    best = _best(strict)
    if best is not None:
        return best
    short = [d for codec in codecs_to_try if (d := _cut_short(data, codec)) is not None]
    mended = [d for codec in ("utf-8", *codecs_to_try) if (d := _with_replacements(data, codec)) is not None]
    best = _best(short) or _best(mended)
    if best is None:
        raise _undecodable()
    return best


def _best(options: list[Decoded]) -> Decoded | None:
    """The most plausible one, the first of equals; none when none is plausible."""
    best = max(options, key=lambda decoded: plausibility(decoded.text), default=None)
    return best if best is not None and plausibility(best.text) >= _MIN_PLAUSIBLE else None


def _strict(data: bytes, codec: str) -> Decoded | None:
    try:
        return Decoded(text=data.decode(codec), codec=codec)
    except (UnicodeDecodeError, LookupError):
        return None


def _cut_short(data: bytes, codec: str) -> Decoded | None:
    """Decode a file that was cut inside its last character, without that character."""
    try:
        data.decode(codec)
    except UnicodeDecodeError as error:
        if len(data) - error.start > 3 or error.end < len(data):
            return None
        whole = _strict(data[: error.start], codec)
        return None if whole is None else Decoded(text=whole.text, codec=codec, unreadable=1)
    except LookupError:
        return None
    return None


def _with_replacements(data: bytes, codec: str) -> Decoded | None:
    """Decode with U+FFFD where a few bytes were spoilt, as in pages pasted together from several sources."""
    try:
        text = data.decode(codec, errors="replace")
    except LookupError:
        return None
    spoilt = text.count("\ufffd")
    return Decoded(text=text, codec=codec, unreadable=spoilt) if spoilt <= len(text) * _MAX_REPLACED else None


def _codec_name(declared: str | None) -> str | None:
    """The codec to use for a declared name; names that any bytes satisfy (Latin-1 and its kin) prove nothing."""
    try:
        name = codecs.lookup(declared.strip()).name if declared else ""
    except (LookupError, ValueError):
        return None
    if not name or name.startswith(
        ("iso8859", "latin", "cp125", "ascii", "utf-7", "idna", "punycode", "charmap")
    ):
        return None
    return _WIDER.get(name, name)


def _binary() -> UnreadableFileError:
    return UnreadableFileError(code="binary", detail_en="not a text file", detail_zh="不是文本文件")


def _undecodable() -> UnreadableFileError:
    return UnreadableFileError(
        code="encoding",
        detail_en="its encoding cannot be made out; save it as UTF-8",
        detail_zh="无法识别文字编码，请另存为 UTF-8",
    )
