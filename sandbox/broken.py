"""Faults, and how an answer goes wrong: other than it should be, cut off, torn, byte by byte."""

import json
import socket
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from flask import Response

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

    from sandbox.standin import Call

KINDS: dict[str, tuple[bool, ...]] = {
    "status": (False, True), "reset": (False, True), "hang": (False, True), "half": (True,), "drip": (True,),
    "late": (False,),
}  # fmt: skip
"""The kinds of faults, and whether each may come before the effect and after it."""


@dataclass
class Fault:
    """What goes wrong with the next `times` calls of `operation` (`*`: any) for which `where` is true.

    | kind | without `after`: instead of the effect | with `after`: the effect is done, then |
    |---|---|---|
    | `status` | answers `status`, `headers`, `body` (JSON or text) | the same |
    | `reset` | closes the connection without an answer | the same: the answer is lost |
    | `hang` | waits `seconds`, then goes on as usual | waits `seconds`, then answers |
    | `half` | – | sends half of the answer (of an empty one nothing) and closes |
    | `drip` | – | sends the answer a byte each `seconds` |
    | `late` | closes at once; the effect happens `seconds` later | – |
    """

    operation: str
    kind: Literal["status", "reset", "hang", "half", "drip", "late"] = "status"
    after: bool = False
    times: int = 1
    status: int = 500
    headers: dict[str, str] = field(default_factory=dict[str, str])
    body: Any = None
    seconds: float = 0.0
    where: "Callable[[Call], bool] | None" = None
    notice: "Callable[[Call], None] | None" = None
    """Called when it begins: the caller is in the middle of its call then."""
    met: int = 0
    """How many calls of its operation came by, whatever `where` said of them."""

    def __post_init__(self) -> None:
        allowed = KINDS.get(self.kind)
        if allowed is None or self.after not in allowed:
            raise ValueError(f"no fault is called {self.kind!r} with after={self.after}: see the table of Fault")


def answer(status: int, headers: dict[str, str], body: Any) -> Response:
    """An answer of the fault's own; `body` is text, or becomes JSON."""
    content = body if isinstance(body, str | bytes) else json.dumps(body or {})
    return Response(content, status=status, headers={"Content-Type": "application/json"} | headers)


def hang_up(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
    """Close the connection without an answer."""
    environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
    return Response()(environ, start_response)


def torn(data: bytes, environ: "WSGIEnvironment") -> Iterable[bytes]:
    """Half of an answer, and the end of the connection."""
    yield data[: len(data) // 2]
    environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
    yield data[len(data) // 2 :]


def dripping(data: bytes, seconds: float) -> Iterable[bytes]:
    """An answer, a byte each so many seconds."""
    for position in range(len(data)):
        time.sleep(seconds)
        yield data[position : position + 1]
