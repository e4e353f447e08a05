from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from langchain_core.language_models.fake_chat_models import FakeListChatModel

import eval.pairfile as pairfile
from eval import bench_judge
from eval.judging.judge import ModelJudge
from rag.llm.client import ModelClient


def pair(number: int, hypothesis: str, label: str) -> pairfile.Pair:
    return pairfile.Pair(id=str(number), premise="全市新增托位1200个。", hypothesis=hypothesis, label=label)


def reply(verdict: str) -> str:
    return json.dumps({"reason": verdict, "verdict": verdict})


PAIRS = [
    pair(1, "全市新增托位1200个。", "supported"),
    pair(2, "新增托位1200个。", "supported"),
    pair(3, "全市新增托位1300个。", "unsupported"),
    pair(4, "全市新增托位1200万个。", "unsupported"),
    pair(5, "全市新增托位120个。", "unsupported"),
]


def test_the_figures_are_counted_over_the_pairs_with_a_verdict():
    replies = [reply(v) for v in ("supported", "unsupported", "unsupported", "supported")]
    judge = ModelJudge(
        ModelClient(FakeListChatModel(responses=[*replies, "?", "?"]), name="listed", place="here")
    )

    bench = bench_judge.measure(judge, PAIRS)

    assert (bench.pairs, bench.valid, bench.right, bench.rules_right) == (5, 4, 2, 5)
    assert (bench.unfaithful, bench.flagged, bench.faithful, bench.false_alarms) == (2, 1, 2, 1)
    # Of 4 they agree on 2, which is what chance gives two judges that each support one half.
    assert bench.kappa_labels == bench.kappa_rules == 0
    assert set(bench.wrong) == {"2", "4"}


def test_the_pairs_that_come_with_it_are_half_faithful():
    pairs = pairfile.read_pairs(Path(bench_judge.__file__).parent / "pairs" / "judge.jsonl")

    assert (len(pairs), sum(p.supported for p in pairs)) == (40, 20)
    assert len({p.id for p in pairs}) == 40


@pytest.mark.parametrize("model", ["no-such-provider:x", ""])
def test_a_model_that_cannot_be_used_is_one_line_of_error(monkeypatch, capsys, tmp_path, model):
    (tmp_path / "pairs.jsonl").write_text(PAIRS[0].model_dump_json(), encoding="utf-8")
    monkeypatch.setattr(sys, "argv", ["bench_judge", str(tmp_path / "pairs.jsonl"), "--model", model])

    assert bench_judge.main() == 1
    assert "YIGAI_LLM" in capsys.readouterr().err
