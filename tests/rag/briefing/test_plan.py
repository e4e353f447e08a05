from __future__ import annotations

from rag.briefing.plan import MOST_PLACES, plan_questions
from rag.briefing.survey import survey_of
from rag.regions import full_name, resolve
from rag.types import Filter

TEXT = """合肥市的公立医院建立编制周转池，核增编制300个。

赣州市的公立医院实行编制备案制管理，运行平稳。
"""
HEFEI, GANZHOU = (resolve(name).code for name in ("合肥市", "赣州市"))


def plan_for(topic, candidates, **wanted):
    survey = survey_of(topic, candidates, Filter(regions=tuple(wanted.get("wanted", ()))))
    return plan_questions(topic, survey, **wanted)


def test_every_place_is_asked_about_and_each_theme_only_where_it_is_spoken_of(topic_called, candidates_in):
    plan = plan_for(topic_called("编制改革"), candidates_in(TEXT))

    asked = [(p.place, p.question) for p in plan.questions]
    assert set(plan.places) == {HEFEI, GANZHOU}
    assert (HEFEI, "安徽省合肥市的编制周转池是怎么做的？") in asked
    assert (GANZHOU, "江西省赣州市的备案制是怎么做的？") in asked
    assert not any(place == GANZHOU and "周转池" in question for place, question in asked)
    assert sum(not place for place, _ in asked) == 4


def test_places_come_in_the_order_asked_for_and_silent_ones_are_told(topic_called, candidates_in):
    lishui = resolve("丽水市").code

    plan = plan_for(topic_called("编制改革"), candidates_in(TEXT), wanted=(lishui, GANZHOU, HEFEI))

    assert plan.places == (GANZHOU, HEFEI)
    assert plan.silent == (lishui,)


def test_a_province_is_not_silent_where_one_of_its_cities_speaks(topic_called, candidates_in):
    plan = plan_for(topic_called("编制改革"), candidates_in(TEXT), wanted=(resolve("安徽省").code,))

    assert (plan.places, plan.silent) == ((HEFEI,), ())


def test_the_questions_are_shown_in_the_readers_language_and_asked_in_chinese(topic_called, candidates_in):
    plan = plan_for(topic_called("staffing quota"), candidates_in(TEXT), language="en")

    assert all(p.shown.isascii() for p in plan.questions)
    assert not any(p.question.isascii() for p in plan.questions)


def test_places_beyond_the_most_are_named_rather_than_forgotten(topic_called, candidates_in):
    names = [
        "合肥市",
        "芜湖市",
        "蚌埠市",
        "淮南市",
        "马鞍山市",
        "淮北市",
        "铜陵市",
        "安庆市",
        "黄山市",
        "滁州市",
        "阜阳市",
        "宿州市",
        "六安市",
        "池州市",
    ]
    text = "\n\n".join(f"{name}的公立医院核增编制{300 + n}个。" for n, name in enumerate(names))

    plan = plan_for(topic_called("编制改革"), candidates_in(text + "\n"))

    assert len(plan.places) == MOST_PLACES
    told = {full_name(code).removeprefix("安徽省") for code in (*plan.places, *plan.left_out)}
    assert told == set(names)
