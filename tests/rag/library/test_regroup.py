from __future__ import annotations

import itertools
import shutil
import sqlite3
from contextlib import closing, contextmanager

import numpy as np
import pytest
from beds import ids, write
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rag.library import Library, groups
from rag.library.vectors import VectorIndex

RELEASE = (
    "本市医疗保障局今天发布通知，自2023年9月1日起扩大门诊慢特病跨省直接结算范围。\n"
    "通知提出，高血压、糖尿病等5个病种的参保患者在外省看病时可以持卡结算，不再回参保地报销。\n"
    "截至8月底，全市已有126家医疗机构开通了这项服务，比上年底增加37家。\n"
    "下一步，市医疗保障局将继续增加开通的医疗机构，并把结算时间缩短到3个工作日以内。"
)
ADDED = "记者在市民服务中心看到，前来咨询的居民排起了长队，窗口已增加到8个。"
CORRECTED = RELEASE.replace("126家", "162家")
OTHER_CITY = RELEASE.replace("本市", "芜湖市").replace("126家", "87家").replace("37家", "12家")
PLAN = (
    "县卫生健康局印发乡村医生培养方案，计划三年内为每个行政村配备一名合格的乡村医生。\n"
    "方案明确，定向培养的医学生在校期间免交学费，毕业后回到所在乡镇的卫生院工作满六年。\n"
    "县财政每年安排专项资金420万元，用于培养、补助和住房。"
)
BRIEF = "\n".join(RELEASE.split("\n")[:3])


def groups_of(library: Library) -> dict[str, tuple[str | None, str | None]]:
    return {s.article_id: (s.group, s.relation) for s in library.articles()}


def shadowed(library: Library) -> list[str]:
    with closing(sqlite3.connect(library.directory / "library.db")) as connection:
        sql = "SELECT passage_id FROM passages WHERE shadowed = 1 ORDER BY 1"
        return [row[0] for row in connection.execute(sql)]


@pytest.fixture
def find(encoder):
    """Returns what each side of the search finds of a question, in the order of ids."""

    def find_both(library: Library, question: str, *terms: str) -> tuple[list[str], list[str]]:
        dense = library.dense(encoder.embed_query(question), top_k=50)
        return sorted(ids(dense)), sorted(ids(library.lexical(dict.fromkeys(terms, 1.0), top_k=50)))

    return find_both


def test_five_printings_are_one_article_with_five_sources_and_found_once(library, new_article, find):
    outlets = ("市医疗保障局", "晚报", "日报", "门户网", "都市报")
    write(
        library,
        *[
            new_article(RELEASE, article_id=f"a{n}", source=outlet, date=f"2023-09-0{n + 1}")
            for n, outlet in enumerate(outlets)
        ],
    )

    dense, lexical = find(library, "跨省直接结算", "结算")

    assert [repost.source for repost in library.article("a0").reposts] == list(outlets[1:])
    assert {repost.relation for repost in library.article("a0").reposts} == {"repost"}
    assert dense == ["a0#0", "a0#1", "a0#2", "a0#3"]
    assert lexical == ["a0#0", "a0#1", "a0#3"]
    assert library.check() == []


def test_what_only_one_printing_says_stays_found(library, new_article, find):
    write(
        library,
        new_article(RELEASE, article_id="whole", date="2023-09-01"),
        new_article(f"{BRIEF}\n{ADDED}", article_id="portal", date="2023-09-02"),
    )

    dense, lexical = find(library, "市民服务中心", "窗口")

    assert groups_of(library)["portal"] == ("whole", "repost")
    assert lexical == ["portal#3"]
    assert dense == ["portal#3", "whole#0", "whole#1", "whole#2", "whole#3"]


def test_a_correction_stands_for_the_group_and_the_earlier_form_is_kept_and_said(library, new_article, find):
    write(
        library,
        new_article(RELEASE, article_id="first", source="晚报", date="2023-09-01"),
        new_article(RELEASE, article_id="again", source="门户网", date="2023-09-06"),
        new_article(
            CORRECTED, article_id="right", title="更正：扩大结算范围", source="晚报", date="2023-09-03"
        ),
    )

    dense, _ = find(library, "开通")

    assert groups_of(library) == {
        "first": ("right", "correction"),
        "again": ("right", "correction"),
        "right": ("right", None),
    }
    assert dense == [f"right#{n}" for n in range(4)]
    assert "126家" in library.article("first").text
    said = {repost.article_id: repost.relation for repost in library.article("right").reposts}
    assert said == {"first": "correction", "again": "correction"}
    said = {repost.article_id: repost.relation for repost in library.article("first").reposts}
    assert said == {"right": "correction", "again": "repost"}


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(OTHER_CITY.replace("芜湖市", "三明市"), id="another city"),
        pytest.param(CORRECTED, id="another figure, and no word of it"),
        pytest.param(RELEASE.replace("2023年9月1日", "2024年9月1日"), id="another year"),
        pytest.param(RELEASE.replace("可以持卡", "不可以持卡"), id="the opposite"),
    ],
)
def test_articles_of_one_form_that_say_different_things_stay_apart(library, new_article, other):
    write(
        library,
        new_article(OTHER_CITY if "三明市" in other else RELEASE, article_id="a", date="2023-09-01"),
        new_article(other, article_id="b", date="2023-09-02"),
    )

    assert groups_of(library) == {"a": (None, None), "b": (None, None)}
    assert shadowed(library) == []


def test_removing_the_one_that_stands_for_all_lets_the_next_be_found(library, new_article, find):
    write(
        library, *[new_article(RELEASE, article_id=a, date=f"2023-09-0{n}") for n, a in enumerate("abc", 1)]
    )

    library.remove_article("a")

    dense, lexical = find(library, "结算", "结算")
    assert groups_of(library) == {"b": ("b", None), "c": ("b", "repost")}
    assert {passage_id[0] for passage_id in dense + lexical} == {"b"}
    assert library.check() == []


def test_an_article_that_changed_leaves_its_group(library, new_article, find):
    write(library, *[new_article(RELEASE, article_id=a, date=f"2023-09-0{n}") for n, a in enumerate("ab", 1)])

    write(library, new_article(PLAN, article_id="a", date="2023-09-01"))

    _, lexical = find(library, "结算", "结算")
    assert groups_of(library) == {"a": (None, None), "b": (None, None)}
    assert lexical == ["b#0", "b#1", "b#3"]
    assert library.check() == []


def test_a_file_that_comes_to_stand_for_another_article_leaves_its_old_group(library, new_article):
    write(
        library,
        new_article(RELEASE, article_id="a", path="/x.txt", date="2023-09-01"),
        new_article(RELEASE, article_id="b", date="2023-09-02"),
    )

    write(library, new_article(PLAN, article_id="c", path="/x.txt"))

    assert groups_of(library) == {"b": (None, None), "c": (None, None)}
    assert shadowed(library) == []
    assert library.check() == []


def test_a_fuller_printing_takes_over_and_nothing_is_found_twice(library, new_article, find):
    write(library, new_article(BRIEF, article_id="brief", date="2023-09-01"))
    write(library, new_article(f"{RELEASE}\n{ADDED}", article_id="full", date="2023-09-05"))

    dense, _ = find(library, "结算")

    assert groups_of(library)["brief"] == ("full", "repost")
    assert dense == [f"full#{n}" for n in range(5)]
    assert library.check() == []


def test_writing_the_same_again_changes_no_group(library, new_article):
    articles = [new_article(RELEASE, article_id=a, date=f"2023-09-0{n}") for n, a in enumerate("abc", 1)]
    write(library, *articles)
    before = groups_of(library), shadowed(library)

    write(library, *articles)
    with library.writing():
        pass

    assert (groups_of(library), shadowed(library)) == before
    assert library.check() == []


TEXTS = {
    "whole": RELEASE,
    "brief": BRIEF,
    "portal": f"{BRIEF}\n{ADDED}",
    "city": OTHER_CITY,
    "city2": OTHER_CITY.replace("芜湖市", "三明市"),
    "plan": PLAN,
    "plan2": f"{PLAN}\n{ADDED}",
}


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.tuples(st.sampled_from(sorted(TEXTS)), st.booleans()), min_size=1, max_size=8))
def test_groups_follow_from_the_articles_that_are_there_and_not_from_how_they_came(
    open_library, new_article, folder, steps
):
    def made(names):
        shutil.rmtree(folder, ignore_errors=True)
        with open_library(exact_up_to=1000) as library:
            for name in names:
                write(library, new_article(TEXTS[name], article_id=name, date="2023-09-01"))
            return groups_of(library), shadowed(library)

    shutil.rmtree(folder, ignore_errors=True)
    with open_library(exact_up_to=1000) as library:
        for name, is_removed in steps:
            present = {summary.article_id for summary in library.articles()}
            if is_removed and name in present:
                library.remove_article(name)
            else:
                write(library, new_article(TEXTS[name], article_id=name, date="2023-09-01"))
        left = sorted(summary.article_id for summary in library.articles())
        found = groups_of(library), shadowed(library)
        assert library.check() == []

    assert found == made(left) == made(reversed(left))


class Killed(BaseException):
    """Stands for the end of the process: nothing of ours catches it."""


@pytest.fixture
def dies_at(monkeypatch):
    """Ends the process at the write of grouping with that number, to SQLite or to Chroma; returns a context for it."""

    @contextmanager
    def end_at(number):
        places = itertools.count()

        def dying(original):
            def run(*arguments, **options):
                if next(places) >= number:  # what is dead stays dead
                    raise Killed
                return original(*arguments, **options)

            return run

        with monkeypatch.context() as patched:
            for name in ("write_signature", "write_group", "shadow", "unshadow", "expect_vectors"):
                patched.setattr(groups, name, dying(getattr(groups, name)))
            patched.setattr(VectorIndex, "delete", dying(VectorIndex.delete))
            yield

    return end_at


def assert_all_is_found(library: Library, encoder, lines: set[str]) -> None:
    by_meaning = {hit.passage.text for hit in library.dense(encoder.embed_query("结算"), top_k=50)}
    by_terms = {hit.passage.text for hit in library.lexical({"结算": 1.0}, top_k=50)}
    assert lines <= by_meaning
    assert {line for line in lines if "结算" in line} <= by_terms


def test_killed_before_any_write_of_grouping_everything_is_found_and_the_next_writer_goes_on(
    open_library, new_article, encoder, folder, dies_at
):
    """One that stands for all comes and goes again; the process ends at each of the writes that this takes."""
    was_killed, number = True, 0
    while was_killed:
        shutil.rmtree(folder, ignore_errors=True)
        with open_library() as library:
            write(library, new_article(BRIEF, article_id="brief", date="2023-09-01"))
            write(library, new_article(BRIEF, article_id="twin", date="2023-09-02"))
        was_killed = False
        with dies_at(number), open_library() as library:
            try:
                write(library, new_article(f"{RELEASE}\n{ADDED}", article_id="full", date="2023-09-05"))
                library.remove_article("full")
            except Killed:
                was_killed = True

        with open_library() as reader:
            assert_all_is_found(reader, encoder, set(BRIEF.split("\n")))
        with open_library() as library, library.writing():
            pass
        with open_library() as library:
            assert library.check() == []
            assert all(group for group, _ in groups_of(library).values())
            assert len(shadowed(library)) == 3 * (len(library.articles()) - 1)
        number += 1

    assert number > 8


def test_a_reader_that_is_open_meanwhile_sees_whole_groups(open_library, new_article, encoder):
    reader, writer = open_library(), open_library()
    lines = RELEASE.split("\n")

    for number in range(6):
        write(writer, new_article(RELEASE, article_id=f"a{number}", date=f"2023-09-0{number + 1}"))
        texts = [hit.passage.text for hit in reader.dense(encoder.embed_query("结算"), top_k=50)]
        assert sorted(texts) == sorted(lines)
    for number in range(5):
        writer.remove_article(f"a{number}")
        texts = [hit.passage.text for hit in reader.dense(encoder.embed_query("结算"), top_k=50)]
        assert sorted(texts) == sorted(lines)


def test_repair_leaves_shadowed_passages_out_and_keeps_the_groups(open_library, new_article, encoder, folder):
    with open_library() as library:
        write(library, *[new_article(RELEASE, article_id=a, date="2023-09-01") for a in "abc"])
        before = groups_of(library), shadowed(library)

    Library.repair(folder, encoder)

    with open_library() as library:
        assert (groups_of(library), shadowed(library)) == before
        assert len(library.dense(encoder.embed_query("结算"), top_k=50)) == 4
        assert library.check() == []


@pytest.mark.parametrize(
    ("harm", "code"),
    [
        ("UPDATE articles SET group_id = 'nobody' WHERE article_id = 'b'", "group_missing"),
        ("UPDATE articles SET group_id = NULL WHERE article_id = 'b'", "hidden"),
    ],
)
def test_a_check_names_what_is_hidden_without_a_reason(library, new_article, harm, code):
    write(library, *[new_article(RELEASE, article_id=a, date="2023-09-01") for a in "ab"])
    with closing(sqlite3.connect(library.directory / "library.db")) as connection:
        connection.execute(harm)
        connection.commit()

    assert [problem.code for problem in library.check()] == [code]


def test_many_printings_beyond_what_is_compared_are_still_one_group(open_library, new_article, monkeypatch):
    monkeypatch.setattr(groups, "MOST_CANDIDATES", 4)
    monkeypatch.setattr(groups, "_BAND_MEMBERS", 6)
    dates = np.random.default_rng(3).permutation(14)
    with open_library(exact_up_to=1000) as library:
        for number, day in enumerate(dates):
            write(library, new_article(RELEASE, article_id=f"a{number:02}", date=f"2023-09-{day + 1:02}"))
        first = f"a{list(dates).index(0):02}"
        assert {group for group, _ in groups_of(library).values()} == {first}

        library.remove_article(first)

        assert {group for group, _ in groups_of(library).values()} == {f"a{list(dates).index(1):02}"}
        assert library.check() == []
