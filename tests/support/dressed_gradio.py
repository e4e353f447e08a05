"""Prints what a real Gradio page serves, plain and dressed, as JSON. A process of its own: Gradio leaves event loops open."""

from __future__ import annotations

import json
import os
import sys

from fastapi import FastAPI
from starlette.testclient import TestClient

from rag.types import Language
from ui.web.dress import Dress

ROOT = "/医改"


def serve(path: str, language: Language | None) -> TestClient:
    """Serve a small page at a path; dressed where a language is given."""
    import gradio as gr

    with gr.Blocks(title="一页", analytics_enabled=False) as page:
        gr.HTML("<p>正文</p>")
    app = FastAPI()
    gr.mount_gradio_app(app, page, path, ssr_mode=False, footer_links=[], run_history=False)
    if language is not None:
        mounted = app.router.routes[-1]
        mounted.app = Dress(mounted.app, language=language, root=ROOT)  # type: ignore[attr-defined]
    return TestClient(app)


def main() -> None:
    """Ask for everything that the tests look at."""
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    plain, ours, english = serve("/", None), serve("/", "zh"), serve("/en", "en")
    pages = {
        "plain": plain.get("/"),
        "zh": ours.get("/"),
        "zh, compressed": ours.get("/", headers={"accept-encoding": "gzip, deflate, br"}),
        "zh, as it is": ours.get("/", headers={"accept-encoding": "identity"}),
        "en": english.get("/en"),
    }
    found = {
        "pages": {name: page.text for name, page in pages.items()},
        "lengths": {name: int(page.headers["content-length"]) for name, page in pages.items()},
        "info": [one.get("/gradio_api/info").json() for one in (plain, ours)],
        "config": [sorted(one.get("/config").json()) for one in (plain, ours)],
    }
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main()
