from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace

import docx
import pptx
import pytest
from briefings import briefings, monstrous_briefing, plain_briefing
from hypothesis import HealthCheck, given, settings
from lxml import etree, html

from rag.briefing.types import Line, Section
from ui.exporting import SUFFIXES, export, render

LANGUAGES = ("zh", "en")


def reopen(content: bytes, suffix: str) -> str:
    """Open an export with its library, and return all the text in it."""
    if suffix == ".docx":
        docx.Document(io.BytesIO(content))
    if suffix == ".pptx":
        pptx.Presentation(io.BytesIO(content))
    if suffix in {".docx", ".pptx"}:
        with zipfile.ZipFile(io.BytesIO(content)) as opened:
            assert opened.testzip() is None
            parts = [
                etree.fromstring(opened.read(n)) for n in opened.namelist() if n.endswith((".xml", ".rels"))
            ]
        return "\n".join("".join(part.itertext()) for part in parts)
    return html.fromstring(content).text_content() if suffix == ".html" else content.decode()


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_and_every_clause_is_in_every_export(tmp_path, suffix, language):
    briefing = plain_briefing(language)
    path = tmp_path / f"briefing{suffix}"

    export(briefing, path)
    text = reopen(path.read_bytes(), suffix)

    for line in briefing.sections[0].lines:
        assert line.text in text
    for source in briefing.sources:
        assert source.quote in text
        assert source.title in text


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_monstrous_briefing_is_exported_and_opens_again(suffix, language):
    briefing = monstrous_briefing(language)

    text = reopen(render(briefing, suffix), suffix)

    assert text.count("长") >= 2000
    assert not re.search("[\x00-\x08\x0b\x0e-\x1f\u202e\u2066\ud800\uffff]", text)


@pytest.mark.parametrize("suffix", SUFFIXES)
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(briefing=briefings())
def test_any_briefing_is_exported_and_opens_again(suffix, briefing):
    assert reopen(render(briefing, suffix), suffix)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_the_same_briefing_gives_the_same_bytes(suffix):
    assert render(plain_briefing(), suffix) == render(plain_briefing(), suffix)


@pytest.mark.parametrize("suffix", [".docx", ".pptx"])
def test_no_member_of_an_office_file_tells_the_hour(suffix):
    with zipfile.ZipFile(io.BytesIO(render(plain_briefing(), suffix))) as opened:
        dates = {member.date_time for member in opened.infolist()}

    assert dates == {(1980, 1, 1, 0, 0, 0)}


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_briefing_without_anything_is_exported(suffix):
    empty = replace(plain_briefing(), sections=(), sources=(), questions=(), title="")

    assert reopen(render(empty, suffix), suffix)


def test_a_suffix_in_capitals_is_the_same_kind(tmp_path):
    export(plain_briefing(), tmp_path / "A.MD")

    assert (tmp_path / "A.MD").read_bytes() == render(plain_briefing(), ".md")


@pytest.mark.parametrize("name", ["a.pdf", "a.doc", "a", "a.docx.exe"])
def test_another_kind_of_file_is_refused_and_not_written(tmp_path, name):
    with pytest.raises(ValueError, match=r"\.docx, \.pptx, \.html, \.md"):
        export(plain_briefing(), tmp_path / name)

    assert list(tmp_path.iterdir()) == []


def test_a_briefing_that_cannot_be_written_leaves_the_old_file(tmp_path):
    path = tmp_path / "a.md"
    path.write_text("old", encoding="utf-8")
    bad = Section(kind="summary", heading="", lines=(Line(text="无来源", sources=(99,)),))

    with pytest.raises(ValueError, match="99"):
        export(replace(plain_briefing(), sections=(bad,)), path)

    assert path.read_text(encoding="utf-8") == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["a.md"]
