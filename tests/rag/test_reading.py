from __future__ import annotations

import pytest

from rag.assess import assess
from rag.reading import Reading, with_sides
from rag.types import Hit, Passage

SALARY = "三明市的公立医院实行年薪制，院长年薪由财政发放。\n"
QUOTA = "芜湖市设立编制周转池，核增编制500个。\n"


@pytest.fixture
def reading_of(candidates_in, query_for):
    def make(question, *markdown):
        query, candidates = query_for(question), candidates_in(*markdown)
        hits = tuple(
            Hit(
                passage=Passage(
                    passage_id=f"{c.article.article_id}:{c.start}",
                    article_id=c.article.article_id,
                    ordinal=0,
                    start=c.start,
                    end=c.end,
                    text=c.text,
                ),
                score=1.0,
                rank=rank,
                origin="fused",
            )
            for rank, c in enumerate(candidates, start=1)
        )
        return Reading(
            query=query, hits=hits, candidates=tuple(candidates), assessment=assess(query, candidates)
        )

    return make


def test_each_side_of_a_comparison_has_its_share(reading_of):
    whole = reading_of("年薪制和编制周转池有什么不同?", SALARY + "\n" + QUOTA)
    sides = [reading_of("年薪制怎么做?", SALARY), reading_of("编制周转池怎么做?", QUOTA)]
    both = with_sides(whole, sides)

    texts = [scored.candidate.text for scored in both.assessment.answering]
    assert texts[:2] == [SALARY.strip(), QUOTA.strip()]
    assert both.query is whole.query
    assert [hit.rank for hit in both.hits] == list(range(1, len(both.hits) + 1))
    assert len({hit.passage.passage_id for hit in both.hits}) == len(both.hits)


def test_where_one_side_has_no_answer_the_whole_stands(reading_of):
    whole = reading_of("年薪制和两票制有什么不同?", SALARY)
    sides = [reading_of("年薪制怎么做?", SALARY), reading_of("两票制怎么做?", SALARY)]

    assert with_sides(whole, sides) is whole
    assert with_sides(whole, []) is whole
