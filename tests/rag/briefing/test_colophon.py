from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from rag.briefing.colophon import colophon_of, library_hash

LIBRARIES = st.dictionaries(
    st.text("abc-", min_size=1, max_size=6), st.sets(st.text("0123", max_size=4), min_size=1)
)


@given(LIBRARIES, st.randoms())
def test_the_hash_does_not_depend_on_the_order_of_the_articles(hashes, chance):
    names = list(hashes)
    chance.shuffle(names)

    assert library_hash({name: list(hashes[name]) for name in names}) == library_hash(hashes)


@given(LIBRARIES, LIBRARIES)
def test_other_articles_have_another_hash(one, other):
    assert (library_hash(one) == library_hash(other)) == (one == other)


def test_the_colophon_tells_the_library(opened_sample):
    colophon = colophon_of(opened_sample)

    assert colophon.articles == len(opened_sample.articles())
    assert colophon.library_date == max(s.ingested_at for s in opened_sample.articles())[:10]
