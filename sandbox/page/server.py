"""The page's own web server: its files, what the panes show as server-sent events, and what visitors do.

It listens on loopback unless told otherwise, and takes nothing that another site's page sends (`_refuse_strangers`).
"""

import threading
import time
from collections.abc import Generator
from pathlib import Path
from typing import Any, cast

from flask import Flask, Response, jsonify, request, send_from_directory
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from sandbox.page.acts import ACTS
from sandbox.page.courier import Courier
from sandbox.page.given import Impossible
from sandbox.page.shown import PANES
from sandbox.playground import Playground
from sandbox.standin import compact

PORT = 5010
STATIC = Path(__file__).parent / "static"
LOOK_SECONDS = 0.1
ALIVE_SECONDS = 15.0
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
POLICY = "default-src 'self'; img-src 'self' data: https:; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'"


class Handler(WSGIRequestHandler):
    """Says nothing of each request in the terminal."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        pass


class Page:
    """The page of one playground."""

    def __init__(self, playground: Playground, courier: Courier) -> None:
        self._playground = playground
        self._courier = courier
        self._stopping = threading.Event()
        self._server: BaseWSGIServer | None = None
        self._host = "127.0.0.1"
        self.app = Flask("sandbox.page", static_folder=None)
        self.app.before_request(self._refuse_strangers)
        self.app.after_request(_guarded)
        self.app.add_url_rule("/", view_func=lambda: _file("index.html"), endpoint="index")
        self.app.add_url_rule("/static/<path:name>", view_func=_file)
        self.app.add_url_rule("/stream", view_func=self._stream)
        self.app.add_url_rule("/do/<path:name>", view_func=self._do, methods=["POST"])

    @property
    def url(self) -> str:
        """The address to open."""
        if self._server is None:
            raise RuntimeError("the page is not served yet")
        return f"http://{self._host}:{self._server.server_port}"

    def start(self, host: str, port: int | None) -> None:
        """Listen, in a thread of its own."""
        self._host = host
        try:
            self._server = self._listen(host, PORT if port is None else port)
        except (OSError, SystemExit):
            if port is not None:
                raise
            self._server = self._listen(host, 0)
        threading.Thread(target=self._server.serve_forever, daemon=True, name="page").start()

    def stop(self) -> None:
        """Listen no more."""
        self._stopping.set()
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()

    def _listen(self, host: str, port: int) -> BaseWSGIServer:
        return make_server(host, port, self.app, threaded=True, request_handler=Handler)

    # --- the doors ---------------------------------------------------------------------------------------------------

    def _refuse_strangers(self) -> Response | None:
        """A page of another site may neither read this one (by a name that leads here) nor press its buttons."""
        name = request.host.rpartition(":")[0] or request.host
        origin = request.headers.get("Origin")
        if name not in (*LOOPBACK, self._host) or (origin is not None and origin != f"http://{request.host}"):
            return Response("This page is for the browser on this machine.", 403, content_type="text/plain")
        return None

    def _do(self, name: str) -> Any:
        act = ACTS.get(name)
        given = request.get_json(silent=True)
        if act is None or not isinstance(given, dict):
            return jsonify(error=f"There is nothing called {name} to do."), 404
        try:
            return jsonify(result=act(self._playground, cast("dict[str, Any]", given)))
        except Impossible as impossible:
            return jsonify(error=str(impossible)), 400

    def _stream(self) -> Response:
        return Response(self._events(), content_type="text/event-stream", headers={"Cache-Control": "no-store"})

    def _events(self) -> Generator[bytes]:
        """Each pane's whole state whenever it has changed, and a sign of life."""
        told = dict.fromkeys(PANES, b"")
        spoke = time.monotonic()
        while not self._stopping.wait(LOOK_SECONDS if any(told.values()) else 0):
            for name, shown in PANES.items():
                state = compact(shown(self._playground, self._courier))
                if state != told[name]:
                    told[name], spoke = state, time.monotonic()
                    yield b"event: " + name.encode() + b"\ndata: " + state + b"\n\n"
            if time.monotonic() - spoke > ALIVE_SECONDS:
                spoke = time.monotonic()
                yield b": still here\n\n"


def _file(name: str) -> Response:
    return send_from_directory(STATIC, name)


def _guarded(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    if not response.content_type.startswith("text/event-stream"):
        response.headers["Cache-Control"] = "no-cache"
    return response
