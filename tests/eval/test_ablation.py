from __future__ import annotations

import json

import pytest
from fakes import HashingEncoder

from eval import ablation
from eval.ablation import VARIANTS, QueriesOnce, cell, half_of, table, without_glossary, without_pinyin
from rag.understand import search_terms, understand

TEXTS = {
    "急救": "青石县新建急救站十四个，急救车平均八分钟到达现场。",
    "债务": "白鹭市把公立医院的长期债务从七亿元降到三亿元。",
    "编制": "乡镇卫生院的编制由县里统一调配，空编随时补足。",
}
QUESTIONS = {"急救": "急救车几分钟到現場？", "债务": "公立医院的债务降到多少？", "编制": "编制由谁调配？"}


def query(question: str):
    return understand(question, rarity=lambda _forms: 1.0)


@pytest.fixture
def folder(tmp_path):
    def write(name, rows):
        lines = [json.dumps({"_id": key, "title": "白鹭", "text": text}) for key, text in rows.items()]
        (tmp_path / name).write_text("\n".join(lines), encoding="utf-8")

    write("corpus.jsonl", TEXTS)
    write("queries.jsonl", QUESTIONS)
    (tmp_path / "qrels").mkdir()
    judged = "".join(f"{key}\t{key}\t1\n" for key in QUESTIONS)
    (tmp_path / "qrels" / "test.tsv").write_text(judged, encoding="utf-8")
    return tmp_path


def test_every_variant_finds_what_is_plainly_asked_for(folder):
    encoder = QueriesOnce(HashingEncoder())

    with ablation.beir_bed(folder, encoder) as bed:
        measured = {v.name: ablation.measure(bed, v, encoder=encoder) for v in VARIANTS}

    assert len(measured) == len(VARIANTS)
    for values in measured.values():
        assert {key: row["hit@5"] for key, row in values.items()} == dict.fromkeys(QUESTIONS, 1.0)


def test_only_one_of_the_two_libraries_knows_the_titles(folder):
    with ablation.beir_bed(folder, QueriesOnce(HashingEncoder()), limit=2) as bed:
        found = {
            known: len(library.lexical({"白鹭": 1.0}, top_k=9)) for known, library in bed.libraries.items()
        }

        assert list(bed.queries) == ["急救", "债务"]
    assert found == {True: 3, False: 1}


def test_the_questions_of_a_suite_are_those_whose_evidence_is_known(tmp_path):
    encoder = QueriesOnce(HashingEncoder())

    with ablation.suites_bed(tmp_path, encoder, names=["followups"], title="f") as bed:
        assert bed.queries.keys() == bed.qrels.keys()
        assert 5 < len(bed.queries) < 16
        assert any(q.text != q.question for q in bed.queries.values())
        values = ablation.measure(bed, VARIANTS[0], encoder=encoder)

    assert sum(row["hit@10"] for row in values.values()) > 0


def test_without_the_glossary_a_question_is_looked_for_in_its_own_words():
    with_it, without = query("debt of public hospitals"), without_glossary(query("debt of public hospitals"))

    assert "债务" in search_terms(with_it)
    assert set(search_terms(without)) == {"debt", "public", "hospitals", "hospital"} & set(
        search_terms(without)
    )
    assert "debt" in search_terms(without)


def test_without_pinyin_only_chinese_names_are_places():
    assert query("Wuhu").regions
    assert without_pinyin(query("Wuhu")).regions == ()
    assert without_pinyin(query("芜湖")).regions == query("芜湖").regions


def test_a_question_is_embedded_once(monkeypatch):
    encoder = QueriesOnce(HashingEncoder())
    first = encoder.embed_query("编制")

    monkeypatch.setattr(encoder.encoder, "embed_query", None)

    assert encoder.embed_query("编制") == first


def test_a_cell_tells_the_whole_and_both_halves():
    keys = [f"q{n}" for n in range(40)]
    values = {key: {"hit@5": 1.0, "MRR@10": float(half_of(key))} for key in keys}
    share = sum(map(half_of, keys)) / len(keys)

    assert 0.2 < share < 0.8
    assert cell(values) == f"1.000 / {share:.3f} (0.000, 1.000)"


def test_the_table_has_a_line_for_each_variant_in_their_order():
    lines = table({"xquad, 590": {v.name: f"{n}" for n, v in enumerate(VARIANTS)}}).splitlines()

    assert lines[0] == "|  | xquad, 590 |"
    assert [line.split(" | ")[1] for line in lines[2:]] == [f"{n} |" for n in range(len(VARIANTS))]


def test_a_folder_that_is_no_data_set_is_told(tmp_path, capsys):
    assert ablation.main([str(tmp_path)]) == 1
    assert "corpus.jsonl" in capsys.readouterr().err
