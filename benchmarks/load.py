"""The load generator, a process of its own: a few keep-alive connections that send what was made beforehand.

`python -m benchmarks.load` reads a `Load` as JSON from its standard input and writes what it saw to its output.
"""

import asyncio
import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from itertools import islice

from benchmarks import bodies


@dataclass(frozen=True)
class Load:
    """What to send: up to `count` requests in up to `seconds`, as fast as answers come or `rate` a second."""

    port: int
    connections: int
    seconds: float
    count: int
    first: int = bodies.FIRST
    rate: float = 0.0
    command: str = ""
    """The text of `/jira`; empty: GitHub's webhooks."""


@dataclass
class Seen:
    """What came back: how many answers of which status, in how many seconds; when each request left; its latency."""

    statuses: dict[str, int] = field(default_factory=dict[str, int])
    seconds: float = 0.0
    left: dict[str, float] = field(default_factory=dict[str, float])
    latencies: list[float] = field(default_factory=list[float])

    def per_second(self, *wanted: str) -> float:
        """Answers of these statuses by the time taken."""
        return sum(self.statuses.get(status, 0) for status in wanted) / self.seconds if self.seconds else 0.0


def run(load: Load) -> Seen:
    """Send it from another process, so that this one's work and the generator's do not share an interpreter."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.load"], input=json.dumps(asdict(load)), capture_output=True, text=True,
        check=True, timeout=load.seconds + 60,
    )  # fmt: skip
    return Seen(**json.loads(done.stdout))


class _Connection(asyncio.Protocol):
    """One keep-alive connection: a request at a time."""

    def __init__(self, sender: "_Sender") -> None:
        self._sender = sender
        self._buffer = b""
        self._sent = 0.0
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self._sender.idle(self)

    def send(self, request: bytes) -> None:
        """Send one, now."""
        assert self.transport is not None
        self._sent = time.monotonic()
        self.transport.write(request)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, end, body = self._buffer.partition(b"\r\n\r\n")
        if not end or len(body) < _length(head):
            return
        self._buffer = b""
        self._sender.answered(head[9:12].decode(), self._sent)
        if b"\r\nconnection: close" in head.lower() and self.transport is not None:
            self.transport.close()
        else:
            self._sender.idle(self)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        self._sender.lost()


class _Sender:
    def __init__(self, load: Load, requests: list[bytes]) -> None:
        self._load = load
        self._requests: Iterator[tuple[int, bytes]] = iter(enumerate(requests))
        self._free: list[_Connection] = []
        self._begun = 0.0
        self._under_way = 0
        self.seen = Seen()
        self._statuses: Counter[str] = Counter()

    async def go(self) -> Seen:
        """Connect, send, and count what comes back until the time is up."""
        for _ in range(self._load.connections):
            await self._connect()
        self._begun = time.monotonic()
        if self._load.rate:
            await self._at_rate()
        else:
            for connection in list(self._free):
                self.idle(connection)
        await self._end()
        self.seen.seconds = max(time.monotonic() - self._begun, 1e-9)
        self.seen.statuses = dict(self._statuses)
        return self.seen

    async def _connect(self) -> None:
        await asyncio.get_running_loop().create_connection(lambda: _Connection(self), "127.0.0.1", self._load.port)

    async def _at_rate(self) -> None:
        for number in range(self._load.count):
            await asyncio.sleep(max(0.0, self._begun + number / self._load.rate - time.monotonic()))
            while not self._free:
                await asyncio.sleep(0.001)
            self._next(self._free.pop())

    def idle(self, connection: _Connection) -> None:
        """A connection has nothing to do: give it the next request, unless they leave at a rate."""
        if self._begun and not self._load.rate and time.monotonic() - self._begun < self._load.seconds:
            self._next(connection)
        else:
            self._free.append(connection)

    def _next(self, connection: _Connection) -> None:
        number, request = next(self._requests, (0, b""))
        if not request:
            return
        self._under_way += 1
        if self._load.rate:
            self.seen.left[str(self._load.first + number)] = time.monotonic()
        connection.send(request)

    def answered(self, status: str, sent: float) -> None:
        """An answer is there."""
        self._under_way -= 1
        self._statuses[status] += 1
        self.seen.latencies.append(time.monotonic() - sent)

    def lost(self) -> None:
        """A connection was closed; another takes its place."""
        self._statuses["closed"] += 1
        if time.monotonic() - self._begun < self._load.seconds:
            self._again = asyncio.ensure_future(self._connect())

    async def _end(self) -> None:
        while self._under_way > 0 and time.monotonic() - self._begun < self._load.seconds + 10:
            await asyncio.sleep(0.002)


def _length(head: bytes) -> int:
    _, found, rest = head.lower().partition(b"\r\ncontent-length:")
    return int(rest.partition(b"\r\n")[0]) if found else 0


def main() -> None:
    """Read the load, make the requests, send them, write what was seen."""
    load = Load(**json.load(sys.stdin))
    host = f"127.0.0.1:{load.port}"
    made = (
        bodies.command(load.first, load.count, host, load.command)
        if load.command
        else bodies.github(load.first, load.count, host)
    )
    seen = asyncio.run(_Sender(load, list(islice(made, load.count))).go())
    json.dump(asdict(seen), sys.stdout)


if __name__ == "__main__":
    main()
