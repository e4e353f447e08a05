"""How good the checker itself is: labelled pairs of evidence and claim, with two plain judges beside it.

The plain judges (shared tokens, cosine of the encoder) get the threshold that suits them best on these very pairs, which
flatters them; the checker's are fixed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from eval.keywords import KeywordReport, flagged_keywords
from eval.metrics import balanced_accuracy, balanced_interval
from eval.pairfile import Pair
from rag.normalise import fold, sentence_spans
from rag.verify import Finding, Meaning, audit

if TYPE_CHECKING:
    from rag.encoder import Encoder

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A pair with what the checker found, in order of the claim."""

    pair: Pair
    findings: tuple[Finding, ...]

    @property
    def supported(self) -> bool:
        """Whether nothing was found."""
        return not self.findings


@dataclass(frozen=True, slots=True, kw_only=True)
class Accuracy:
    """How one judge did.

    Attributes:
        value: Balanced accuracy of "supported" against the rest; None where all pairs have one label.
        supported: Share of the supported pairs that it supports.
        rejected: Share of the others that it rejects.
        threshold: Of a plain judge, the best one for these pairs.
        lead: Interval of the checker's lead over a plain judge, pair by pair; above 0 it is better.
    """

    judge: str
    value: float | None
    low: float | None
    high: float | None
    supported: float | None
    rejected: float | None
    threshold: float | None = None
    lead: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FaithfulnessReport:
    """The checker and the plain judges on one file of pairs; shares judged right by label and kind."""

    pairs: int
    accuracies: tuple[Accuracy, ...]
    right_by_label: dict[str, tuple[int, int]]
    right_by_kind: dict[str, tuple[int, int]]
    keywords: KeywordReport | None
    wrong: tuple[dict[str, Any], ...]

    def document(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {"schema": 1, **asdict(self)}


def judge_pairs(
    pairs: Sequence[Pair], *, meaning: Meaning | None, on_progress: Progress | None = None
) -> list[Judged]:
    """Let the checker judge each pair, sentence by sentence."""
    judged = []
    for number, pair in enumerate(pairs, start=1):
        judged.append(Judged(pair=pair, findings=tuple(_findings(pair, meaning))))
        if on_progress is not None:
            on_progress(number, len(pairs))
    return judged


def _findings(pair: Pair, meaning: Meaning | None) -> list[Finding]:
    found: list[Finding] = []
    for start, end in sentence_spans(pair.hypothesis):
        claim = pair.hypothesis[start:end]
        found += (
            replace(finding, start=finding.start + start, end=finding.end + start)
            for finding in audit(claim, pair.premise, context=pair.context, meaning=meaning)
        )
    return found


def cosines(pairs: Sequence[Pair], encoder: Encoder) -> list[float]:
    """The cosine of claim and evidence of each pair, encoded in batches."""
    claims = encoder.embed_passages([pair.hypothesis for pair in pairs])
    evidence = encoder.embed_passages([pair.premise for pair in pairs])
    return [float(cosine) for cosine in (claims * evidence).sum(axis=1)]


def measure(judged: Sequence[Judged], *, cosines: Sequence[float] | None = None) -> FaithfulnessReport:
    """Put the checker's verdicts beside the labels, and beside the plain judges; the second one where `cosines` are given."""
    truth = [j.pair.supported for j in judged]
    said = [j.supported for j in judged]
    accuracies = [_accuracy("checker", truth, said)]
    accuracies.append(_plain("token overlap", truth, [token_overlap(j.pair) for j in judged], said))
    if cosines is not None:
        accuracies.append(_plain("embedding cosine", truth, cosines, said))
    return FaithfulnessReport(
        pairs=len(judged),
        accuracies=tuple(accuracies),
        right_by_label=_right(judged, lambda pair: pair.label),
        right_by_kind=_right([j for j in judged if j.pair.kind], lambda pair: pair.kind),
        keywords=flagged_keywords([(j.pair, j.findings) for j in judged]),
        wrong=tuple(_row(j) for j in judged if j.supported != j.pair.supported),
    )


def token_overlap(pair: Pair) -> float:
    """The share of the claim's tokens that its evidence holds: Han characters one by one, Latin words, numbers."""
    claimed, known = _tokens(pair.hypothesis), _tokens(f"{pair.premise}\n{pair.context}")
    return len(claimed & known) / len(claimed) if claimed else 0.0


def _tokens(text: str) -> set[str]:
    """Characters for Han, whole words for the rest: what overlap measures for Chinese are mostly made of."""
    folded = fold(text)
    spaced = "".join(ch if ch.isascii() else f" {ch} " for ch in folded)
    return {word.strip(".,;:!?()\"'") for word in spaced.split() if any(ch.isalnum() for ch in word)}


def best_threshold(truth: Sequence[bool], scores: Sequence[float]) -> float:
    """The threshold at which "at least this much is supported" is right most often, both kinds weighing the same."""
    return max(
        sorted(set(scores)), key=lambda t: (balanced_accuracy(truth, [score >= t for score in scores]), -t)
    )


def _plain(name: str, truth: Sequence[bool], scores: Sequence[float], checker: Sequence[bool]) -> Accuracy:
    if len(set(truth)) < 2:
        return _accuracy(name, truth, [True] * len(truth))
    threshold = best_threshold(truth, scores)
    said = [score >= threshold for score in scores]
    lead = balanced_interval(truth, checker, against=said)
    return _accuracy(name, truth, said, threshold=round(threshold, 4), lead=lead)


def _accuracy(
    name: str,
    truth: Sequence[bool],
    said: Sequence[bool],
    *,
    threshold: float | None = None,
    lead: tuple[float, float] | None = None,
) -> Accuracy:
    both = len(set(truth)) == 2
    low, high = balanced_interval(truth, said) if both else (None, None)
    yes = [s for t, s in zip(truth, said, strict=True) if t]
    no = [not s for t, s in zip(truth, said, strict=True) if not t]
    return Accuracy(
        judge=name,
        value=balanced_accuracy(truth, said) if both else None,
        low=low,
        high=high,
        supported=_share(yes),
        rejected=_share(no),
        threshold=threshold,
        lead=lead,
    )


def _share(values: Sequence[bool]) -> float | None:
    return round(sum(values) / len(values), 6) if values else None


def _right(judged: Sequence[Judged], group: Callable[[Pair], str]) -> dict[str, tuple[int, int]]:
    """Judged right, and all, by group."""
    groups: dict[str, list[bool]] = {}
    for j in judged:
        groups.setdefault(group(j.pair), []).append(j.supported == j.pair.supported)
    return {name: (sum(right), len(right)) for name, right in groups.items()}


def _row(judged: Judged) -> dict[str, Any]:
    pair = judged.pair
    return {
        "id": pair.id,
        "label": pair.label,
        "kind": pair.kind,
        "hypothesis": pair.hypothesis,
        "premise": pair.premise[:300],
        "reasons": [finding.message for finding in judged.findings[:3]],
    }
