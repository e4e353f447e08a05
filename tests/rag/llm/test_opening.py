from __future__ import annotations

import asyncio
import base64
import builtins
import contextlib

import pytest
from pydantic import SecretStr
from unruly_endpoint import endpoint
from unruly_replies import Reply

from rag.errors import GenerationError
from rag.llm.opening import ModelAddress, address_of, open_model, public_part
from rag.settings import load_settings

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

SECRET = "sk-very-secret-4711"
DEAD = "http://127.0.0.1:9"


def at(server, **rest):
    return ModelAddress(model="m", base_url=server.url, **rest)


def answer(model, *, is_async=False):
    return (asyncio.run(model.ainvoke("问题")) if is_async else model.invoke("问题")).content


# Where it is


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("http://127.0.0.1:8182/v1", "http://127.0.0.1:8182/v1"),
        (f"https://user:{SECRET}@api.example.com/v1", "https://api.example.com/v1"),
        (
            f"https://{SECRET}@api.example.com:8443/v1?key={SECRET}#{SECRET}",
            "https://api.example.com:8443/v1",
        ),
        (f"https://api.example.com/v1?api-key={SECRET}", "https://api.example.com/v1"),
        (f"http://user:{SECRET}@[::1]:80/v1", "http://[::1]:80/v1"),
        (f"http://user:{SECRET}@host:port/v1", "?"),
        (f"http://[{SECRET}/v1", "?"),
        ("localhost:8182/v1", "?"),
        (f"user:{SECRET}@host/v1", "?"),
        (f"file:///{SECRET}", "?"),
    ],
)
def test_a_place_holds_no_secret(url, place):
    assert public_part(url) == place


def test_a_model_is_named_by_name_and_place():
    address = ModelAddress(
        model="qwen", base_url=f"http://u:{SECRET}@127.0.0.1:1/v1", api_key=SecretStr(SECRET)
    )

    assert (address.place, address.name) == ("http://127.0.0.1:1/v1", "qwen@http://127.0.0.1:1/v1")
    assert ModelAddress(model="openai:gpt").name == "openai:gpt"
    assert SECRET not in f"{address.api_key!r}{address.api_key}{address.name}{address.place}"


def test_the_address_is_as_the_settings_say():
    settings = load_settings(llm_base_url="http://127.0.0.1:1/v1", llm_model="qwen", llm_api_key=SECRET)

    address = address_of(settings)

    assert (address.model, address.base_url) == ("qwen", "http://127.0.0.1:1/v1")
    assert address.api_key.get_secret_value() == SECRET
    assert SECRET not in repr(settings)
    assert SECRET not in repr(address)


# The key


def test_the_key_goes_to_its_server():
    with endpoint(Reply(content="好")) as server:
        answer(open_model(at(server, api_key=SecretStr(SECRET))))

        assert server.keys == [f"Bearer {SECRET}"]


@pytest.mark.parametrize("is_async", [False, True])
def test_a_key_for_openai_goes_nowhere_else(monkeypatch, is_async):
    monkeypatch.setenv("OPENAI_API_KEY", SECRET)
    with endpoint(Reply(content="好")) as server:
        answer(open_model(at(server)), is_async=is_async)

        assert SECRET not in str(server.keys)


def test_an_address_for_openai_in_the_environment_leads_nowhere_else(monkeypatch):
    monkeypatch.setenv("OPENAI_BASE_URL", f"{DEAD}/v1")
    monkeypatch.setenv("OPENAI_API_BASE", f"{DEAD}/v1")
    with endpoint(Reply(content="好")) as server:
        assert answer(open_model(at(server))) == "好"


def test_an_opened_model_does_not_show_its_key():
    with endpoint(Reply(content="好")) as server:
        model = open_model(at(server, api_key=SecretStr(SECRET)))

    assert SECRET not in repr(model)
    assert SECRET not in str(model._identifying_params)


def test_a_user_name_and_a_query_reach_the_server(recorder):
    url = recorder.url.replace("://", "://me:p%40ss@") + "/v1?api-version=2"
    with contextlib.suppress(Exception):  # an empty object is no answer
        answer(open_model(ModelAddress(model="m", base_url=url)))

    path, headers, _ = recorder.seen[0]
    assert path == "/v1/chat/completions?api-version=2"
    assert base64.b64decode(headers["authorization"].removeprefix("Basic ")) == b"me:p@ss"


# The request


@pytest.mark.parametrize("is_async", [False, True])
def test_a_proxy_is_not_asked_the_way_to_this_machine(monkeypatch, is_async):
    for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, DEAD)
    with endpoint(Reply(content="好")) as server:
        assert answer(open_model(at(server)), is_async=is_async) == "好"


def test_a_compatible_server_is_told_the_limit_by_the_name_that_all_of_them_know():
    with endpoint(Reply(content="好")) as server:
        answer(open_model(at(server), max_tokens=77))

        assert server.requests[0]["max_tokens"] == 77
        assert "max_completion_tokens" not in server.requests[0]
        assert server.requests[0]["temperature"] == 0
        assert server.requests[0]["model"] == "m"


def test_openai_itself_is_told_the_limit_by_its_new_name():
    model = open_model(ModelAddress(model="m", base_url="https://api.openai.com/v1"), max_tokens=77)

    assert model.max_tokens == 77
    assert not model.extra_body


def test_its_own_client_does_not_ask_again_unless_told_to():
    model = open_model(ModelAddress(model="m", base_url=f"{DEAD}/v1"))

    assert model.max_retries == 0


def test_an_address_of_ipv6_and_a_name_for_this_machine_are_here(monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.invalid:1")
    clients = [
        open_model(ModelAddress(model="m", base_url=url)).http_client
        for url in ("http://[::1]:1/v1", "http://localhost:1/v1", "http://127.8.9.1/v1", "http://10.0.0.1/v1")
    ]

    assert [client.trust_env for client in clients] == [False, False, False, True]


# What cannot be opened


def test_without_a_model_it_is_said_what_to_set():
    with pytest.raises(GenerationError, match="YIGAI_LLM_MODEL") as raised:
        open_model(ModelAddress(model="", base_url=f"{DEAD}/v1"))

    assert raised.value.code == "rejected"
    assert "YIGAI_LLM_MODEL" in raised.value.localised("zh")


@pytest.mark.parametrize("name", ["nobody:m", "no-provider-at-all", ":", "openai:"])
def test_what_no_provider_knows_cannot_be_opened_and_quotes_no_key(name, monkeypatch):
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with pytest.raises(GenerationError) as raised:
        open_model(ModelAddress(model=name, api_key=SecretStr(SECRET)), nonsense=object())

    assert "provider:model" in str(raised.value)
    assert SECRET not in str(raised.value) + raised.value.localised("zh")
    assert raised.value.__cause__ is None


@pytest.mark.parametrize(
    "url",
    [
        "http://[::1",
        "http://host:port/v1",
        "http://127.0.0.1:99999",
        "127.0.0.1:8182/v1",
        "http://",
        "http://a\x00/",
    ],
)
def test_what_is_no_address_is_said_to_be_none(url):
    with pytest.raises(GenerationError, match="YIGAI_LLM_BASE_URL") as raised:
        open_model(ModelAddress(model="m", base_url=url))

    assert raised.value.code == "rejected"
    assert "YIGAI_LLM_BASE_URL" in raised.value.localised("zh")


def test_a_provider_whose_package_is_missing_names_it():
    with pytest.raises(GenerationError, match="pip install langchain-anthropic") as raised:
        open_model(ModelAddress(model="anthropic:claude", api_key=SecretStr(SECRET)))

    assert "langchain-anthropic" in raised.value.localised("zh")


def test_the_package_is_named_where_it_is_missing(monkeypatch):
    real = builtins.__import__

    def without(name, *rest, **named):
        if name.split(".")[0] == "langchain_openai":
            raise ImportError(name)
        return real(name, *rest, **named)

    monkeypatch.setattr(builtins, "__import__", without)

    with pytest.raises(GenerationError, match="pip install langchain-openai"):
        open_model(ModelAddress(model="m", base_url=f"{DEAD}/v1"))


def test_openai_by_name_is_opened_with_our_key(monkeypatch):
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    model = open_model(ModelAddress(model="openai:gpt-4o-mini", api_key=SecretStr(SECRET)), max_tokens=9)

    assert model.openai_api_key.get_secret_value() == SECRET
    assert model.max_tokens == 9


@pytest.mark.parametrize("is_async", [False, True])
def test_what_names_a_customer_of_openai_goes_nowhere_else(monkeypatch, recorder, is_async):
    monkeypatch.setenv("OPENAI_ORG_ID", "org-4711")
    monkeypatch.setenv("OPENAI_PROJECT_ID", "project-4711")
    with contextlib.suppress(Exception):  # an empty object is no answer
        answer(open_model(ModelAddress(model="m", base_url=f"{recorder.url}/v1")), is_async=is_async)

    path, headers, _ = recorder.seen[0]
    assert path == "/v1/chat/completions"
    assert "4711" not in str(headers)


def test_openai_itself_is_told_who_its_customer_is(monkeypatch):
    monkeypatch.setenv("OPENAI_ORG_ID", "org-4711")
    model = open_model(ModelAddress(model="m", base_url="https://api.openai.com/v1"))

    assert model.http_client.event_hooks["request"] == []
    assert model.root_client.default_headers["OpenAI-Organization"] == "org-4711"
