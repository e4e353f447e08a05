from __future__ import annotations

import re

import httpx
import pytest

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

WUHU = "芜湖是怎么化债的？"


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "http://127.0.0.1:1"},
    ],
)
@pytest.mark.parametrize("path", ["/api/ask", "/v1/chat/completions", "/gradio_api/mcp/"])
def test_another_site_cannot_ask(api, headers, path):
    response = api.post(path, json={"question": WUHU}, headers=headers)

    assert response.status_code == 403


def test_the_own_page_can_ask(api, server):
    mine = {"origin": server.address, "sec-fetch-site": "same-origin"}

    assert api.post("/api/ask", json={"question": ""}, headers=mine).status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "localhost@evil.example"])
def test_another_name_than_this_machine_s_is_refused(api, host):
    assert api.get("/api/health", headers={"host": host}).status_code in (400, 421)


def test_no_response_names_the_server_or_opens_it_to_other_sites(api, server):
    asked = {"origin": "https://evil.example", "access-control-request-method": "POST"}

    for response in (
        api.get("/"),
        api.get("/api/health", headers=asked),
        api.options("/api/ask", headers=asked),
        api.options("/gradio_api/mcp/", headers=asked),
        api.get("/config", headers=asked),
        api.get("/nothing"),
        api.post("/api/ask", content=b""),
    ):
        names = {name.lower() for name in response.headers}
        assert "server" not in names
        assert not {name for name in names if name.startswith("access-control-allow")}
        assert response.headers["x-content-type-options"] == "nosniff"
        assert "default-src 'self'" in response.headers["content-security-policy"]


@pytest.mark.parametrize("page", ["", "/en", "/"])
@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/proxy=http://127.0.0.1:1/",
        "/gradio_api/deep_link",
        "/gradio_api/run-history",
        "/gradio_api/token",
        "/monitoring",
        "/monitoring/summary",
        "/manifest.json",
    ],
)
def test_what_nobody_needs_of_gradio_is_closed(server, page, path):
    with httpx.Client() as client:
        response = client.get(f"{server.address}{page}{path}")

    assert response.status_code == 404


@pytest.mark.parametrize("page", ["", "/en"])
@pytest.mark.parametrize(
    "file", ["/etc/passwd", "../../../../etc/passwd", "ui/cli.py", "pyproject.toml", "{library}/library.db"]
)
def test_no_file_of_the_machine_can_be_read(api, server, page, file):
    response = api.get(f"{page}/gradio_api/file={file.format(library=server.library)}")

    assert response.status_code in (403, 404)
    assert not re.search("root:|import|SQLite format", response.text)
