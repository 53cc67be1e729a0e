"""OAuth 2.0 with Jira: how a person lets connect act as them, how that is kept up, and how it ends.

Cloud's authorization server is Atlassian's own and stands for all sites (3LO); a Data Center is its own.
https://developer.atlassian.com/cloud/jira/platform/oauth-2-3lo-apps/
https://confluence.atlassian.com/adminjiraserver/jira-oauth-2-0-provider-api-1115659070.html
"""

import base64
import hashlib
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

import requests
from requests.auth import AuthBase
from urllib3.exceptions import HTTPError

from adapters.errors import NotFound, Rejected, Unavailable
from adapters.jira.errors import retry_after, transport
from adapters.jira.reading import mapping, objects, string
from adapters.jira.session import read_body
from adapters.oauth import Grant, GrantEnded

CLOUD_SCOPES = "offline_access read:jira-user read:jira-work write:jira-work"
DATA_CENTER_SCOPES = "WRITE"
"""Reading is part of it."""
_USUAL_SECONDS = 3600.0


class NoAccess(Rejected):
    """The person allowed it, but for other sites than connect's; `sites` are those."""

    def __init__(self, sites: tuple[str, ...]) -> None:
        super().__init__("The account has no access to this Jira.", "no_access")
        self.sites = sites


@dataclass(frozen=True)
class OAuthApp:
    """connect, as it is registered with Atlassian or, on Data Center, as an incoming application link."""

    client_id: str
    client_secret: str = field(repr=False)
    redirect_url: str


class JiraOAuth:
    """The authorization server of one Jira site; safe to share between threads.

    Every method that makes a call raises `AdapterError`s only; none is ever made to another host than was given.
    """

    def __init__(self, site: str, app: OAuthApp, auth_url: str, api_url: str, timeout: float) -> None:
        """On Cloud `auth_url` and `api_url` are Atlassian's; on Data Center both are empty."""
        self.site = site
        self.cloud = bool(api_url)
        self._app = app
        self._api_url = api_url
        self.timeout = timeout
        own = f"{site}/rest/oauth2/latest"
        self._authorize = f"{auth_url}/authorize" if self.cloud else f"{own}/authorize"
        self._token = f"{auth_url}/oauth/token" if self.cloud else f"{own}/token"
        # RFC 7009; Atlassian's server names it in its metadata. A Data Center has none.
        self._revoke = f"{auth_url}/oauth/revoke" if self.cloud else ""

    def authorize_url(self, state: str, verifier: str) -> str:
        """Where the person says yes or no; `verifier` is PKCE's, of which only the hash is shown here."""
        digest = hashlib.sha256(verifier.encode()).digest()
        query = {
            "client_id": self._app.client_id, "redirect_uri": self._app.redirect_url, "response_type": "code",
            "scope": CLOUD_SCOPES if self.cloud else DATA_CENTER_SCOPES, "state": state,
            "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(), "code_challenge_method": "S256",
        }  # fmt: skip
        asked = {"audience": "api.atlassian.com", "prompt": "consent"} if self.cloud else {}
        return f"{self._authorize}?{urlencode({**asked, **query})}"

    def exchange(self, code: str, verifier: str) -> Grant:
        """The tokens for a code; raises `GrantEnded` if the code is not good (any more)."""
        given = {"grant_type": "authorization_code", "code": code, "code_verifier": verifier}
        return self._tokens({**given, "redirect_uri": self._app.redirect_url}, "")

    def refresh(self, refresh: str) -> Grant:
        """New tokens for a refresh token, which is used up by that; raises `GrantEnded` if it is not good (any more).

        When the answer is lost the same one may be sent again: Cloud takes it for ten minutes more.
        """
        more = {} if self.cloud else {"redirect_uri": self._app.redirect_url}
        return self._tokens({"grant_type": "refresh_token", "refresh_token": refresh, **more}, refresh)

    def revoke(self, refresh: str) -> bool:
        """Make a grant's tokens worthless; False where the service has no way to."""
        if not self._revoke:
            return False
        self._post(self._revoke, {"token": refresh, "token_type_hint": "refresh_token"})
        return True

    def cloud_id(self, access: str) -> str:
        """By what the gateway knows connect's site; empty on Data Center. Raises `NoAccess`."""
        if not self.cloud:
            return ""
        url = f"{self._api_url}/oauth/token/accessible-resources"
        found = objects(self._call("GET", url, auth=_Bearer(access)))
        for site in found:
            if string(site.get("url")).rstrip("/").lower() == self.site.lower() and string(site.get("id")):
                return string(site.get("id"))
        raise NoAccess(tuple(sorted({string(site.get("url")) for site in found} - {""})))

    def api_url(self, cloud_id: str) -> str:
        """Where a person's calls go on Cloud; empty on Data Center, where it is the site itself."""
        return f"{self._api_url}/ex/jira/{quote(cloud_id, safe='')}" if self.cloud else ""

    def _tokens(self, given: dict[str, str], refresh: str) -> Grant:
        raw = mapping(self._post(self._token, given))
        access, seconds = string(raw.get("access_token")), raw.get("expires_in")
        if not access:
            raise Unavailable("Jira's answer shows no token.")
        good = float(seconds) if isinstance(seconds, int | float) and seconds > 0 else _USUAL_SECONDS
        return Grant(access, string(raw.get("refresh_token")) or refresh, good, string(raw.get("scope")))

    def _post(self, url: str, given: dict[str, str]) -> Any:
        body = {**given, "client_id": self._app.client_id, "client_secret": self._app.client_secret}
        return self._call("POST", url, **{"json" if self.cloud else "data": body})

    def _call(self, method: str, url: str, **how: Any) -> Any:
        # Explicit, or requests would take a password for the host from ~/.netrc.
        how.setdefault("auth", _Bearer(""))
        try:
            with requests.request(
                method, url, timeout=self.timeout, allow_redirects=False, stream=True,
                headers={"Accept": "application/json"}, **how,
            ) as answer:  # fmt: skip
                body = read_body(answer, time.monotonic() + self.timeout)
        except (requests.RequestException, HTTPError, ValueError) as error:
            raise transport(error, writes=False) from None
        return _judged(answer.status_code, answer.headers, body)


class _Bearer(AuthBase):
    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self._token:
            request.headers["Authorization"] = f"Bearer {self._token}"
        return request


def _judged(status: int, headers: Mapping[str, str], body: bytes) -> Any:
    """The JSON of a good answer; raises what another one means. Their words stay out: they may repeat what was sent."""
    try:
        raw: object = json.loads(body) if body else {}
    except (ValueError, RecursionError):
        raw = {}
    if status in range(200, 300):
        return raw
    if status in (408, 429) or status >= 500:
        raise Unavailable("Jira's sign-in does not answer now.", retry_after(headers, time.time()))
    said = mapping(raw)
    code, why = string(said.get("error")), string(said.get("error_description")).lower()
    # Documented is `invalid_grant`; seen is also `unauthorized_client` with “refresh_token is invalid”.
    if code == "invalid_grant" or (code == "unauthorized_client" and "refresh_token" in why):
        raise GrantEnded("Jira no longer accepts what you allowed.", code)
    if status == 404:
        raise NotFound("Jira's sign-in is not where it should be.", "404")
    raise Rejected(f"Jira's sign-in refuses connect itself ({status}).", code or str(status))
