"""The common half of the three stand-ins: a Flask app on a loopback port, its recorded calls, faults and outbox.

A stand-in keeps state, answers in the service's own wire format and refuses what the service refuses. What changes in
it is told to connect by signed webhooks that wait in the outbox until they are taken (`flush`, or `deliver`'s thread).
"""

import io
import itertools
import json
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import requests
from flask import Request, Response
from werkzeug.exceptions import ClientDisconnected
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from sandbox import broken
from sandbox.broken import Fault
from sandbox.routes import RoutedApp

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

TICK = 0.02


@dataclass(frozen=True)
class Call:
    """A request that the stand-in received: `operation` is the service's name for it (`chat.postMessage`)."""

    at: float
    operation: str
    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: Any


@dataclass(frozen=True)
class Outgoing:
    """A request the stand-in sends: `sign` makes the headers at sending time, since Slack's carry the time."""

    path: str
    body: bytes
    sign: Callable[[bytes], dict[str, str]]
    description: str


class Handler(WSGIRequestHandler):
    """Quiet, and speaks HTTP/1.1 as the real services do; but Werkzeug closes the connection after every answer."""

    protocol_version = "HTTP/1.1"
    clock: Callable[[], float] = staticmethod(time.time)

    def date_time_string(self, timestamp: float | None = None) -> str:
        """The time that answers name: the stand-in's own."""
        return super().date_time_string(self.clock() if timestamp is None else timestamp)

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        pass


class StandIn:
    """One service on loopback. Subclasses register routes on `self.app` and name operations by `self.operation`."""

    service = ""

    def __init__(self, edition: str = "") -> None:
        self.app = RoutedApp(f"sandbox.{self.service}", (type(self), edition))
        self.calls: list[Call] = []
        self.faults: list[Fault] = []
        self.target = ""
        """Where connect listens (`http://127.0.0.1:5001`); empty: nothing is sent."""
        self.sent: list[tuple[Outgoing, int]] = []
        """What was sent, with the status that came back (0: no answer)."""
        self.lock = threading.RLock()
        self._outbox: list[Outgoing] = []
        self._server: BaseWSGIServer | None = None
        self._ids = itertools.count(1)

    # --- serving -----------------------------------------------------------------------------------------------------

    def start(self, port: int = 0) -> str:
        """Listen on loopback (port 0: a free one) in a thread of its own; returns the base URL."""
        handler = type("Handler", (Handler,), {"clock": staticmethod(self.date)})
        self._server = make_server("127.0.0.1", port, self._wsgi, threaded=True, request_handler=handler)
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": TICK}, daemon=True).start()
        return self.url

    def date(self) -> float:
        """The time that answers name, in seconds since 1970."""
        return time.time()

    @property
    def url(self) -> str:
        """Base URL without a slash at the end."""
        if self._server is None:
            raise RuntimeError(f"the {self.service} stand-in is not started")
        return f"http://127.0.0.1:{self._server.server_port}"

    def stop(self) -> None:
        """Stop listening."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()

    def operation(self, given: Request) -> str:
        """The service's own name for a request; the default is method and path."""
        return f"{given.method} {given.path}"

    def operations(self) -> set[str]:
        """The names of all that it serves."""
        rules = self.app.url_map.iter_rules()
        return {f"{method} {rule.rule}" for rule in rules for method in rule.methods or ()}

    def next_id(self) -> int:
        """A number that was not used before in this stand-in."""
        return next(self._ids)

    # --- recording and faults ----------------------------------------------------------------------------------------

    def calls_to(self, operation: str) -> list[Call]:
        """The recorded calls of one operation, oldest first; raises ValueError for one that is not served."""
        self._hold_served(operation)
        return [call for call in self.calls if call.operation == operation]

    def fault(self, operation: str, **kinds: Any) -> Fault:
        """Switch a fault on, see `Fault`; raises ValueError for one that no call could ever meet."""
        if operation != "*":
            self._hold_served(operation)
        fault = Fault(operation, **kinds)
        with self.lock:
            self.faults.append(fault)
        return fault

    def _hold_served(self, operation: str) -> None:
        if operation not in self.operations():
            raise ValueError(f"the {self.service} stand-in serves no {operation!r}: {sorted(self.operations())}")

    def _wsgi(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        # The body is read to its end whatever happens next: closing with something unread would reset the connection,
        # and the client might lose the answer.
        try:
            body = Request(environ).get_data()
        except ClientDisconnected:  # a caller that died in the middle of its request asked for nothing
            return broken.hang_up(environ, start_response)
        environ["wsgi.input"] = io.BytesIO(body)
        environ["CONTENT_LENGTH"] = str(len(body))
        call = self._record(environ)
        environ["wsgi.input"].seek(0)
        before = self._begin(call, after=False)
        if before is not None:
            if before.kind == "status":
                return broken.answer(before.status, before.headers, before.body)(environ, start_response)
            if before.kind == "hang":
                time.sleep(before.seconds)
            else:
                if before.kind == "late":
                    threading.Timer(before.seconds, self._effect, [environ]).start()
                return broken.hang_up(environ, start_response)
        response = self._effect(environ)
        return self._after(self._begin(call, after=True), response, environ, start_response)

    def _record(self, environ: "WSGIEnvironment") -> Call:
        given = Request(environ)
        call = Call(
            time.time(),
            self.operation(given),
            given.method,
            given.path,
            given.args.to_dict(),
            dict(given.headers),
            _body_of(given),
        )
        with self.lock:
            self.calls.append(call)
        return call

    def _effect(self, environ: "WSGIEnvironment") -> Response:
        environ["wsgi.input"].seek(0)
        answer = Response.from_app(self.app, environ, buffered=True)
        return Response(answer.get_data(), answer.status_code, answer.headers)

    def _after(
        self, fault: Fault | None, response: Response, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        if fault is None:
            return response(environ, start_response)
        if fault.kind == "status":
            return broken.answer(fault.status, fault.headers, fault.body)(environ, start_response)
        data = response.get_data()
        if fault.kind == "reset" or (fault.kind == "half" and not data):
            return broken.hang_up(environ, start_response)
        if fault.kind == "hang":
            time.sleep(fault.seconds)
            return response(environ, start_response)
        torn = broken.torn(data, environ) if fault.kind == "half" else broken.dripping(data, fault.seconds)
        return Response(torn, response.status_code, response.headers)(environ, start_response)

    def _begin(self, call: Call, *, after: bool) -> Fault | None:
        fault = self._take(call, after=after)
        if fault is not None and fault.notice is not None:
            fault.notice(call)
        return fault

    def _take(self, call: Call, *, after: bool) -> Fault | None:
        with self.lock:
            for fault in self.faults:
                if fault.after != after or fault.operation not in (call.operation, "*"):
                    continue
                fault.met += 1
                if fault.where is None or fault.where(call):
                    fault.times -= 1
                    if fault.times <= 0:
                        self.faults.remove(fault)
                    return fault
        return None

    # --- sending -----------------------------------------------------------------------------------------------------

    def rearrange(self, arranged: Callable[[list[Outgoing]], list[Outgoing]]) -> None:
        """Change what waits to be sent: its order, or what is sent twice."""
        with self.lock:
            self._outbox[:] = arranged(list(self._outbox))

    def send(self, outgoing: Outgoing) -> None:
        """Put a webhook into the outbox."""
        if self.target:
            with self.lock:
                self._outbox.append(outgoing)

    def flush(self) -> int:
        """Send everything that waits in the outbox, in order; returns how many were sent."""
        waiting = self.take()
        for outgoing in waiting:
            self.sent.append((outgoing, post(self.target, outgoing)))
        return len(waiting)

    def take(self) -> list[Outgoing]:
        """Empty the outbox without sending: what was in it is the caller's to send."""
        with self.lock:
            waiting, self._outbox = self._outbox, []
        return waiting

    def deliver(self, stop: threading.Event, every: float = 0.05) -> threading.Thread:
        """Flush in a thread until `stop` is set: what the demo uses."""

        def run() -> None:
            while not stop.wait(every):
                self.flush()

        thread = threading.Thread(target=run, daemon=True, name=f"{self.service}-outbox")
        thread.start()
        return thread


def post(target: str, outgoing: Outgoing) -> int:
    """Send one webhook; returns the status, 0 if there was no answer."""
    headers = outgoing.sign(outgoing.body)
    try:
        answer = requests.post(
            target + outgoing.path, data=outgoing.body, headers=headers, timeout=10, allow_redirects=False
        )
    except requests.RequestException:
        return 0
    return answer.status_code


def compact(payload: Any) -> bytes:
    """JSON as the services send it: UTF-8, no spaces."""
    return json.dumps(payload, separators=(",", ":"), ensure_ascii=False).encode()


def _body_of(given: Request) -> Any:
    if given.is_json:
        return given.get_json(silent=True)
    if given.form:
        return given.form.to_dict()
    return given.get_data().decode("utf-8", "replace")
