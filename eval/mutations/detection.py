"""How much of what was made wrong the checker notices, and how often it cries wolf."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence

from eval.mutations.claims import Mutant, Verify
from eval.mutations.suite import KINDS, SAME
from eval.report import CheckerReport, Detection, Misjudged
from rag.types import Verdict

_MOST_EXAMPLES = 5
_Z = 1.959964
"""Standard normal quantile of a 95% interval."""

_Judged = list[tuple[Mutant, Verdict]]


def detect(mutants: Sequence[Mutant], verify: Verify | None = None) -> CheckerReport:
    """Let the checker judge every mutant, and count.

    Precision and recall are those of "unsupported" over all mutants; false alarms are the share flagged of those that
    still say what the original says. Intervals are Wilson's, 95%.

    Args:
        mutants: As `mutate` makes them.
        verify: `rag.verify.verify`, or another judge called the same way.
    """
    if verify is None:
        from rag.verify import verify as rules

        verify = rules
    judged: dict[str, _Judged] = defaultdict(list)
    for m in mutants:
        verdict = verify(m.claim, m.evidence, context=m.context, language=m.language)
        judged[m.kind].append((m, verdict))
    kinds = sorted(judged, key=lambda kind: KINDS.index(kind) if kind in KINDS else len(KINDS))
    detections = tuple(_detection(kind, judged[kind]) for kind in kinds)
    false = [d for d in detections if d.faithful]
    true = [d for d in detections if not d.faithful]
    caught, alarms = sum(d.flagged for d in true), sum(d.flagged for d in false)
    return CheckerReport(
        detections=detections,
        precision=_share(caught, caught + alarms),
        recall=_share(caught, sum(d.made for d in true)),
        false_alarms=_share(alarms, sum(d.made for d in false)),
    )


def _detection(kind: str, judged: _Judged) -> Detection:
    faithful = kind.startswith(SAME)
    flagged = sum(not verdict.supported for _, verdict in judged)
    low, high = wilson_interval(flagged, len(judged))
    wrong = [(m, v) for m, v in judged if v.supported != faithful]
    return Detection(
        kind=kind,
        faithful=faithful,
        made=len(judged),
        flagged=flagged,
        low=low,
        high=high,
        missed=tuple(
            Misjudged(claim=m.claim, original=m.original, evidence=m.evidence, reason=v.reason)
            for m, v in wrong[:_MOST_EXAMPLES]
        ),
    )


def wilson_interval(hits: int, of: int) -> tuple[float, float]:
    """Wilson's 95% score interval of a share.

    Raises:
        ValueError: Nothing was counted, or more hits than cases.
    """
    if not 0 <= hits <= of or of == 0:
        raise ValueError(f"{hits} of {of} is no share")
    share, square = hits / of, _Z * _Z
    middle = (share + square / (2 * of)) / (1 + square / of)
    half = _Z / (1 + square / of) * math.sqrt(share * (1 - share) / of + square / (4 * of * of))
    return round(max(0.0, middle - half), 6), round(min(1.0, middle + half), 6)


def _share(part: int, of: int) -> float | None:
    return round(part / of, 6) if of else None
