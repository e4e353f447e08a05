"""Whether the claim's figures are the evidence's, with the same bounds and about the same things."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rag.figures import Figure, same_value
from rag.normalise import fold
from rag.terms import tagged_words
from rag.verify.case import Case, counted
from rag.verify.forms import compact
from rag.verify.named import concepts_in, places_in
from rag.verify.readings import Reading, Surroundings
from rag.verify.reasons import Finding

_BELOW = frozenset({"近", "不足", "以下", "至多"})
_ABOVE = frozenset({"余", "超", "以上", "至少"})
_BOUNDS = frozenset({"超", "不足", "以上", "以下", "至少", "至多"})
_TAIL = re.compile(
    r"(?:从|由|自|至|到|为|达|成|是|有|共|约|近|超过?|占|了|仅|只|的|已经?|均|都|也|高达|占?比[例重率]?|总计|合计|累计|分别|每|设|以|让|使|在|按|给予|[一二三]是|"
    r"新增|新建|建成|增加|提高|提升|增长|上升|下降|降低|减少|缩小|缩短|扩大|调整|变|[升降增减涨跌缩扩]|可以|能够|能|可|将|年|底|末|平均|达标|稳定|控制|保持|超|逾|不足|不到|至少|左右|以上|以下|其中|包括|含|"
    r"建立|建设|打造|投入|完成|实现|开展|推进|推出|确定|选择|设立|核增|组建|培养|招聘|引进|拥有|现有|共有|设有)+$"
)


def check_computations(case: Case) -> Iterator[Finding]:
    """A computation must come out, and every operand must be a figure of the evidence."""
    for computation in case.computations:
        known = all(case.evidence.equals_of(operand) for operand in computation.operands)
        if not computation.holds or not known:
            start = computation.start
            yield case.finding("computation", (start, start + len(computation.text)), computation.text)


def check_figures(case: Case) -> Iterator[Finding]:
    """A figure of the claim must be in the evidence, and no bound may be dropped, added or turned."""
    for _, figure in counted(case):
        equal = [case.evidence.figures[p] for p in case.evidence.equals_of(figure)]
        if not equal and (_is_known_year(case, figure) or _is_written_short(case, figure)):
            continue
        if not equal:
            yield case.finding("figure", (figure.start, figure.end), figure.raw)
        elif not any(_qualifiers_agree(figure.qualifier, other.qualifier) for other in equal):
            yield case.finding("qualifier", (figure.start, figure.end), figure.raw, _qualified(equal[0]))


def _is_known_year(case: Case, figure: Figure) -> bool:
    """Whether a bare number is a year that the evidence or its context names: "the 2025 meeting"."""
    if figure.unit or figure.high is not None or not 1900 <= figure.value <= 2100:
        return False
    known = (*case.evidence.figures, *case.context.figures)
    return any(
        int(str(f.value)[:4]) == figure.value
        for f in known
        if f.kind == "year" or (f.kind == "date" and "年" in f.unit)
    )


def _is_written_short(case: Case, figure: Figure) -> bool:
    """Whether the evidence has a Han numeral without its measure word: 五方面 for 五个方面."""
    following = compact(case.claim.text[figure.end : figure.end + 6])[:2]
    return (
        figure.unit == "个"
        and len(following) == 2
        and f"{fold(figure.raw)[:-1]}{following}" in case.compact_all
    )


def _qualifiers_agree(claimed: str, known: str) -> bool:
    """Leaving out or adding "about" is fair; a bound (以上, 超, 不足) may be neither dropped, added nor turned."""
    if {claimed, known} & _BELOW and {claimed, known} & _ABOVE:
        return False
    if claimed in ("", "约", "左右"):
        return known not in _BOUNDS or claimed != ""
    return known in (_BELOW if claimed in _BELOW else _ABOVE)


def _qualified(figure: Figure) -> str:
    is_after = figure.qualifier in ("以上", "以下", "左右")
    return figure.raw + figure.qualifier if is_after else figure.qualifier + figure.raw


def check_subjects(case: Case) -> Iterator[Finding]:
    """A figure must stand at the same end of a change, in the same order of a list, and for the same thing."""
    for position, figure in counted(case):
        matches = case.evidence.equals_of(figure)
        if figure.kind == "ordinal" or not matches:
            continue
        span = (figure.start, figure.end)
        own = case.claim.surroundings(position)
        around = [case.evidence.surroundings(p) for p in matches]
        if (own.role and all(a.role and a.role != own.role for a in around)) or _turns_list(case, position):
            yield case.finding("order", span, figure.raw)
        elif _fits_a_rival(case, figure, own, matches):
            yield case.finding("subject", span, figure.raw)
        else:
            yield from _check_head(case, figure)


def _check_head(case: Case, figure: Figure) -> Iterator[Finding]:
    head = "" if case.is_cross or not case.evidence.has_han else _head(case, figure)
    if head and head not in case.compact_all:
        yield case.finding("head", (figure.start, figure.end), head, figure.raw)


def _turns_list(case: Case, position: int) -> bool:
    """Whether two figures of a list, such as 分别为60%、40%, only stand in the other order in the evidence."""
    if not case.claim.lists_after(position):
        return False
    first, second = case.claim.figures[position : position + 2]
    if same_value(first, second):
        return False
    starts, others = case.evidence.equals_of(first), set(case.evidence.equals_of(second))
    return not any(p + 1 in others for p in starts) and any(p - 1 in others for p in starts)


def _fits_a_rival(case: Case, figure: Figure, own: Surroundings, matches: list[int]) -> bool:
    """Whether the words around the claim's figure are rather those around another figure of the evidence.

    Only words tell that stand around one of the two: in 甲市有医院10家，乙市有医院20家 these are the cities.
    """
    surround = _concept_surroundings if case.is_cross else Reading.surroundings
    least = 1 if case.is_cross else 2
    if case.is_cross:
        own = next(
            (
                _concept_surroundings(case.prose, i)
                for i, f in enumerate(case.prose.figures)
                if f.start == figure.start
            ),
            own,
        )
    return all(
        any(
            _belongs_to(own, surround(case.evidence, match), surround(case.evidence, rival), least)
            for rival in case.evidence.rivals_of(figure, match)
        )
        for match in matches[:4]
    )


def _belongs_to(own: Surroundings, known: Surroundings, rival: Surroundings, least: int) -> bool:
    if {known.role, rival.role} == {"from", "to"}:
        return False
    near_rival = (own.left & rival.left | own.right & rival.right) - known.left - known.right
    # 3家县级医院、34个乡镇卫生院 for 县级医院三家，乡镇卫生院34个: the noun may stand on the other side.
    near_known = (own.left & known.left - rival.left) | (own.right & known.right - rival.right)
    near_known |= (own.left | own.right) & (known.left | known.right) - rival.left - rival.right
    if not near_rival and not near_known:
        near_rival = own.before & rival.before - known.before - known.left
        near_known = own.before & (known.before | known.left) - rival.before
    if not near_rival and not near_known:
        least, everything = 3, own.left | own.right | own.before
        near_rival = (
            everything & (rival.left | rival.right | rival.before) - known.left - known.right - known.before
        )
        near_known = everything & (known.left | known.right | known.before)
    return len(near_rival) >= least and len(near_rival) > 2 * len(near_known)


def _concept_surroundings(reading: Reading, position: int) -> Surroundings:
    """Across languages only concepts and places can be compared, and only those of the whole clause."""
    figure = reading.figures[position]
    start, end = reading.clause_at(figure.start)
    text = reading.text[max(start, figure.start - 120) : min(end, figure.end + 120)]
    terms = {*concepts_in(text), *(code for codes in places_in(text) for code in codes)}
    return Surroundings(frozenset(terms), frozenset(), reading.surroundings(position).role)


def _head(case: Case, figure: Figure) -> str:
    """The last two characters of the noun in front of a figure: the core of what it measures; empty if there is none."""
    start = case.claim.clause_at(figure.start)[0]
    before = fold(case.claim.text[max(start, figure.start - 30) : figure.start])
    run = re.search(r"[\u4e00-\u9fff]*$", before)
    words = tagged_words(_TAIL.sub("", run[0] if run else ""))
    word, tag = words[-1] if words else ("", "")
    is_noun = len(word) > 1 and tag[:1] in ("n", "j") and not tag.startswith("ns")
    return word[-2:] if is_noun and word[-1] not in "省市县区州" else ""
