"""Questions for the items of a counted group (是哪六项, 分别叫什么名字, what are the nine): a sentence that only counts them tells none.

「落实六项投入责任」 leaves open which six; 「有五个抓手：引进专家、建设学科……」 does not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from rag.figures import find_figures
from rag.figures.numerals import han_value
from rag.figures.units import DURATIONS, LENGTHS, MEASURED
from rag.normalise import clause_spans, contains_han, fold
from rag.terms import content_terms

_ASKS_WHICH = re.compile(
    r"(?:分别|各|具体|一[条项个]一[条项个])[^,。]{0,6}?(?:什么|哪|啥)|[有是]哪些|包括哪|哪些|哪[几二两三四五六七八九十]"
    r"|\bwhat (?:are|were) the\b|\bwhich (?:two|three|four|five|six|seven|eight|nine|ten|[0-9]+)\b|\bnames? (?:the|of)\b|\blist the\b"
)
_CALLED = re.compile(
    r"[“\"「『]([一二三四五六七八九十])[\u4e00-\u9fff]{1,3}[”\"」』]|哪([一二三四五六七八九十])[\u4e00-\u9fff]"
)
_GOES_ON = re.compile(
    r"\s*(?:例如|比如|譬如|如|包括|包含|即|也就是|分别|其中|一是|一个是?|一[类种条家]是?|一、|首先|以及|涉及|涵盖|such as|including|namely)"
)
_SUMS_UP = re.compile(r"\s*(?:称为|称作|叫作?|合称|简称|统称|被称|组成|构成|形成|结合成|这|共|等)")
_BETWEEN_ITEMS = re.compile(r"、|；|;|\n|(?<=[一二三四五六七八九十])是(?=[^，。]{2})")
_LIST_OPENS = re.compile(r"[:：]\s*")
_NO_ITEMS = MEASURED | DURATIONS | LENGTHS | {"岁", "年", "次", "倍", "元", "线", "号", "路"}
_CLAUSE_ENDS = re.compile(r"[，,。；;]")
_FEWEST = 2
"""So many items named are an answer, however many there are in all."""
_MOST_NAMED_ANYWHERE = 12
"""A list of nearly as many items elsewhere in the sentence is the one that is counted, up to this many."""
_NOUN_CHARS = 8


def only_counts(question: str, text: str) -> bool:
    """Whether a question asks for the items of a group and the text says how many there are, but names none of them.

    Args:
        question: Whole.
        text: A sentence, with the lines of the list that it opens.
    """
    folded = fold(question)
    if not _ASKS_WHICH.search(folded):
        return False
    told = list(_counts(text))
    wanted = {value for value, _, _ in _counts(question)}
    words = set(content_terms(question))
    about = [
        (value, start, end)
        for value, start, end in told
        if value in wanted or (not wanted and _is_of(words, text, start, end))
    ]
    return bool(about) and not any(_names_items(text, *one) for one in about)


def names_several(text: str) -> bool:
    """Whether a sentence names at least two things side by side."""
    return any(_items(text[a:b]) >= _FEWEST for a, b in clause_spans(text, 0, len(text))) or "\n" in text


def _counts(text: str) -> Iterator[tuple[int, int, int]]:
    """Numbers of things, two or more of them, and where they stand."""
    is_english = not contains_han(text)
    for figure in find_figures(text):
        is_whole = figure.kind == "quantity" and figure.value == int(figure.value) and figure.high is None
        if is_whole and figure.value > 1 and figure.unit not in _NO_ITEMS and (figure.unit or is_english):
            yield int(figure.value), figure.start, figure.end
    for match in _CALLED.finditer(text):
        yield int(han_value(match[1] or match[2]) or 0), match.start(), match.end()


def _is_of(words: set[str], text: str, start: int, end: int) -> bool:
    """Whether what is counted there is what the question asks for: 「80个县市」, 「县级医院有113家」."""
    near = next(((a, b) for a, b in clause_spans(text, 0, len(text)) if a <= start < b), (start, end))
    behind = text[end : min(near[1], end + _NOUN_CHARS)]
    before = text[max(near[0], start - _NOUN_CHARS) : start]
    return bool(words & set(content_terms(behind) or content_terms(before)))


def _names_items(text: str, count: int, start: int, end: int) -> bool:
    """Whether items stand with the number: in its clause, in what opens behind it, or in what it sums up."""
    spans = clause_spans(text, 0, len(text))
    at = next((i for i, (a, b) in enumerate(spans) if a <= start < b), 0)
    opened = _LIST_OPENS.search(text, end)
    if opened and not _CLAUSE_ENDS.search(text, end, opened.start()):
        return _items(text[opened.end() :], is_opened=True) >= _FEWEST
    following = text[slice(*spans[at + 1])] if at + 1 < len(spans) else ""
    if _GOES_ON.match(fold(following)):
        return True
    own = text[slice(*spans[at])]
    summed = text[slice(*spans[at - 1])] if at and _SUMS_UP.match(own) else ""
    if count <= _MOST_NAMED_ANYWHERE and _items(text) >= max(count - 1, _FEWEST):
        return True
    named = max(_items(own), _items(summed))
    # 「甲和乙的15个项目」 joins two owners, not the projects.
    return named > _FEWEST or named == count == _FEWEST


def _items(text: str, *, is_opened: bool = False) -> int:
    """How many items a stretch of text names; behind a colon a comma is enough between them."""
    marks = len(_BETWEEN_ITEMS.findall(text.strip(" \n；;。")))
    if is_opened:
        marks = max(marks, len(re.findall(r"[，,]", text)))
    if not contains_han(text):
        marks = max(marks, text.count(","))
    joined = re.search(r"(?<=[\u4e00-\u9fff])(?:和|与|及|以及)(?=[\u4e00-\u9fff])", text) is not None
    return marks + 1 if marks else 2 * joined
