"""Everything that is served, put together: the two pages, the HTTP interface, articles, static files, the gate around it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import metadata
from typing import TYPE_CHECKING

import gradio as gr
from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from fastapi_offline import FastAPIOffline
from starlette.routing import BaseRoute

from rag.briefing.write import write_briefing
from rag.types import Language
from ui.web.api import api_router, explain_errors
from ui.web.articles import article_router
from ui.web.brief_files import brief_router
from ui.web.briefs import Briefs
from ui.web.dress import Dress
from ui.web.hall import Hall
from ui.web.lectern import Lectern
from ui.web.ledger import ledger_router
from ui.web.openai_form import openai_router
from ui.web.page import build_page
from ui.web.tools import Tools
from ui.web.view import STATIC

if TYPE_CHECKING:
    from ui.web.desk import Desk
    from ui.web.examples import Examples
    from ui.web.intake import Intake
    from ui.web.shelves import Shelves

_PATHS: dict[Language, str] = {"en": "/en", "zh": "/"}
"""Where each language lives; the longest path first, since the first mount that fits serves."""
_FONTS = [
    "system-ui",
    "-apple-system",
    "Segoe UI",
    "PingFang SC",
    "Microsoft YaHei",
    "Noto Sans CJK SC",
    "sans-serif",
]
_DESCRIPTION = (
    "Questions about China's health-reform articles, answered with citations to the exact clause, or refused. "
    "`/v1` speaks OpenAI's form (any API key where the server asks for none, else `NAME:PASSWORD`); "
    "tools for programs (MCP) are at `/gradio_api/mcp/`."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What all pages share; `intake` is None where the library may only be read."""

    desk: Desk
    examples: Examples
    shelves: Shelves
    intake: Intake | None
    root: str
    max_file_mb: float


def build_app(parts: Parts, *, extra_routes: Sequence[BaseRoute] = ()) -> FastAPI:
    """Put the application together; the gate goes around it."""
    app: FastAPI = FastAPIOffline(
        title="医改问答 yigai",
        version=metadata.version("yigai"),
        description=_DESCRIPTION,
        redoc_url=None,
        root_path=parts.root,
    )
    explain_errors(app)
    app.include_router(api_router(parts.desk))
    app.include_router(openai_router(parts.desk))
    app.include_router(article_router(parts.shelves, root=parts.root))
    briefs = Briefs(parts.desk, write_briefing)
    app.include_router(brief_router(briefs))
    app.include_router(ledger_router(parts.shelves.library))
    app.router.routes.extend(extra_routes)
    app.mount("/static-yigai", StaticFiles(directory=STATIC), name="static-yigai")
    for language, path in _PATHS.items():
        lectern = Lectern(briefs=briefs, language=language, root=parts.root)
        _mount_page(app, parts, lectern, path)
    return app


def _mount_page(app: FastAPI, parts: Parts, lectern: Lectern, path: str) -> None:
    language = lectern.language
    hall = Hall(
        desk=parts.desk,
        examples=parts.examples,
        shelves=parts.shelves,
        language=language,
        root=parts.root,
        intake=parts.intake,
    )
    is_first = path == "/"
    gr.mount_gradio_app(
        app,
        build_page(hall, lectern, Tools(parts.desk) if is_first else None),
        path,
        root_path=f"{parts.root}{path}".rstrip("/") or None,
        footer_links=[],
        run_history=False,
        show_error=False,
        max_file_size=int(parts.max_file_mb * 1_000_000),
        ssr_mode=False,
        enable_monitoring=False,
        pwa=False,
        mcp_server=is_first,
        theme=_theme(),
    )
    mounted = app.router.routes[-1]
    mounted.app = Dress(mounted.app, language=language, root=parts.root)  # type: ignore[attr-defined]


def _theme() -> gr.themes.Base:
    accent = gr.themes.Color(
        "#eef4f8", "#dbe8f0", "#bdd5e3", "#93bad0", "#6299b8", "#3d7c9f",
        "#1f5673", "#1b4a63", "#173d52", "#123142", "#0d2432",
    )  # fmt: skip
    return gr.themes.Base(
        primary_hue=accent,
        secondary_hue=accent,
        neutral_hue=gr.themes.colors.slate,
        radius_size=gr.themes.sizes.radius_sm,
        font=_FONTS,
        font_mono=["ui-monospace", "monospace"],
    ).set(
        # Gradio's own greys are too faint to read (WCAG AA asks for 4.5 to 1).
        input_placeholder_color="#566069",
        input_placeholder_color_dark="#a9b3ba",
        body_text_color_subdued="#566069",
        body_text_color_subdued_dark="#a9b3ba",
        block_label_text_color="#566069",
        block_label_text_color_dark="#a9b3ba",
        button_primary_background_fill="#1f5673",
        button_primary_background_fill_hover="#1b4a63",
        button_primary_background_fill_dark="#1f5673",
        button_primary_text_color="#ffffff",
        color_accent="#1f5673",
        body_background_fill="#fbfbf9",
        body_background_fill_dark="#14181b",
        background_fill_primary_dark="#1b2024",
        background_fill_secondary_dark="#262d32",
        block_background_fill_dark="#1b2024",
        input_background_fill_dark="#262d32",
        border_color_primary_dark="#3a4349",
        block_border_color_dark="#3a4349",
    )
