"""Pages made to be slow or to break the reading of them."""

import pytest

from ingest.page.table import table_lines
from ingest.page.tree import parse
from ingest.webpage import fragment_blocks, read_page
from tests.support.effort import effort_below

PROSE = "县里把三家医院和十二家卫生院合成一个集团，人员、资金和药品由集团统一管理。"


@pytest.mark.parametrize(
    "markup",
    [
        "<div>" * 200 + f"<p>{PROSE}</p>" * 5_000,
        "<table><tr><td>" * 80 + PROSE,
        f"<table>{'<tr><td>一</td><td>二</td></tr>' * 20_000}</table>",
        f"<table><tr><td colspan=9999 rowspan=9999>甲</td><td>乙</td></tr>{'<tr><td>丙</td></tr>' * 3_000}</table>",
        "<a href=x>链接" * 20_000,
        "<p>" + "，" * 300_000,
        "<title>" + "_-" * 50_000 + "</title>" + f"<p>{PROSE}</p>" * 5,
        "<p>位置：" + "首页>" * 20_000 + f"</p><p>{PROSE}</p>",
        '<div class="' + "nav " * 50_000 + f'">{PROSE}</div>',
    ],
    ids=["paragraphs", "nested", "rows", "spans", "links", "commas", "title", "trail", "class"],
)
def test_a_page_made_to_be_slow_is_read_in_time(markup):
    with effort_below(10):
        read_page(f"<html><body>{markup}</body></html>")


def test_a_table_that_holds_tables_is_layout():
    root = parse("<table><tr><td><table><tr><td>甲</td><td>乙</td></tr></table></td></tr></table>")

    assert table_lines(root.find(".//table")) is None


def test_scripts_in_cells_are_no_text():
    rows = fragment_blocks(
        "<table><tr><th>市</th><th>床位</th></tr><tr><td>甲市<script>x()</script></td><td>120</td></tr></table>"
    )

    assert "x()" not in rows[0].text
