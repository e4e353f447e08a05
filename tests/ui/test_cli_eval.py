"""`yigai eval` as people and CI meet it: exit codes, files, messages."""

from __future__ import annotations

import json
import shutil
import xml.etree.ElementTree as ET

import platformdirs
import pytest
import unruly_replies
from unruly_endpoint import endpoint

WUHU = {
    "id": "debt",
    "type": "figure",
    "question": "芜湖的资产负债率降到多少?",
    "must_contain": ["62.59%", "48.8%"],
    "evidence": [{"article": "wuhu-debt", "text": "由62.59%降到48.8%"}],
}
HEFEI = {"id": "hefei", "type": "near_miss", "near": "city", "question": "合肥的资产负债率是多少?"}


@pytest.fixture
def suite(tmp_path):
    def write(*cases, name="mine"):
        file = tmp_path / f"{name}.jsonl"
        file.write_text("\n".join(json.dumps(case, ensure_ascii=False) for case in cases), encoding="utf-8")
        return file

    return write


@pytest.fixture
def gates(tmp_path):
    def write(metric, **bounds):
        file = tmp_path / "gates.toml"
        bound = "\n".join(f"{name} = {value}" for name, value in bounds.items())
        file.write_text(f'[[gate]]\nmetric = "{metric}"\n{bound}\n', encoding="utf-8")
        return file

    return write


@pytest.fixture
def evaluate(cli, sample_library, tmp_path):
    def run(*words):
        return cli("eval", "run", *words, "--library", sample_library, "--out", tmp_path / "out")

    return run


def test_a_suite_is_run_and_the_report_is_written_in_every_form(evaluate, suite, gates, tmp_path):
    ran = evaluate(suite(WUHU, HEFEI), "--gate", gates("faithfulness", min=1.0))
    out = tmp_path / "out"
    report = json.loads((out / "report.json").read_text(encoding="utf-8"))

    assert ran.code == 0, ran.err
    assert sorted(p.name for p in out.iterdir()) == ["junit.xml", "report.html", "report.json", "summary.md"]
    assert [case["passed"] for case in report["cases"]] == [True, True]
    assert ET.parse(out / "junit.xml").getroot().get("failures") == "0"
    assert "All 1 gates held." in ran.out
    assert str(out) in ran.out


def test_a_gate_that_fails_is_exit_code_4_and_the_report_is_written_all_the_same(
    evaluate, suite, gates, tmp_path
):
    ran = evaluate(suite({**WUHU, "must_contain": ["1.5%"]}), "--gate", gates("correctness", min=0.5))

    assert ran.code == 4
    assert "1 of 1 gates failed." in ran.out
    assert (
        json.loads((tmp_path / "out" / "report.json").read_text(encoding="utf-8"))["gates"][0]["held"]
        is False
    )


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (["nowhere.jsonl"], "nor a suite of that name; there are comparisons, facts"),
        (["{suite}", "--gate", "nowhere.toml"], "nowhere.toml: No such file"),
        (["{suite}", "--baseline", "nowhere.json"], "nowhere.json: No such file"),
        (["{suite}", "--composer", "poet"], "this version has extractive, llm"),
        (["{suite}", "--composer", "llm"], "YIGAI_LLM_MODEL"),
        (["{suite}", "--judge", "oracle"], "this version has rules, llm"),
    ],
)
def test_what_cannot_be_used_is_exit_code_2_and_one_line(evaluate, suite, words, problem):
    ran = evaluate(*[word.format(suite=suite(WUHU)) for word in words])

    assert ran.code == 2
    assert problem in ran.err
    assert len(ran.err.strip().splitlines()) == 1


def test_a_bad_line_of_a_suite_is_named(evaluate, suite):
    file = suite(WUHU, {"id": "x"})

    ran = evaluate(file)

    assert ran.code == 2
    assert f"{file}:2: type: Field required" in ran.err


def test_a_suite_for_another_library_is_a_bad_suite(evaluate, suite):
    ran = evaluate(suite({**WUHU, "evidence": [{"article": "atlantis", "text": "x"}]}))

    assert ran.code == 2
    assert "mine: debt: evidence: 0 articles match 'atlantis'" in ran.err


def test_a_model_as_judge_that_is_not_set_up_says_what_to_set(evaluate, suite):
    ran = evaluate(suite(WUHU), "--judge", "llm")

    assert ran.code == 1
    assert "YIGAI_LLM_MODEL" in ran.err


@pytest.mark.allow_hosts(["127.0.0.1"])
def test_a_model_as_judge_gives_a_second_opinion_and_its_key_is_nowhere(
    evaluate, suite, tmp_path, monkeypatch
):
    monkeypatch.setenv("YIGAI_LLM_MODEL", "scripted")
    monkeypatch.setenv("YIGAI_LLM_API_KEY", "sk-secret-7f3a")
    monkeypatch.setenv("YIGAI_CACHE", str(tmp_path / "cache"))
    shutil.copytree(platformdirs.user_cache_path("yigai", appauthor=False), tmp_path / "cache")
    with endpoint(unruly_replies.Reply(content='{"reason": "一致", "verdict": "supported"}')) as server:
        monkeypatch.setenv("YIGAI_LLM_BASE_URL", server.url)
        ran = evaluate(suite(WUHU), "--judge", "llm")
    judge = json.loads((tmp_path / "out" / "report.json").read_text(encoding="utf-8"))["judge"]

    assert ran.code == 0, ran.err
    # A judge that supports everything agrees with the rules no more than chance would.
    assert judge["judged"] == judge["supported"] == len(server.requests) > 20
    assert judge["agreement"] == 0
    assert set(server.keys) == {"Bearer sk-secret-7f3a"}
    written = "".join(p.read_text(encoding="utf-8") for p in (tmp_path / "out").iterdir())
    assert "sk-secret" not in written + ran.out + ran.err


def test_a_baseline_shows_what_changed_and_lets_a_gate_speak_of_drops(evaluate, suite, gates, tmp_path):
    good, bad = suite(WUHU), suite({**WUHU, "must_contain": ["1.5%"]}, name="other")
    bad.replace(good.with_name("kept.jsonl"))
    assert evaluate(good).code == 0
    before = (tmp_path / "out" / "report.json").rename(tmp_path / "before.json")
    good.with_name("kept.jsonl").replace(good)

    ran = evaluate(good, "--baseline", before, "--gate", gates("correctness", max_drop=0.1))

    assert ran.code == 4
    assert "mine/debt" in ran.out
    after = tmp_path / "out" / "report.json"
    return_codes = [_compare(evaluate, before, after, *options).code for options in ((), ("--strict",))]
    assert return_codes == [0, 4]


def _compare(evaluate, before, after, *options):
    cli = evaluate.__closure__[0].cell_contents
    return cli("eval", "compare", before, after, *options)


def test_json_is_the_report_itself(evaluate, suite, tmp_path):
    ran = evaluate(suite(WUHU), "--json")

    assert json.loads(ran.out) == json.loads((tmp_path / "out" / "report.json").read_text(encoding="utf-8"))


def test_the_summary_goes_where_github_looks_for_it(evaluate, suite, tmp_path, monkeypatch):
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "step.md"))

    evaluate(suite(WUHU))

    assert (tmp_path / "step.md").read_text(encoding="utf-8").strip() == (
        tmp_path / "out" / "summary.md"
    ).read_text(encoding="utf-8").strip()


def test_without_a_folder_the_report_is_kept_by_date(cli, sample_library, suite, tmp_path, monkeypatch):
    monkeypatch.setenv("YIGAI_REPORTS", str(tmp_path / "reports"))

    ran = cli("eval", "run", suite(WUHU), "--library", sample_library)

    (folder,) = (tmp_path / "reports").iterdir()
    assert (folder / "report.html").is_file()
    assert str(folder) in ran.out


def test_the_own_suites_are_asked_of_a_sample_library_made_by_itself(shell, tmp_path):
    ran = shell(
        "eval", "run", "followups", "--out", tmp_path / "out", env={"YIGAI_LIBRARY": str(tmp_path / "none")}
    )

    assert ran.returncode == 0, ran.stderr
    assert not (tmp_path / "none").exists()


# The other measurements


@pytest.fixture
def beir(tmp_path):
    folder = tmp_path / "beir"
    (folder / "qrels").mkdir(parents=True)
    lines = ["某市为公立医院化债投入3亿元。", "某县给村医买了养老保险。", "某区开了夜间门诊。"]
    corpus = [json.dumps({"_id": f"d{i}", "title": "", "text": text}) for i, text in enumerate(lines)]
    (folder / "corpus.jsonl").write_text("\n".join(corpus), encoding="utf-8")
    queries = [{"_id": "q0", "text": "化债投入多少?"}, {"_id": "q1", "text": "夜间门诊开在哪里?"}]
    (folder / "queries.jsonl").write_text("\n".join(map(json.dumps, queries)), encoding="utf-8")
    (folder / "qrels" / "test.tsv").write_text(
        "query-id\tcorpus-id\tscore\nq0\td0\t1\nq1\td2\t1\n", encoding="utf-8"
    )
    return folder


def test_retrieval_is_measured_with_the_keys_that_were_asked_for(cli, beir):
    ran = cli("eval", "retrieval", beir, "--k", "1,2", "--json")

    metrics = json.loads(ran.out)["metrics"]
    assert ran.code == 0
    assert list(metrics) == ["hit@1", "hit@2", "recall@1", "recall@2", "MRR@1", "MRR@2", "nDCG@1", "nDCG@2"]
    assert metrics["hit@1"] == 1.0


@pytest.mark.parametrize(
    ("options", "problem"),
    [(["--k", "0"], "'0'"), (["--k", "one"], "'one'"), (["--retriever", "magic"], "hybrid, dense, lexical")],
)
def test_a_cut_off_or_retriever_that_is_none_is_bad_usage(cli, beir, options, problem):
    ran = cli("eval", "retrieval", beir, *options)

    assert ran.code == 2
    assert problem in ran.err


def test_the_checker_is_measured_on_labelled_pairs(cli, tmp_path):
    file = tmp_path / "pairs.jsonl"
    pairs = [("甲市投入10亿元。", "supported"), ("甲市投入12亿元。", "unsupported")]
    file.write_text(
        "\n".join(
            json.dumps({"premise": "甲市投入10亿元化债。", "hypothesis": h, "label": label})
            for h, label in pairs
        ),
        encoding="utf-8",
    )

    shown, told = cli("eval", "faithfulness", file), cli("eval", "faithfulness", file, "--json")

    assert shown.code == told.code == 0
    assert "Balanced" in shown.out
    assert json.loads(told.out)["accuracies"][0]["value"] == 1.0


def test_refusal_is_measured_with_and_without_the_answer(cli, tmp_path):
    row = {
        "id": 0,
        "query": "甲市化债投入多少钱?",
        "answer": ["10亿元"],
        "positive": ["甲市化债一共投入10亿元。"],
        "negative": ["乙县的村医有了养老保险。"],
    }
    file = tmp_path / "rgb.jsonl"
    file.write_text(json.dumps(row, ensure_ascii=False), encoding="utf-8")

    ran = cli("eval", "refusal", file, "--json")

    assert ran.code == 0, ran.err
    assert json.loads(ran.out)["metrics"]["refusal_recall"] == 1.0


@pytest.mark.parametrize("command", ["retrieval", "faithfulness", "refusal", "compare"])
def test_without_its_file_a_command_says_what_it_needs(cli, command):
    ran = cli("eval", command)

    assert ran.code == 2
    assert f"yigai eval {command}" in ran.err


@pytest.mark.parametrize(
    ("command", "words"), [("retrieval", 1), ("faithfulness", 1), ("refusal", 1), ("compare", 2)]
)
def test_a_file_that_is_not_there_is_named(cli, tmp_path, command, words):
    ran = cli("eval", command, *[tmp_path / "nothing"] * words)

    assert ran.code == 2
    assert "nothing" in ran.err


@pytest.mark.allow_hosts(["127.0.0.1"])
def test_answers_worded_by_a_language_model_are_measured_and_the_report_names_it(
    evaluate, suite, tmp_path, monkeypatch
):
    wrote = unruly_replies.Reply(content="芜湖市属公立医院的资产负债率由62.59%降到48.8%[1]。")
    with endpoint(wrote) as server:
        monkeypatch.setenv("YIGAI_LLM_BASE_URL", server.url.replace("//", "//me:secret@"))
        monkeypatch.setenv("YIGAI_LLM_MODEL", "scripted")
        ran = evaluate(suite(WUHU), "--composer", "llm")

        assert len(server.requests) >= 1
    report = json.loads((tmp_path / "out" / "report.json").read_text(encoding="utf-8"))
    assert ran.code == 0, ran.err
    assert report["cases"][0]["passed"]
    assert report["setup"]["composer"] == f"llm: scripted@{server.url}"
    assert "secret" not in json.dumps(report) + ran.out
