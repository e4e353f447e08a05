from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.types import Filter
from ui.asking import BadRequestError, filter_by_names


@pytest.mark.parametrize("name", ["芜湖", "芜湖市", "蕪湖", "安徽省芜湖市", "Wuhu", "WUHU", "wuhu city"])
def test_a_place_has_many_names_and_one_code(name):
    assert filter_by_names([name], None, None, []) == Filter(regions=("340200",))


def test_everything_that_is_asked_for_is_in_the_filter_in_its_order():
    found = filter_by_names(["铜仁", "芜湖"], 2019, 2023, ["卫生报", "健康报"])

    assert found == Filter(
        regions=("520600", "340200"), since_year=2019, until_year=2023, sources=("卫生报", "健康报")
    )
    assert filter_by_names([], None, None, []).is_open


@pytest.mark.parametrize(
    ("since", "until"), [(2023, 2019), (1899, None), (None, 3000), (0, None), (-1, 10**30)]
)
def test_years_that_make_no_sense_are_said_in_both_languages(since, until):
    with pytest.raises(BadRequestError) as caught:
        filter_by_names([], since, until, [])

    year = str(since if since is not None else until)
    assert year in caught.value.localised("en")
    assert year in caught.value.localised("zh")


@pytest.mark.parametrize(
    "name", ["亚特兰蒂斯", "Gotham", "", " ", "'; DROP TABLE articles; --", "{0}", "\x00"]
)
def test_an_unknown_place_is_named_in_both_languages_and_harmless(name):
    with pytest.raises(BadRequestError) as caught:
        filter_by_names(["芜湖", name], None, None, [])

    for language in ("zh", "en"):
        said = caught.value.localised(language)
        assert said.isprintable()
        assert any(hint in said for hint in ("芜湖市", "是不是：", "Did you mean: "))
        if name.isprintable():
            assert name in said


@given(st.text(max_size=30))
def test_any_name_is_a_place_or_is_refused(name):
    with contextlib.suppress(BadRequestError):
        assert len(filter_by_names([name], None, None, []).regions) == 1


@pytest.mark.parametrize("name", ["\ud800", "芜湖\udfff"])
def test_a_lone_surrogate_is_no_place(name):
    with pytest.raises(BadRequestError):
        filter_by_names([name], None, None, [])
