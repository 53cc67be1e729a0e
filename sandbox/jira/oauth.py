"""The stand-in's authorization server: Atlassian's own for a Cloud, a Data Center's for itself.

Codes and refresh tokens are good once. A refresh token that comes a second time ends everything that came of its
grant, at once: Atlassian is kinder than that for ten minutes.
https://developer.atlassian.com/cloud/jira/platform/oauth-2-3lo-apps/
https://confluence.atlassian.com/adminjiraserver/jira-oauth-2-0-provider-api-1115659070.html
"""

import base64
import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

import requests
from flask import Request, Response, redirect, request

from sandbox.jira.model import Json, User, as_object
from sandbox.standin import compact

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

    from sandbox.jira.standin import JiraStandIn

type Page = Callable[[], Any]

CLIENT_ID, CLIENT_SECRET = "connect-app", "ATOAconnect-app-secret"
REDIRECT = "https://connect.example.com/oauth/jira/callback"
CLOUD_ID = "11223344-a1b2-4b33-8444-ccddeeff0011"
CLOUD_SCOPES = {"offline_access", "read:jira-user", "read:jira-work", "write:jira-work"}
CODE_SECONDS = 300.0
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Allow connect to act as you?</title><style>
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { margin: 12vh auto; max-width: 26rem; padding: 0 1rem; }
h1 { font-size: 1.4rem; }
a { border: 1px solid; border-radius: 6px; display: block; padding: .5rem 1rem; text-align: center; }
</style><h1>Allow connect to act as you?</h1>
<p>It could then read and change in Jira whatever you can. This is the sandbox: choose who you are.</p>{choices}</html>
"""


@dataclass
class Grant:
    """What one person allowed, with its living tokens; `ended` says that none of them is good any more."""

    user: User
    scope: str
    challenge: str
    code: str
    until: float
    access: dict[str, float] = field(default_factory=dict[str, float])
    """Access tokens, and until when each is good."""
    refresh: str = ""
    used: set[str] = field(default_factory=set[str])
    """Codes and refresh tokens that were exchanged."""
    ended: bool = False


class _Refusal(Exception):
    def __init__(self, status: int, error: str, description: str = "") -> None:
        super().__init__(error)
        self.status, self.error, self.description = status, error, description


class OAuthServer:
    """Drive it by `answer`; `sites` and `redirects` may be changed, `grants` looked at."""

    def __init__(self, jira: "JiraStandIn") -> None:
        self._jira = jira
        self.redirects = [REDIRECT]
        self.sites: list[str] | None = None
        """The sites that people choose, in place of this one."""
        self.seconds = 3600.0 if jira.cloud else 7200.0
        self.grants: list[Grant] = []
        base = "" if jira.cloud else "/rest/oauth2/latest"
        self._paths = {"authorize": f"{base}/authorize", "token": "/oauth/token" if jira.cloud else f"{base}/token"}
        self.operations = {"authorize", "oauthToken", "oauthRevoke", "accessibleResources"}

    def routes(self) -> list[tuple[str, str, str, Page]]:
        """Path, methods, operation and handler of each page."""
        shared: list[tuple[str, str, str, Page]] = [
            (self._paths["authorize"], "GET", "authorize", self._authorize),
            (self._paths["token"], "POST", "oauthToken", self._answered(self._token)),
        ]
        if not self._jira.cloud:
            return shared
        resources = "/oauth/token/accessible-resources"
        return [
            *shared,
            ("/oauth/revoke", "POST", "oauthRevoke", self._answered(self._revoke)),
            (resources, "GET", "accessibleResources", self._answered(self._resources)),
        ]

    def mount(self, environ: "WSGIEnvironment") -> None:
        """Take the gateway's prefix off a path; what is below it is the site's own API."""
        prefix = f"/ex/jira/{CLOUD_ID}"
        if self._jira.cloud and environ["PATH_INFO"].startswith(f"{prefix}/"):
            environ["SCRIPT_NAME"], environ["PATH_INFO"] = prefix, environ["PATH_INFO"].removeprefix(prefix)

    def person(self, given: Request) -> User | None:
        """Whose access token a call carries, if it is a living one at the right door."""
        if self._jira.cloud != bool(given.environ["SCRIPT_NAME"]):
            return None
        grant = self._of_access(given)
        return grant.user if grant else None

    def answer(self, address: str, who: str, *, allow: bool = True) -> str:
        """What a person's browser is sent to after they said yes or no on the page at `address`."""
        yes = {"user": self._jira.person(who).account_id, "answer": "allow" if allow else "deny"}
        return requests.get(f"{address}&{urlencode(yes)}", allow_redirects=False, timeout=10).headers["Location"]

    def revoke_all(self) -> None:
        """End everything that people allowed, as they may do in their profiles."""
        for grant in self.grants:
            grant.ended = True

    # --- the pages ---------------------------------------------------------------------------------------------------

    def _authorize(self) -> Any:
        asked = request.args
        back = asked.get("redirect_uri", "")
        if asked.get("client_id") != CLIENT_ID or back not in self.redirects:
            return Response("Something went wrong: the app's client id or callback URL is not known.", 400)
        wrong = self._wrong(asked.to_dict())
        if wrong:
            return redirect(f"{back}?{urlencode({'error': wrong, 'state': asked.get('state', '')})}")
        if "answer" not in asked:
            return Response(self._choice(), content_type="text/html")
        if asked["answer"] != "allow":
            return redirect(f"{back}?{urlencode({'error': 'access_denied', 'state': asked.get('state', '')})}")
        user = self._jira.person(asked["user"])
        until = self._jira.now() + CODE_SECONDS
        grant = Grant(user, asked["scope"], asked.get("code_challenge", ""), secrets.token_urlsafe(24), until)
        self.grants.append(grant)
        return redirect(f"{back}?{urlencode({'code': grant.code, 'state': asked.get('state', '')})}")

    def _wrong(self, asked: dict[str, str]) -> str:
        scopes = set(asked.get("scope", "").split())
        if asked.get("response_type") != "code":
            return "unsupported_response_type"
        known = CLOUD_SCOPES if self._jira.cloud else {"READ", "WRITE", "ADMIN", "SYSTEM_ADMIN"}
        if not scopes or scopes - known:
            return "invalid_scope"
        fits = asked.get("audience") == "api.atlassian.com" or not self._jira.cloud
        plain = asked.get("code_challenge_method", "S256") != "S256"
        return "" if fits and not plain else "invalid_request"

    def _choice(self) -> str:
        """The page on which the demo's reader chooses who they are."""
        here = request.full_path.rstrip("?")
        people = [user for user in self._jira.users if user.email != self._jira.email]
        yes = {f"Allow as {user.display}": f"{here}&answer=allow&user={quote(user.account_id)}" for user in people}
        links = {**yes, "Do not allow": f"{here}&answer=deny"}
        shown = "".join(f'<p><a href="{escape(url)}">{escape(name)}</a></p>' for name, url in links.items())
        return PAGE.replace("{choices}", shown)

    def _answered(self, serve: Callable[[], Any]) -> Page:
        def page() -> Response:
            try:
                with self._jira.lock:
                    body, status = serve(), 200
            except _Refusal as no:
                body, status = {"error": no.error, "error_description": no.description}, no.status
            return Response(compact(body), status, content_type="application/json")

        return page

    def _token(self) -> Json:
        given = self._given()
        self._known_app(given)
        if given.get("grant_type") == "authorization_code":
            return self._issued(self._of_code(given))
        if given.get("grant_type") == "refresh_token":
            return self._issued(self._of_refresh(given))
        raise _Refusal(400, "unsupported_grant_type")

    def _of_code(self, given: dict[str, str]) -> Grant:
        grant = next((each for each in self.grants if given.get("code") == each.code), None)
        if grant is None or grant.code in grant.used or grant.ended or self._jira.now() > grant.until:
            raise self._ended(grant, "Invalid authorization code")
        if given.get("redirect_uri") not in self.redirects:
            raise _Refusal(400, "invalid_grant", "redirect_uri does not match")
        digest = hashlib.sha256(given.get("code_verifier", "").encode()).digest()
        shown = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if grant.challenge and grant.challenge != shown:
            raise _Refusal(400, "invalid_grant", "Failed to verify code verifier")
        grant.used.add(grant.code)
        return grant

    def _of_refresh(self, given: dict[str, str]) -> Grant:
        token = given.get("refresh_token", "")
        grant = next((each for each in self.grants if token in (each.refresh, *each.used)), None)
        if grant is None or grant.ended or token != grant.refresh or not token:
            raise self._ended(grant, "Unknown or invalid refresh token.")
        grant.used.add(token)
        return grant

    def _ended(self, grant: Grant | None, why: str) -> _Refusal:
        if grant is not None:  # who shows something twice may have stolen it
            grant.ended = True
        return _Refusal(403 if self._jira.cloud else 400, "invalid_grant", why)

    def _issued(self, grant: Grant) -> Json:
        """New tokens; those of before are no longer good."""
        access, grant.refresh = _token("access"), _token("refresh")
        grant.access = {access: self._jira.now() + self.seconds}
        shown: Json = {"access_token": access, "expires_in": int(self.seconds), "token_type": "Bearer"}
        lasting = not self._jira.cloud or "offline_access" in grant.scope
        return shown | {"scope": grant.scope} | ({"refresh_token": grant.refresh} if lasting else {})

    def _revoke(self) -> Json:
        given = self._given()
        self._known_app(given)
        for grant in self.grants:
            grant.ended = grant.ended or given.get("token") in (grant.refresh, *grant.access)
        return {}

    def _resources(self) -> Any:
        grant = self._of_access(request)
        if grant is None:
            raise _Refusal(401, "Unauthorized")
        chosen = [self._jira.url] if self.sites is None else self.sites
        scopes = sorted(set(grant.scope.split()) - {"offline_access"})
        return [
            {
                "id": CLOUD_ID if url == self._jira.url else hashlib.sha256(url.encode()).hexdigest()[:32],
                "url": url, "name": url.partition("://")[2].partition(".")[0], "scopes": scopes,
                "avatarUrl": "https://site-admin-avatar-cdn.prod.public.atl-paas.net/avatars/240/site.png",
            }
            for url in chosen
        ]  # fmt: skip

    def _of_access(self, given: Request) -> Grant | None:
        scheme, _, token = given.headers.get("Authorization", "").partition(" ")
        now = self._jira.now()
        living = (each for each in self.grants if not each.ended and each.access.get(token, 0.0) > now)
        return next(living, None) if scheme == "Bearer" else None

    def _given(self) -> dict[str, str]:
        return as_object(request.get_json(silent=True)) if request.is_json else request.form.to_dict()

    def _known_app(self, given: dict[str, str]) -> None:
        if (given.get("client_id"), given.get("client_secret")) != (CLIENT_ID, CLIENT_SECRET):
            raise _Refusal(401, "access_denied" if self._jira.cloud else "invalid_client", "Unauthorized")


def _token(kind: str) -> str:
    """A token in the shape of theirs, a JSON web token."""
    parts = (f'{{"alg":"HS256","kind":"{kind}"}}'.encode(), secrets.token_bytes(24), secrets.token_bytes(32))
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)
