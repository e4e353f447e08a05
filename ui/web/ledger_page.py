"""The tab of figures in Gradio: fields, a table, a link to the spreadsheet. What is listed is in `ledger.py`."""

from __future__ import annotations

from typing import Any

import gradio as gr

from ui.web.hall import Hall
from ui.web.ledger import Ledger, Search
from ui.web.words import word

_PRIVATE: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}


def fill_figures_tab(hall: Hall, tab: gr.Tab) -> None:
    """Put the fields and the table into the tab; what fits is looked for when the tab is opened or the button pressed."""
    language = hall.language
    ledger = Ledger(library=hall.shelves.library)
    with gr.Row(elem_id="figure-fields"):
        indicator = gr.Textbox(
            label=word("figure_indicator", language),
            placeholder=word("figure_indicator_hint", language),
            max_length=100,
            elem_id="figure-indicator",
        )
        region = gr.Textbox(
            label=word("filter_region", language),
            placeholder=word("figure_region_hint", language),
            max_length=100,
            elem_id="figure-region",
        )
        since = gr.Textbox(label=word("filter_since", language), max_length=4, elem_id="figure-since")
        until = gr.Textbox(label=word("filter_until", language), max_length=4, elem_id="figure-until")
    find = gr.Button(word("figure_find", language), variant="primary", size="sm", elem_id="figure-find")
    shown = gr.HTML("", elem_id="figures", apply_default_css=False, padding=False)

    def look(indicator: str, region: str, since: str, until: str) -> str:
        search = Search(indicator=indicator or "", region=region or "", since=since or "", until=until or "")
        return ledger.listed(search, language, root=hall.root)

    fields = [indicator, region, since, until]
    for event in (tab.select, find.click, *(field.submit for field in fields)):
        event(look, fields, [shown], trigger_mode="always_last", **_PRIVATE)
