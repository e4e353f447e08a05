"""A folder of every format, encoding and damage: no crash, no silent loss, and the well-formed rest in the library."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from fakes import HashingEncoder
from torture_folder import Fate, build

from ingest.report import IngestReport
from ingest.run import ingest_paths
from rag.library import Library

_TAKEN = {"added", "replaced", "unchanged", "same_as", "moved"}


@pytest.fixture(scope="module")
def tortured(tmp_path_factory):
    """The folder, what was to become of each file, what became of it, and the library."""
    folder = tmp_path_factory.mktemp("折磨")
    fates = build(folder)
    encoder = HashingEncoder()
    with Library.open(
        tmp_path_factory.mktemp("library"),
        encoder_name=encoder.name,
        dimension=encoder.dimension,
        create=True,
    ) as library:
        report = ingest_paths([folder], library=library, encoder=encoder)
        yield folder, fates, report, library, encoder


def below(folder: Path, report: IngestReport) -> dict[str, str]:
    return {str(file.path.relative_to(folder)): file.outcome for file in report.files}


def test_there_are_enough_of_them(tortured):
    _, fates, _, _, _ = tortured

    assert len(fates) >= 80
    assert sum(bool(fate.marks) for fate in fates.values()) >= 60
    assert sum(fate.refused is not False for fate in fates.values()) >= 40


def test_every_file_has_its_line_in_the_report(tortured):
    folder, fates, report, _, _ = tortured

    assert set(fates) - set(below(folder, report)) == set()
    assert max(Counter(file.path for file in report.files).values()) == 1


def test_every_refusal_says_why_in_both_languages(tortured):
    _, _, report, _, _ = tortured

    for file in report.files:
        assert (file.outcome == "refused") == (file.error is not None), file
        if file.error is not None:
            assert file.error.localised("en"), file
            assert any("\u4e00" <= character <= "\u9fff" for character in file.error.localised("zh")), file


def test_what_is_no_article_is_refused_and_for_its_own_reason(tortured):
    folder, fates, report, _, _ = tortured
    became = {str(file.path.relative_to(folder)): file for file in report.files}

    taken = {
        name: became[name].outcome for name, fate in fates.items() if fate.refused and not became[name].error
    }
    assert taken == {}
    for name, fate in fates.items():
        if fate.code:
            assert became[name].error.code == fate.code, name


def test_the_well_formed_rest_is_in_the_library_word_for_word(tortured):
    folder, fates, report, library, _ = tortured
    texts = ["".join(library.article(one.article_id).text.split()) for one in library.articles()]
    became = below(folder, report)

    lost = {name: became[name] for name, fate in fates.items() if _lacks(fate, texts)}
    assert lost == {}
    assert all(
        became[name] in _TAKEN | {"opened"}
        for name, fate in fates.items()
        if fate.refused is False and fate.marks
    )


def _lacks(fate: Fate, texts: list[str]) -> bool:
    return not all(any("".join(mark.split()) in text for text in texts) for mark in fate.marks)


def test_a_figure_of_a_table_stands_with_its_header_and_unit(tortured):
    _, _, report, library, _ = tortured
    by_name = {file.path.name: file for file in report.files if file.article_id}

    for name in ("简.docx", "简.odt", "简.pdf", "gbk.rtf", "gb2312-gb18030.html", "简.mhtml", "简.epub"):
        lines = library.article(by_name[name].article_id).text.splitlines()
        (row,) = [line for line in lines if "溪" in line]
        assert "经费" in row, name
        assert ".5万元" in row, name


def test_the_library_is_sound_and_a_second_run_changes_nothing(tortured):
    folder, _, report, library, encoder = tortured
    assert library.check() == []
    before = library.articles()

    again = ingest_paths([folder], library=library, encoder=encoder)

    assert library.articles() == before
    assert again.count("added") == again.count("replaced") == 0
    assert again.refused == report.refused
