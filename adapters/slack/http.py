"""The HTTP under slack_sdk: kept-alive connections, a deadline for the whole answer, and no second try.

slack_sdk opens a new connection (TCP, TLS, `Connection: close`) for every call, follows redirects, and its timeout
bounds each read instead of the call. So the one method in which it touches the network is replaced by a urllib3 pool,
which lends every calling thread a connection of its own. What fails is told apart by the only thing that matters to a
write: whether the request can have reached Slack (`AnswerLost`) or cannot (`NotSent`).
"""

import json
import ssl
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic
from typing import Any
from urllib.parse import urlsplit
from urllib.request import Request, getproxies, proxy_bypass

import urllib3
from slack_sdk import WebClient
from urllib3.exceptions import ConnectTimeoutError, HTTPError, ProxyError, SSLError
from urllib3.util import parse_url

CHUNK = 64 * 1024
IDLE_CONNECTIONS = 32
"""How many kept-alive connections are held per host; more threads than this still work, on short-lived ones."""


class NotSent(Exception):
    """No connection to Slack came about, so Slack knows nothing of the request."""


class AnswerLost(Exception):
    """The request may have reached Slack, and no whole, readable answer came back."""


@dataclass(frozen=True)
class Answer:
    """A whole HTTP answer, of any status."""

    status: int
    headers: dict[str, str]
    text: str


class Connections:
    """POSTs over kept-alive connections; `timeout` is seconds for the whole call, from connecting to the last byte."""

    def __init__(self, url: str, timeout: float) -> None:
        self._timeout = timeout
        self._url = f"{url.rstrip('/')}/"
        self._path = parse_url(self._url).request_uri
        self._manager = _manager(url)
        # A manager takes the address apart and looks for its pool at every request; a proxy may need the whole address.
        proxied = isinstance(self._manager, urllib3.ProxyManager)
        self._pool = None if proxied else self._manager.connection_from_url(url)

    def post(self, url: str, body: bytes, headers: dict[str, str]) -> Answer:
        """POST once, to this host only; raises `NotSent` or `AnswerLost`."""
        deadline = monotonic() + self._timeout
        with _told():
            data = _read(response := self._send(url, body, headers), deadline)
        return Answer(response.status, dict(response.headers), data.decode("utf-8", "replace"))

    @contextmanager
    def opened(
        self, method: str, url: str, headers: dict[str, str], body: Iterable[bytes] | None = None
    ) -> Generator[urllib3.BaseHTTPResponse]:
        """An answer whose body is read in pieces, once, of any host; each wait is bounded, the whole is not.

        `body` is sent piece by piece; `headers` say its length.
        """
        with _told():
            answer = self._manager.urlopen(
                method,
                url,
                body=body,
                headers=headers,
                timeout=urllib3.Timeout(connect=self._timeout, read=self._timeout),
                retries=False,
                redirect=False,
                preload_content=False,
            )
        try:
            yield answer
        finally:
            answer.close()

    def _send(self, url: str, body: bytes, headers: dict[str, str]) -> urllib3.BaseHTTPResponse:
        pool, target = self._manager, url
        if self._pool is not None and url.startswith(self._url):
            pool, target = self._pool, self._path + url[len(self._url) :]
        return pool.urlopen(
            "POST",
            target,
            body=body,
            headers=headers,
            timeout=urllib3.Timeout(total=self._timeout),
            retries=False,
            redirect=False,
            preload_content=False,
        )


class PooledWebClient(WebClient):
    """slack_sdk's client over `Connections`, with its own retries off."""

    def __init__(self, token: str, base_url: str, timeout: float, connections: Connections) -> None:
        super().__init__(  # pyright: ignore[reportUnknownMemberType]
            token=token, base_url=base_url, timeout=int(timeout) or 1, retry_handlers=[]
        )
        self._connections = connections

    def _perform_urllib_http_request_internal(self, url: str, req: Request) -> dict[str, Any]:
        body = req.data if isinstance(req.data, bytes) else b""
        answer = self._connections.post(url, body, dict(req.header_items()))
        # slack_sdk takes a page of HTML for an error code and stumbles over a list. Only a 429 needs no body.
        readable = _is_object(answer.text)
        if answer.status != 429 and not readable:
            raise AnswerLost(f"Slack's answer (HTTP {answer.status}) was not readable.")
        return {"status": answer.status, "headers": answer.headers, "body": answer.text if readable else "{}"}


def pieces(answer: urllib3.BaseHTTPResponse) -> Iterator[bytes]:
    """The body of an answer piece by piece; raises `AnswerLost`."""
    with _told():
        yield from answer.stream(CHUNK)


@contextmanager
def _told() -> Generator[None]:
    """Tell apart what surely never left and what may have."""
    try:
        yield
    except (ConnectTimeoutError, ProxyError) as error:
        raise NotSent("No connection to Slack could be made.") from error
    except SSLError as error:
        # A refused certificate ends the handshake, before the request; any other TLS error may come later.
        if error.args and isinstance(error.args[0], ssl.SSLCertVerificationError):
            raise NotSent("Slack's certificate could not be verified.") from error
        raise AnswerLost("The encrypted connection to Slack broke.") from error
    except (HTTPError, OSError) as error:
        raise AnswerLost("The connection to Slack broke, or its answer took too long.") from error


def _manager(url: str) -> urllib3.PoolManager:
    # The proxy of the environment is honoured as slack_sdk does, and NO_PROXY too, which slack_sdk does not know.
    parts = urlsplit(url)
    proxy = None if proxy_bypass(parts.hostname or "") else getproxies().get(parts.scheme)
    if proxy:
        return urllib3.ProxyManager(proxy, maxsize=IDLE_CONNECTIONS)
    return urllib3.PoolManager(maxsize=IDLE_CONNECTIONS)


def _read(response: urllib3.BaseHTTPResponse, deadline: float) -> bytes:
    """Read to the end, whatever the pace: a server that drips a byte a second gets no longer than any other."""
    parts: list[bytes] = []
    while True:
        left = deadline - monotonic()
        if left <= 0:
            response.close()
            raise AnswerLost("Slack's answer took too long.")
        connection = response.connection
        socket = getattr(connection, "sock", None)
        if socket is not None:
            socket.settimeout(left)
        part = response.read1(CHUNK)
        if not part:
            return b"".join(parts)
        parts.append(part)


def _is_object(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except (ValueError, RecursionError):
        return False
