"""The HTTP server of `serve`: granian's threads inside this very process.

The promise kept here: what was taken on is answered before the server ends, a slow sender holds up nobody but itself,
and the process that is killed is the whole of the server, so that nothing is left behind on its port.
"""

import gc
import logging
import os
import signal
import socket
import sys
from collections.abc import Callable, Iterable
from typing import Any, NoReturn

from granian._granian import SocketHolder  # there is no public way to hand over a socket
from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels
from granian.server.mt import MTServer

type Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]

CONNECTIONS = 900
"""Below the usual limit of 1024 open files, of which the database takes up to 64. One more waits in the backlog."""
BACKLOG = 1024


class CannotListen(Exception):
    """The address or the port cannot be had; `str()` is a sentence for the operator."""


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens there (port 0: a free one); raises `CannotListen`. Of a name's addresses, IPv4 is taken."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, *_, address = min(found, key=lambda each: each[0] != socket.AF_INET)
        # Without SO_REUSEPORT, which granian's own sockets have: a second connect on this port is to be told so.
        listener = socket.create_server(address[:2], family=family, backlog=BACKLOG)
    except (OSError, UnicodeError) as error:
        # The words in front of "(while attempting to bind …)", which only repeats where.
        reason = (getattr(error, "strerror", None) or str(error)).partition(" (")[0]
        raise CannotListen(
            f"connect cannot listen on {host}, port {port}: {reason}. CONNECT_HOST and CONNECT_PORT say where."
        ) from error
    # Its connections inherit this. Without it an answer's body waits until the client confirms the head: 40 ms.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


def run(app: Wsgi, listener: socket.socket, patience: float, begin: Callable[[], object]) -> None:
    """Serve until SIGTERM or SIGINT and answer what is under way for up to `patience` seconds.

    `begin` is called once a signal would be heeded. A second signal ends the process at once.
    """
    server = _Server(listener, patience)
    server.on_startup(begin)
    server.serve(target_loader=lambda *_: _own_headers_only(app))


def leave(code: int) -> NoReturn:
    """End the process now, with everything flushed.

    The interpreter's own way out would take the objects of granian's threads away under them, and they say so loudly.
    """
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


class _Server(MTServer):
    """One worker on a socket of ours. A thread for each connection, made on demand: a slow body occupies its own."""

    def __init__(self, listener: socket.socket, patience: float) -> None:
        super().__init__(  # pyright: ignore[reportUnknownMemberType]
            "connect", interface=Interfaces.WSGI, http=HTTPModes.http1, websockets=False, blocking_threads=CONNECTIONS,
            backlog=BACKLOG, backpressure=CONNECTIONS, log_level=LogLevels.error, log_dictconfig=_INTO_OUR_LOG,
        )  # fmt: skip
        self._listener = listener
        self._patience = patience
        before = signal.getsignal(signal.SIGHUP)
        self.on_startup(lambda: signal.signal(signal.SIGHUP, before))  # granian would start its worker anew

    def _check_gil(self) -> None:
        """Granian holds its threaded server back from an interpreter with a GIL; with it, Flask's code is just as safe
        as under any other server with threads."""

    def _init_shared_socket(self) -> None:
        self._listener.setblocking(False)
        self._shd = SocketHolder(self._listener.detach(), False, BACKLOG)  # pyright: ignore[reportCallIssue]

    def _stop_workers(self) -> None:
        for worker in self.wrks:
            worker.terminate()
            worker.join(self._patience)  # pyright: ignore[reportUnknownMemberType]

    def signal_handler_interrupt(self, *_args: object, **_kwargs: object) -> None:
        if self.interrupt_signal:
            # Nothing is lost: what was accepted is stored, and what was under way is looked up later. Nothing is
            # flushed either, since the signal may have come in the middle of that.
            os._exit(0)
        self.interrupt_signal = True
        self.main_loop_interrupt.set()


_INTO_OUR_LOG = {"formatters": {}, "handlers": {}, "loggers": {"_granian": {"propagate": True}}}


def _own_headers_only(app: Wsgi) -> Wsgi:
    # granian lays each request over a copy of os.environ, where HTTP_PROXY looks like a header called Proxy.
    foreign = {name: value for name, value in os.environ.items() if name.startswith(("HTTP_", "CONTENT_"))}
    if not foreign:
        return app

    def cleaned(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        for name, value in foreign.items():
            if environ.get(name) == value:
                del environ[name]
        return app(environ, start_response)

    return cleaned


def spare_the_collector() -> None:
    """Let the garbage collector leave alone what stays until the end, and come less often.

    To look through all that was loaded, several times a second, costs a fifth of the time that an event takes.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 10, 10)
