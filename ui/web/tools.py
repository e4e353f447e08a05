"""What programs may call as tools (MCP): ask, and read an article. Their docstrings are what a model is told of them."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import gradio as gr

from ui.asking import encodable, filter_by_names
from ui.shelf import article_document
from ui.web.api import given_document
from ui.web.desk import Question

if TYPE_CHECKING:
    from ui.web.desk import Desk

ASKER_HEADER = "x-yigai-asker"
"""Who asks, as the gate names them; it takes away whatever a client sends under this name."""


@dataclass(frozen=True, slots=True)
class Tools:
    """The tools, over one desk."""

    desk: Desk

    async def ask(
        self,
        question: str,
        region: str = "",
        since_year: int = 0,
        until_year: int = 0,
        source: str = "",
        request: gr.Request | None = None,
    ) -> str:
        """Answer a question about China's health reform from the library's articles, every sentence cited.

        What the articles do not say is refused: then `answered` is false and `refusal` says what is missing. Each
        citation names its article and the exact characters quoted; `read_article` shows them in place. A sentence with
        `supported` false is proven by nothing: never repeat it as a fact. `fallback_reason` says why the answer is not
        (only) worded by the language model that is set. `conflicts` says where articles give different figures for the
        same thing: never tell one of them without the others. `table` sets a comparison out, a row for each place, year or
        topic; where a cell's `mentioned` is false, the articles are silent: fill nothing in.

        Args:
            question: In Chinese or English, complete in itself.
            region: Only passages about this place (芜湖市, Wuhu); empty for any.
            since_year: Only articles published in this year or later; 0 for any.
            until_year: Only articles published in this year or earlier; 0 for any.
            source: Only articles of this outlet, exactly as articles name it; empty for any.
            request: Filled in by the server.
        """
        within = filter_by_names(
            [region] if region else [], since_year or None, until_year or None, [source] if source else []
        )
        asker = str(request.headers.get(ASKER_HEADER, "")) if request else ""
        asked = Question(text=question, via="mcp", within=within, asker=asker)
        return _json(given_document(await self.desk.answer(asked)))

    async def read_article(self, article_id: str) -> str:
        """Return one article whole, with its exact text; offsets of citations are code points into `text`.

        Args:
            article_id: As a citation of `ask` names it.
        """
        article = await asyncio.to_thread(self.desk.pipeline.library.article, encodable(article_id))
        return _json(article_document(article))


def _json(document: dict[str, Any]) -> str:
    # Of anything but text Gradio would send Python's own notation, which no client can parse.
    return json.dumps(document, ensure_ascii=False)
