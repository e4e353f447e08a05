"""A server on this machine that speaks OpenAI's form and replies from a script, in order; the last reply is repeated."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Reply:
    content: str = ""
    status: int = 200
    delay_s: float = 0.0
    refuses: str = ""  # answers 400 to every request that has this field, without using up the reply


@dataclass(kw_only=True)
class ChatServer:
    url: str
    script: list[Reply]
    requests: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str | None] = field(default_factory=list)

    def said(self, number: int = -1) -> str:
        """The last turn of a request: what the model is asked."""
        return self.requests[number]["messages"][-1]["content"]

    def next_reply(self, body: dict[str, Any]) -> Reply:
        reply = self.script[0]
        if reply.refuses and reply.refuses in body:
            return Reply(status=400)
        return self.script.pop(0) if len(self.script) > 1 else reply


@contextmanager
def serve(*script: Reply) -> Iterator[ChatServer]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            server.requests.append(body)
            server.keys.append(self.headers["Authorization"])
            reply = server.next_reply(body)
            time.sleep(reply.delay_s)
            self.send(reply)

        def send(self, reply: Reply) -> None:
            message = {"role": "assistant", "content": reply.content}
            answer: dict[str, Any] = {
                "id": "1",
                "object": "chat.completion",
                "created": 0,
                "model": "scripted",
                "choices": [{"index": 0, "finish_reason": "stop", "message": message}],
            }
            if reply.status != 200:
                answer = {"error": {"message": reply.content, "type": "error"}}
            raw = json.dumps(answer).encode()
            self.send_response(reply.status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, *arguments: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listening:
        listening.handle_error = lambda *_: None  # type: ignore[method-assign]  # a caller that hung up is expected
        server = ChatServer(url=f"http://127.0.0.1:{listening.server_port}/v1", script=list(script))
        thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            listening.shutdown()
            thread.join()
