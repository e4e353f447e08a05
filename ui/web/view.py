"""Templates of the page filled in. Every value is escaped by the template engine; nothing here writes markup."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import TYPE_CHECKING

from eval.views.escape import visible
from rag.types import Language
from ui.web.words import separator, word

if TYPE_CHECKING:
    import jinja2
    from markupsafe import Markup

    from ui.web.turns import Turn

STATIC = Path(__file__).parent / "static"
LANG_TAGS: dict[Language, str] = {"zh": "zh-CN", "en": "en"}


@functools.cache
def _environment() -> jinja2.Environment:
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["web_address"] = web_address
    environment.filters["visible"] = visible
    return environment


def fill(template: str, *, language: Language, root: str = "", **values: object) -> str:
    """Fill a template of `templates/`; in it `w("key")` is a word of the page in `language`, `root` leads every link."""
    return (
        _environment()
        .get_template(f"{template}.html.j2")
        .render(
            w=functools.partial(_word, language=language),
            language=language,
            tags=LANG_TAGS,
            other="en" if language == "zh" else "zh",
            between=separator(language),
            root=root,
            whole_turn=functools.partial(_whole_turn, language=language, root=root),
            **values,
        )
    )


@functools.lru_cache(maxsize=1024)  # a conversation shows each of its turns again with every answer
def _whole_turn(turn: Turn, is_open: bool, *, language: Language, root: str) -> Markup:
    from markupsafe import Markup

    text = fill("turn", language=language, root=root, turn=turn, is_open=is_open, is_whole=True)
    return Markup(text)  # noqa: S704  # the template has escaped every value in it


def _word(key: str, *, language: Language, **values: object) -> str:
    return word(key, language, **values)


def web_address(url: str | None) -> str:
    """Return an address that a link may lead to: http or https; anything else (javascript:, data:) is none."""
    return url if url and url.lower().startswith(("http://", "https://")) else ""
