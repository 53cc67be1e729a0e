"""The one place that touches the `jira` package: a kept-alive session per thread, one request per call, no more.

The package's own helpers re-send a POST whose answer was lost, make calls nobody asked for, cannot attach properties to
what they create and fail on error bodies of unexpected shape. So its authenticated session is used directly, with a
hook that reads the answer within a time limit and judges it before the package does.
"""

import json
import threading
import time
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, cast
from urllib.parse import quote

import requests
from jira import JIRA
from urllib3.exceptions import HTTPError

from adapters.errors import NotFound
from adapters.jira.errors import doubt, refusal, transport

CONNECT_SECONDS = 5.0


class JiraSession:
    """Calls Jira's REST API; `timeout` (seconds) bounds the wait for an answer to begin, and once more its arrival."""

    def __init__(self, base_url: str, email: str, token: str, timeout: float) -> None:
        self.cloud = bool(email)
        self._base_url = base_url
        self._token = token
        self._auth: dict[str, Any] = {"basic_auth": (email, token)} if email else {"token_auth": token}
        self._timeout = timeout
        self._threads = threading.local()

    def get(self, *path: str, **params: str | int) -> Any:
        """The parsed JSON of a resource; path segments are quoted here."""
        return self._call("GET", path, params=params)

    def agile(self, *path: str, **params: str | int) -> Any:
        """The parsed JSON of a resource of Jira Software's own API: boards and sprints."""
        return self._call("GET", path, params=params, base=JIRA.AGILE_BASE_URL)

    def query(self, *path: str, body: dict[str, Any], **params: str | int) -> Any:
        """The parsed JSON of a POST that only reads, such as a search."""
        return self._call("POST", path, body=body, params=params)

    def create(self, *path: str, body: dict[str, Any]) -> Any:
        """The parsed JSON of a POST that makes something; raises `OutcomeUnknown` wherever it may have been made."""
        return self._call("POST", path, body=body, writes=True)

    def do(self, *path: str, body: Any) -> None:
        """A POST that changes something and shows nothing of it; raises `OutcomeUnknown` wherever it may have."""
        self._call("POST", path, body=body, writes=True)

    def put(self, *path: str, body: Any) -> Any:
        """The parsed JSON of a PUT, None if it has none; raises `OutcomeUnknown` wherever it may have been done."""
        return self._call("PUT", path, body=body, writes=True)

    def delete(self, *path: str, **params: str | int) -> None:
        """A DELETE; raises `OutcomeUnknown` wherever it may have been done."""
        self._call("DELETE", path, params=params or None, writes=True)

    def upload(self, *path: str, body: Iterable[bytes], kind: str) -> Any:
        """The parsed JSON of a POST whose body is sent in pieces; like `create`, but for what `body` itself raises."""
        # Jira takes the token of a browser's session for granted otherwise, and refuses.
        headers = {"Content-Type": kind, "X-Atlassian-Token": "no-check"}
        return self._call("POST", path, raw=body, headers=headers, writes=True)

    @contextmanager
    def opened(self, *path: str, of_api: bool = True, **params: str) -> Generator[Iterator[bytes]]:
        """The content of a resource, piece by piece; each wait is bounded, the whole is not."""
        where = _joined(path)
        try:
            client = self._client()
            url = client._get_url(where) if of_api else f"{self._base_url}/{where}"  # pyright: ignore[reportPrivateUsage]
            session = cast("requests.Session", client._session)  # pyright: ignore[reportPrivateUsage]
            # Past the package's own `request`, which would read the whole content at once.
            answer = requests.Session.request(
                session, "GET", url, params=params, stream=True, allow_redirects=False,
                timeout=(min(CONNECT_SECONDS, self._timeout), self._timeout), headers={"Accept": "*/*"},
            )  # fmt: skip
            with answer:
                if answer.status_code not in range(200, 300):
                    body = read_body(answer, time.monotonic() + self._timeout)
                    raise refusal(answer.status_code, answer.headers, body, writes=False)
                yield _pieces(answer)
        except (requests.RequestException, HTTPError) as error:
            raise transport(error, writes=False) from None

    def _call(
        self, method: str, path: tuple[str, ...], *, writes: bool = False, body: Any = None, params: Any = None,
        raw: Iterable[bytes] | None = None, headers: dict[str, str] | None = None, base: str = JIRA.JIRA_BASE_URL,
    ) -> Any:  # fmt: skip
        data = raw if body is None else json.dumps(body)
        where = _joined(path)
        judge = partial(_judge, writes=writes, seconds=self._timeout)
        try:
            client = self._client()
            url = client._get_url(where, base)  # pyright: ignore[reportPrivateUsage]
            session = cast("requests.Session", client._session)  # pyright: ignore[reportPrivateUsage]
            answer = session.request(
                method, url, params=params, data=data, allow_redirects=False, hooks={"response": judge},
                headers=headers or {},
            )  # fmt: skip
        except (requests.RequestException, HTTPError, ValueError) as error:
            raise transport(error, writes=writes) from None
        if answer.status_code == requests.codes.no_content:
            return None
        try:
            return json.loads(answer.content)
        except (ValueError, RecursionError):
            raise doubt("Jira's answer cannot be read.", writes=writes) from None

    def _client(self) -> JIRA:
        client: JIRA | None = getattr(self._threads, "client", None)
        if client is None:
            # Settings that make no request at all fail here, before there is anything to be in doubt about.
            requests.Request("GET", self._base_url, {"Authorization": f"Bearer {self._token}"}).prepare()
            client = JIRA(
                options={"server": self._base_url, "rest_api_version": "3" if self.cloud else "2"},
                get_server_info=False,
                max_retries=0,
                timeout=(min(CONNECT_SECONDS, self._timeout), self._timeout),
                logging=False,
                **self._auth,
            )
            # Left unset by get_server_info=False, and asked by the package's helpers for Cloud.
            client.deploymentType = "Cloud" if self.cloud else "Server"
            self._threads.client = client
        return client


def _pieces(answer: requests.Response) -> Iterator[bytes]:
    try:
        while piece := answer.raw.read(65536, decode_content=True):
            yield piece
    except (requests.RequestException, HTTPError, OSError) as error:
        raise transport(error, writes=False) from None


def _joined(path: tuple[str, ...]) -> str:
    # Quoting leaves dots alone, and urllib3 resolves "." and ".." before it sends.
    if any(segment in ("", ".", "..") for segment in path):
        raise NotFound("Jira has nothing of that name.")
    return "/".join(quote(segment, safe="") for segment in path)


def _judge(answer: requests.Response, *, writes: bool, seconds: float, **_: object) -> None:
    try:
        body = read_body(answer, time.monotonic() + seconds)
    finally:
        answer.close()
    if answer.status_code not in range(200, 300):
        raise refusal(answer.status_code, answer.headers, body, writes=writes)
    answer._content = body  # pyright: ignore[reportPrivateUsage,reportAttributeAccessIssue]


def read_body(answer: requests.Response, deadline: float) -> bytes:
    """Read the body of a streamed answer piece by piece: a socket's own time limit begins anew with each byte."""
    pieces: list[bytes] = []
    while piece := answer.raw.read1(65536, decode_content=True):
        pieces.append(piece)
        if time.monotonic() > deadline:
            raise requests.ReadTimeout
    return b"".join(pieces)
