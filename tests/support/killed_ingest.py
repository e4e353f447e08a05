"""Ingests in processes of their own that can be killed at any moment: a parent that has loaded everything forks them.

Run as a program: a request a line on standard input, an answer a line on standard output, both JSON.
"""

from __future__ import annotations

import hashlib
import importlib
import json
import mmap
import os
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rag.library import Library

PHASES = ("opening", "reading", "embedding", "vectors", "record", "commit", "clean-up", "rebuild", "ending")
BATCH_PASSAGES = 128
"""Smaller than the program's own, so that a short run has many writes to be killed in."""
ASKED = "县医院新增床位下降"
_LOADED_ONCE = ("chromadb.api.models.Collection", "chromadb.api.rust", "fakes", "ingest.run", "tiktoken")
"""Loaded before the first fork, so that no child has to."""


class KillServer:
    """The client's side: starts the program and asks it."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
        )

    def ingest(self, library: Path, articles: Path, kill: dict[str, Any] | None = None) -> dict[str, Any]:
        """Ingest a folder, killed after `after_s` seconds of the run, or of the `nth` time in a `phase`."""
        return self._ask(do="ingest", library=str(library), articles=str(articles), kill=kill)

    def examine(self, library: Path, *, check_first: bool) -> dict[str, Any]:
        """Open, search and check a library.

        Returns:
            `articles` has a digest of each article, its passages and their vectors, by file name. Only `missing` is
            set where there is no library yet.
        """
        return self._ask(do="examine", library=str(library), check_first=check_first)

    def close(self) -> None:
        self._process.stdin.close()
        self._process.wait(timeout=30)
        self._process.stdout.close()

    def _ask(self, **request: Any) -> dict[str, Any]:
        print(json.dumps(request), file=self._process.stdin, flush=True)
        answer = json.loads(self._process.stdout.readline())
        assert "error" not in answer, answer["error"]
        return answer


class Board:
    """Memory that a child shares with its parent: the phase at hand, and how often each was entered."""

    def __init__(self) -> None:
        self._shared = mmap.mmap(-1, mmap.PAGESIZE)
        self.seconds = dict.fromkeys(PHASES, 0.0)

    @property
    def phase(self) -> str:
        return PHASES[self._shared[0]]

    def count(self, phase: str) -> int:
        place = 8 + 4 * PHASES.index(phase)
        return int.from_bytes(self._shared[place : place + 4], "little")

    def enter(self, phase: str) -> None:
        place = 8 + 4 * PHASES.index(phase)
        self._shared[place : place + 4] = (self.count(phase) + 1).to_bytes(4, "little")
        self._shared[0] = PHASES.index(phase)

    @contextmanager
    def during(self, phase: str) -> Iterator[None]:
        outer, began = self._shared[0], time.perf_counter()
        self.enter(phase)
        try:
            yield
        finally:
            self._shared[0] = outer
            self.seconds[phase] += time.perf_counter() - began


def watch(board: Board) -> None:
    """Have the library tell the board what it is doing."""
    from rag.library import Library
    from rag.library.catalogue import Catalogue
    from rag.library.vectors import VectorIndex

    def told(owner: type, name: str, phase: str) -> None:
        plain = getattr(owner, name)

        def method(self: Any, *arguments: Any, **named: Any) -> Any:
            with board.during(phase):
                return plain(self, *arguments, **named)

        setattr(owner, name, method)

    told(VectorIndex, "add", "vectors")
    told(VectorIndex, "delete", "vectors")
    told(VectorIndex, "rebuild", "rebuild")
    told(Library, "_clean_up", "clean-up")
    plain = Catalogue.transaction

    @contextmanager
    def transaction(self: Catalogue) -> Iterator[Any]:
        with board.during("record"), plain(self) as connection:
            connection.set_trace_callback(lambda sql: board.enter("commit") if sql == "COMMIT" else None)
            yield connection

    Catalogue.transaction = transaction


def run_ingest(board: Board, library: str, articles: str) -> dict[str, Any]:
    from fakes import HashingEncoder

    import ingest.batch
    from ingest.run import IngestOptions, ingest_paths
    from rag.library import Library

    class ToldEncoder(HashingEncoder):
        def embed_passages(self, texts: Any, *, on_progress: Any = None) -> Any:
            with board.during("embedding"):
                return super().embed_passages(texts, on_progress=on_progress)

    watch(board)
    ingest.batch.BATCH_PASSAGES = BATCH_PASSAGES
    began = time.perf_counter()
    with Library.open(
        Path(library), encoder_name="hashing", dimension=48, create=True, exact_up_to=0
    ) as opened:
        report = ingest_paths(
            [Path(articles)],
            library=opened,
            encoder=ToldEncoder(),
            options=IngestOptions(passage_tokens=64),
            on_event=lambda event: board.enter("reading" if event.path else "ending"),
        )
    times = {phase: (board.count(phase), board.seconds[phase]) for phase in PHASES}
    return {"seconds": time.perf_counter() - began, "refused": report.refused, "times": times}


def run_examine(board: Board, library: str, check_first: bool) -> dict[str, Any]:
    from fakes import HashingEncoder

    from rag.errors import LibraryMissingError
    from rag.library import Library

    found: dict[str, Any] = {}
    try:
        if check_first:
            found["problems"] = [str(problem) for problem in Library.check_at(Path(library))]
        Library.peek(Path(library))
    except LibraryMissingError:
        return {"missing": True}
    with Library.open(Path(library), exact_up_to=0) as opened:
        hits = opened.lexical({"床位": 1.0, "医院": 1.0}, top_k=20)
        hits += opened.dense(HashingEncoder().embed_query(ASKED), top_k=20)
        found["hits"] = len(hits)
        found["cited_wrongly"] = [
            hit.passage.passage_id
            for hit in hits
            if opened.article(hit.passage.article_id).text[hit.passage.start : hit.passage.end]
            != hit.passage.text
        ]
        found["articles"] = digests(opened)
        found["passages"] = opened.passage_count()
        if not check_first:
            found["problems"] = [str(problem) for problem in opened.check()]
        found["vectors"] = len(opened._vectors.ids())
    return found


def digests(library: Library) -> dict[str, str]:
    """Return a digest of each article with its passages and their vectors, by file name."""
    from rag.library import reading

    with library._catalogue.reading() as connection:
        vectors = {
            row: vector.tobytes()
            for rows, matrix, _ in reading.read_vectors(connection, batch=500)
            for row, vector in zip(rows, matrix, strict=True)
        }
        found = {}
        for summary in library.articles():
            passages = reading.read_article_passages(connection, summary.article_id)
            parts = [(p.start, p.end, p.text, vectors.get(row)) for row, p in passages.items()]
            whole = repr((library.article(summary.article_id).text, parts)).encode()
            found |= {Path(path).name: hashlib.sha256(whole).hexdigest() for path in summary.origins}
    return found


def fork(board: Board, work: Callable[[], dict[str, Any]], kill: dict[str, Any] | None) -> dict[str, Any]:
    """Do the work in a child; kill it if so asked. What it returns comes back, or where it was killed."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        try:
            answer = work()
        except BaseException:  # noqa: BLE001 - a fork must not return into what its parent was doing
            answer = {"error": traceback.format_exc()}
        with os.fdopen(writer, "w", encoding="utf-8") as pipe:
            pipe.write(json.dumps(answer))
        os._exit(0)
    os.close(writer)
    if kill is not None:
        _wait_for(board, child, kill)
        os.kill(child, signal.SIGKILL)
    with os.fdopen(reader, encoding="utf-8") as pipe:
        text = pipe.read()
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return {
            "killed": os.WTERMSIG(status) == signal.SIGKILL and kill is not None,
            "phase": board.phase,
            "files": board.count("reading"),
        }
    return {"killed": False, **json.loads(text)}


def _wait_for(board: Board, child: int, kill: dict[str, Any]) -> None:
    """Wait for the moment, or for the end of the child; it stays to be waited for."""

    def is_over() -> bool:
        return os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None

    phase, nth = kill.get("phase"), kill.get("nth", 0)
    while phase and board.count(phase) < nth and not is_over():
        time.sleep(0.0001)
    moment = time.perf_counter() + kill["after_s"]
    while (left := moment - time.perf_counter()) > 0 and not is_over():
        time.sleep(min(left, 0.002))


def load_once() -> None:
    """Load, and make by reading an article, what children would otherwise make one by one."""
    for module in _LOADED_ONCE:
        importlib.import_module(module)
    from fakes import HashingEncoder

    from ingest.read import read_content
    from ingest.split import split_article
    from rag.terms import index_terms

    content = "江州县医院报告\n\n江州县医院新增床位30张，群众反映良好。\n".encode()
    article = read_content(content, path=Path("first.txt")).article
    count_tokens = HashingEncoder().count_tokens
    for passage in split_article(article, budget_tokens=64, window_tokens=512, count_tokens=count_tokens):
        index_terms(passage.text)


def serve() -> None:
    load_once()
    for line in sys.stdin:
        request, board = json.loads(line), Board()
        work = {"ingest": run_ingest, "examine": run_examine}[request.pop("do")]
        kill = request.pop("kill", None)
        answer = fork(board, lambda work=work, board=board, request=request: work(board, **request), kill)
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    serve()
