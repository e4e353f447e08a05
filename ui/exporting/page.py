"""A briefing as one HTML page that needs nothing else: no network, no fonts, no script."""

from __future__ import annotations

import base64
import functools
import hashlib
import re
from pathlib import Path
from typing import TYPE_CHECKING

from rag.briefing.citing import cited_in
from rag.briefing.types import Briefing, Section
from rag.types import Language
from ui.exporting.drawn import draw
from ui.exporting.outline import (
    articles_of,
    asides,
    ends_of,
    has_bars,
    has_rows,
    is_bare,
    is_web_address,
    lay_out,
    split_groups,
)
from ui.exporting.words import cite, describe, word

if TYPE_CHECKING:
    import jinja2

_HERE = Path(__file__).parent
_MOST_GROUPS = 12  # of a chart that is to stand on one printed page
_TAGS: dict[Language, str] = {"zh": "zh-CN", "en": "en"}
_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")
_LATIN_WORD = re.compile(r"[A-Za-z]{2,}")


def to_html(briefing: Briefing) -> str:
    """Write the page. The template engine escapes every value; the policy allows the page's own style and nothing else."""
    from markupsafe import Markup

    language = briefing.request.language
    style = (_HERE / "page.css").read_text(encoding="utf-8").strip()
    return (
        _environment()
        .get_template("page.html.j2")
        .render(
            briefing=briefing,
            language=language,
            tag=_TAGS[language],
            style=Markup(style),  # noqa: S704 - the package's own file, named by its hash in the policy
            policy=_policy(style),
            w=functools.partial(word, language=language),
            facts=describe(briefing),
            backs=_first_places(briefing),
            articles=articles_of(briefing.sources),
            asides=functools.partial(asides, language=language),
            table=functools.partial(_table, language=language),
            sheets=functools.partial(split_groups, most=_MOST_GROUPS),
            ends_of=ends_of,
            draw=functools.partial(draw, language=language),
            cite=functools.partial(cite, language=language),
        )
    )


@functools.cache
def _environment() -> jinja2.Environment:
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_HERE),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.tests["drawable"] = has_bars
    environment.tests["bare"] = is_bare
    environment.tests["web_address"] = is_web_address
    environment.filters["tongue"] = tongue
    return environment


def tongue(text: str) -> str:
    """Return the language tag of a text by its script: a briefing in English quotes Chinese, and a voice must know."""
    return "zh-CN" if len(_HAN.findall(text)) >= len(_LATIN_WORD.findall(text)) else "en"


def _table(section: Section, language: Language) -> object:
    return lay_out(section.grid, section.kind, language) if section.grid and has_rows(section) else None


def _policy(style: str) -> str:
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def _first_places(briefing: Briefing) -> frozenset[int]:
    """Numbers that the text cites, to the first place of which a source can lead back."""
    return frozenset(cited_in(briefing.sections))
