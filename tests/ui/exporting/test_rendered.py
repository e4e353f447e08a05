"""What LibreOffice makes of the Office files: nothing over an edge, no character without a shape, notes on their page."""

from __future__ import annotations

import re
import shutil
import subprocess

import pdfplumber
import pytest
from briefings import monstrous_briefing, plain_briefing

from ui.exporting import export

OFFICE = shutil.which("soffice")
FACES = shutil.which("fc-list") and subprocess.run(["fc-list", ":lang=zh-cn"], capture_output=True).stdout
pytestmark = [
    pytest.mark.skipif(OFFICE is None, reason="LibreOffice (soffice) is not on this machine"),
    pytest.mark.skipif(not FACES, reason="there is no Chinese font on this machine"),
]
MAKERS = {
    "plain-zh": plain_briefing,
    "plain-en": lambda: plain_briefing("en"),
    "monstrous": monstrous_briefing,
}
POINTS_OF_SLIDE = 540
# Where the field for text ends, and what LibreOffice puts below a baseline.
LOWEST = POINTS_OF_SLIDE * 6.75 / 7.5
# Faces without Han characters: what is set in them shows as boxes.
LATIN_ONLY = re.compile("Liberation|DejaVu|OpenSymbol|Carlito|Caladea")


@pytest.fixture(scope="module")
def rendered(tmp_path_factory):
    """The pages of each export: characters with their places, by name of the briefing and suffix."""
    folder = tmp_path_factory.mktemp("rendered")
    for suffix in ("docx", "pptx"):
        (folder / suffix).mkdir()
        for name, make in MAKERS.items():
            export(make(), folder / suffix / f"{name}.{suffix}")
        subprocess.run(
            [
                OFFICE,
                f"-env:UserInstallation=file://{folder}/profile",
                "--headless",
                "--convert-to",
                "pdf",
                "--outdir",
                str(folder / suffix),
                *(str(folder / suffix / f"{name}.{suffix}") for name in MAKERS),
            ],
            check=True,
            capture_output=True,
            timeout=300,
        )
    return lambda name, suffix: pages_of(folder / suffix / f"{name}.pdf")


def pages_of(path):
    with pdfplumber.open(path) as opened:
        return [(float(page.width), float(page.height), page.chars) for page in opened.pages]


def text_of(chars):
    return re.sub(r"\s+", "", "".join(char["text"] for char in chars))


@pytest.mark.parametrize("suffix", ["docx", "pptx"])
@pytest.mark.parametrize("name", MAKERS)
def test_no_character_is_off_its_page_or_without_a_shape(rendered, name, suffix):
    pages = rendered(name, suffix)

    assert len(pages) > 4
    for width, height, chars in pages:
        for char in chars:
            assert not ("一" <= char["text"][:1] <= "龥" and LATIN_ONLY.search(char["fontname"]))
            assert -0.5 <= char["x0"] <= char["x1"] <= width + 0.5
            assert -0.5 <= char["top"] <= char["bottom"] <= height + 0.5


@pytest.mark.parametrize("name", ["plain-zh", "plain-en"])
@pytest.mark.parametrize("suffix", ["docx", "pptx"])
def test_every_sentence_can_be_read_from_the_pages(rendered, name, suffix):
    text = "".join(text_of(chars) for _, _, chars in rendered(name, suffix))

    for line in MAKERS[name]().sections[0].lines:
        assert re.sub(r"\s+", "", line.text) in text


@pytest.mark.parametrize("name", MAKERS)
def test_no_text_of_a_slide_is_below_its_field_but_the_number(rendered, name):
    for number, (_, _, chars) in enumerate(rendered(name, "pptx"), start=1):
        low = [char for char in chars if char["bottom"] > LOWEST]
        assert text_of(low) == ("" if number == 1 else str(number))


@pytest.mark.parametrize("name", MAKERS)
def test_no_text_of_a_document_is_in_its_margins(rendered, name):
    for width, _, chars in rendered(name, "docx"):
        margin = 72 / 2.54 * (2.5 if width < 600 else 2.0)
        assert all(margin - 2 <= char["x0"] and char["x1"] <= width - margin + 12 for char in chars)


def test_the_clause_stands_at_the_foot_of_the_page_that_cites_it(rendered):
    briefing = plain_briefing()
    quote = briefing.sources[0].quote
    found = [
        (height, chars)
        for _, height, chars in rendered("plain-zh", "docx")
        if f"「{quote}」" in text_of(chars)
    ]

    assert len(found) == 1
    height, chars = found[0]
    assert "要点" in text_of(chars)
    small = [char for char in chars if char["size"] < 9.5 and char["top"] > height / 2]
    assert f"《{briefing.sources[0].title}》" in text_of(small)
