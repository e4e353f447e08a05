"""Briefings as files to download: each is made when it is asked for."""

from __future__ import annotations

import asyncio
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Path, Request
from fastapi.responses import PlainTextResponse, Response

from rag.types import Language
from ui.exporting import SUFFIXES, render
from ui.web.briefs import Briefs
from ui.web.tools import ASKER_HEADER
from ui.web.words import word

_TYPES = {
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".html": "text/html; charset=utf-8",
    ".md": "text/markdown; charset=utf-8",
    ".json": "application/json",
}
_UNSAFE = '\\/:*?"<>|'


def brief_router(briefs: Briefs) -> APIRouter:
    """Make the route under which briefings are downloaded, by those who asked for them only."""
    router = APIRouter(include_in_schema=False)

    @router.get("/brief/{key}/{form}")
    async def download(
        request: Request,
        key: Annotated[str, Path(max_length=64)],
        form: Annotated[str, Path(max_length=8)],
    ) -> Response:
        briefing = briefs.find(key, request.headers.get(ASKER_HEADER, ""))
        suffix = f".{form}"
        if briefing is None or suffix not in SUFFIXES:
            both: tuple[Language, Language] = ("zh", "en")
            return PlainTextResponse("\n".join(word("brief_gone", one) for one in both), status_code=404)
        content = await asyncio.to_thread(render, briefing, suffix)
        name = file_name(briefing.title, suffix)
        return Response(
            content,
            media_type=_TYPES[suffix],
            headers={"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}"},
        )

    return router


def file_name(title: str, suffix: str) -> str:
    """Name a file after a briefing: no sign that a file system minds, and no longer than one bears."""
    kept = "".join(ch for ch in title if ch.isprintable() and ch not in _UNSAFE).strip(" .")
    return f"{kept[:60] or 'briefing'}{suffix}"
