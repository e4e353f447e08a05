"""Brings back the ordinary characters where a PDF's fonts name look-alikes; nothing else is changed."""

from __future__ import annotations

import unicodedata

# Unicode's EquivalentUnifiedIdeograph.txt for the CJK Radicals Supplement, which no normal form covers.
_RADICALS = (
    "⺁厂⺂乛⺃乚⺄乙⺅亻⺆冂⺇𠘨⺈刀⺉刂⺊卜⺋㔾⺌小⺍小⺎兀⺏尣⺐尢⺑𡯂⺒巳⺓幺⺔彑⺕𫜹⺖忄⺗心⺘扌⺙攵⺛旡⺜日⺝月⺞歺⺟母⺠民⺡氵⺢氺⺣灬⺤爫⺥爫"
    "⺦丬⺧牛⺨犭⺩王⺪𤴔⺫目⺬示⺭礻⺮𥫗⺯糹⺰纟⺱罓⺲罒⺳㓁⺴冗⺵𦉫⺶羊⺷𦍌⺸𦍋⺹耂⺺肀⺻聿⺼肉⺽𦥑⺾艹⺿艹⻀艹⻁虎⻂衤⻃覀⻄西⻅见⻆角⻇𧢲"
    "⻈讠⻉贝⻊𧾷⻋车⻌辶⻍辶⻎辶⻏邑⻐钅⻑長⻒镸⻓长⻔门⻕𨸏⻖阝⻗雨⻘青⻙韦⻚页⻛风⻜飞⻝食⻞𩙿⻟飠⻠饣⻡𩠐⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄"
    "⻪黾⻫斉⻬齐⻭歯⻮齿⻯竜⻰龙⻱龜⻲亀⻳龟"
)
# Punctuation as it stands in vertical lines; its normal forms would be half-width.
_VERTICAL = "︐，︑、︒。︓：︔；︕！︖？︗〖︘〗︙…︰‥︱—︲–︵（︶）︷｛︸｝︹〔︺〕︻【︼】︽《︾》︿〈﹀〉﹁「﹂」﹃『﹄』﹇［﹈］"  # noqa: RUF001  # as found
_COMPATIBLE = (
    (0x2F00, 0x2FD5),  # Kangxi radicals
    (0xF900, 0xFAFF),  # CJK compatibility ideographs
    (0xFB00, 0xFB06),  # Latin ligatures
    (0x2F800, 0x2FA1F),  # CJK compatibility ideographs, supplement
)


def _table() -> dict[int, str]:
    paired = _RADICALS + _VERTICAL
    table = {ord(found): plain for found, plain in zip(paired[::2], paired[1::2], strict=True)}
    for first, last in _COMPATIBLE:
        table |= {code: unicodedata.normalize("NFKC", chr(code)) for code in range(first, last + 1)}
    return table | {0xAD: "", 0x200B: "", 0xFEFF: ""}


_PLAIN = _table()


def plain_characters(text: str) -> str:
    """Replace radicals, compatibility ideographs, ligatures and vertical punctuation by what they stand for.

    Soft hyphens and zero-width blanks go. Full-width and half-width forms, circled numbers and units stay as written.
    """
    return text.translate(_PLAIN)
