"""OAuth with GitHub by its device flow: a person types a code on GitHub, and connect asks until they have.

The app's id is all that it takes: neither the flow nor the renewal of what it gave needs a secret.
https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps#device-flow
https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/refreshing-user-access-tokens
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import requests

from adapters.errors import NotFound, Rejected, Unavailable
from adapters.github.failures import LEAST_WAIT, judged
from adapters.github.limits import Limits, number
from adapters.github.remembered import Remembered
from adapters.github.transport import Transport
from adapters.oauth import Grant, GrantEnded

SCOPE = "repo"
"""Of an OAuth app; a GitHub App's users allow what the App may do."""
FOREVER = 10.0 * 365 * 86400
_DEVICE = "urn:ietf:params:oauth:grant-type:device_code"
_SLOWER = 5.0
_WHY = {
    "access_denied": "On GitHub the request was refused.",
    "expired_token": "The code was not typed in in time.",
    "incorrect_device_code": "The code was not typed in in time.",
    "device_flow_disabled": "The device flow is not enabled for the app of GITHUB_OAUTH_CLIENT_ID.",
    "incorrect_client_credentials": "GITHUB_OAUTH_CLIENT_ID is not what GitHub knows.",
}


@dataclass(frozen=True)
class Code:
    """What a person types in at `url`; connect asks by `device_code`, every `interval` seconds for `seconds`."""

    device_code: str = field(repr=False)
    user_code: str
    url: str
    seconds: float
    interval: float


class DeviceFlow:
    """The sign-in of one GitHub; safe to share between threads. Every method raises `AdapterError`s only."""

    def __init__(self, client_id: str, api_url: str, timeout: float) -> None:
        self.site = pages_url(api_url)
        self.client_id = client_id
        self._timeout = timeout

    def begin(self) -> Code:
        """Ask for a code that a person may type in."""
        return self._post("device/code", {"scope": SCOPE}, _code)

    def poll(self, device_code: str, interval: float) -> Grant | float:
        """What the person allowed, or how many seconds to wait before asking again.

        Raises `Rejected`: the code `access_denied` if they said no, `expired_token` if they did not say in time.
        """

        def read(raw: Mapping[str, Any]) -> Grant | float:
            error = raw.get("error")
            if error == "authorization_pending":
                return max(float(raw.get("interval") or 0), interval)
            if error == "slow_down":
                return max(float(raw.get("interval") or 0), interval + _SLOWER)
            return _grant(raw)

        return self._post("oauth/access_token", {"device_code": device_code, "grant_type": _DEVICE}, read)

    def refresh(self, refresh: str) -> Grant:
        """New tokens for a refresh token, which is used up by that; raises `GrantEnded` if it is no longer good."""
        return self._post("oauth/access_token", {"refresh_token": refresh, "grant_type": "refresh_token"}, _grant)

    def _post[T](self, where: str, given: dict[str, str], read: Callable[[Any], T]) -> T:
        with judged(write=False), requests.Session() as session:
            session.mount(self.site, Transport(self.site, self._timeout, Limits(time.time), Remembered()))
            answer = session.post(
                f"{self.site}/login/{where}", {**given, "client_id": self.client_id},
                headers={"Accept": "application/json", "User-Agent": "connect"},
                # Explicit, or requests would take a password for the host from ~/.netrc.
                auth=lambda request: request,
            )  # fmt: skip
            if answer.status_code == 404:
                raise NotFound(_WHY["incorrect_client_credentials"], "404")
            if answer.status_code in (403, 429):
                raise Unavailable(
                    "GitHub asks connect to wait.", number(answer.headers.get("retry-after")) or LEAST_WAIT
                )
            if answer.status_code == 408 or answer.status_code >= 500:
                raise Unavailable("GitHub's sign-in does not answer now.")
            return read(answer.json())


def pages_url(api_url: str) -> str:
    """Where people find the GitHub of an API's address.

    https://docs.github.com/en/enterprise-server@latest/rest/using-the-rest-api/getting-started-with-the-rest-api
    """
    parts = urlsplit(api_url)
    # github.com and ghe.com have a host for the API; an Enterprise Server has a path.
    return f"{parts.scheme}://{parts.netloc.removeprefix('api.')}"


def _code(raw: Mapping[str, Any]) -> Code:
    _no_error(raw)
    interval = float(raw.get("interval") or _SLOWER)
    return Code(
        str(raw["device_code"]), str(raw["user_code"]), str(raw["verification_uri"]), float(raw["expires_in"]), interval
    )


def _grant(raw: Mapping[str, Any]) -> Grant:
    _no_error(raw)
    seconds = float(raw.get("expires_in") or FOREVER)
    return Grant(str(raw["access_token"]), str(raw.get("refresh_token") or ""), seconds, str(raw.get("scope") or ""))


def _no_error(raw: Mapping[str, Any]) -> None:
    error = str(raw.get("error") or "")
    if error == "bad_refresh_token":
        raise GrantEnded("GitHub no longer accepts what you allowed.", error)
    if error:
        code = "expired_token" if error == "incorrect_device_code" else error
        raise Rejected(_WHY.get(error, f"GitHub's sign-in refuses connect itself ({error[:60]})."), code)
