"""A TCP proxy on loopback that stands before a database and misbehaves on request, as networks and failing hosts do."""

import contextlib
import select
import socket
import struct
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Self

from tests.mariadb import free_port

COMMIT = b"\x03COMMIT"
"""How a client says it in the MySQL protocol; the name of an isolation level has the word in it too."""

_RESET = struct.pack("ii", 1, 0)  # closing with a linger of nothing sends RST


class _Wire:
    """One connection through the proxy; whoever changes the proxy's mode marks the wires there are."""

    def __init__(self, near: socket.socket) -> None:
        self.near = near
        self.silent = False
        self.cut = False
        self.doomed = False
        """To be cut instead of carrying the server's next answer."""


class Proxy:
    """Carries connections to `port` of this machine, until told otherwise; use it in a `with` statement."""

    def __init__(self, port: int) -> None:
        self.port = free_port()
        self._target = port
        self._stopped = threading.Event()
        self._change = threading.Lock()
        self._wires: list[_Wire] = []
        self._threads: list[threading.Thread] = []
        self._silent = self._reset = False
        self._delay = 0.0
        self._doom: bytes | None = None
        self._server: socket.socket | None = None

    def __enter__(self) -> Self:
        self.carry()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopped.set()
        self._close_server()
        for thread in self._threads:
            thread.join(5)

    # --- modes -------------------------------------------------------------------------------------------------------

    def carry(self) -> None:
        """Carry new connections; those that fell silent stay so, as after a router has forgotten them."""
        self._set()

    def refuse(self) -> None:
        """Nobody listens any more, and what was open is closed."""
        self._set(refuse=True, cut=True)

    def black_hole(self) -> None:
        """Take new connections and say nothing; swallow what comes over the old ones."""
        self._set(silent=True)

    def reset(self) -> None:
        """Reset the open connections, and every new one."""
        self._set(reset=True, cut=True)

    def delay(self, seconds: float) -> None:
        """Carry, each piece in each direction later by some seconds."""
        self._set(delay=seconds)

    def cut(self) -> None:
        """Reset the open connections alone."""
        self._set(cut=True)

    def lose_answer(self, word: bytes) -> None:
        """Let the next request that contains `word` reach the server, and reset its connection instead of answering."""
        self._doom = word

    def _set(
        self, *, refuse: bool = False, silent: bool = False, reset: bool = False, cut: bool = False, delay: float = 0.0
    ) -> None:
        with self._change:
            self._silent, self._reset, self._delay = silent, reset, delay
            for wire in self._wires:
                wire.silent |= silent
                wire.cut |= cut
        if refuse:
            self._close_server()
        elif self._server is None:
            self._server = socket.create_server(("127.0.0.1", self.port), backlog=128)
            self._start(self._accept, self._server)

    # --- the wires ---------------------------------------------------------------------------------------------------

    def _start[*T](self, do: Callable[[*T], None], *arguments: *T) -> None:
        thread = threading.Thread(target=do, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _close_server(self) -> None:
        if self._server is not None:
            self._server.shutdown(socket.SHUT_RDWR)  # wakes the thread that accepts
            self._server.close()
            self._server = None

    def _accept(self, server: socket.socket) -> None:
        with contextlib.suppress(OSError):  # closed
            while True:
                wire = _Wire(server.accept()[0])
                with self._change:
                    wire.silent, wire.cut = self._silent, self._reset
                    self._wires.append(wire)
                self._start(self._serve, wire)

    def _serve(self, wire: _Wire) -> None:
        with wire.near, socket.socket() as far, contextlib.suppress(OSError):
            if not wire.silent and not wire.cut:
                far.connect(("127.0.0.1", self._target))
            while not self._stopped.is_set() and self._carry(wire, far):
                continue
            if wire.cut:
                wire.near.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)

    def _carry(self, wire: _Wire, far: socket.socket) -> bool:
        """Carry what there is; False at the end of the connection."""
        if wire.silent:
            self._stopped.wait(0.02)
            return not wire.cut
        ready, _, _ = select.select([wire.near, far], [], [], 0.02)
        for source in ready if not wire.cut and not wire.silent else []:
            data = source.recv(65536)
            if source is far and wire.doomed:
                wire.cut = True
            if not data or wire.cut:
                return False
            if source is wire.near and self._doom and self._doom in data:
                wire.doomed, self._doom = True, None
            self._stopped.wait(self._delay)
            (far if source is wire.near else wire.near).sendall(data)
        return not wire.cut
