"""Is every checkable part of a claim supported by its evidence? Deterministic, linear in the texts, no model.

exact words? ─▶ a list of glosses? ─▶ computations ─▶ figures ─▶ their subjects ─▶ dates ─▶ places ─▶ names and quotations ─▶ bodies ─▶ direction
             ─▶ negation ─▶ plan or fact ─▶ wording (same language) or concepts (across languages)

Each check returns a verdict that ends the row, or None to pass the claim on.
"""

from __future__ import annotations

import bisect
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from rag.claims import (
    Computation,
    Reading,
    Span,
    Surroundings,
    compact,
    compact_aligned,
    quotations,
    split_computations,
    terms_of,
    without_quotations,
)
from rag.figures import Figure, changes, find_figures, in_english, same_value
from rag.normalise import contains_han, detect_language, fold
from rag.types import Language, Verdict

SHARE_OF_CLAUSE = 0.55
"""A clause of the claim must find this share of its character pairs (or words) in the evidence; less is invented."""

SHARE_OF_CLAIM = 0.7
"""The same for the claim as a whole."""

MOST_CHARS = 4000
"""A longer claim is no sentence; it is supported only word for word."""

_REASONS: dict[str, tuple[str, str]] = {
    "nothing": ("没有可以核对的内容", "nothing checkable"),
    "long": (
        "内容太长，不是一句话，请分句核对",
        "too long to be one sentence: check it sentence by sentence",
    ),
    "computation": ("计算式“{0}”无法由原文数据复核", "the computation “{0}” does not follow"),
    "figure": ("原文没有“{0}”这个数据", "the evidence does not have the figure “{0}”"),
    "qualifier": (
        "“{0}”与原文的限定不同，原文为“{1}”",
        "“{0}” is qualified otherwise in the evidence: “{1}”",
    ),
    "order": (
        "“{0}”前后颠倒：原文中它是另一头的数据",
        "“{0}” stands at the other end of the change in the evidence",
    ),
    "subject": ("“{0}”在原文中说的不是同一件事", "“{0}” is about something else in the evidence"),
    "head": (
        "原文没有提到“{0}”，不能与“{1}”相连",
        "the evidence does not speak of “{0}”, to which the claim ties “{1}”",
    ),
    "figure_year": ("“{0}”在原文中不是{1}年的数据", "“{0}” is not of {1} in the evidence"),
    "figure_place": ("“{0}”在原文中不是{1}的数据", "“{0}” does not belong to {1} in the evidence"),
    "date": ("原文没有“{0}”这个时间", "the evidence does not have the date “{0}”"),
    "place": ("原文没有提到“{0}”", "the evidence does not mention the place “{0}”"),
    "title": ("原文没有提到《{0}》", "the evidence does not mention 《{0}》"),
    "quote": ("“{0}”不是原文的原话", "“{0}” is not in the words of the evidence"),
    "body": ("原文没有提到“{0}”", "the evidence does not mention the body “{0}”"),
    "direction": (
        "方向不符：“{0}”与原文相反或原文未提",
        "the direction of “{0}” is opposite to the evidence, or not in it",
    ),
    "negation": (
        "“{0}”的肯定或否定与原文相反",
        "“{0}” is affirmed where the evidence denies it, or the reverse",
    ),
    "modality": (
        "“{0}”：计划与已完成的说法和原文不符",
        "“{0}”: what is planned and what is done differ from the evidence",
    ),
    "wording": ("“{0}”在原文中找不到依据", "the evidence gives no support for “{0}”"),
    "gloss": ("“{0}”不能译成“{1}”", "“{0}” does not mean “{1}”"),
    "concept": ("原文没有提到“{0}”", "the evidence does not speak of “{0}”"),
}


@dataclass(frozen=True)
class _Case:
    """A claim with its evidence, as every check sees them. `prose` is the claim without quotations and computations."""

    claim: Reading
    evidence: Reading
    context: Reading
    computations: tuple[Computation, ...]
    language: Language

    @cached_property
    def prose(self) -> Reading:
        return Reading(without_quotations(self.claim.text))

    @cached_property
    def is_cross(self) -> bool:
        """Whether the claim is English and the evidence Chinese, so that words cannot be compared."""
        return self.evidence.has_han and detect_language(_CHINESE_GLOSS.sub(" ", self.prose.text)) == "en"

    @cached_property
    def compact_all(self) -> str:
        return f"{self.evidence.compact}\n{self.context.compact}"

    @cached_property
    def terms_all(self) -> frozenset[str]:
        return self.evidence.terms | self.context.terms

    @cached_property
    def matcher(self) -> _ClauseMatcher:
        return _ClauseMatcher(self.evidence)

    def unsupported(self, reason: str, *parts: object) -> Verdict:
        template = _REASONS[reason][0 if self.language == "zh" else 1]
        return Verdict(supported=False, reason=template.format(*(_short(str(part)) for part in parts)))


_CHINESE_GLOSS = re.compile(r"[（(][^（()）A-Za-z]{1,40}[)）]")


def verify(claim: str, evidence: str, *, context: str = "", language: Language = "zh") -> Verdict:
    """Check a claim against its evidence.

    Args:
        claim: One sentence; parts in the form "(computed: A − B = C)" are recomputed.
        evidence: What the claim cites.
        context: What belongs to the evidence without standing in it: headings, title, date, place.
        language: Of the reason.
    """
    text, computations = split_computations(claim)
    case = _Case(Reading(text), Reading(evidence), Reading(context), tuple(computations), language)
    if not case.claim.compact:
        return case.unsupported("nothing")
    if not computations and _is_verbatim(case) and _check_figures(case) is None:
        return Verdict(supported=True)
    if len(claim) > MOST_CHARS:
        return case.unsupported("long")
    verdicts = (check(case) for check in _CHECKS)
    return next((verdict for verdict in verdicts if verdict is not None), Verdict(supported=True))


_NEGATION = re.compile(
    r"尚未|并未|并非|绝非|从未|未能|没有|没能|不得|不再|不能|不会|不是|不予|禁止|严禁|无法|未(?!来|成年)|不(?![断仅但少同足超低高良合满到论光惜])|无(?!论|缝|疑|偿|菌|障|锡|人机)"
)
_PLAN = re.compile(
    r"计划|规划|拟|力争|争取|预计|有望|即将|打算|目标|将(?:会|于|在|要|有|成为|继续|核[增减]|增[加设]|减少|提高|降低|安排|拨付|设立|建立|出台|印发|启动|覆盖|扩大|缩小|招聘|引进|培养|改造|组建|打造|支持|提供|进一步|新增|新建|建成|建设|完成|实现|投入|加快|推动|推进|推广|开展|达到?|全面|逐步|持续|探索|选择|设置|再)|"
    r"到20[0-9x]{2}年底?(?:前)?(?:要|实现|达到)|\b(?:will|plans? to|planned|aims? to|intends? to|expected to|is to|are to|would)\b"
)
_DEMAND = re.compile(r"要(?![求素点么是不闻])|努力|应当|必须|着手|力求|鼓励|\b(?:must|should|shall)\b")
_DONE = re.compile(
    r"已经?(?!有)|完成了|建成了|实现了|新增了|投入了|累计|均已|\b(?:has|have|already|completed|achieved)\b"
)


def _is_verbatim(case: _Case) -> bool:
    """Whether the claim stands in the evidence word for word, and is not cut out of a denial or a plan."""
    wanted = case.claim.compact
    text, offsets = compact_aligned(case.evidence.text)
    position = text.find(wanted)
    for _ in range(20):
        if position < 0:
            return False
        start = offsets[position]
        lead = fold(case.evidence.text[max(case.evidence.clause_at(start)[0], start - 40) : start])
        if not (_NEGATION.search(lead) or _PLAN.search(lead)):
            return True
        position = text.find(wanted, position + 1)
    return False


def _check_computations(case: _Case) -> Verdict | None:
    for computation in case.computations:
        known = all(case.evidence.equals_of(operand) for operand in computation.operands)
        if not computation.holds or not known:
            return case.unsupported("computation", computation.text)
    return None


def _counted(case: _Case) -> Iterator[tuple[int, Figure]]:
    """The claim's figures that are no dates and not computed."""
    results = [c.result for c in case.computations if c.result]
    for position, figure in enumerate(case.claim.figures):
        if figure.kind not in ("date", "year") and not any(same_value(figure, result) for result in results):
            yield position, figure


_BELOW = frozenset({"近", "不足", "以下", "至多"})
_ABOVE = frozenset({"余", "超", "以上", "至少"})
_BOUNDS = frozenset({"超", "不足", "以上", "以下", "至少", "至多"})


def _check_figures(case: _Case) -> Verdict | None:
    for _, figure in _counted(case):
        equal = [case.evidence.figures[p] for p in case.evidence.equals_of(figure)]
        if not equal:
            return case.unsupported("figure", figure.raw)
        if not any(_qualifiers_agree(figure.qualifier, other.qualifier) for other in equal):
            return case.unsupported("qualifier", figure.raw, _qualified(equal[0]))
    return None


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


def _check_subjects(case: _Case) -> Verdict | None:
    for position, figure in _counted(case):
        matches = case.evidence.equals_of(figure)
        if figure.kind == "ordinal" or not matches:
            continue
        own = case.claim.surroundings(position)
        around = [case.evidence.surroundings(p) for p in matches]
        if own.role and all(a.role and a.role != own.role for a in around):
            return case.unsupported("order", figure.raw)
        if _turns_list(case, position):
            return case.unsupported("order", figure.raw)
        if _fits_a_rival(case, figure, own, matches):
            return case.unsupported("subject", figure.raw)
        head = "" if case.is_cross or not case.evidence.has_han else _head(case, figure)
        if head and head not in case.compact_all:
            return case.unsupported("head", head, figure.raw)
    return None


def _turns_list(case: _Case, position: int) -> bool:
    """Whether two figures of a list, such as 分别为60%、40%, only stand in the other order in the evidence."""
    if not case.claim.lists_after(position):
        return False
    first, second = case.claim.figures[position : position + 2]
    if same_value(first, second):
        return False
    starts, others = case.evidence.equals_of(first), set(case.evidence.equals_of(second))
    return not any(p + 1 in others for p in starts) and any(p - 1 in others for p in starts)


def _fits_a_rival(case: _Case, figure: Figure, own: Surroundings, matches: list[int]) -> bool:
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
    near_known = (own.left & known.left - rival.left) | (own.right & known.right - rival.right)
    if not near_rival and not near_known:
        near_rival = own.before & rival.before - known.before - known.left
        near_known = own.before & (known.before | known.left) - rival.before
    return len(near_rival) >= least and len(near_rival) > 2 * len(near_known)


def _concept_surroundings(reading: Reading, position: int) -> Surroundings:
    """Across languages only concepts and places can be compared, and only those of the whole clause."""
    figure = reading.figures[position]
    start, end = reading.clause_at(figure.start)
    text = reading.text[max(start, figure.start - 120) : min(end, figure.end + 120)]
    terms = {*_concepts(text), *(code for codes in _places(text) for code in codes)}
    return Surroundings(frozenset(terms), frozenset(), reading.surroundings(position).role)


_TAIL = re.compile(
    r"(?:从|由|自|至|到|为|达|成|是|有|共|约|近|超过?|占|了|仅|只|的|已经?|均|都|也|高达|总计|合计|累计|分别|每|设|以|让|使|在|按|给予|[一二三]是|"
    r"新增|新建|建成|增加|提高|提升|增长|上升|下降|降低|减少|缩小|缩短|扩大|调整|变|年|底|末|平均|达标|稳定|控制|保持|超|逾|不足|不到|至少|左右|以上|以下|其中|包括|含|"
    r"建立|建设|打造|投入|完成|实现|开展|推进|推出|确定|选择|设立|核增|组建|培养|招聘|引进|拥有|现有|共有|设有)+$"
)


def _head(case: _Case, figure: Figure) -> str:
    """The last two characters of the noun phrase in front of a figure: the core of what it measures."""
    start = case.claim.clause_at(figure.start)[0]
    before = fold(case.claim.text[max(start, figure.start - 30) : figure.start])
    run = re.search(r"[\u4e00-\u9fff]*$", before)
    phrase = _TAIL.sub("", run[0] if run else "")
    return phrase[-2:] if len(phrase) >= 2 and phrase[-1] not in "省市县区州" else ""


_RELATIVE_YEARS = {"今年": 0, "本年": 0, "当年": 0, "去年": -1, "上年": -1, "前年": -2, "明年": 1, "后年": 2}
_RELATIVE = re.compile("|".join(_RELATIVE_YEARS))


def _check_dates(case: _Case) -> Verdict | None:
    dates = [f for f in case.claim.figures if f.kind in ("date", "year")]
    if not dates:
        return None
    known = [f for f in (*case.evidence.figures, *case.context.figures) if f.kind in ("date", "year")]
    years = {_parts(f)[0] for f in known if f.high is None} - {0} | _relative_years(case)
    spans = {(f.value, f.high) for f in known if f.high is not None}
    days = {_parts(f) for f in known}
    for date in dates:
        if not _date_known(date, years, spans, days):
            return case.unsupported("date", date.raw)
    return _check_figure_years(case)


def _parts(date: Figure) -> tuple[int, int, int]:
    """Year, month and day; 0 for what is not given."""
    digits = f"{int(date.value)}"
    year = int(digits[:4]) if "年" in date.unit else 0
    rest = digits[4:] if year else digits
    if "日" not in date.unit:
        return year, int(rest or 0), 0
    return year, int(rest[:-2] or 0), int(rest[-2:])


def _date_known(
    date: Figure, years: set[int], spans: set[tuple[Decimal, Decimal]], days: set[tuple[int, int, int]]
) -> bool:
    if date.high is not None:
        return (date.value, date.high) in spans or {int(date.value), int(date.high)} <= years
    year, month, day = _parts(date)
    if not month and not day:
        return year in years
    same_day = [y for y, m, d in days if m == month and (d == day or not day)]
    return any(y == year or not year or (not y and year in years) for y in same_day)


def _relative_years(case: _Case) -> set[int]:
    """What 今年, 去年 … of the evidence come to, by the years of its context."""
    bases = {_parts(f)[0] for f in case.context.figures if f.kind in ("date", "year")} - {0}
    shifts = {_RELATIVE_YEARS[word] for word in _RELATIVE.findall(case.evidence.folded)}
    return {base + shift for base in bases for shift in shifts}


def _check_figure_years(case: _Case) -> Verdict | None:
    """A year and a figure that stand together in the claim must not stand with others in the evidence."""
    for position, figure in _counted(case):
        year = _governing_year(case.claim, position)
        known = [_governing_year(case.evidence, p) for p in case.evidence.equals_of(figure)]
        if year and known and all(k and k != year for k in known):
            return case.unsupported("figure_year", figure.raw, year)
    return None


def _governing_year(reading: Reading, position: int) -> int:
    """The year a figure is of: the last one before it in its clause or sentence, else the only one behind it; or 0."""
    figure = reading.figures[position]
    clause, sentence = reading.clause_at(figure.start), reading.sentence_at(figure.start)
    # In English the year of the next clause mostly follows it: only the clause itself tells.
    around = reading.figures_around(position, sentence if reading.has_han else clause)
    dates = [f for f in around if f.kind in ("date", "year")]
    before = [y for y in (_parts(f)[0] for f in dates if f.end <= figure.start) if y]
    behind = [y for y in (_parts(f)[0] for f in dates if figure.end <= f.start < clause[1]) if y]
    return before[-1] if before else behind[0] if len(behind) == 1 else 0


def _places(text: str) -> list[tuple[str, ...]]:
    """The codes that each place named in a text may have."""
    from rag.regions import find_regions

    return [(m.region.code, *(a.code for a in m.alternatives)) for m in find_regions(text)]


def _concepts(text: str) -> set[str]:
    """Ids of the terms in a text; verbs and general nouns, which any text holds, are left out."""
    from rag.glossary import find_concepts

    return {m.concept.id for m in find_concepts(text) if m.concept.kind == "term"}


def _check_places(case: _Case) -> Verdict | None:
    """A place of the claim must be named in the evidence or its context, or hold one that is."""
    from rag.regions import find_regions

    known = {code for codes in (*_places(case.evidence.text), *_places(case.context.text)) for code in codes}
    for mention in find_regions(case.claim.text):
        codes = (mention.region.code, *(a.code for a in mention.alternatives))
        if not _any_within(known, codes):
            return case.unsupported("place", case.claim.text[mention.start : mention.end])
    return _check_figure_places(case)


def _any_within(known: Iterable[str], wanted: Iterable[str]) -> bool:
    from rag.regions import is_within

    return any(is_within(code, ancestor) for code in known for ancestor in wanted)


def _check_figure_places(case: _Case) -> Verdict | None:
    """A figure that the claim gives to one place must not stand, in the evidence, in a sentence about others only."""
    context = {code for codes in _places(case.context.text) for code in codes}
    sentences: dict[Span, set[str]] = {}
    claimed: dict[Span, list[tuple[str, ...]]] = {}
    for _, figure in [] if context else _counted(case):
        span = case.claim.sentence_at(figure.start)
        if span not in claimed:
            claimed[span] = _places(case.claim.text[span[0] : span[1]])
        named = claimed[span]
        if len(named) != 1:
            continue
        known: set[str] = set()
        for p in case.evidence.equals_of(figure)[:10]:
            known |= _governing_places(case.evidence, case.evidence.figures[p].start, sentences)
        if known and not _any_within(known, named[0]) and not _any_within(named[0], known):
            return case.unsupported("figure_place", figure.raw, _place_name(named[0][0], case.language))
    return None


def _place_name(code: str, language: Language) -> str:
    from rag.regions import english_name, full_name

    return full_name(code) if language == "zh" else english_name(code)


def _governing_places(reading: Reading, offset: int, seen: dict[Span, set[str]]) -> set[str]:
    """Places of the sentence that holds an offset, or else of the nearest sentence before it that names any."""
    index = bisect.bisect_right(reading.sentences, offset, key=lambda span: span[0]) - 1
    for span in reversed(reading.sentences[max(0, index - 20) : index + 1]):
        if span not in seen:
            seen[span] = {code for codes in _places(reading.text[span[0] : span[1]]) for code in codes}
        if seen[span]:
            return seen[span]
    return set()


_TITLE = re.compile(r"《([^《》\n]{1,100})》")


def _check_names(case: _Case) -> Verdict | None:
    """Titles in 《》 and quotations must be the evidence's own words."""
    for match in _TITLE.finditer(case.claim.text):
        if compact(match[1]) not in case.compact_all:
            return case.unsupported("title", match[1])
    for start, end in quotations(case.claim.text):
        quoted = case.claim.text[start:end]
        if compact(quoted) not in case.compact_all:
            return case.unsupported("quote", quoted)
    return None


_BODIES = (
    "国务院 中共中央 党中央 全国人大 国家卫生健康委|国家卫健委 卫生健康委|卫健委|卫生健康局|卫健局 国家医保局|国家医疗保障局 医保局|医疗保障局 "
    "国家药监局|国家药品监督管理局 药监局|药品监督管理局|药监部门 财政部 财政局|财政厅|财政部门 国家发展改革委|国家发改委 发展改革委|发改委|发改部门 "
    "人力资源社会保障部|人社部 教育部 民政部 国家中医药局|国家中医药管理局 中医药局|中医药管理局 国家疾控局|国家疾病预防控制局 疾控局 疾控中心 "
    "省委 市委 县委 区委 省政府 市政府 县政府 区政府 纪委 编办 审计署 审计局 世界卫生组织|世卫组织"
)
_BODY_NAMES = tuple(tuple(names.split("|")) for names in _BODIES.split())


def _check_bodies(case: _Case) -> Verdict | None:
    claimed, known = case.claim.folded, f"{case.evidence.folded}\n{case.context.folded}"
    for names in _BODY_NAMES:
        named = next((name for name in names if name in claimed), None)
        if named and not any(name in known for name in names):
            return case.unsupported("body", named)
    return None


_UP = re.compile(
    r"上升|增长|增加|提高|提升|扩大|增至|增到|升至|升到|上涨|攀升|增强|增多|扩容|扩展|扩充|上调|"
    r"\b(?:rose|risen|rises?|rising|increas\w*|grew|grow\w*|expand\w*|rais(?:e|ed|es|ing)|higher|improv\w*|up from)\b"
)
_DOWN = re.compile(
    r"下降|降低|减少|缩小|缩短|缩减|压缩|压减|降至|降到|减至|减到|下调|下跌|回落|减轻|下滑|减缓|"
    r"\b(?:fell|fallen|falls?|falling|drop\w*|declin\w*|decreas\w*|reduc\w*|cut|cuts|cutting|lower(?:ed|s|ing)?|short(?:en\w*|er)|shr[aiu]nk\w*|narrow\w*|down from)\b"
)


def _directions(text: str) -> set[str]:
    folded = fold(text)
    return {name for name, pattern in (("up", _UP), ("down", _DOWN)) if pattern.search(folded)}


def _check_direction(case: _Case) -> Verdict | None:
    """What rises in the evidence must not fall in the claim: figure by figure, then clause by clause."""
    changed = {change.direction for change in changes(case.evidence.text)}
    everywhere = _directions(case.evidence.text) | _directions(case.context.text) | changed
    for start, end in case.prose.clauses:
        clause = case.prose.text[start:end]
        claimed = _directions(clause)
        known = _known_directions(case, (start, end)) if claimed else set()
        if claimed and (not claimed & everywhere or (known and not claimed & known)):
            return case.unsupported("direction", clause)
    return None


def _known_directions(case: _Case, span: Span) -> set[str]:
    """Directions of the evidence's clauses that hold the same figures, or else of the clause most alike."""
    spans: set[Span] = set()
    for figure in [f for f in case.claim.figures if span[0] <= f.start < span[1]][:20]:
        matches = case.evidence.equals_of(figure)
        spans |= {case.evidence.clause_at(case.evidence.figures[p].start) for p in matches}
    if not spans and not case.is_cross:
        alike = case.matcher.most_alike(case.prose.text[span[0] : span[1]])
        spans = {alike} if alike else set()
    return {d for known in spans for d in case.matcher.directions_in(known)}


class _ClauseMatcher:
    """Finds the clause of the evidence that shares the most terms with a given one."""

    def __init__(self, evidence: Reading) -> None:
        self.evidence = evidence
        self.clauses_by_term: dict[str, list[int]] = {}
        self._directions: dict[Span, set[str]] = {}
        for index, (start, end) in enumerate(evidence.clauses):
            for term in terms_of(evidence.text[start:end]):
                postings = self.clauses_by_term.setdefault(term, [])
                if len(postings) < 30:
                    postings.append(index)

    def directions_in(self, clause: Span) -> set[str]:
        """Whether a clause of the evidence speaks of rising, of falling, or both."""
        if clause not in self._directions:
            self._directions[clause] = _directions(self.evidence.text[slice(*clause)])
        return self._directions[clause]

    def most_alike(self, clause: str) -> Span | None:
        """The best clause, where it shares at least half of the terms."""
        terms = terms_of(clause)
        votes = Counter(index for term in terms for index in self.clauses_by_term.get(term, ()))
        best = max(votes.items(), key=lambda item: (item[1], -item[0]), default=None)
        return self.evidence.clauses[best[0]] if best and 2 * best[1] >= len(terms) else None


_DENIED = re.compile(rf"(?:{_NEGATION.pattern})([\u4e00-\u9fff]{{0,5}})")


@dataclass(frozen=True)
class _Polarity:
    """Pairs of characters that a text denies, one set per negation, and those that it affirms."""

    scopes: list[set[str]]
    affirmed: set[str]

    @cached_property
    def denied(self) -> set[str]:
        return {pair for scope in self.scopes for pair in scope}

    def turned_by(self, other: _Polarity) -> Iterator[str]:
        """Yield the pairs that this text only denies, and the other one only affirms."""
        for scope in self.scopes:
            if not scope & other.denied:
                yield from scope & (other.affirmed - self.affirmed)


def _polarity(reading: Reading) -> _Polarity:
    polarity = _Polarity([], set())
    for start, end in reading.clauses:
        clause = fold(reading.text[start:end])
        scopes = [m.span(1) for m in _DENIED.finditer(clause)]
        polarity.scopes.extend(set(_pairs(clause[low:high])) for low, high in scopes)
        bounds = [0, *(bound for scope in scopes for bound in scope), len(clause)]
        for low, high in zip(bounds[::2], bounds[1::2], strict=True):
            polarity.affirmed.update(_pairs(clause[low:high]))
    return polarity


def _pairs(text: str) -> Iterator[str]:
    return (
        text[i : i + 2] for i in range(len(text) - 1) if contains_han(text[i]) and contains_han(text[i + 1])
    )


def _check_negation(case: _Case) -> Verdict | None:
    """What the evidence only denies the claim must not only affirm, nor the reverse."""
    if case.is_cross or not case.evidence.has_han:
        return None
    claimed, known = _polarity(case.claim), _polarity(case.evidence)
    turned = {*known.turned_by(claimed), *claimed.turned_by(known)}
    if claimed.scopes and not known.scopes:
        turned |= claimed.denied
    pair = min(turned, key=case.claim.folded.find, default=None)
    return case.unsupported("negation", pair) if pair else None


def _check_modality(case: _Case) -> Verdict | None:
    """A plan must not be told as a fact, nor a fact as a plan."""
    if case.is_cross:
        return None
    seen: dict[Span, tuple[bool, bool, bool]] = {}
    for start, end in case.prose.clauses:
        clause = case.prose.text[start:end]
        alike = case.matcher.most_alike(clause)
        if not alike:
            continue
        sentence = case.evidence.sentence_at(alike[0])
        if sentence not in seen:
            seen[sentence] = _modality(case.evidence.text[slice(*sentence)])
        planned, _, done = _modality(clause)
        known_planned, known_wanted, known_done = seen[sentence]
        if (planned and not known_planned) or (done and not planned and known_wanted and not known_done):
            return case.unsupported("modality", clause)
    return None


def _modality(text: str) -> tuple[bool, bool, bool]:
    """Whether a text speaks of a plan, of a plan or a demand, of something done."""
    folded = fold(text)
    planned = _PLAN.search(folded) is not None
    return planned, planned or _DEMAND.search(folded) is not None, _DONE.search(folded) is not None


_FILLER = re.compile(
    r"其中|同时|目前|并且?|以及|还有?|通过|进行|根据|文章|显示|表明|介绍|指出|表示|报道|提到|方面|情况|分别|据|称|该|等|的|了|在|是|和|与|及|已经?|为|达到?|共|将|从|由|至|到|对|把|让|使|年|约|也|而|且|有|个|"
    r"\b(?:the|an?|of|in|on|at|to|and|or|by|for|with|from|was|were|is|are|has|had|have|that|which|its|their|it|as|this|these|articles?|says?|said|according|reports?|reported|source)\b"
)


def _check_wording(case: _Case) -> Verdict | None:
    """Most of what the claim says must be in the evidence's own words, clause by clause and as a whole."""
    if case.is_cross:
        return None
    found = total = 0
    for start, end in case.claim.clauses:
        clause = case.claim.text[start:end]
        terms = [
            t
            for part in _FILLER.split(_without_figures(case.claim, (start, end)))
            for t in terms_of(part)
            if len(t) > 1
        ]
        held = sum(term in case.terms_all for term in terms)
        found, total = found + held, total + len(terms)
        if len(terms) >= (3 if held else 2) and held < SHARE_OF_CLAUSE * len(terms):
            return case.unsupported("wording", clause)
    if total and found < SHARE_OF_CLAIM * total:
        return case.unsupported("wording", case.claim.text.strip())
    return None


def _without_figures(reading: Reading, span: Span) -> str:
    pieces, position = [], span[0]
    first = bisect.bisect_left(reading.figures, span[0], key=lambda f: f.start)
    for figure in reading.figures[first:]:
        if figure.start >= span[1]:
            break
        pieces.append(reading.text[position : figure.start])
        position = max(position, figure.end)
    return fold(" ".join([*pieces, reading.text[position : span[1]]]))


def _check_concepts(case: _Case) -> Verdict | None:
    """An English claim about Chinese evidence: its reform terms must be there, and something must be checkable."""
    if not case.is_cross:
        return None
    from rag.glossary import concept

    claimed = _concepts(case.prose.text)
    known = _concepts(case.evidence.text) | _concepts(case.context.text)
    for name in sorted(claimed - known):
        names = concept(name)
        # Inside a longer term (市级公立医院) the shorter one (公立医院) is not found, but it is there.
        if not any(form in case.compact_all for form in names.zh):
            return case.unsupported("concept", names.zh[0] if case.language == "zh" else names.en[0])
    has_more = case.claim.figures or case.computations or any(True for _ in quotations(case.claim.text))
    return None if claimed or has_more or _places(case.claim.text) else case.unsupported("nothing")


_GLOSS_LABEL = re.compile(r"^\s*(?:[A-Za-z]{3,12}:)?")


def _check_glosses(case: _Case) -> Verdict | None:
    """Judge a claim of the form "Terms: 编制 = staffing quota; 六项 = 6." by its pairs: words of the evidence, translated."""
    listed = _GLOSS_LABEL.sub("", case.claim.text.strip().removesuffix("."), count=1)
    pairs = [part.split(" = ") for part in listed.split(";")]
    if not all(len(pair) == 2 and contains_han(pair[0]) and not contains_han(pair[1]) for pair in pairs):
        return None
    for written, english in pairs:
        if compact(written) not in case.compact_all:
            return case.unsupported("quote", written)
        if not _is_translation(written, english.strip()):
            return case.unsupported("gloss", written, english)
    return Verdict(supported=True)


def _is_translation(written: str, english: str) -> bool:
    """Whether the figures are the same, or the glossary has both under one concept."""
    from rag.glossary import find_concepts

    if any(fold(english) in map(fold, m.concept.en) for m in find_concepts(written)):
        return True
    figures, others = find_figures(written), find_figures(english)
    if len(figures) == 1 and in_english(figures[0]) == english:
        return True
    is_same = len(figures) == len(others) and all(map(same_value, figures, others))
    return bool(figures) and is_same and not _concepts(english)


_CHECKS: tuple[Callable[[_Case], Verdict | None], ...] = (
    _check_glosses,
    _check_computations,
    _check_figures,
    _check_subjects,
    _check_dates,
    _check_places,
    _check_names,
    _check_bodies,
    _check_direction,
    _check_negation,
    _check_modality,
    _check_wording,
    _check_concepts,
)


def _short(text: str, limit: int = 60) -> str:
    text = text.strip(" ，,。；;、")
    return text if len(text) <= limit else text[: limit - 1] + "…"
