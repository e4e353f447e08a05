"""The briefing tab in Gradio: components and wiring. What happens is in `lectern.py`, how it looks in `templates/`."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

import gradio as gr

from rag.types import Filter, Language
from ui.web.lectern import Lectern
from ui.web.words import word

_PRIVATE: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
_ACT_ON_CLICK = "element.addEventListener('click', e => yigai.act(e, {drop: 'drop', rename: 'rename', note: 'note'}, trigger))"
MOST_TOPIC_CHARS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class BriefTab:
    """The fields whose choices the page fills in when it opens."""

    regions: gr.Dropdown
    since: gr.Dropdown
    until: gr.Dropdown

    @property
    def choices(self) -> list[gr.components.Component]:
        """In the order in which `page` gives choices."""
        return [self.regions, self.since, self.until]


def build_brief_tab(lectern: Lectern, *, asker_of: Callable[[gr.Request], str]) -> BriefTab:
    """Build the tab inside the page that is being built."""
    language = lectern.language
    anything = [(word("any", language), "")]
    gr.HTML(word("brief_lead", language), elem_id="brief-lead", apply_default_css=False, padding=False)
    with gr.Row(elem_id="brief-asking"):
        topic = gr.Textbox(
            label=word("brief_topic", language),
            placeholder=word("brief_topic_hint", language),
            lines=1,
            max_lines=1,
            max_length=MOST_TOPIC_CHARS,
            elem_id="brief-topic",
            scale=2,
        )
        regions = gr.Dropdown(
            [], label=word("filter_region", language), multiselect=True, elem_id="brief-region", scale=2
        )
        since = gr.Dropdown(anything, label=word("filter_since", language), value="", elem_id="brief-since")
        until = gr.Dropdown(anything, label=word("filter_until", language), value="", elem_id="brief-until")
    with gr.Row():
        write = gr.Button(
            word("brief_write", language), variant="primary", size="sm", elem_id="brief-write", scale=0
        )
        stop = gr.Button(word("stop", language), size="sm", elem_id="brief-stop", visible=False, scale=0)
    shown = gr.HTML("", elem_id="brief", js_on_load=_ACT_ON_CLICK, apply_default_css=False, padding=False)
    fields = _Fields(language=language, topic=topic, regions=regions, since=since, until=until)
    _wire(lectern, fields, (write, stop, shown), asker_of)
    return BriefTab(regions=regions, since=since, until=until)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fields:
    language: Language
    topic: gr.Textbox
    regions: gr.Dropdown
    since: gr.Dropdown
    until: gr.Dropdown


def _wire(
    lectern: Lectern,
    fields: _Fields,
    parts: tuple[gr.Button, gr.Button, gr.HTML],
    asker_of: Callable[[gr.Request], str],
) -> None:
    write, stop, shown = parts

    async def write_it(
        request: gr.Request, topic: str, regions: list[str] | None, since: str, until: str
    ) -> AsyncGenerator[list[Any], None]:
        within = Filter(
            regions=tuple(regions or ()),
            since_year=int(since) if since else None,
            until_year=int(until) if until else None,
        )
        busy = [gr.update(interactive=False), gr.update(visible=True)]
        writing = lectern.write(topic, within, asker_of(request))
        async with aclosing(writing):  # whoever stops it gives the seat free at once
            async for markup in writing:
                yield [markup, *busy]
        yield [gr.skip(), gr.update(interactive=True), gr.update(visible=False)]

    def change(request: gr.Request, event: gr.EventData) -> str:
        act = next((name for name in ("drop", "rename", "note") if name in event._data), "")
        at, text = str(event._data.get(act, "")), str(event._data.get("text", ""))
        return lectern.change(act, at, text, asker_of(request))

    inputs = [fields.topic, fields.regions, fields.since, fields.until]
    writing = write.click(write_it, inputs, [shown, write, stop], concurrency_limit=None, **_PRIVATE)
    stop.click(
        lambda: ["", gr.update(interactive=True), gr.update(visible=False)],
        None,
        [shown, write, stop],
        cancels=[writing],
        queue=False,
        **_PRIVATE,
    )
    shown.click(change, None, [shown], queue=False, **_PRIVATE)
