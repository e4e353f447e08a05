from __future__ import annotations

import base64
import dataclasses
import hashlib
import re
from collections import Counter
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reports import HOSTILE, full_report, make_case, make_report

from eval.metrics import METRICS
from eval.views.escape import visible
from eval.views.page import to_html
from eval.views.wording import word

_VOID = {"meta", "br", "input"}


class Page(HTMLParser):
    """Elements with their attributes, and the text outside style and script, as a browser would see them."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.parts: dict[str, str] = {}
        self.text = ""
        self.unclosed: list[str] = []
        self.comments: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in _VOID:
            self.unclosed.append(tag)

    def handle_endtag(self, tag):
        assert self.unclosed.pop() == tag

    def handle_comment(self, data):
        self.comments.append(data)

    def handle_data(self, data):
        if self.unclosed and self.unclosed[-1] in {"style", "script"}:
            self.parts[self.unclosed[-1]] = data
        else:
            self.text += data

    @property
    def shape(self) -> Counter[tuple[str, ...]]:
        """How often each element comes with each set of attributes."""
        return Counter((tag, *sorted(attributes)) for tag, attributes in self.elements)


def with_every_text(report, change):
    return dataclasses.replace(report, cases=tuple(_changed(case, change) for case in report.cases))


def _changed(case, change):
    return dataclasses.replace(
        case,
        question=change(case.question),
        text=change(case.text),
        failures=tuple(map(change, case.failures)),
        history=tuple(map(change, case.history)),
        dropped=tuple(map(change, case.dropped)),
        error=None if case.error is None else change(case.error),
        claims=tuple(
            dataclasses.replace(c, text=change(c.text), reason=c.reason and change(c.reason))
            for c in case.claims
        ),
        citations=tuple(
            dataclasses.replace(c, quote=change(c.quote), title=c.title and change(c.title))
            for c in case.citations
        ),
    )


def policy_of(page: Page) -> str:
    return next(a["content"] for tag, a in page.elements if a.get("http-equiv") == "Content-Security-Policy")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_is_whole(language):
    page = Page(to_html(full_report(), language))

    assert page.unclosed == []
    assert page.comments == []
    assert page.elements[0] == (
        "html",
        {
            "lang": "zh-Hans" if language == "zh" else "en",
            "class": f"show-{language}",
            "data-title-zh": word("title", "zh"),
            "data-title-en": word("title", "en"),
        },
    )


def test_the_page_asks_for_nothing_outside_itself():
    written = to_html(full_report([""] * len(HOSTILE)))
    page = Page(written)

    assert not [
        a for _, a in page.elements if a.keys() & {"src", "href", "srcset", "action", "data", "poster"}
    ]
    assert not re.search(r"@import|url\(|https?://", written)
    assert not {tag for tag, _ in page.elements} & {
        "link",
        "img",
        "iframe",
        "object",
        "embed",
        "form",
        "base",
    }


def test_the_policy_allows_the_pages_own_style_and_script_and_nothing_else():
    page = Page(to_html(full_report()))
    policy = policy_of(page)

    for part in ("style", "script"):
        digest = base64.b64encode(hashlib.sha256(page.parts[part].encode()).digest()).decode()
        assert f"{part}-src 'sha256-{digest}';" in policy
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy
    assert [tag for tag, _ in page.elements].count("script") == 1
    assert not [name for _, a in page.elements for name in a if name == "style" or name.startswith("on")]


def test_hostile_reports_bring_no_element_and_no_attribute():
    benign = Page(to_html(full_report(["无害"] * len(HOSTILE))))
    hostile = Page(to_html(full_report()))

    assert hostile.shape == benign.shape
    assert hostile.parts == benign.parts


@settings(max_examples=25, deadline=None)
@given(st.text(st.characters(exclude_categories=()), min_size=1) | st.sampled_from(HOSTILE))
def test_any_text_is_shown_as_it_is_and_brings_no_element(text):
    case = make_case("s/a", passed=False, failures=("x",), history=("x",), dropped=("x",))
    report = make_report([case])

    page = Page(to_html(with_every_text(report, lambda _: text)))

    assert page.shape == Page(to_html(report)).shape
    assert page.unclosed == []
    # Question, failure, earlier question, answer, claim, title, quote and dropped sentence.
    assert page.text.count(visible(text)) >= 8


def test_names_of_suites_types_and_setups_are_escaped_too():
    hostile = '"><script>x</script>'
    fields = dict.fromkeys(("suite", "type", "expect", "refusal"), hostile)
    case = make_case(f"s/{hostile}", **fields)
    plain = make_case("s/a", refusal="x")

    page = Page(to_html(make_report([case], setup={hostile: {hostile: hostile}})))

    assert page.shape == Page(to_html(make_report([plain], setup={"a": {"b": "c"}}))).shape


def test_every_metric_stands_there_in_both_languages():
    page = Page(to_html(full_report()))

    for metric in METRICS:
        assert word(metric, "zh") in page.text
        assert word(metric, "en") in page.text


def test_every_part_in_one_language_has_its_counterpart_in_the_other():
    page = Page(to_html(full_report()))
    classes = Counter(a.get("class") for _, a in page.elements)

    assert classes["zh"] == classes["en"] > 100


def test_plots_have_a_title_and_tables_have_headers():
    written = to_html(full_report())

    plots = re.findall(r"<svg.*?</svg>", written, re.DOTALL)
    assert len(plots) > 40
    assert all('role="img"' in plot and re.search(r"<title>.+?</title>", plot) for plot in plots)
    assert all("<th scope=" in table for table in re.findall(r"<table.*?</table>", written, re.DOTALL))


def test_a_metric_is_drawn_where_its_value_lies_and_its_gate_too():
    written = to_html(full_report())

    (plot,) = [
        p
        for p in re.findall(r"<svg.*?</svg>", written, re.DOTALL)
        if "Faithfulness: 0.844" in p and "circle" in p
    ]
    # 27 of 32 claims: 0.84375.
    assert 'cx="84.38%"' in plot
    assert 'class="gate" x1="95.00%"' in plot
    assert "at least 0.950" in plot


def test_what_has_no_value_is_not_drawn_and_reads_as_a_dash():
    case = make_case(scores={})

    page = Page(to_html(make_report([case])))

    assert "svg" not in {tag for tag, _ in page.elements}
    assert "–" in page.text


def test_the_worst_cases_stand_first():
    report = full_report()
    page = Page(to_html(report))

    passed = [a["data-passed"] for tag, a in page.elements if a.get("class") == "case"]
    assert passed == ["no"] * sum(not c.passed for c in report.cases) + ["yes"] * sum(
        c.passed for c in report.cases
    )
    first = next(c for c in report.cases if c.error is not None)
    shown = [a["data-kind"] for tag, a in page.elements if a.get("class") == "case"]
    assert shown[0] == first.type


def test_a_claim_shows_its_verdict_and_a_citation_its_place():
    page = Page(to_html(full_report()))

    assert "alpha-00aa11 [120, 136)" in page.text
    assert word("unsupported", "zh") in page.text
    assert word("not_exact", "en") in page.text


def test_the_same_report_gives_the_same_page():
    report = full_report()

    assert to_html(report) == to_html(dataclasses.replace(report))
