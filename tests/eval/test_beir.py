from __future__ import annotations

import json
from pathlib import Path

import pytest

from eval.beir import read_beir
from rag.errors import SuiteError

CORPUS = [
    {"_id": "急救", "title": "青石县：院前急救", "text": "青石县新建急救站14个。\n急救车八分钟到达现场。"},
    {"_id": "2", "title": "", "text": "白鹭市把公立医院债务降到三亿元。"},
    {"_id": "c", "text": "鄉鎮衛生院的編制由縣里統一調配。", "metadata": {"url": "x"}},
]
QUERIES = [
    {"_id": "q1", "text": "急救车几分钟到达？"},
    {"_id": "q2", "text": "没有人判过的问题"},
    {"_id": "q3", "text": "医院的债务降到多少？", "metadata": {}},
]
QRELS = "query-id\tcorpus-id\tscore\nq3\t2\t1\nq1\t急救\t2\nq1\tc\t0\n"


def lines(rows: list[object]) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


@pytest.fixture
def folder(tmp_path) -> Path:
    (tmp_path / "qrels").mkdir()
    (tmp_path / "corpus.jsonl").write_text(lines(CORPUS), encoding="utf-8")
    (tmp_path / "queries.jsonl").write_text(lines(QUERIES), encoding="utf-8")
    (tmp_path / "qrels" / "test.tsv").write_text(QRELS, encoding="utf-8")
    return tmp_path


def test_judged_queries_come_in_the_order_of_their_file(folder):
    dataset = read_beir(folder)

    assert list(dataset.queries.items()) == [
        ("q1", "急救车几分钟到达？"),
        ("q3", "医院的债务降到多少？"),
    ]
    assert dataset.qrels == {"q1": {"急救": 2, "c": 0}, "q3": {"2": 1}}
    assert (dataset.documents, dataset.unjudged, dataset.name) == (3, 1, folder.name)


def test_documents_become_articles_with_their_ids(folder):
    articles = list(read_beir(folder).articles())

    assert [a.article_id for a in articles] == ["急救", "2", "c"]
    assert [a.title for a in articles] == ["青石县：院前急救", None, None]
    assert articles[0].text == CORPUS[0]["text"]


def test_numbers_may_be_ids(folder):
    (folder / "corpus.jsonl").write_text(lines([{"_id": 2, "text": "x"}]), encoding="utf-8")
    (folder / "qrels" / "test.tsv").write_text("q3\t2\t1\n", encoding="utf-8")

    assert read_beir(folder).qrels == {"q3": {"2": 1}}


@pytest.mark.parametrize(
    "text",
    [
        "q1\tc\t1\n",
        "\ufeffquery-id\tcorpus-id\tscore\r\nq1\tc\t1\r\n\r\n",
        "qid\tdocid\tRelevance\nq1\tc\t1",
        'query-id\tcorpus-id\tscore\n"q1"\t"c"\t1\nq1\tc\t1\n',
    ],
    ids=["no header", "BOM and CRLF", "other names, no newline", "quoted, and twice the same"],
)
def test_judgements_are_read_as_others_write_them(folder, text):
    (folder / "qrels" / "test.tsv").write_bytes(text.encode())

    assert read_beir(folder).qrels == {"q1": {"c": 1}}


def test_another_split_is_read_where_it_is_asked_for(folder):
    (folder / "qrels" / "dev.tsv").write_text("q2\tc\t1\n", encoding="utf-8")

    assert read_beir(folder, split="dev").qrels == {"q2": {"c": 1}}


@pytest.mark.parametrize(
    ("file", "text", "where"),
    [
        ("corpus.jsonl", '{"_id": "a", "text": "x"}\n{"_id": "b"}\n', r"corpus\.jsonl:2: text"),
        ("corpus.jsonl", '{"_id": "", "text": "x"}\n', r"corpus\.jsonl:1: _id"),
        ("corpus.jsonl", '{"id": "a", "text": "x"}\n', r"corpus\.jsonl:1: _id"),
        (
            "corpus.jsonl",
            '{"_id": "a", "text": "x"}\n\n{"_id": "a", "text": "y"}\n',
            r"corpus\.jsonl:3: .*'a'",
        ),
        ("corpus.jsonl", "\n", r"corpus\.jsonl: it holds no entry"),
        ("queries.jsonl", "[]\n", r"queries\.jsonl:1: "),
        ("queries.jsonl", '{"_id": "q1", "text": null}\n', r"queries\.jsonl:1: text"),
        ("qrels/test.tsv", "query-id\tcorpus-id\tscore\nq1\tc\n", r"test\.tsv:2: .*whole number"),
        ("qrels/test.tsv", "q1\tc\t1\nq1\t2\t0.5\n", r"test\.tsv:2: .*whole number"),
        ("qrels/test.tsv", "q1 c 1\n", r"test\.tsv:1: .*tabs"),
        ("qrels/test.tsv", "q1\tc\t1\nq9\tc\t1\n", r"test\.tsv:2: 'q9' is not in queries"),
        ("qrels/test.tsv", "q1\tc\t1\n\nq1\td\t1\n", r"test\.tsv:3: 'd' is not in corpus"),
        ("qrels/test.tsv", "q1\tc\t1\nq1\tc\t2\n", r"test\.tsv:2: .*another grade"),
        ("qrels/test.tsv", 'q1\tc\t1\n"q1\tc\t1\n', r"test\.tsv:2: "),
        ("qrels/test.tsv", "query-id\tcorpus-id\tscore\n", r"test\.tsv: it holds no judgement"),
    ],
)
def test_what_is_malformed_is_named_with_file_and_line(folder, file, text, where):
    (folder / file).write_text(text, encoding="utf-8")

    with pytest.raises(SuiteError, match=where):
        read_beir(folder)


def test_bytes_that_are_not_utf8_are_named(folder):
    (folder / "qrels" / "test.tsv").write_bytes("q1\t急救\t1\n".encode("gb18030"))

    with pytest.raises(SuiteError, match=r"test\.tsv: it is not UTF-8"):
        read_beir(folder)


def test_a_missing_file_is_named(folder):
    (folder / "queries.jsonl").unlink()

    with pytest.raises(SuiteError, match=r"queries\.jsonl: No such file"):
        read_beir(folder)


def test_a_missing_split_names_those_that_are_there(folder):
    with pytest.raises(SuiteError, match=r"train\.tsv: No such file.*splits there: test"):
        read_beir(folder, split="train")
    with pytest.raises(SuiteError, match=r"No such file"):
        read_beir(folder / "elsewhere")
