"""The sample library: well-formed, in our own words, and nothing in it that its sources do not say."""

from __future__ import annotations

import datetime
import functools
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

import ingest
from rag.normalise import count_han, simplify

SAMPLE = Path(ingest.__file__).parent / "sample"
SOURCES = Path(__file__).resolve().parents[2].parent / "shared" / "seeds"
ARTICLES = sorted(SAMPLE.glob("*.md"))
REQUIRED = {"title", "source", "based_on"}
KNOWN = REQUIRED | {"date", "region", "url"}
RUN = 20

_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
_ISO = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
_FIGURE = re.compile(
    r"(\d+(?:\.\d+)?(?:[—–]\d+(?:\.\d+)?)?)[ \t]*"  # 62.59, 2—3
    r"(%|[余多]?[万亿]?(?:家次|人次|公里|分钟|大类|[\u4e00-\u9fff]))?"
)

each_article = pytest.mark.parametrize("path", ARTICLES, ids=lambda path: path.stem)


def read(path: Path) -> tuple[dict[str, Any], str]:
    _, front, body = path.read_text(encoding="utf-8").split("---\n", 2)
    return yaml.safe_load(front), body


def written(path: Path) -> str:
    """What we wrote: the title, the description of the origin, and the body."""
    facts, body = read(path)
    return "\n".join([facts["title"], facts["based_on"], body])


def han_of(text: str) -> str:
    return "".join(_HAN.findall(simplify(text)))


def runs_of(text: str) -> set[str]:
    han = han_of(text)
    return {han[i : i + RUN] for i in range(len(han) - RUN + 1)}


def figures_of(text: str) -> set[str]:
    return {number + unit for number, unit in _FIGURE.findall(simplify(text))}


@functools.cache
def source_texts() -> tuple[str, ...]:
    paths = sorted(SOURCES.glob("[0-9]*.txt")) if SOURCES.is_dir() else []
    if not paths:
        pytest.skip("the source articles (../shared/seeds) are not in this checkout")
    return tuple(path.read_text(encoding="utf-8") for path in paths)


def test_there_are_enough_articles() -> None:
    assert len(ARTICLES) >= 24


def test_the_folder_holds_nothing_that_is_not_an_article() -> None:
    assert sorted(path for path in SAMPLE.iterdir() if not path.name.startswith(("_", "."))) == ARTICLES


def test_titles_are_distinct() -> None:
    titles = [read(path)[0]["title"] for path in ARTICLES]

    assert len(set(titles)) == len(titles)


def test_every_place_we_write_about_has_an_article() -> None:
    regions = {region for path in ARTICLES for region in read(path)[0].get("region", ())}

    assert regions == {
        "全国", "安徽省芜湖市", "甘肃省庆阳市", "浙江省丽水市", "吉林省白山市", "山东省青岛市", "山西省", "广东省",
        "重庆市", "福建省三明市", "广东省深圳市", "江苏省盐城市", "贵州省铜仁市",
    }  # fmt: skip


def test_one_article_is_in_traditional_script() -> None:
    bodies = {path.stem: read(path)[1] for path in ARTICLES}

    assert [stem for stem, body in bodies.items() if simplify(body) != body] == [
        "guangdong-three-prescriptions"
    ]


def test_one_article_is_an_interview_with_alternating_turns() -> None:
    turns = {path.stem: re.findall(r"^([问答])：", read(path)[1], re.MULTILINE) for path in ARTICLES}

    assert {stem: "".join(found) for stem, found in turns.items() if found} == {
        "shanxi-interview": "问答" * 5
    }


@each_article
def test_file_name_is_an_ascii_slug(path: Path) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*\.md", path.name)


@each_article
def test_front_matter_has_the_required_keys_and_no_unknown_ones(path: Path) -> None:
    facts, _ = read(path)

    assert facts.keys() >= REQUIRED
    assert facts.keys() <= KNOWN
    assert all(isinstance(facts[key], str) and facts[key].strip() for key in REQUIRED)


@each_article
def test_regions_are_a_list_of_names(path: Path) -> None:
    regions = read(path)[0].get("region", ["全国"])

    assert isinstance(regions, list)
    assert regions
    assert all(isinstance(name, str) and name for name in regions)


@each_article
def test_date_is_iso_or_absent(path: Path) -> None:
    date = str(read(path)[0].get("date", "2025"))

    assert _ISO.fullmatch(date)
    assert len(date) < 10 or datetime.date.fromisoformat(date).isoformat() == date


@each_article
def test_url_is_a_web_address_or_absent(path: Path) -> None:
    assert re.match(r"https?://\S+$", read(path)[0].get("url", "https://example.org/"))


@each_article
def test_article_is_short(path: Path) -> None:
    assert 250 <= count_han(read(path)[1]) <= 700


def test_a_copied_sentence_would_be_found_across_scripts_and_punctuation() -> None:
    ours = "本市把十二家乡镇卫生院划归总医院统一管理，药品由总医院统一配送。"
    theirs = "本市把十二家鄉鎮衛生院，劃歸總醫院統一管理；藥品由總醫院統一配送"

    assert runs_of(ours) & runs_of(theirs)
    assert not runs_of(ours) & runs_of(
        "本市十二家乡镇卫生院的药品，改由总医院来配送，管理也由总医院统一起来。"
    )


def test_figures_are_told_apart_by_unit_and_not_by_spacing() -> None:
    assert figures_of("涉及 30 家次，占 41.5%，每县2—3所") == {"30家次", "41.5%", "2—3所"}
    assert figures_of("30家") != figures_of("30家次")


@pytest.mark.seeds
@each_article
def test_no_sentence_is_copied_from_the_sources(path: Path) -> None:
    ours = runs_of(written(path))

    assert [sorted(ours & runs_of(text)) for text in source_texts()] == [[]] * len(source_texts())


@pytest.mark.seeds
@each_article
def test_every_figure_is_in_the_sources(path: Path) -> None:
    known = figures_of("\n".join(source_texts()))

    assert figures_of(written(path)) - known == set()
