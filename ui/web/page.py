"""The page in Gradio: components and wiring. What happens is in `hall.py`, how it looks in `templates/` and `static/`."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import gradio as gr
from gradio.events import api

from rag.types import Filter
from ui.web.brief_tab import build_brief_tab
from ui.web.hall import Hall, Shown
from ui.web.intake import accepted_types
from ui.web.lectern import Lectern
from ui.web.ledger_page import fill_figures_tab
from ui.web.tools import ASKER_HEADER, Tools
from ui.web.words import word

_KEPT_S = 3600
"""Seconds after which Gradio deletes its own copy of what was handed in."""
_PRIVATE: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
_QUIET: dict[str, Any] = {**_PRIVATE, "queue": False}

# Clicks inside our own markup become events of the component; `yigai` is in static/page.js.
_ASK_ON_CLICK = "element.addEventListener('click', e => yigai.act(e, {ask: 'ask'}, trigger))"
_OPEN_ON_CLICK = (
    "element.addEventListener('click', e => yigai.act(e, {open: 'conversation', forget: 'forget'}, trigger))"
)
_REMOVE_ON_CLICK = "element.addEventListener('click', e => yigai.act(e, {remove: 'remove'}, trigger))"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Filters:
    regions: gr.Dropdown
    since: gr.Dropdown
    until: gr.Dropdown
    sources: gr.Dropdown

    @property
    def inputs(self) -> list[gr.components.Component]:
        return [self.regions, self.since, self.until, self.sources]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Talk:
    log: gr.HTML
    live: gr.HTML
    question: gr.Textbox
    ask: gr.Button
    stop: gr.Button
    new: gr.Button
    earlier: gr.HTML
    conversation: gr.BrowserState
    filters: _Filters


def build_page(hall: Hall, lectern: Lectern, tools: Tools | None = None) -> gr.Blocks:
    """Build the page of one language.

    Args:
        hall: What it does.
        lectern: What its tab of briefings does.
        tools: Offered to programs as well (MCP); on one page only, or they would be there twice.
    """
    with gr.Blocks(
        title=word("title", hall.language),
        analytics_enabled=False,
        fill_width=True,
        delete_cache=(_KEPT_S, _KEPT_S),
    ) as page:
        header = _markup("header", hall.header())
        with gr.Tabs():
            with gr.Tab(word("tab_ask", hall.language), id="ask"):
                talk = _talk(hall)
            with gr.Tab(word("tab_brief", hall.language), id="brief"):
                brief = build_brief_tab(lectern, asker_of=asker_of)
            with gr.Tab(word("tab_library", hall.language), id="library"):
                shelf = _library(hall)
            with gr.Tab(word("tab_figures", hall.language), id="figures-tab") as figures:
                fill_figures_tab(hall, figures)
            with gr.Tab(word("tab_quality", hall.language), id="quality"):
                quality = _markup("quality", "")
        _wire_talk(hall, talk)

        def load(request: gr.Request, conversation: str | None) -> list[Any]:
            asker = asker_of(request)
            shown = hall.opened(conversation if conversation is not None else hall.latest(asker), asker)
            person = unquote(asker.removeprefix("u:")) if asker.startswith("u:") else ""
            return [
                hall.header(person), shown.log, shown.live, shown.conversation,
                hall.earlier(asker), hall.shelf(), hall.quality(), *(choices := _choices(hall)), *choices[:3],
            ]  # fmt: skip

        outputs = [header, talk.log, talk.live, talk.conversation, talk.earlier, shelf, quality]
        page.load(load, [talk.conversation], [*outputs, *talk.filters.inputs, *brief.choices], **_QUIET)
        if tools:
            api(tools.ask, api_name="ask", queue=False)
            api(tools.read_article, api_name="read_article", queue=False)
    return page  # type: ignore[no-any-return]  # Gradio's context manager does not say what it gives


def asker_of(request: gr.Request) -> str:
    """Who asks, as the gate wrote it; a browser that keeps no cookie is known for as long as its page is open."""
    return str(request.headers.get(ASKER_HEADER, "")) or f"s:{request.session_hash}"


def _markup(name: str, value: str, js: str | None = None) -> gr.HTML:
    return gr.HTML(value, elem_id=name, js_on_load=js, apply_default_css=False, padding=False)


def _talk(hall: Hall) -> _Talk:
    language = hall.language
    log = _markup("log", "", _ASK_ON_CLICK)
    live = _markup("live", "")
    with gr.Row(elem_id="asking"):
        question = gr.Textbox(
            label=word("question", language),
            placeholder=word("question_hint", language),
            lines=1,
            max_lines=6,
            elem_id="question-box",
            max_length=1000,
            scale=1,
        )
        stop = gr.Button(word("stop", language), size="sm", elem_id="stop", visible=False, scale=0)
        ask = gr.Button(word("ask", language), variant="primary", size="sm", elem_id="ask-button", scale=0)
    new = gr.Button(word("new_conversation", language), size="sm", elem_id="new", scale=0)
    with gr.Accordion(word("filters", language), open=False, elem_id="filters"):
        filters = _filters(hall)
    with gr.Accordion(word("earlier_conversations", language), open=False, elem_id="earlier-fold"):
        earlier = _markup("earlier", "", _OPEN_ON_CLICK)
    conversation = gr.BrowserState(None, storage_key="yigai-conversation", secret="conversation")  # noqa: S106  # hides nothing: whose a conversation is, the server knows
    return _Talk(
        log=log, live=live, question=question, ask=ask, stop=stop, new=new,
        earlier=earlier, conversation=conversation, filters=filters,
    )  # fmt: skip


def _filters(hall: Hall) -> _Filters:
    language = hall.language
    anything = [(word("any", language), "")]
    with gr.Row():
        regions = gr.Dropdown(
            [], label=word("filter_region", language), multiselect=True, elem_id="filter-region"
        )
        since = gr.Dropdown(anything, label=word("filter_since", language), value="", elem_id="filter-since")
        until = gr.Dropdown(anything, label=word("filter_until", language), value="", elem_id="filter-until")
        sources = gr.Dropdown(
            [], label=word("filter_source", language), multiselect=True, elem_id="filter-source"
        )
    return _Filters(regions=regions, since=since, until=until, sources=sources)


def _choices(hall: Hall) -> list[Any]:
    found = hall.shelves.choices(hall.language)
    years = [(word("any", hall.language), ""), *((year, year) for year in found.years)]
    return [
        gr.update(choices=list(found.regions)),
        gr.update(choices=years, value=""),
        gr.update(choices=years, value=""),
        gr.update(choices=list(found.sources)),
    ]


def filter_of(regions: list[str] | None, since: str, until: str, sources: list[str] | None) -> Filter:
    """Read the filter fields."""
    return Filter(
        regions=tuple(regions or ()),
        since_year=int(since) if since else None,
        until_year=int(until) if until else None,
        sources=tuple(sources or ()),
    )


def _wire_talk(hall: Hall, talk: _Talk) -> None:
    outputs = [talk.log, talk.live, talk.question, talk.ask, talk.stop, talk.conversation]

    async def answer(
        request: gr.Request,
        text: str,
        conversation: str | None,
        *filters: Any,  # noqa: ANN401  # component values
    ) -> AsyncGenerator[list[Any], None]:
        if not text.strip():
            yield [gr.skip() for _ in outputs]
            return
        busy = [gr.update(interactive=False), gr.update(visible=True)]
        asker, within = asker_of(request), filter_of(*filters)
        asking = hall.ask(text, conversation=conversation or "", within=within, asker=asker)
        async with aclosing(asking):  # whoever stops it gives the seat free at once
            async for shown in asking:
                is_over = shown.is_done or shown.problem
                yield [
                    gr.skip() if shown.log is None else shown.log,
                    shown.live,
                    gr.update(value="") if shown.is_done else gr.skip(),
                    *([gr.update(interactive=True), gr.update(visible=False)] if is_over else busy),
                    shown.conversation,
                ]

    async def answer_example(
        request: gr.Request,
        event: gr.EventData,
        conversation: str | None,
        *filters: Any,  # noqa: ANN401
    ) -> AsyncGenerator[list[Any], None]:
        answering = answer(request, str(event._data.get("ask", "")), conversation, *filters)
        async with aclosing(answering):
            async for shown in answering:
                yield shown

    def list_earlier(request: gr.Request) -> str:
        return hall.earlier(asker_of(request))

    inputs = [talk.conversation, *talk.filters.inputs]
    streamed: dict[str, Any] = {**_PRIVATE, "concurrency_limit": None}
    asked = talk.ask.click(answer, [talk.question, *inputs], outputs, **streamed)
    example = talk.log.click(answer_example, inputs, outputs, **streamed)
    for event in (asked, example):
        event.success(None, js="() => yigai.arrived()", **_QUIET)  # not where it was stopped
        event.then(list_earlier, None, talk.earlier, **_QUIET)
    _wire_stop(talk, [asked, example])
    _wire_conversations(hall, talk)


def _wire_stop(talk: _Talk, events: list[Any]) -> None:
    stopped = talk.stop.click(
        lambda: ["", gr.update(interactive=True), gr.update(visible=False)],
        None,
        [talk.live, talk.ask, talk.stop],
        cancels=events,
        **_QUIET,
    )
    # The button is gone: whoever pressed it is taken to where they go on.
    stopped.then(None, js="() => document.querySelector('#question-box textarea')?.focus()", **_QUIET)


def _wire_conversations(hall: Hall, talk: _Talk) -> None:
    shown = [talk.log, talk.live, talk.conversation, talk.earlier]

    def lay_out(found: Shown, asker: str) -> list[Any]:
        return [found.log, found.live, found.conversation, hall.earlier(asker)]

    def start_anew(request: gr.Request) -> list[Any]:
        asker = asker_of(request)
        return lay_out(hall.opened("", asker), asker)

    def choose(request: gr.Request, event: gr.EventData, conversation: str | None) -> list[Any]:
        asker = asker_of(request)
        if forgotten := str(event._data.get("forget", "")):
            hall.forget(forgotten, asker)
            return lay_out(hall.opened(conversation or "", asker), asker)
        return lay_out(hall.opened(str(event._data.get("open", "")), asker), asker)

    talk.new.click(start_anew, None, shown, **_QUIET)
    talk.earlier.click(choose, [talk.conversation], shown, **_QUIET)


def _library(hall: Hall) -> gr.HTML:
    language = hall.language
    adding = _adding(hall) if hall.intake else None
    search = gr.Textbox(
        label=word("search_library", language), placeholder=word("search_hint", language), elem_id="search"
    )
    shelf = _markup("shelf", "", _REMOVE_ON_CLICK)
    search.change(hall.shelf, [search], [shelf], trigger_mode="always_last", **_PRIVATE)
    if adding is None:
        return shelf

    def take_in(paths: list[str] | None, wanted: str) -> Iterator[Any]:
        for told in hall.take_in([Path(path) for path in paths or ()]):
            yield told, gr.skip(), gr.skip()
        yield gr.skip(), hall.shelf(wanted), None

    def remove(event: gr.EventData, wanted: str) -> list[str]:
        told = hall.remove(str(event._data.get("remove", "")))
        return [told, hall.shelf(wanted)]

    files, add, intake = adding
    add.click(take_in, [files, search], [intake, shelf, files], concurrency_limit=1, **_PRIVATE)
    shelf.click(remove, [search], [intake, shelf], **_QUIET)
    return shelf


def _adding(hall: Hall) -> tuple[gr.File, gr.Button, gr.HTML]:
    language = hall.language
    types = accepted_types()
    with gr.Accordion(word("add", language), open=False, elem_id="adding"):
        _markup("adding-hint", hall.adding_hint())
        files = gr.File(
            label=word("files", language),
            file_count="multiple",
            file_types=list(types),
            type="filepath",
            height=160,
            elem_id="files",
        )
        add = gr.Button(word("add_button", language), variant="primary", size="sm", elem_id="add-button")
    return files, add, _markup("intake", "")
