"""The real server with a language model that follows a script."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from copies import copy_library
from unruly_endpoint import UnrulyEndpoint, endpoint
from unruly_replies import Entry
from web_server import WebServer, running


@contextmanager
def served(
    sample_library: Path, folder: Path, *script: Entry, **settings: str
) -> Iterator[tuple[WebServer, UnrulyEndpoint]]:
    """Run a server over a copy of the library; `settings` are the model's own (`unsupported`, `api_key`, ...)."""
    library = copy_library(sample_library, folder / "library")
    with endpoint(*script) as model:
        named = {"base_url": model.url, "model": "scripted", "retries": "0"} | settings
        env = {f"YIGAI_LLM_{name.upper()}": value for name, value in named.items()}
        with running(library, folder / "home", env=env) as server:
            yield server, model
