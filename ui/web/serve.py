"""`yigai ui`: settings in, a running server out. The one place where its parts are chosen."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, ClassVar

from rag.build import build_encoder, build_pipeline, open_library
from rag.errors import ServeError
from rag.history import MemoryHistory
from rag.settings import Settings
from rag.silence import silence_vendors
from rag.types import Language
from ui.remembering import settings_in_use
from ui.strings import tell

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from rag.encoder import Encoder
    from rag.library import Library
    from ui.web.accounts import Accounts
    from ui.web.intake import Intake

PORT = 7860
_PORTS_TRIED = 10
_MOST_BODY_BYTES = 2_000_000
AT_ONCE = 2
"""Questions answered at the same time: as many as keep two cores busy; more would only make each slower."""

# What of Gradio nobody here needs: it would only be there to be attacked.
_CLOSED = tuple(
    f"{page}/{path}"
    for page in ("", "/en")
    for path in (
        "gradio_api/proxy=",
        "gradio_api/deep_link",
        "gradio_api/vibe",
        "gradio_api/undo-vibe",
        "gradio_api/dev",
        "gradio_api/stream",
        "gradio_api/process_recording",
        "gradio_api/run-history",
        "gradio_api/runs",
        "gradio_api/custom_component",
        "gradio_api/token",
        "monitoring",
        "manifest.json",
        "pwa_icon",
        "svelte",
    )
)
_UPLOAD = ("/gradio_api/upload", "/gradio_api/upload/")
_OPEN = ("/login", "/static-yigai/", "/api/health", "/favicon.ico")


@dataclass(frozen=True, slots=True, kw_only=True)
class ServeOptions:
    """How the server is to run, as the command line says it; a port of None takes the first free one."""

    host: str = "127.0.0.1"
    port: int | None = None
    auth: str | None = None
    no_auth: bool = False
    read_only: bool = False
    root_path: str = ""
    queue: int = 32


class PortTakenError(ServeError):
    """The server cannot listen there: another program does, or there is no such address."""

    templates: ClassVar = {
        "en": "The server cannot listen on {host}, port {port}: {detail}. Choose another with --port or --host.",
        "zh": "无法在 {host} 的端口 {port} 上监听：{detail}。请用 --port 或 --host 换一个。",
    }


def run_ui(
    options: ServeOptions, settings: Settings, *, language: Language, say: Callable[[str], None]
) -> None:
    """Load everything, then serve until interrupted.

    Raises:
        OpenDoorError: The server would be open to others without a login.
        AuthError: The accounts cannot be read.
        PortTakenError: The port is taken.
        LibraryError: The library cannot be read.
    """
    accounts = _accounts(options, say, language)
    with listening(options) as listener, _own_folder():
        say(tell("ui_loading", language))
        encoder = build_encoder(settings, on_prepare=say)
        with open_library(settings.library, encoder, create=not options.read_only) as library:
            app = build_server(options, settings, library=library, encoder=encoder, accounts=accounts)
            port = listener.getsockname()[1]
            _say_ready(options, library, port, language=language, say=say)
            _run(app, listener)
    say(tell("ui_stopped", language))


def _accounts(options: ServeOptions, say: Callable[[str], None], language: Language) -> Accounts | None:
    from ui.web.accounts import read_accounts
    from ui.web.places import OpenDoorError, may_serve

    if not may_serve(options.host, has_accounts=options.auth is not None, no_auth=options.no_auth):
        raise OpenDoorError(host=options.host)
    if options.auth is None:
        return None
    accounts = read_accounts(options.auth)
    for warning in accounts.warnings:
        say(warning.localised(language))
    return accounts


@contextmanager
def listening(options: ServeOptions) -> Iterator[socket.socket]:
    """Take the port before anything is loaded: a port that is taken is said at once.

    Raises:
        PortTakenError: It is taken, or there is no such address.
    """
    wanted = [options.port] if options.port is not None else range(PORT, PORT + _PORTS_TRIED)
    problem: OSError | None = None
    for port in wanted:
        try:
            family = socket.AF_INET6 if ":" in options.host else socket.AF_INET
            listener = socket.create_server((options.host.strip("[]"), port), family=family)
        except OSError as error:
            problem = error
            continue
        with listener:
            yield listener
        return
    detail = problem.strerror if problem else ""
    raise PortTakenError(host=options.host, port=wanted[0], detail=detail) from problem


@contextmanager
def _own_folder() -> Iterator[None]:
    """Give Gradio a folder that nobody else on this machine can read, and that goes when the server ends."""
    with TemporaryDirectory(prefix="yigai-") as folder:
        os.environ["GRADIO_TEMP_DIR"] = folder
        yield


def build_server(
    options: ServeOptions,
    settings: Settings,
    *,
    library: Library,
    encoder: Encoder,
    accounts: Accounts | None,
) -> ASGIApp:
    """Put the whole server together, warm: the first question finds everything loaded."""
    silence_vendors()
    pipeline = build_pipeline(library, encoder, settings, is_lasting=True)
    library.warm_up()
    encoder.embed_query("医改")
    from ui.web.app import Parts, build_app
    from ui.web.desk import Desk, Line
    from ui.web.examples import Examples
    from ui.web.login import login_routes
    from ui.web.shelves import Shelves

    may_write = library.is_writable and not options.read_only
    parts = Parts(
        desk=Desk(
            pipeline,
            history=library.history if may_write and settings.history else MemoryHistory(),
            line=Line(at_once=AT_ONCE, most=options.queue),
            settings=settings_in_use(pipeline),
        ),
        # Examples are found by trying many questions, which no model should be asked.
        examples=Examples(pipeline.without_model()),
        shelves=Shelves(library=library, reports=settings.reports),
        intake=_intake(settings, library, encoder) if may_write else None,
        root=options.root_path,
        max_file_mb=settings.max_file_mb,
    )
    app = build_app(parts, extra_routes=login_routes(root_path=options.root_path) if accounts else ())
    parts.examples.refresh_in_background()
    return _guarded(app, options, accounts=accounts, intake=parts.intake)


def _intake(settings: Settings, library: Library, encoder: Encoder) -> Intake:
    from ingest.run import IngestOptions
    from ui.web.intake import Intake

    max_bytes = int(settings.max_file_mb * 1_000_000)
    options = IngestOptions(passage_tokens=settings.passage_tokens, max_bytes=max_bytes)
    return Intake(library=library, encoder=encoder, options=options)


def _guarded(
    app: ASGIApp, options: ServeOptions, *, accounts: Accounts | None, intake: Intake | None
) -> ASGIApp:
    """Put around the application what every request passes: first the gate, then the bounds, then the folder."""
    from ui.web.gate import Gate, Policy
    from ui.web.limit import Limit
    from ui.web.places import LOOPBACK_HOSTS
    from ui.web.rooted import Rooted

    uploads = intake.options.max_bytes * intake.most_files if intake else 0
    bounded = Limit(
        Rooted(app, root=options.root_path, pages=("", "/en")),
        most_bytes=_MOST_BODY_BYTES,
        upload_paths=_UPLOAD,
        most_upload_bytes=uploads + _MOST_BODY_BYTES,
    )
    closed_uploads = () if intake else tuple(f"{page}{path}" for page in ("", "/en") for path in _UPLOAD)
    policy = Policy(
        accounts=accounts,
        loopback_only_hosts=None if accounts or options.no_auth else LOOPBACK_HOSTS,
        root_path=options.root_path,
        closed=(*_CLOSED, *closed_uploads),
        open=_OPEN,
    )
    return Gate(bounded, policy=policy)


def _say_ready(
    options: ServeOptions, library: Library, port: int, *, language: Language, say: Callable[[str], None]
) -> None:
    host = f"[{options.host}]" if ":" in options.host else options.host
    address = f"http://{host}:{port}{options.root_path}/"
    say(tell("ui_ready", language, address=address, articles=len(library.articles())))


def _run(app: ASGIApp, listener: socket.socket) -> None:
    import uvicorn

    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=3,
        lifespan="on",
    )
    # Once it has shut down, uvicorn raises the signal that ended it again; a service manager's is as good as Ctrl+C.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[listener])
