"""How an answer goes wrong: other than it should be, cut off, torn, byte by byte."""

import json
import socket
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from flask import Response

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


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
