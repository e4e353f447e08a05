from __future__ import annotations

import functools
import os
import signal
import sys
import zlib
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pdf_files import flowing, make_pdf, page_of_stream, put, ruled_table, set_text

from ingest.formats import pdf_scan, pdf_worker
from ingest.formats.pdf import read_pdf
from ingest.formats.pdf_process import draw_page, open_pdf
from ingest.formats.pdf_worker import WorkerEndedError, ask, end_worker
from rag.errors import UnreadableFileError

QUICK = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@functools.cache
def sound() -> bytes:
    def draw(canvas) -> None:
        set_text(canvas, ["县域医共体建设稳步推进，群众就近就医更加方便。"])
        ruled_table(canvas, [("地区", "就诊率(%)"), ("芜湖市", "48.8"), ("马鞍山市", "50.1")], y=500)

    return make_pdf([draw, *flowing(["医保部门按人头总额预付。"])])


@pytest.fixture
def _without_ocr(monkeypatch):
    monkeypatch.setattr(pdf_scan, "has_ocr", lambda: False)


def code_of(content: bytes) -> str | None:
    try:
        read_pdf(content)
    except UnreadableFileError as error:
        return error.code
    return None


def running_process() -> int:
    return pdf_worker._held[0].process.pid


@pytest.mark.usefixtures("_without_ocr")
@QUICK
@given(
    flips=st.lists(st.tuples(st.integers(0, 2**20), st.integers(0, 255)), max_size=60),
    end=st.none() | st.integers(0, 2**20),
)
def test_flipped_and_cut_off_bytes_give_text_or_a_clear_error(flips, end):
    content = bytearray(sound())
    for place, value in flips:
        content[place % len(content)] = value
    if end is not None:
        del content[end % len(content) :]

    assert code_of(bytes(content)) in {None, "damaged", "crashed", "password", "no_text", "no_text_layer"}


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"%PDF-1.7\n%%EOF", b"\0" * 5_000], ids=repr)
def test_what_is_no_pdf_is_damaged(content):
    assert code_of(content[:60]) == "damaged"


def test_a_pdf_without_pages_is_damaged():
    assert code_of(page_of_stream(b"", pages=0)) == "damaged"


@pytest.mark.skipif(sys.platform == "win32", reason="memory is limited on POSIX systems only")
def test_a_stream_that_unfolds_to_gigabytes_ends_only_the_process_that_reads_it():
    packer = zlib.compressobj(9)
    head, block = packer.flush(zlib.Z_FULL_FLUSH), b" " * 2**20
    packed = packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH)
    bomb = page_of_stream(head + packed * 1_600, filters="/FlateDecode")
    end_worker()  # a process that has read something is given a second try

    assert code_of(bomb) in {"crashed", "too_large"}
    assert code_of(sound()) is None


@pytest.mark.parametrize("place", ["1e38 400", "99999999999999999999999 0", "-1e38 1e38", "72 1e-40"])
def test_text_set_at_absurd_places_is_left_out_or_read(place):
    stream = f"BT /F 12 Tf {place} Td (afar) Tj ET BT /F 12 Tf 72 400 Td (Text on the page) Tj ET"
    lines = f"0 0 m {place} l S {place} m 1e38 1e38 l S 1e38 0 0 1e38 0 0 cm 0 0 m 9 9 l S"

    read = read_pdf(page_of_stream(f"{stream} {lines}".encode()))

    assert any("Text on the page" in block.text for block in read.blocks)


@pytest.mark.parametrize("opening", [b"q ", b"[", b"<<", b"BT "])
def test_deep_nesting_is_survived(opening):
    assert code_of(page_of_stream(opening * 200_000)) in {"no_text", "damaged", "crashed"}


def test_a_page_of_more_glyphs_than_any_page_has_is_refused():
    lines = b"".join(b"BT /F 1 Tf 1 0 0 1 50 %d Tm (%s) Tj ET\n" % (n, b"ab" * 150) for n in range(50, 300))

    assert code_of(page_of_stream(lines)) == "too_large"


def test_one_process_reads_file_after_file_and_is_replaced_when_it_has_ended():
    read_pdf(sound())
    first = running_process()
    read_pdf(sound())
    assert running_process() == first

    os.kill(first, signal.SIGTERM)

    assert code_of(sound()) is None
    assert running_process() != first


def test_files_read_at_once_in_several_threads_do_not_mix():
    names = [f"第{number}号文件的正文。" for number in range(12)]
    files = [make_pdf(flowing([name])) for name in names]

    with ThreadPoolExecutor(4) as pool:
        read = list(pool.map(read_pdf, files))

    assert [found.blocks[0].text for found in read] == names


def test_a_file_that_takes_too_long_ends_the_process_and_the_next_is_read_by_another():
    read_pdf(sound())
    late = running_process()

    with pytest.raises(WorkerEndedError) as caught:
        ask(sound(), ("pages", "10"), max_seconds=0)

    assert caught.value.timed_out
    assert code_of(sound()) is None
    assert running_process() != late


@pytest.mark.skipif(sys.platform == "win32", reason="processor time is limited on POSIX systems only")
def test_a_file_that_takes_too_much_processor_time_ends_the_process():
    # PDFium compares each glyph of a line with all others.
    slow = b"".join(b"BT /F 4 Tf %d 400 Td (a) Tj ET\n" % (n * 7919 % 595) for n in range(59_000))

    with pytest.raises(WorkerEndedError) as caught:
        ask(page_of_stream(slow), ("pages", "10"), max_seconds=1)

    assert caught.value.timed_out


def test_no_process_is_left_once_it_is_ended():
    read_pdf(sound())
    held = pdf_worker._held[0].process

    end_worker()

    assert held.poll() is not None
    assert not pdf_worker._held


def test_as_many_pages_as_allowed_are_read_and_thousands_refused_at_once():
    stream = b"BT /F 12 Tf 72 400 Td (County hospitals) Tj 0 -20 Td (share services) Tj ET"

    assert len(open_pdf(page_of_stream(stream, pages=400), max_pages=400).pages) == 400
    with pytest.raises(UnreadableFileError) as caught:
        open_pdf(page_of_stream(stream, pages=5_000), max_pages=400)
    assert caught.value.code == "too_many_pages"


def test_a_page_is_drawn_upright_at_the_size_asked_for():
    content = make_pdf([lambda canvas: put(canvas, "Text", font="Helvetica")])

    picture = draw_page(content, number=1, dots_per_inch=72)

    assert picture.startswith(b"\x89PNG")
    assert [int.from_bytes(picture[at : at + 4], "big") for at in (16, 20)] == [596, 842]
