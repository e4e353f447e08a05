"""The same claim in other words, script, order or frame: nothing that it says changes."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from eval.mutations.chance import shuffled
from eval.mutations.claims import Faithful
from eval.mutations.script import to_traditional
from eval.mutations.wording import is_gloss_list, is_quoted, quoted_spans, splice, split_clauses, swap
from rag.figures import find_figures
from rag.normalise import contains_han, fold, sentence_spans
from rag.regions import find_regions, full_name
from rag.verify.forms import Span, compact

# A word, what may stand for it, and what must follow where that decides its sense.
_SYNONYMS: tuple[tuple[str, str, str], ...] = (
    ("下降到", "下降至", ""), ("下降至", "下降到", ""), ("(?<!下)降到", "下降至", ""), ("(?<!下)降至", "下降到", ""),
    ("增加到", "增至", ""), ("(?<!\\w)增至", "增加到", ""), ("提高到", "提高至", ""), ("提高至", "提高到", ""),
    ("缩短到", "缩短至", ""), ("缩短至", "缩短到", ""), ("增加了", "增长了", r"[0-9.]+%"), ("增长了", "增加了", r"[0-9.]+%"),
    ("目前", "当前", ""), ("如今(?!年)", "现在", ""), ("此外", "另外", "，"), ("(?<!与此)同时", "与此同时", "，"), ("并且", "而且", ""),
    ("例如", "比如", ""), ("比如", "例如", ""), ("(?<=[，。；])因此", "所以", ""), ("逐步", "逐渐", ""), ("日前", "近日", "，"),
    ("截至", "截止到", "[0-9]|目前"), ("(?<![，,])以及", "和", ""), ("不足", "不到", "[0-9]"), ("不到", "不足", "[0-9]"),
    ("超过", "超", "[0-9]"), ("逾", "超过", "[0-9]"), ("将近", "近", "[0-9]"), ("大约", "约", "[0-9]"),
    ("(?<![大节制条预合])约", "大约", "[0-9]"), ("共计", "总共", ""), ("医务工作者", "医务人员", ""), ("获得(?![感者性])", "得到", "[了\u4e00-\u9fff]"),
    ("尤其是", "特别是", ""), ("特别是", "尤其是", ""), ("(?<!家)卫健委", "卫生健康委", "(?!员)"), ("卫生健康委(?!员会)", "卫健委", ""),
    ("大幅(?!度)", "大幅度", "(?:下降|降低|提高|提升|减少|增加)"), ("由于", "因为", ""), ("但是", "不过", "，"),
    ("能够", "可以", ""), ("印发了", "发布了", ""), ("包括", "包含", ""),
)  # fmt: skip
_SYNONYM_RULES = tuple(
    (re.compile(word + (f"(?={ahead})" if ahead and not ahead.startswith("(?!") else ahead)), other)
    for word, other, ahead in _SYNONYMS
)
_FRAMES_ZH = (
    "据文章介绍，{claim}",
    "文章指出：{claim}",
    "文章提到，{claim}",
    "根据文章，{claim}",
    "文章说，{claim}",
)
_FRAME_OF_CARDS = "According to the article, {claim}"
_OWN_FRAME = re.compile(r"(?:据|文章|根据)[^，：]{0,12}[，：]")


def traditional(faithful: Faithful) -> Iterator[str]:
    """Write it in Traditional characters."""
    claim = to_traditional(faithful.claim)
    if claim != faithful.claim:
        yield claim


def synonyms(faithful: Faithful) -> Iterator[str]:
    """Put one word for another that means the same there, outside quotations."""
    claim = faithful.claim
    if is_gloss_list(claim):
        return
    quoted = quoted_spans(claim)
    products = [
        splice(claim, m.span(), other)
        for pattern, other in _SYNONYM_RULES
        for m in pattern.finditer(claim)
        if not is_quoted(m.span(), quoted)
    ]
    yield from shuffled(products, claim, "same_synonym")


def framed(faithful: Faithful) -> Iterator[str]:
    """Say that the article says it, or put its place in front as the composer does."""
    claim = faithful.claim
    if faithful.language == "en":
        yield from [_FRAME_OF_CARDS.format(claim=claim)] if "→" in claim else []
        return
    frames = [] if _OWN_FRAME.match(claim) else list(_FRAMES_ZH)
    if faithful.regions and not find_regions(claim):
        frames += ["（{place}）{claim}"] * 2
    place = "、".join(full_name(code) for code in faithful.regions[:2])
    yield from (frame.format(claim=claim, place=place) for frame in shuffled(frames, claim, "same_frame"))


def verbatim(faithful: Faithful) -> Iterator[str]:
    """Quote one sentence of the evidence as it stands."""
    sentences = [faithful.evidence[a:b] for a, b in sentence_spans(faithful.evidence)]
    yield from shuffled(
        [s for s in sentences if len(s) >= 8 and contains_han(s)], faithful.claim, "same_verbatim"
    )


# What opens a clause that needs the next one, or leans on the one before.
_LEANS = re.compile(
    r"(?:在|对|为|通过|随着|作为|按照|根据|当|从|以|针对|围绕|由|如|经|与|自|截至|依托|把|将|除|据|就|让|使|令|即|也就是|包括|其中|特别是|尤其是|"
    r"从而|进而|因此|所以|这|那|该|其|此|他|她|它|均|都|则|又|再|却|而|但|不|且|或|及|和|等|于|一是|二是|三是|四是|五是|首先|其次|同时|以便|用于|旨在)"
)
_BINDS = re.compile(
    r"如果|只要|只有|除非|不仅|不但|虽|尽管|但|而是|为了|由于|因为|因|才|若|一旦|无论|不管|既|越|与其|宁|所谓|是否|不是|凡|要么|或者|以免|否则|"
    r"分别|先|依次|围绕|针对|结合|立足|聚焦|经过|经专家|[：:？?“”「」]|说|称|表示|认为|指出|强调|介绍|提出|看|三方面|[两三四五六七八九十]个方面|[0-9一二三四五六七八九十]+[是则]"
)
# Without such a clause those before it say too much.
_ADDS = re.compile("再加上|加上|以及|还有|另有|和|及|但|却|而|只是|不过|除|其中|仅|才")
# A clause that ends so leads up to the next one.
_LEFT_OPEN = re.compile(
    r"(?:[：、的时中上下后前日月年来里间会以]|方面|基础|前提|原则|期间|为[\u4e00-\u9fff]{2,4}|了解|据悉)$"
)
_SAYS = re.compile(
    r"[0-9]|建立|建成|完成|实现|出台|印发|形成|推出|取得|开展|实施|设立|组建|成立|投入|获得|制定|构建|打造|引进|培养|覆盖|纳入|启动|取消|推进|"
    r"落实|解决|调整|达到|减少|增加|降低|提高|缩短|扩大|改善|提升|完善|整合|选派|配备|加强|加快|推动|优化|是|有"
)


def trimmed(faithful: Faithful) -> Iterator[str]:
    """Leave out the last clause, where those before it are a sentence without it."""
    claim = faithful.claim
    clauses = split_clauses(claim)
    if faithful.language == "en" or len(clauses) < 2 or _BINDS.search(fold(claim)):
        return
    last, dropped = (claim[slice(*span)].strip() for span in clauses[-2:])
    rest = claim[: clauses[-2][1]]
    is_whole = _SAYS.search(last) and not _LEANS.match(last) and not _LEFT_OPEN.search(last)
    if len(rest) >= 12 and len(last) >= 6 and is_whole and not _ADDS.match(dropped):
        yield rest.rstrip("，,；; ") + "。"


_ITEM = re.compile(r"[\u4e00-\u9fff]{2,8}")
_ORDERED = re.compile(r"先|依次|分别|顺序|逐级|从.{1,8}到|步|位居|排名|[一二三四五六七八九十]级")
_OWN_SUBJECT = re.compile(
    r"[\u4e00-\u9fff]{2,10}?(?:同比|比.{1,6})?(?:增长|下降|提高|降低|减少|增加|上升|缩短|扩大|缩小|提升|达到?|为|超过?|降至|降到|增至)(?:了|到|至)?[0-9.]+[^，。；]{0,8}"
)


def reordered(faithful: Faithful) -> Iterator[str]:
    """Change the order of two items of a list, or of two clauses that each tell a figure of their own subject."""
    claim = faithful.claim
    if faithful.language == "en" or _ORDERED.search(fold(claim)):
        return
    products = [swap(claim, a, b) for a, b in (*_inner_items(claim), *_own_clauses(claim))]
    yield from shuffled(products, claim, "same_order")


def _inner_items(claim: str) -> Iterator[tuple[Span, Span]]:
    """Neighbouring items with a list mark on either side of both: where the outer ones begin and end is not plain."""
    marks = [i for i, ch in enumerate(claim) if ch == "、"]
    quoted = quoted_spans(claim)
    for left, middle, right in zip(marks, marks[1:], marks[2:], strict=False):
        first, second = (left + 1, middle), (middle + 1, right)
        items = [claim[slice(*span)] for span in (first, second)]
        plain = all(
            _ITEM.fullmatch(item) and not re.search("[的和与及等或在对为更均使让把向被]", item)
            for item in items
        )
        if plain and not is_quoted((left, right), quoted) and items[0] != items[1]:
            yield first, second


def _own_clauses(claim: str) -> Iterator[tuple[Span, Span]]:
    clauses = split_clauses(claim)
    for first, second in itertools.pairwise(clauses):
        both = [claim[slice(*span)] for span in (first, second)]
        if all(_OWN_SUBJECT.fullmatch(text) and not _LEANS.match(text) and _is_free(text) for text in both):
            yield first, second


def _is_free(text: str) -> bool:
    """Whether a clause names no place or time, which the next one might take over."""
    dated = any(f.kind in ("year", "date") for f in find_figures(text))
    return not dated and not find_regions(text) and not re.search("全[国省市县区]|年", text)


def is_rewritten(kind: str, faithful: Faithful, claim: str) -> bool:
    """Whether a rewriting is one: another text, and for `same_verbatim` one that stands in the evidence."""
    if kind == "same_verbatim":
        return compact(claim) in compact(faithful.evidence)
    return claim != faithful.claim
