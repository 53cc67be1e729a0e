"""`/oauth/jira/…`: the pages on which a person links their Jira account, in their own browser.

The cookie says which browser it is, and nothing else. `Lax` lets it come along when Jira sends the browser back, and
keeps it from a form that another site sends. No page may be framed, kept, or tell the next one where it came from:
their addresses hold what works once.
"""

import logging
import re
import secrets
from typing import Any
from urllib.parse import parse_qsl

from flask import Blueprint, Response, make_response, redirect, request

from bot.flows import signing_in
from bot.flows.signing_in import Refused
from bot.receiver import pages
from bot.receiver.limits import body_of
from bot.services import Services
from storage.engine import DatabaseUnavailable

log = logging.getLogger(__name__)

MOST = 4096
"""Bytes of the form."""
_COOKIE = re.compile(r"[A-Za-z0-9_-]{43}")


def blueprint(services: Services) -> Blueprint:
    """The pages as a Flask blueprint."""
    routes, shown = Blueprint("oauth", __name__, url_prefix="/oauth/jira"), _Pages(services)
    routes.get("/start")(shown.start)
    routes.post("/start")(shown.go)
    routes.get("/callback")(shown.callback)
    routes.errorhandler(Refused)(_refused)
    routes.errorhandler(DatabaseUnavailable)(_unavailable)
    routes.after_request(shown.guard)
    return routes


class _Pages:
    """What is answered to a browser."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._secure = (services.settings.connect_public_url or "").startswith("https://")
        # The prefix keeps other hosts of the domain from setting it:
        # https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Set-Cookie#cookie_prefixes
        self._cookie = "__Host-connect-link" if self._secure else "connect-link"

    def start(self) -> Any:
        ticket, this = request.args.get("ticket", ""), self._browser() or secrets.token_urlsafe(32)
        page = make_response(pages.invitation(signing_in.invite(self._services, ticket, this), ticket))
        page.set_cookie(self._cookie, this, max_age=3600, secure=self._secure, httponly=True, samesite="Lax")
        return page

    def go(self) -> Any:
        form = dict(parse_qsl(body_of(request, MOST).decode("ascii", "replace")))
        ticket, proof = form.get("ticket", ""), form.get("proof", "")
        return redirect(signing_in.begin(self._services, ticket, self._browser(), proof), 303)

    def callback(self) -> Any:
        given = {name: request.args.get(name, "") for name in ("state", "code", "error")}
        account = signing_in.finish(self._services, given["state"], self._browser(), given["code"], given["error"])
        return pages.linked(account.display)

    def guard(self, answer: Response) -> Response:
        linking = self._services.linking
        answer.headers.update(pages.headers(linking.oauth.authorize_url("", "") if linking else ""))
        return answer

    def _browser(self) -> str:
        given = request.cookies.get(self._cookie, "")
        return given if _COOKIE.fullmatch(given) else ""


def _refused(problem: Refused) -> Any:
    return pages.refusal(problem.title, str(problem)), problem.status


def _unavailable(problem: DatabaseUnavailable) -> Any:
    log.error("database: %s", problem)
    return pages.refusal("connect cannot work just now", f"Nothing was linked. {signing_in.AGAIN}"), 503
