from __future__ import annotations

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Route

from ui.web.rooted import Rooted


async def tell(request):
    return PlainTextResponse(request.path_params["rest"])


def asked(root, path):
    """What an application in the folder answers; its mounts and routes are as in the real one."""
    inner = Starlette(routes=[Route("/{rest:path}", tell)])
    app = Starlette(routes=[Mount("/en", inner), Route("/api/{rest:path}", tell), Mount("/", inner)])

    async def in_folder(scope, receive, send):
        await app({**scope, "root_path": root}, receive, send)

    rooted = Rooted(in_folder, root=root, pages=("", "/en"))

    async def ask():
        transport = httpx.ASGITransport(rooted)
        async with httpx.AsyncClient(transport=transport, base_url="http://host.example") as client:
            return await client.get(path)

    return ask()


@pytest.mark.parametrize("folder", ["", "/yigai"])
@pytest.mark.parametrize(
    ("path", "reached"),
    [
        ("/", ""),
        ("/en/", ""),
        ("/en/assets/a.js", "assets/a.js"),
        ("/api/articles/芜湖", "articles/芜湖"),
        ("/api/yigai/x", "yigai/x"),
        ("/yigaix/x", "yigaix/x"),
        ("/a%2Fb", "a/b"),
    ],
)
async def test_a_path_reaches_the_same_with_the_folder_and_without(folder, path, reached):
    response = await asked("/yigai", f"{folder}{path}")

    assert (response.status_code, response.text) == (200, reached)


@pytest.mark.parametrize(
    ("root", "path", "location"),
    [
        ("/yigai", "/yigai", "/yigai/"),
        ("/yigai", "/yigai/en", "/yigai/en/"),
        ("/yigai", "/en?a=1&b=%E8%8A%9C", "/yigai/en/?a=1&b=%E8%8A%9C"),
        ("", "/en", "/en/"),
    ],
)
async def test_a_page_without_its_slash_leads_to_the_one_with_it_and_names_no_host(root, path, location):
    response = await asked(root, path)

    assert (response.status_code, response.headers["location"]) == (307, location)


async def test_without_a_folder_a_path_is_left_as_it_is():
    assert (await asked("", "/yigai/x")).text == "yigai/x"


@given(st.text(st.characters(codec="utf-8"), max_size=20))
async def test_any_path_is_put_below_the_folder_once(rest):
    seen = []

    async def note(scope, receive, send):
        seen.append(scope)

    rooted = Rooted(note, root="/yigai", pages=("", "/en"))
    for path in (f"/{rest}", f"/yigai/{rest}"):
        await rooted({"type": "websocket", "path": path}, None, None)

    assert all(scope["path"] == "/yigai" or scope["path"].startswith("/yigai/") for scope in seen)
    assert seen[1]["path"] == f"/yigai/{rest}"
    assert rest == "yigai" or rest.startswith("yigai/") or seen[0]["path"] == f"/yigai/{rest}"
    assert all(scope.get("raw_path", b"").isascii() for scope in seen)


async def test_what_is_no_request_passes():
    seen = []

    async def note(scope, receive, send):
        seen.append(scope)

    await Rooted(note, root="/yigai", pages=("",))({"type": "lifespan"}, None, None)

    assert seen == [{"type": "lifespan"}]
