"""The page's own web server: its files, what the panes show as server-sent events, and what visitors do.

It listens on loopback unless told otherwise, and takes nothing that another site's page sends (`_refuse_strangers`).
"""

import socket
import threading
import traceback
from collections.abc import Callable, Generator, Mapping
from pathlib import Path
from typing import Any, cast

from flask import Flask, Response, jsonify, request, send_from_directory
from werkzeug.exceptions import HTTPException
from werkzeug.serving import WSGIRequestHandler, make_server

from sandbox.page.acts import ACTS
from sandbox.page.given import Impossible
from sandbox.page.listening import is_ours, shown
from sandbox.page.rounds import Round
from sandbox.page.sampler import Sampler
from sandbox.page.shown import PANES
from sandbox.process import START_SECONDS, ConnectEnded

STATIC = Path(__file__).parent / "static"
LOOK_SECONDS, ALIVE_SECONDS = 0.1, 5.0
MOST_WATCHERS, MOST_BYTES = 30, 1024 * 1024
POLICY = "default-src 'self'; img-src 'self' data: https:; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'"
STRANGER = "This page answers only to a browser that opened it by its own address, which the terminal shows."


class Handler(WSGIRequestHandler):
    """Says nothing of each request in the terminal."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        pass


class Page:
    """The page, and the round that is on."""

    def __init__(self, host: str, listener: socket.socket, folder: Path, settings: Mapping[str, str]) -> None:
        self._host = host
        self._folder = folder
        self._settings = settings
        self._afresh = threading.Lock()
        self._begun = threading.Event()
        self._begun.set()
        self.current = Round(folder, settings)
        self.sampler = Sampler(
            {name: lambda each=each: each(self.current) for name, each in PANES.items()}, LOOK_SECONDS
        )
        self.app = Flask("sandbox.page", static_folder=None)
        self.app.config["MAX_CONTENT_LENGTH"] = MOST_BYTES
        self.app.before_request(self._refuse_strangers)
        self.app.after_request(_guarded)
        self.app.register_error_handler(HTTPException, _refused)
        self.app.add_url_rule("/", view_func=lambda: _file("index.html"), endpoint="index")
        self.app.add_url_rule("/static/<path:name>", view_func=_file)
        self.app.add_url_rule("/stream", view_func=self._stream)
        self.app.add_url_rule("/do/<path:name>", view_func=self._do, methods=["POST"])
        self._server = make_server(host, 0, self.app, threaded=True, request_handler=Handler, fd=listener.fileno())
        self.port = int(listener.getsockname()[1])
        self.url = shown(host, self.port)

    def start(self, ready: Callable[[], None]) -> None:
        """Serve, say that it is `ready` to be opened, and start the first round; what visitors do waits until then.

        Raises `ConnectEnded` if connect does not start.
        """
        self._begun.clear()
        self.serve()
        ready()
        self.current.start()
        self._begun.set()

    def serve(self) -> None:
        """Answer, in threads of its own."""
        self.sampler.start()
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True, name="page").start()

    def stop(self) -> int:
        """Listen no more and end the round; returns connect's exit code."""
        self.sampler.stop()
        self._server.shutdown()
        self._server.server_close()
        return self.current.end()

    def afresh(self) -> None:
        """Begin the next round; the last one goes on until then."""
        if not self._afresh.acquire(blocking=False):
            raise Impossible("It is starting afresh already. Give it a few seconds.")
        try:
            self._next_round()
        finally:
            self._afresh.release()

    def _next_round(self) -> None:
        last, following = self.current, Round(self._folder, self._settings, self.current.number + 1)
        try:
            following.start()
        except ConnectEnded as end:
            following.end()
            following.tidy()
            raise Impossible(f"{end} Everything is as it was.") from end
        self.current = following
        last.end(at_once=True)
        last.tidy()

    # --- the doors ---------------------------------------------------------------------------------------------------

    def _refuse_strangers(self) -> Response | None:
        """A page of another site may neither read this one (by a name that leads here) nor press its buttons."""
        origin = request.headers.get("Origin")
        if is_ours(request.host, self._host) and origin in (None, f"http://{request.host}"):
            return None
        return Response(STRANGER, 403, content_type="text/plain")

    def _do(self, name: str) -> Any:
        given = request.get_json(silent=True)
        if not isinstance(given, dict):
            return jsonify(error="What to do is told as a JSON object."), 400
        try:
            return jsonify(result=self._done(name, cast("dict[str, Any]", given)))
        except Impossible as impossible:
            return jsonify(error=str(impossible)), 400

    def _done(self, name: str, given: dict[str, Any]) -> Any:
        self._begun.wait(START_SECONDS)
        if name == "page/afresh":
            return self.afresh()
        act = ACTS.get(name)
        if act is None:
            raise Impossible(f"There is nothing called “{name}” to do.")
        try:
            return act(self.current.playground, given)
        except (LookupError, ValueError, TypeError, AttributeError) as error:
            traceback.print_exc()
            raise Impossible(f"This could not be done ({error!r}). The terminal says more.") from error

    def _stream(self) -> Any:
        if self.sampler.watchers >= MOST_WATCHERS:
            return Response("Too many windows show this page. Close some of them.", 503, content_type="text/plain")
        return Response(self._events(), content_type="text/event-stream", headers={"Cache-Control": "no-store"})

    def _events(self) -> Generator[bytes]:
        for each in self.sampler.watch(ALIVE_SECONDS):
            yield b": still here\n\n" if each is None else b"event: %b\ndata: %b\n\n" % (each[0].encode(), each[1])


def _file(name: str) -> Response:
    return send_from_directory(STATIC, name)


def _refused(error: HTTPException) -> Any:
    sentences = {404: "There is nothing at this address.", 413: "That is too much at once: at most 1 MiB is taken."}
    return jsonify(error=sentences.get(error.code or 0, error.description)), error.code or 500


def _guarded(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers.setdefault("Cache-Control", "no-cache")
    return response
