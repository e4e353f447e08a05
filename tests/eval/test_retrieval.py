from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from fakes import HashingEncoder

from eval.beir import read_beir
from eval.ranking import metric_names
from eval.retrieval import RetrievalOptions, measure_retrieval, rank_documents, score
from eval.scratch import make_article, scratch_library, shelve
from rag.build import build_encoder
from rag.settings import load_settings

ENCODER = HashingEncoder()
TEXTS = {
    "急救": "青石县新建急救站十四个，急救车平均八分钟到达现场。",
    "债务": "白鹭市把公立医院的长期债务从七亿元降到三亿元。",
    "编制": "乡镇卫生院的编制由县里统一调配，空编随时补足。",
    "药品": "集中带量采购后，高血压常用药的价格下降一半以上。",
    "远程": "村卫生室开通远程心电，结果由县医院半小时内出具。",
    "护理": "三级医院每百张床位配护士不少于六十名。",
}
QUESTIONS = {
    "急救": "急救车几分钟到達現場？",  # Traditional over Simplified text
    "债务": "白鹭市公立医院的债务降到多少？",
    "编制": "乡镇卫生院的编制谁来调配？",
    "药品": "高血压常用药的价格下降了多少？",
}


@pytest.fixture
def folder(tmp_path) -> Path:
    def write(name: str, rows: dict[str, str]) -> None:
        lines = [json.dumps({"_id": key, "text": text}, ensure_ascii=False) for key, text in rows.items()]
        (tmp_path / name).write_text("\n".join(lines), encoding="utf-8")

    write("corpus.jsonl", TEXTS)
    write("queries.jsonl", QUESTIONS | {"没判": "护士要配多少名？"})
    (tmp_path / "qrels").mkdir()
    judged = "".join(f"{key}\t{key}\t1\n" for key in QUESTIONS)
    (tmp_path / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\n" + judged, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("retriever", ["hybrid", "dense", "lexical"])
def test_what_is_plainly_asked_for_is_found(folder, retriever):
    options = RetrievalOptions(retriever=retriever, ks=(1, 3))

    result = measure_retrieval(read_beir(folder), encoder=ENCODER, options=options)

    values = {metric.name: metric.value for metric in result.metrics}
    assert values["hit@3"] == 1
    assert all(metric.low <= metric.value <= metric.high for metric in result.metrics)
    assert all(metric.cases == 4 for metric in result.metrics)
    assert (result.documents, result.passages, result.queries, result.unjudged) == (6, 6, 4, 1)


def test_every_query_is_ranked_as_far_as_the_largest_cut_off(folder):
    options = RetrievalOptions(ks=(1, 5))

    rankings = measure_retrieval(read_beir(folder), encoder=ENCODER, options=options).rankings

    assert list(rankings) == list(QUESTIONS)
    assert all(len(ranking) == len(set(ranking)) == 5 for ranking in rankings.values())


def test_the_document_has_the_names_of_the_report_and_can_be_json(folder):
    document = measure_retrieval(read_beir(folder), encoder=ENCODER).document()

    assert tuple(document["metrics"]) == metric_names((1, 5, 10))
    assert document["intervals"].keys() == document["metrics"].keys()
    assert document["encoder"] == "hashing"
    assert document["counts"] == {"documents": 6, "passages": 6, "queries": 4, "queries_without_qrels": 1}
    assert json.loads(json.dumps(document, allow_nan=False)) == document


def test_two_runs_differ_in_their_timings_only(folder):
    first, second = (measure_retrieval(read_beir(folder), encoder=ENCODER) for _ in range(2))

    assert first.document() | {"timings": None} == second.document() | {"timings": None}
    assert first.rankings == second.rankings


def test_a_limit_takes_the_first_queries_of_the_file(folder):
    options = RetrievalOptions(limit=2)

    result = measure_retrieval(read_beir(folder), encoder=ENCODER, options=options)

    assert list(result.rankings) == ["急救", "债务"]
    assert result.queries == result.metrics[0].cases == 2


def test_progress_is_told_by_stage_up_to_the_end(folder):
    told: list[tuple[str, int, int]] = []

    measure_retrieval(read_beir(folder), encoder=ENCODER, on_progress=lambda *event: told.append(event))

    assert told == [("ingest", 6, 6), *(("queries", done, 4) for done in range(1, 5))]


@pytest.mark.parametrize("options", [{"limit": 0}, {"limit": -1}, {"ks": ()}, {"ks": (0, 5)}])
def test_numbers_below_1_are_refused_before_anything_is_embedded(folder, options):
    with pytest.raises(ValueError, match="at least 1"):
        measure_retrieval(read_beir(folder), encoder=ENCODER, options=RetrievalOptions(**options))


@pytest.mark.parametrize("retriever", ["hybrid", "dense", "lexical"])
def test_a_document_of_many_passages_does_not_keep_others_out(retriever):
    long = "".join(f"白鹭市第{n}家公立医院的债务由市财政分期偿还，利息另计。" for n in range(1, 120))
    others = [make_article(str(n), text=f"第{n}家村卫生室开通远程心电，偿还设备款。") for n in range(1, 60)]

    with scratch_library(ENCODER) as library:
        shelve([make_article("长", text=long), *others], library=library, encoder=ENCODER)
        assert len(library.article_passages("长")) > 15
        options = RetrievalOptions(retriever=retriever, ks=(2,))
        ranking = rank_documents(
            {"q": "白鹭市公立医院的债务由市财政分期偿还吗？"},
            library=library,
            encoder=ENCODER,
            options=options,
        )

    assert ranking["q"][0] == "长"
    assert len(set(ranking["q"])) == 2


@pytest.mark.parametrize("question", ["", "？？？", "𠮷" * 3000, "zzz qqq"])
@pytest.mark.parametrize("retriever", ["hybrid", "dense", "lexical"])
def test_a_query_that_asks_nothing_still_counts(question, retriever):
    with scratch_library(ENCODER) as library:
        shelve([make_article(k, text=t) for k, t in TEXTS.items()], library=library, encoder=ENCODER)
        rankings = rank_documents(
            {"q": question}, library=library, encoder=ENCODER, options=RetrievalOptions(retriever=retriever)
        )

    assert score({"q": {"急救": 1}}, rankings)[0].cases == 1


def test_nothing_slow_is_imported_before_it_is_needed():
    code = (
        "import sys, eval.retrieval, eval.rgb; "
        "print([m for m in ('ir_measures', 'chromadb', 'onnxruntime', 'langchain_core') if m in sys.modules])"
    )

    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert found.stdout.strip() == "[]"


@pytest.mark.seeds
def test_public_questions_find_their_passages(shared_folder):
    dataset = read_beir(shared_folder / "evaldata" / "retrieval" / "xquad-zh")

    result = measure_retrieval(
        dataset, encoder=build_encoder(load_settings()), options=RetrievalOptions(limit=20)
    )

    assert result.queries == 20
    assert next(metric.value for metric in result.metrics if metric.name == "hit@5") >= 0.8
