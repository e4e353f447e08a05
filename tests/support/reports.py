"""Reports of evaluations as they come, with hostile texts among them, for what shows or compares them."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

from eval.metrics import all_metrics
from eval.report import (
    SCHEMA_VERSION,
    CaseResult,
    CheckerReport,
    CitationResult,
    ClaimResult,
    Detection,
    GateResult,
    JudgeReport,
    Misjudged,
    Report,
    SuiteInfo,
    Tally,
)

HOSTILE = (
    "<script>alert(1)</script><img src=x onerror=alert(2)>",
    "]]> --> </style></title></textarea> &lt; &amp;#60;",
    "a | b `c` **d** [e](javascript:alert(3)) ![f](//g) @h $x^2$ ~~i~~",
    "\u202eesrever\u202c \u2066אבג\u2069 \u200b",
    "\x00\x08\x1b[31mred\x1b[0m\r\n\x7f\x85\ufffe\ud800",
    "[bold red]markup[/] \\[x] :tada: {{ 7 * 7 }} {% raw %}",
    "= HYPERLINK('x')\n\n# heading\n---\n> quote\n<!-- ",
)
YES, NO = Tally(hits=1, of=1), Tally(hits=0, of=1)
_QUESTIONS = {
    "fact": "{city}的县域医共体由谁牵头？",
    "figure": "{city}2023年市属公立医院的资产负债率降到多少？",
    "compare": "{city}和三明在医保基金打包支付上有什么不同？",
    "followup": "那么{city}后来呢？",
    "near_miss": "{city}2031年的床位数是多少？",
    "off_topic": "{city}的天气怎么样？",
    "false_premise": "{city}为什么取消了分级诊疗？",
    "unanswerable": "How many nurses does {city} plan to hire?",
}
_CITIES = ("甲市", "乙县", "丙市", "丁区", "戊州")
_REFUSED = {"near_miss", "off_topic", "unanswerable"}


def make_case(key: str = "sample/a", **fields: Any) -> CaseResult:
    """A case that passed, but for what is given."""
    suite, _, case_id = key.partition("/")
    passing = CaseResult(
        key=key,
        suite=suite,
        id=case_id,
        type="fact",
        lang="zh",
        question="甲市的县域医共体由谁牵头？",
        history=(),
        expect="answer",
        passed=True,
        failures=(),
        answered=True,
        refusal=None,
        text="甲市的县域医共体由县医院牵头。[1]",
        claims=(ClaimResult(text="甲市的县域医共体由县医院牵头。", citations=(1,), supported=True),),
        citations=(make_citation(),),
        scores={"passed": YES, "correctness": YES, "faithfulness": YES, "false_refusal": NO, "errors": NO},
    )
    return dataclasses.replace(passing, **fields)


def make_citation(**fields: Any) -> CitationResult:
    cited = CitationResult(
        number=1,
        article_id="alpha-00aa11",
        title="甲市医改纪实",
        start=120,
        end=136,
        quote="全县医共体由县人民医院牵头组建。",
        exact=True,
    )
    return dataclasses.replace(cited, **fields)


def make_report(cases: Sequence[CaseResult], **fields: Any) -> Report:
    """A report of these cases, its metrics taken from their scores."""
    kinds = dict.fromkeys(case.type for case in cases)
    suites = dict.fromkeys(case.suite for case in cases)
    report = Report(
        schema=SCHEMA_VERSION,
        setup={
            "yigai": "0.1.0",
            "composer": "extractive",
            "encoder": "multilingual-e5-small",
            "top_k": 8,
            "library": {"articles": 19, "passages": 211, "fingerprint": "9d2f6a10b3c4d5e6"},
        },
        suites=tuple(
            SuiteInfo(name=s, sha256="ab" * 32, cases=sum(c.suite == s for c in cases)) for s in suites
        ),
        metrics=all_metrics([case.scores for case in cases]),
        by_type={kind: all_metrics([c.scores for c in cases if c.type == kind]) for kind in kinds},
        checker=None,
        judge=None,
        gates=(),
        cases=tuple(cases),
        timings={},
    )
    return dataclasses.replace(report, **fields)


def full_report(hostile: Sequence[str] = HOSTILE) -> Report:
    """Forty cases of every type, some failed, one that could not be scored, everything else a report can hold."""
    cases = [_case(kind, i, city, hostile) for kind in _QUESTIONS for i, city in enumerate(_CITIES)]
    return make_report(
        cases,
        checker=_checker(hostile),
        judge=JudgeReport(
            name="model",
            judged=40,
            supported=36,
            failed=1,
            agreement=0.62,
            disputed=(_misjudged(hostile, 0),),
        ),
        gates=_gates(),
        timings={
            "started": "2026-01-02T03:04:05+00:00",
            "total_s": 41.2,
            "p50_ms": 104.0,
            "p95_ms": 171.3,
            "case_ms": {case.key: 80.0 + i for i, case in enumerate(cases)},
        },
    )


def _case(kind: str, i: int, city: str, hostile: Sequence[str]) -> CaseResult:
    case = make_case(
        f"sample/{kind}-{i + 1:02}",
        type=kind,
        lang="en" if kind == "unanswerable" else "zh",
        question=_QUESTIONS[kind].format(city=city),
        expect="refuse" if kind in _REFUSED else "either" if kind == "false_premise" else "answer",
        history=(f"{city}的医共体由谁牵头？",) if kind == "followup" else (),
    )
    if kind in _REFUSED:
        return _refused(case, i, hostile)
    return _answered(case, i, hostile)


def _refused(case: CaseResult, i: int, hostile: Sequence[str]) -> CaseResult:
    if i == 3:
        failures = ("answered what the articles do not say",)
        text = f"说了不该说的：{hostile[0]}[1]"
        scores = {"passed": NO, "refusal_recall": NO, "faithfulness": YES, "errors": NO}
        return dataclasses.replace(case, passed=False, failures=failures, text=text, scores=scores)
    scores = {"passed": YES, "refusal_recall": YES, "refusal_reason": YES, "errors": NO}
    return dataclasses.replace(
        case,
        answered=False,
        refusal="not_found",
        text="文库里没有这方面的内容。",
        claims=(),
        citations=(),
        scores=scores,
    )


def _answered(case: CaseResult, i: int, hostile: Sequence[str]) -> CaseResult:
    kinds = list(_QUESTIONS)
    nasty = hostile[(kinds.index(case.type) + i) % len(hostile)]
    scores: dict[str, Tally] = {
        **case.scores,
        "citation_recall": Tally(hits=2, of=2),
        "citation_precision": Tally(hits=3 - (i == 1), of=3),
        "citation_exact": Tally(hits=3, of=3),
        "figure_support": Tally(hits=2, of=2),
        "recall@8": Tally(hits=1 if i else 0.5, of=1),
        "MRR@8": Tally(hits=1 / (i + 1), of=1),
        "answer_chars": Tally(hits=80 + 10 * i, of=1),
        "dropped": Tally(hits=0, of=2),
    }
    if i == 2 and case.type == "compare":
        scores = {"passed": NO, "correctness": NO, "false_refusal": YES, "errors": YES}
        failures = (f"could not be scored: {nasty}",)
        return dataclasses.replace(
            case,
            passed=False,
            failures=failures,
            error=nasty,
            answered=False,
            text="",
            claims=(),
            citations=(),
            scores=scores,
        )
    if i == 4:
        return _failed(case, scores, nasty)
    if i == 1 and case.type == "fact":
        return dataclasses.replace(case, text="很长的回答，" * 500, scores=scores)
    return dataclasses.replace(case, scores=scores)


def _failed(case: CaseResult, scores: dict[str, Tally], nasty: str) -> CaseResult:
    wrong = ClaimResult(
        text=f"负债率降到48.9%。{nasty}", citations=(2,), supported=False, reason=f"原文没有“48.9%”：{nasty}"
    )
    return dataclasses.replace(
        case,
        question=f"{case.question}{nasty}",
        passed=False,
        failures=("lacks 48.8%", f"not supported: {nasty}"),
        text=f"{case.text}\n负债率降到48.9%。[2]{nasty}",
        claims=(*case.claims, wrong),
        citations=(
            *case.citations,
            make_citation(number=2, title=None, quote=f"降到48.8%。{nasty}", exact=False),
        ),
        dropped=(f"原文没有这个数据：{nasty}",),
        scores={
            **scores,
            "passed": NO,
            "correctness": Tally(hits=0.5, of=1),
            "faithfulness": Tally(hits=1, of=2),
            "dropped": Tally(hits=1, of=3),
        },
    )


def _misjudged(hostile: Sequence[str], i: int) -> Misjudged:
    return Misjudged(
        claim=f"甲市拿出11亿元。{hostile[i]}",
        original="甲市拿出10亿元。",
        evidence=hostile[-1],
        reason="数值不同",
    )


def _checker(hostile: Sequence[str]) -> CheckerReport:
    counted = {
        "digit": (118, 120),
        "unit": (59, 60),
        "year": (47, 50),
        "city": (52, 55),
        "direction": (40, 44),
    }
    counted |= {
        "negation": (38, 42),
        "wrong_citation": (70, 78),
        "invented": (60, 60),
        "swapped_subjects": (26, 32),
    }
    found = [
        Detection(
            kind=kind,
            faithful=False,
            made=made,
            flagged=flagged,
            low=flagged / made - 0.05,
            high=min(1.0, flagged / made + 0.03),
        )
        for kind, (flagged, made) in counted.items()
    ]
    found[0] = dataclasses.replace(found[0], missed=(_misjudged(hostile, 0), _misjudged(hostile, 1)))
    kept = [
        Detection(kind="same_order", faithful=True, made=60, flagged=2, low=0.0, high=0.08),
        Detection(kind="same_other_thing", faithful=True, made=0, flagged=0),
    ]
    return CheckerReport(detections=(*found, *kept), precision=0.987, recall=0.952, false_alarms=0.033)


def _gates() -> tuple[GateResult, ...]:
    rows: tuple[tuple[str, Any, float, float | None, bool], ...] = (
        ("faithfulness", "min", 0.95, 0.923, False),
        ("correctness", "min", 0.8, 0.86, True),
        ("false_refusal", "max", 0.1, 0.05, True),
        ("refusal_recall", "min", 0.9, 0.8, False),
        ("passed", "max_drop", 0.02, 0.0, True),
        ("nDCG@8", "min", 0.8, None, False),
        ("detection.digit", "min", 0.95, 0.983, True),
        ("detection.swapped_subjects", "min", 0.85, 0.8125, False),
        ("checker.false_alarms", "max", 0.05, 0.033, True),
    )
    return tuple(
        GateResult(metric=m, type=_TYPE_OF_GATE.get(m), bound=b, threshold=t, value=v, held=h)
        for m, b, t, v, h in rows
    )


_TYPE_OF_GATE = {"refusal_recall": "near_miss"}
