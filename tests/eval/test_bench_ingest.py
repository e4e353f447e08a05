from __future__ import annotations

import json
import sys
import time

import pytest

from eval import bench_ingest, bench_ingest_sides, bench_ingest_stock
from eval.bench_ingest_memory import Sample, slope_mb, varied

ON_LINUX = sys.platform == "linux"
PLACES = ("安丰县", "白塔镇", "青溪区", "云岭市", "河口乡", "石桥区")


def made_up(number: int) -> str:
    place = PLACES[number % len(PLACES)]
    sentences = [
        f"{place}今年推进第{number}项改革，由牵头医院统一管理医保基金。",
        f"截至{number + 3}月底，全县下沉医师{120 + number}人，其中高级职称{20 + number}人。",
        f"{place}群众在家门口看病的比例升到{60 + number}.5%，较上年提高{number + 1}个百分点！",
        f"下一步，{place}将把{number + 7}个病种纳入按病种付费；村卫生室全部配备智能终端。",
    ]
    return "".join(sentences * 2)


TEXTS = [made_up(number) for number in range(6)]


def likeness(one: str, other: str) -> float:
    pieces = [{text[i : i + 5] for i in range(len(text) - 4)} for text in (one, other)]
    return len(pieces[0] & pieces[1]) / len(pieces[0] | pieces[1])


@pytest.fixture(scope="module")
def encoder():
    return bench_ingest_sides.make_encoder(1)


@pytest.fixture
def news(tmp_path):
    path = tmp_path / "news.jsonl"
    lines = [json.dumps({"title": f"通报{i}", "text": text}) for i, text in enumerate(TEXTS)]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_articles_are_read_with_their_titles_and_without_empty_ones(tmp_path):
    path = tmp_path / "a.jsonl"
    rows = [{"title": "甲", "text": "一。"}, {"title": "乙", "text": ""}, {"title": None, "text": "二。"}]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")

    assert bench_ingest.read_texts([path]) == ["甲\n一。", "二。"]


def test_varied_articles_are_as_many_as_asked_and_the_same_every_time():
    made = list(varied(TEXTS, count=40))

    assert made[:6] == TEXTS
    assert len(made) == len(set(made)) == 40
    assert made == list(varied(TEXTS, count=40))
    assert list(varied(TEXTS, count=2)) == TEXTS[:2]


@pytest.mark.seeds
def test_no_two_varied_articles_of_real_news_are_printings_of_one(shared_folder):
    texts = bench_ingest.read_texts([shared_folder / "evaldata" / "news" / "health_policy_2023.jsonl"])
    texts = [text for text in texts if len(text) > 400][:12]

    made = list(varied(texts, count=60))

    pairs = [(a, b) for i, a in enumerate(made) for b in made[i + 1 :]]
    assert max(likeness(a, b) for a, b in pairs) < 0.7


def sample(articles: int, peak: float) -> Sample:
    return Sample(articles=articles, seconds=1.0, passages=1, resident_mb=peak, peak_mb=peak, index_mb=0)


def test_the_slope_is_that_of_the_second_half_in_megabytes_per_thousand():
    peaks = [100, 300, 310, 312, 314]  # the first step, which loads the model, says nothing of growth

    assert slope_mb([sample(1000 * (i + 1), peak) for i, peak in enumerate(peaks)]) == pytest.approx(2.0)
    assert slope_mb([sample(1000, 5)]) is None


def test_what_runs_inside_a_part_is_counted_once_and_with_that_part():
    clock = bench_ingest_sides._Clock()
    inner = clock.timed("split", lambda: time.sleep(0.02))
    outer = clock.timed("read", inner)

    outer()

    assert clock.seconds["read"] >= 0.02
    assert clock.seconds["split"] == 0


def test_of_a_part_that_yields_only_its_own_steps_are_counted():
    def steps():
        time.sleep(0.02)
        yield 1

    clock = bench_ingest_sides._Clock()

    for _ in clock.timed("read", steps)():
        time.sleep(0.2)

    assert 0.02 <= clock.seconds["read"] < 0.2


def test_our_side_is_measured_in_parts_that_add_up(encoder):
    report = bench_ingest.measure_speed(TEXTS, rounds=1, threads=1, with_stock=False)

    (one,) = report.ours.rounds
    assert report.stock is None
    assert report.ratio("tokens_per_s") is None
    assert set(one.parts) == {"read", "split", "terms", "embed", "write", "rest"}
    assert all(one.parts[name] > 0 for name in ("read", "split", "embed", "write"))
    assert sum(one.parts.values()) == pytest.approx(one.seconds, abs=0.01)
    assert one.articles == len(TEXTS)
    assert one.passages >= len(TEXTS)
    assert one.tokens > sum(encoder.count_tokens(TEXTS)) / 2


def test_a_round_leaves_the_ingest_as_it_was(encoder, tmp_path):
    before = [getattr(module, name) for named in bench_ingest_sides._PARTS.values() for module, name in named]
    bench_ingest.write_files(TEXTS[:1], tmp_path / "files")

    bench_ingest_sides.OurSide(threads=1).run(tmp_path / "files", tmp_path / "library")

    after = [getattr(module, name) for named in bench_ingest_sides._PARTS.values() for module, name in named]
    assert after == before


def test_a_side_that_fails_is_an_error_with_its_exit_code():
    with pytest.raises(OSError, match="exit code 1"):
        bench_ingest.measure_speed(["   "], rounds=1, threads=1, with_stock=False)


@pytest.mark.skipif(not ON_LINUX, reason="only Linux tells a process its peak like this")
def test_memory_is_sampled_at_every_step_up_to_the_last_article():
    samples = list(bench_ingest.measure_memory(TEXTS, articles=11, step=4, threads=1))

    assert [s.articles for s in samples] == [4, 8, 11]
    assert samples[-1].passages >= 11
    assert all(50 < s.resident_mb <= s.peak_mb < 1500 for s in samples)


@pytest.mark.skipif(not ON_LINUX, reason="only Linux tells a process its peak like this")
def test_the_command_writes_what_it_found(news, tmp_path, capsys):
    target = tmp_path / "memory.json"

    code = bench_ingest.main(["memory", str(news), "--articles", "4", "--step", "2", "--json", str(target)])

    found = json.loads(target.read_text(encoding="utf-8"))
    assert code == 0
    assert [s["articles"] for s in found["samples"]] == [2, 4]
    assert "peak" in capsys.readouterr().out


@pytest.mark.parametrize("content", ["", "not json", None])
def test_files_without_an_article_are_one_line_of_error(tmp_path, capsys, content):
    path = tmp_path / "x.jsonl"
    if content is not None:
        path.write_text(content, encoding="utf-8")

    assert bench_ingest.main(["speed", str(path)]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def require_stock() -> None:
    missing = bench_ingest_stock.missing_packages()
    if missing:
        pytest.skip(f"the stock pipeline needs {', '.join(missing)}")


@pytest.mark.models
def test_both_sides_take_turns_over_the_same_articles_with_the_same_weights():
    require_stock()

    report = bench_ingest.measure_speed(TEXTS, rounds=1, threads=1)

    assert report.skipped is None
    assert report.stock is not None
    assert report.stock.rounds[0].articles == report.ours.rounds[0].articles == len(TEXTS)
    assert report.ratio("articles_per_s") == pytest.approx(
        report.ours.articles_per_s / report.stock.articles_per_s
    )


@pytest.mark.models
def test_the_stock_model_makes_the_vectors_of_the_bundled_one(encoder, tmp_path):
    require_stock()
    model = bench_ingest_stock.write_model(tmp_path)

    theirs = bench_ingest_stock.StockPipeline(model, threads=1).embed(TEXTS)

    assert (theirs * encoder.embed_passages(TEXTS)).sum(axis=1).min() > 0.995


def test_without_its_packages_the_stock_side_is_left_out_and_says_which(monkeypatch):
    monkeypatch.setattr(bench_ingest_stock, "missing_packages", lambda: ["langchain_chroma"])

    report = bench_ingest.measure_speed(TEXTS[:1], rounds=1, threads=1)

    assert report.stock is None
    assert report.skipped == "not installed: langchain_chroma"
