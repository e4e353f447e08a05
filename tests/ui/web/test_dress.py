from __future__ import annotations

import asyncio
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import dressed_gradio
import lxml.html
import pytest

from ui.web.dress import Dress, dressed

ROOT_FOLDER = Path(__file__).parents[3]
FIRST_SCRIPT = 'Object.defineProperty(navigator,"language",{get:()=>"%s"});'


@pytest.fixture(scope="module")
def served():
    """What a real Gradio page serves, plain and dressed."""
    script = Path(dressed_gradio.__file__)
    ran = subprocess.run(
        [sys.executable, script], capture_output=True, encoding="utf-8", timeout=120, cwd=ROOT_FOLDER,
        env={**os.environ, "PYTHONPATH": str(ROOT_FOLDER)},
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


@pytest.mark.parametrize(("language", "tag"), [("zh", "zh-CN"), ("en", "en")])
def test_gradios_page_is_in_our_language_with_our_script_before_any_other(served, language, tag):
    page = served["pages"][language]

    document = lxml.html.document_fromstring(page)
    head = document.find("head")
    assert document.get("lang") == tag
    assert head.find("script").text == FIRST_SCRIPT % tag
    links = [link.get("href") for link in head.findall("link")][:2]
    assert links == [f"{dressed_gradio.ROOT}/static-yigai/{name}" for name in ("icon.svg", "page.css")]
    assert head.findall("script")[1].get("src") == f"{dressed_gradio.ROOT}/static-yigai/page.js"
    assert served["lengths"][language] == len(page.encode())


def test_cards_for_social_networks_are_gone_and_no_other_fact_of_the_page(served):
    def facts(name):
        found = lxml.html.document_fromstring(served["pages"][name]).iterfind(".//meta")
        return [dict(meta.attrib) for meta in found]

    social = [fact for fact in facts("plain") if re.search("og:|twitter:", str(fact))]
    assert len(social) > 5
    assert facts("zh") == [fact for fact in facts("plain") if fact not in social]


def test_the_page_is_no_app_to_install(served):
    kinds = {
        name: [link.get("rel") for link in lxml.html.document_fromstring(page).iterfind(".//link")]
        for name, page in served["pages"].items()
    }

    assert "manifest" in kinds["plain"]
    assert "manifest" not in kinds["zh"] + kinds["en"]


@pytest.mark.parametrize("name", ["zh, compressed", "zh, as it is"])
def test_the_page_is_dressed_whatever_encoding_a_browser_takes(served, name):
    assert FIRST_SCRIPT % "zh-CN" in served["pages"][name]


def test_other_paths_are_as_gradio_serves_them(served):
    for plain, ours in (served["info"], served["config"]):
        assert plain
        assert plain == ours


@pytest.mark.parametrize("root", ['/"><script>alert(1)</script>', "/a&b'c"])
def test_a_hostile_root_stays_in_its_attribute(root):
    document = lxml.html.document_fromstring(
        dressed('<html lang="en"><head></head></html>', language="zh", root=root)
    )

    addresses = [element.get("src") or element.get("href") for element in document.find("head")]
    names = ("icon.svg", "page.css", "page.js")
    assert addresses == [None, None, *(f"{root}/static-yigai/{name}" for name in names)]


def test_only_the_first_head_is_dressed():
    once = dressed('<html lang="en"><head></head><body>"<head>"</body></html>', language="zh", root="")

    assert once.count("page.js") == 1
    assert once.endswith('<body>"<head>"</body></html>')


async def pieces(path, *, method="GET", root_path=""):
    """What has been sent after each step of an application that answers in three pieces of its own time."""
    steps, sent = [], []

    async def app(scope, receive, send):
        await send(
            {"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/html")]}
        )
        for text in (b"<head>", b"<b>", b""):
            await send({"type": "http.response.body", "body": text, "more_body": bool(text)})
            steps.append(len(sent))
            await asyncio.sleep(0)

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "method": method, "path": path, "root_path": root_path}
    await Dress(app, language="zh", root="")(scope, None, send)
    return steps, sent


@pytest.mark.parametrize(("path", "method"), [("/gradio_api/queue/data", "GET"), ("/", "POST")])
async def test_what_streams_is_not_held_back(path, method):
    steps, sent = await pieces(path, method=method)

    assert steps == [2, 3, 4]
    assert [m["body"] for m in sent[1:]] == [b"<head>", b"<b>", b""]


@pytest.mark.parametrize(("path", "root_path"), [("/", ""), ("/en", "/en"), ("/en/", "/en")])
async def test_a_document_in_pieces_is_sent_once_and_whole(path, root_path):
    steps, sent = await pieces(path, root_path=root_path)

    assert steps == [0, 0, 2]
    assert sent[1]["body"].endswith(b'page.js"></script><b>')
    assert dict(sent[0]["headers"])[b"content-length"] == str(len(sent[1]["body"])).encode()
