"""Fitting the weights by which a page's pieces are chosen."""

import pytest

from eval.bench_pages import PageCase
from eval.fit_pages import fit, label_page, score

TEXT = "县里把三家医院和十二家卫生院合成一个集团，人员、资金和药品由集团统一管理，第{}年医保按人头打包付费。"


def a_page(number):
    paragraphs = [TEXT.format(number + step) for step in range(4)]
    menu = "".join(f"<li><a href=/{i}>别的栏目{i}</a></li>" for i in range(15))
    markup = (
        f"<html><body><ul>{menu}</ul><div>{''.join(f'<p>{p}</p>' for p in paragraphs)}</div></body></html>"
    )
    case = PageCase(id=str(number), html_file="", gold_text="\n".join(paragraphs))
    return label_page(case, markup.encode())


def test_pieces_of_the_cut_are_labelled():
    labelled = a_page(1)

    assert labelled is not None
    assert labelled.labels.tolist() == [0.0] * 15 + [1.0] * 4


def test_fitted_weights_choose_the_cut():
    pages = [page for number in range(4) if (page := a_page(number)) is not None]

    assert score(pages, fit(pages)) == pytest.approx(1.0)


def test_a_page_without_text_is_left_out():
    assert label_page(PageCase(id="a", html_file="", gold_text="x"), b"") is None
