"""A model that finds no answer: believed where the rules are not sure of one, and then it is a refusal like any other."""

from __future__ import annotations

import pytest
from modelled import MUCH
from unruly_endpoint import endpoint
from unruly_replies import Reply, as_json

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

SURE = "赣州的急救反应时间缩短到多少分钟?"
UNSURE = {"zh": "合肥核增的编制怎么考核?", "en": "How does Suzhou appraise its staffing pool?"}
NEAREST = {"zh": "安徽合肥：签约服务和编制", "en": "蘇州：編制周轉池"}
WORDS = {"zh": "信息不足", "en": "INSUFFICIENT"}


def asked(modelled, reply, question, **settings):
    with endpoint(reply) as server:
        return modelled.ask(server, question, **MUCH | settings), len(server.requests)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_it_is_a_refusal_that_says_what_was_read(tiny_modelled, tiny_pipeline, language):
    assert tiny_pipeline.ask(UNSURE[language]).answered  # by the rules there is an answer
    answer, requests = asked(tiny_modelled, Reply(content=WORDS[language]), UNSURE[language])

    assert requests == 1
    assert (answer.answered, answer.refusal.code) == (False, "model_declined")
    assert NEAREST[language] in answer.refusal.message
    assert answer.retrieved
    assert answer.usage is not None
    assert answer.fallback_reason is None


def test_a_refusal_in_many_words_or_in_json_is_one_too(tiny_modelled):
    long = Reply(content="资料中没有提到编制的考核办法，因此无法回答。")
    for reply in (long, as_json({"claims": []})):
        answer, _ = asked(tiny_modelled, reply, UNSURE["zh"], llm_structured=reply is not long)
        assert answer.refusal.code == "model_declined"


def test_where_the_articles_plainly_answer_it_is_not_believed(tiny_modelled, tiny_pipeline):
    answer, _ = asked(tiny_modelled, Reply(content="信息不足"), SURE)

    assert answer.sentences == tiny_pipeline.ask(SURE).sentences
    assert answer.fallback_reason == "declined"


def test_a_reader_who_restricts_the_search_is_not_sent_to_another_filter(tiny_modelled):
    from rag.types import Filter

    with endpoint(Reply(content="信息不足")) as server:
        pipeline = tiny_modelled.at(server, **MUCH)
        answer = pipeline.ask(UNSURE["zh"], within=Filter(sources=("测试文库",)))

    assert answer.refusal.code == "model_declined"
