from __future__ import annotations

import pytest
from briefings import briefings, monstrous_briefing, plain_briefing
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from ui.exporting.printable import make_printable, print_form


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("第一行\r\n第二行\u2028第三行\x0b第四行", "第一行 第二行 第三行 第四行"),
        ("  两边\u3000", "两边"),
        ("中间\u3000有全角空格", "中间\u3000有全角空格"),
        ("从右到左\u202e翻转", "从右到左[U+202E]翻转"),
        ("响\x07铃", "响[U+0007]铃"),
        ("半个\ud800字", "半个[U+D800]字"),
        ("零\u200b宽\ufeff", "零宽"),
        ("48.8%", "48.8%"),
    ],
)
def test_a_text_is_put_into_the_form_that_is_printed(text, shown):
    assert print_form(text) == shown


@given(st.text())
def test_what_is_printed_can_stand_in_xml_on_one_line(text):
    shown = print_form(text)
    element = etree.Element("t")
    element.text = shown

    assert etree.fromstring(etree.tostring(element)).text == (shown or None)
    assert len(shown.splitlines()) <= 1
    assert print_form(shown) == shown


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(briefings())
def test_numbers_and_order_stay(briefing):
    shown = make_printable(briefing)

    assert [s.number for s in shown.sources] == [s.number for s in briefing.sources]
    assert [s.kind for s in shown.sections] == [s.kind for s in briefing.sections]
    assert make_printable(shown) == shown


def test_a_plain_briefing_stays_as_it_is():
    assert make_printable(plain_briefing()) == plain_briefing()


def test_a_monstrous_one_does_not():
    assert make_printable(monstrous_briefing()) != monstrous_briefing()
