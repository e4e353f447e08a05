"""Finds numbers in folded text: the figures that rag.figures reads, and counts that it leaves as words (两支, 半数, 数十)."""

from __future__ import annotations

import re

from rag.figures import Figure
from rag.kinds.types import Span

_HAN = "零\u3007一二两三四五六七八九十百千万亿"
_COUNT = re.compile(
    rf"(?:[{_HAN}]{{1,12}}|数[十百千万亿]{{1,4}}|[几好]?[十百千万]{{1,4}}[余多几]|[两三]三?|(?<![0-9])[0-9][0-9,]{{0,24}}(?:\.[0-9]{{1,12}})?[万亿千百]?)[多余]? ?"
    r"(?:个|名|位|家|所|间|座|张|台|部|项|条|件|份|本|册|篇|章|幅|种|类|批|套|支|只|头|匹|条|枚|颗|粒|棵|株|艘|架|辆|栋|幢|座|处|场|次|回|届|期|轮|代|层|级|度|元|角|分|人|户|口|"
    r"岁|年|月|天|日|周|时|秒|米|里|尺|寸|斤|吨|克|升|亩|倍|成|字|句|页|集|章|节|卷|行|列|排|组|队|对|双|副|片|块|段|根|股|道|门|面|国|省|市|县|区|镇|乡|村|站|路|楼|室|大|派|步|点|席|票|胎|窝|员|子|等|色|科|属|目|"
    r"国家|城市|小时|分钟|公里|公尺|平方)"
)
_WORDED = re.compile(
    r"每(?:个|半)?(?:月|季度?|年|周|天|日|小时)(?:一次)?|(?:多|数|若干|好几)(?:年|个?月|天|日|小时|周|分钟|次|个|家|名|种)|半数|一半|(?<!超)过半(?!数)|大半|多半|大多数|绝大多数|少数|多数|翻[一两三四]?番|翻倍|加倍|倍增|减半|[一二两三四五六七八九十]成(?:以上|左右|多)?|所有|全部|唯一|数[十百千万]{1,4}|上[百千万]|近[百千万]|成[百千]上[千万]"
    r"|第[0-9{_HAN}]+ ?[\u4e00-\u9fff]?|(?<![0-9])[0-9]{1,6} ?分之 ?[0-9]+|百分之[0-9{_HAN}点.]+".replace(
        "{_HAN}", _HAN
    )
)
_DIGITS = re.compile(
    r"(?<![0-9a-z.,])[0-9][0-9,]{0,24}(?:\.[0-9]{1,12})?(?: ?(?:[%‰°]|[-–—~至到] ?[0-9][0-9,.]{0,24}))?(?:万亿|[万亿千百])?(?![0-9])"
)
_BARE_HAN = re.compile(rf"(?<![第{_HAN}])[{_HAN}]{{2,12}}(?![{_HAN}])|[两三四五六七八九](?=[\u4e00-\u9fff])")


def find_numbers(text: str, figures: list[Figure]) -> list[Span]:
    """Find numbers, the longest reading at each place; dates are none. `figures` are those of the text."""
    read = [
        Span(f.start, f.end, text[f.start : f.end].replace(" ", ""))
        for f in figures
        if f.kind not in ("date", "year") and f.end > f.start
    ]
    dates = [f for f in figures if f.kind in ("date", "year")]
    counted = [
        Span(*m.span(), m[0].replace(" ", "")) for p in (_COUNT, _WORDED, _DIGITS) for m in p.finditer(text)
    ]
    counted += [Span(*m.span(), m[0], False) for m in _BARE_HAN.finditer(text)]
    found: list[Span] = []
    for span in sorted([*read, *counted], key=lambda s: (s.start, -s.end)):
        is_date = any(span.start < d.end and d.start < span.end for d in dates)
        if not is_date and (not found or span.start >= found[-1].end):
            found.append(span)
    return found
