"""`POST /webhooks/github`, `/webhooks/jira` and `/webhooks/jira/SITE`: verify, store, commit, and only then answer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, jsonify, request

from adapters.github import webhook as github
from adapters.jira import webhook as jira
from adapters.webhook import Webhook
from bot.receiver.accepting import accept
from bot.receiver.answers import error
from bot.receiver.limits import body_of
from bot.services import Services
from bot.settings import WEBHOOK_SECRETS, Settings, door_closed, words

# GitHub sends nothing larger: https://docs.github.com/en/webhooks/webhook-events-and-payloads#payload-cap
_PARSERS: dict[str, tuple[Callable[..., Webhook], int]] = {
    "github": (github.parse, 25 * 1024 * 1024),
    "jira": (jira.parse, 1024 * 1024),
}

PROBLEM = "connect.problem"
"""Where in the request's environment the quick way through the door leaves what kept it from being taken."""


@dataclass(frozen=True)
class Door:
    """Where one service's webhooks come in; `limit` is of the body, in bytes."""

    parse: Callable[..., Webhook]
    limit: int
    secrets: tuple[str, ...]
    site: str = ""
    closed: str = ""
    """Why nothing is taken; empty if the door is open."""

    def named(self, headers: Mapping[str, str]) -> dict[str, str]:
        """The headers with the site of this door, whatever the sender says of it."""
        kept = {name: value for name, value in headers.items() if name.casefold() != jira.SITE_HEADER.casefold()}
        return kept | {jira.SITE_HEADER: self.site} if self.site else kept


def doors(settings: Settings) -> dict[str, Door]:
    """All doors for webhooks, by their path."""
    found: dict[str, Door] = {}
    for service, (parse, limit) in _PARSERS.items():
        secrets = words(getattr(settings, WEBHOOK_SECRETS[service]))
        found[f"/webhooks/{service}"] = Door(parse, limit, secrets, closed=door_closed(settings, service))
    parse, limit = _PARSERS["jira"]
    for name, site in settings.jira_sites.items():
        secrets = words(site.webhook_secret)
        closed = "" if secrets else f"jira is off for {name}: its webhook_secret in JIRA_SITES is not set"
        found[f"/webhooks/jira/{name}"] = Door(parse, limit, secrets, name, closed)
    return found


def blueprint(services: Services) -> Blueprint:
    """The doors as a Flask blueprint."""
    routes, every = Blueprint("webhooks", __name__), doors(services.settings)

    def webhooks() -> Any:
        door = every[request.path]
        if door.closed:
            return error(503, "service_off", door.closed)
        if PROBLEM in request.environ:
            raise request.environ[PROBLEM]
        body = body_of(request, door.limit)
        headers = door.named(dict(request.headers))
        new = accept(services, lambda: door.parse(headers, body, door.secrets), headers, body)
        return jsonify(success=True, message="Accepted" if new else "Known already"), 202 if new else 200

    for path in every:
        routes.add_url_rule(path, "webhooks", webhooks, methods=["POST"])
    return routes
