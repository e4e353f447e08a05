"""Measure a model as judge on labelled pairs, beside the rules.

`python -m eval.bench_judge PAIRS.jsonl --model NAME [--base-url URL] [--language zh|en] [--cache DIR] [--timeout S]`
prints one JSON document. Seconds a claim mean nothing where the cache had the verdicts already.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from eval.judging.agreement import cohen_kappa
from eval.judging.cache import Opinion
from eval.judging.judge import ModelJudge, build_judge
from eval.pairfile import Pair, read_pairs
from rag.errors import YigaiError
from rag.llm.opening import ModelAddress
from rag.verify import verify


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgeBench:
    """What one run found.

    Attributes:
        valid: Pairs on which the model gave a verdict; what follows of it is over these.
        right: Of them, those on which it says what the label says.
        rules_right: Of all pairs, those on which the rules do.
        flagged: Unfaithful pairs that the model did not support, of `unfaithful`.
        false_alarms: Faithful ones that it did not support, of `faithful`.
        kappa_labels: Cohen's kappa of model and labels.
        kappa_rules: Cohen's kappa of model and rules.
        wrong: Ids on which it differs from the label, with its reason.
    """

    judge: str
    prompt: str
    pairs: int
    valid: int
    right: int
    rules_right: int
    unfaithful: int
    flagged: int
    faithful: int
    false_alarms: int
    kappa_labels: float | None
    kappa_rules: float | None
    seconds_a_claim: float
    wrong: dict[str, str]


def measure(judge: ModelJudge, pairs: Sequence[Pair]) -> JudgeBench:
    """Put every pair to the model and to the rules.

    Raises:
        GenerationError: The model cannot be reached, refuses, or takes too long.
    """
    started = time.perf_counter()
    opinions = [judge.judge(pair.hypothesis, pair.premise, context=pair.context) for pair in pairs]
    seconds = time.perf_counter() - started
    rules = [verify(pair.hypothesis, pair.premise, context=pair.context).supported for pair in pairs]
    judged = [
        (pair, opinion, by_rules)
        for pair, opinion, by_rules in zip(pairs, opinions, rules, strict=True)
        if opinion.supported is not None
    ]
    wrong = [(pair, opinion) for pair, opinion, _ in judged if opinion.supported != pair.supported]
    given = [opinion.supported for _, opinion, _ in judged]
    return JudgeBench(
        judge=judge.name,
        prompt=judge.prompt,
        pairs=len(pairs),
        valid=len(judged),
        right=len(judged) - len(wrong),
        rules_right=sum(a == pair.supported for a, pair in zip(rules, pairs, strict=True)),
        unfaithful=sum(not pair.supported for pair, _, _ in judged),
        flagged=_unsupported(judged, label=False),
        faithful=sum(pair.supported for pair, _, _ in judged),
        false_alarms=_unsupported(judged, label=True),
        kappa_labels=cohen_kappa(given, [pair.supported for pair, _, _ in judged]),
        kappa_rules=cohen_kappa(given, [by_rules for _, _, by_rules in judged]),
        seconds_a_claim=round(seconds / max(len(pairs), 1), 2),
        wrong={pair.id: opinion.reason for pair, opinion in wrong},
    )


def _unsupported(judged: Sequence[tuple[Pair, Opinion, bool]], *, label: bool) -> int:
    return sum(pair.supported == label and not opinion.supported for pair, opinion, _ in judged)


def main() -> int:
    """Measure and write the figures to standard output."""
    parser = argparse.ArgumentParser(prog="python -m eval.bench_judge", description=__doc__.splitlines()[0])
    parser.add_argument("pairs", type=Path, help="JSON lines of {id, premise, hypothesis, label, context}")
    parser.add_argument(
        "--model", required=True, help="the server's model, or provider:model without --base-url"
    )
    parser.add_argument("--base-url", help="an OpenAI-compatible server, such as http://127.0.0.1:8182/v1")
    parser.add_argument("--language", choices=("zh", "en"), default="zh", help="of the prompt")
    parser.add_argument("--cache", type=Path, help="folder of verdicts")
    parser.add_argument("--timeout", type=float, default=60.0, help="seconds for one reply")
    given = parser.parse_args()
    try:
        judge = build_judge(
            ModelAddress(model=given.model, base_url=given.base_url or ""),
            timeout_s=given.timeout,
            language=given.language,
            cache=given.cache,
        )
        bench = measure(judge, read_pairs(given.pairs))
    except YigaiError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(json.dumps(asdict(bench), ensure_ascii=False, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
