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
    routes = Blueprint("oauth", __name__, url_prefix="/oauth/jira")
    secure = (services.settings.connect_public_url or "").startswith("https://")
    # The prefix keeps other hosts of the domain from setting it:
    # https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Set-Cookie#cookie_prefixes
    cookie = "__Host-connect-link" if secure else "connect-link"

    def browser() -> str:
        given = request.cookies.get(cookie, "")
        return given if _COOKIE.fullmatch(given) else ""

    @routes.get("/start")
    def start() -> Any:
        ticket, known = request.args.get("ticket", ""), browser()
        this = known or secrets.token_urlsafe(32)
        page = make_response(pages.invitation(signing_in.invite(services, ticket, this), ticket))
        page.set_cookie(cookie, this, max_age=3600, secure=secure, httponly=True, samesite="Lax")
        return page

    @routes.post("/start")
    def go() -> Any:
        form = dict(parse_qsl(body_of(request, MOST).decode("ascii", "replace")))
        return redirect(signing_in.begin(services, form.get("ticket", ""), browser(), form.get("proof", "")), 303)

    @routes.get("/callback")
    def callback() -> Any:
        given = {name: request.args.get(name, "") for name in ("state", "code", "error")}
        account = signing_in.finish(services, given["state"], browser(), given["code"], given["error"])
        return pages.linked(account.display)

    @routes.errorhandler(Refused)
    def refused(problem: Refused) -> Any:
        return pages.refusal(problem.title, str(problem)), problem.status

    @routes.errorhandler(DatabaseUnavailable)
    def unavailable(problem: DatabaseUnavailable) -> Any:
        log.error("database: %s", problem)
        return pages.refusal("connect cannot work just now", f"Nothing was linked. {signing_in.AGAIN}"), 503

    @routes.after_request
    def guard(answer: Response) -> Response:
        answer.headers.update(pages.headers(services.linking.oauth.authorize_url("", "") if services.linking else ""))
        return answer

    return routes
