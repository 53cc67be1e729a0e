"""The connection under PyGithub: one deadline for a whole answer, and no redirect followed behind our back.

It keeps two promises that the libraries do not. requests' timeout starts again with every byte that arrives. PyGithub
follows a 301 without its query (so a filtered list comes back unfiltered) and takes the body of a 307 for success.

It also asks only for what has changed since it was read last, and not at all where GitHub said that nothing is left.
"""

import io
import re
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urljoin, urlsplit

import requests
from github import Github
from requests.adapters import HTTPAdapter
from urllib3 import BaseHTTPResponse, Timeout

from adapters.errors import Rejected, Unavailable
from adapters.github.limits import Limits
from adapters.github.remembered import Answer, Remembered

if TYPE_CHECKING:
    from requests import PreparedRequest, Response


class Moved(Exception):
    """The repository has another name now, and nothing was done; `repository_id` still finds it."""

    def __init__(self, repository_id: int) -> None:
        super().__init__("the repository was renamed or transferred")
        self.repository_id = repository_id


class Transport(HTTPAdapter):
    """Sends once; an answer that is not whole `timeout` seconds after the start is given up at the next read."""

    def __init__(self, api_url: str, timeout: float, limits: Limits, remembered: Remembered) -> None:
        super().__init__(max_retries=0)
        self._api_url = api_url
        self._timeout = timeout
        self._limits = limits
        self._remembered = remembered

    def send(
        self,
        request: "PreparedRequest",
        stream: bool = False,  # noqa: ARG002, FBT001, FBT002
        timeout: object = None,  # noqa: ARG002
        verify: bool | str = True,  # noqa: FBT001, FBT002
        cert: Any = None,
        proxies: Mapping[str, str] | None = None,
    ) -> "Response":
        token, url = str(request.headers.get("Authorization", "")), str(request.url)
        if wait := self._limits.wait(token, urlsplit(url).path):
            raise Unavailable("GitHub asks connect to wait: its limit of calls is used up.", max(wait, 1.0))
        known = self._remembered.get(token, url) if request.method == "GET" else None
        if known is not None:
            request.headers["If-None-Match"] = known.tag
        deadline = time.monotonic() + self._timeout
        limit = Timeout(total=self._timeout)
        response = super().send(request, True, limit, verify, cert, proxies)  # pyright: ignore[reportArgumentType]
        body = _body(cast("BaseHTTPResponse", response.raw), deadline)
        self._limits.note(token, response.headers)
        if response.status_code == 304 and known is not None:
            body = _as_before(response, known)
        elif response.status_code == 200 and request.method == "GET":
            self._remembered.put(token, url, response.headers, body)
        # `raw` is replaced by what was read, since requests would go on reading without a deadline.
        response.raw = io.BytesIO(body)
        if 300 <= response.status_code < 400:
            raise self._redirect(urljoin(url, response.headers.get("location", "")))
        return response

    def _redirect(self, location: str) -> Exception:
        """Where GitHub points to for a repository that moved: `/repositories/ID/…` on the same host.

        https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api#follow-redirects
        """
        wanted, given = urlsplit(self._api_url), urlsplit(location)
        found = re.search(r"/repositories/([0-9]{1,18})(?:/|\Z)", given.path)
        if found is None or (given.scheme, given.netloc) != (wanted.scheme, wanted.netloc):
            return Rejected("GitHub sends this request to another address, and connect does not follow it.", "redirect")
        return Moved(int(found[1]))


def mount(github: Github, transport: Transport) -> None:
    """Make all requests of one `Github` go through the transport."""
    # PyGithub offers no way to pass a session; the name is pinned by `pygithub~=2.10` and by the tests of the deadline.
    connection = cast("Any", github.requester)._Requester__createConnection()
    session: requests.Session = connection.session
    session.mount(f"{connection.protocol}://", transport)


def _as_before(response: "Response", known: Answer) -> bytes:
    """Make "not modified" the answer that is known; returns its body."""
    response.status_code = 200
    response.headers.update({name: value for name, value in known.headers.items() if name not in response.headers})
    response.encoding = "utf-8"
    return known.body


def _body(raw: BaseHTTPResponse, deadline: float) -> bytes:
    chunks: list[bytes] = []
    while chunk := raw.read1(decode_content=True):
        chunks.append(chunk)
        if time.monotonic() > deadline:
            raw.close()
            raise requests.ReadTimeout("the answer came too slowly")
    return b"".join(chunks)
