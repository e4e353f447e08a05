from __future__ import annotations

import json

import pytest
from fakes import HashingEncoder

from eval.bench_spans import main, measure
from rag.settings import load_settings

DOCUMENTS = {"beds": "合肥市新增床位二百张。图书馆延长了开放时间。", "books": "阜阳市的书店卖出图书五千册。"}


@pytest.fixture
def folder(tmp_path):
    def write(queries):
        (tmp_path / "qrels").mkdir()
        corpus = [{"_id": i, "title": "", "text": text} for i, text in DOCUMENTS.items()]
        rows = [{"_id": i, "text": text, "metadata": {"answers": answers}} for i, text, _, answers in queries]
        for name, lines in (("corpus", corpus), ("queries", rows)):
            content = "\n".join(json.dumps(line, ensure_ascii=False) for line in lines)
            (tmp_path / f"{name}.jsonl").write_text(content, encoding="utf-8")
        judged = "".join(f"{i}\t{document}\t1\n" for i, _, document, _ in queries)
        (tmp_path / "qrels" / "test.tsv").write_text(
            f"query-id\tcorpus-id\tscore\n{judged}", encoding="utf-8"
        )
        return tmp_path

    return write


def test_an_answer_counts_that_stands_in_the_quotation_and_none_that_does_not(folder):
    data = folder(
        [
            ("q1", "合肥市新增床位多少张?", "beds", ["二百张"]),
            ("q2", "阜阳市的书店卖出图书多少册?", "books", ["六千册"]),
        ]
    )

    figures = measure(data, encoder=HashingEncoder(), settings=load_settings(), limit=None)

    assert (figures["questions"], figures["answer_inside"], figures["refused"]) == (2, 0.5, 0.0)
    assert figures["quotations"] <= 2


def test_questions_without_answers_are_said(folder, capsys):
    assert main([str(folder([("q1", "合肥市新增床位多少张?", "beds", [])]))]) == 2
    assert "metadata.answers" in capsys.readouterr().err
