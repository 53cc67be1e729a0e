"""`POST /webhooks/github` and `POST /webhooks/jira`: verify, store, commit, and only then answer."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, jsonify, request

from adapters.github import webhook as github
from adapters.jira import webhook as jira
from adapters.webhook import Webhook
from bot.receiver.accepting import accept
from bot.receiver.answers import error
from bot.receiver.limits import body_of
from bot.services import Services
from bot.settings import WEBHOOK_SECRETS, door_closed, words

# GitHub sends nothing larger: https://docs.github.com/en/webhooks/webhook-events-and-payloads#payload-cap
DOORS: dict[str, tuple[Callable[..., Webhook], int]] = {
    "github": (github.parse, 25 * 1024 * 1024),
    "jira": (jira.parse, 1024 * 1024),
}

PROBLEM = "connect.problem"
"""Where in the request's environment the quick way through the door leaves what kept it from being taken."""


def blueprint(services: Services) -> Blueprint:
    """Both doors as a Flask blueprint."""
    routes = Blueprint("webhooks", __name__)

    @routes.post("/webhooks/<any(github, jira):service>")
    def webhooks(service: str) -> Any:
        closed = door_closed(services.settings, service)
        if closed:
            return error(503, "service_off", closed)
        if PROBLEM in request.environ:
            raise request.environ[PROBLEM]
        parse, limit = DOORS[service]
        body = body_of(request, limit)
        secrets = words(getattr(services.settings, WEBHOOK_SECRETS[service]))
        headers = dict(request.headers)
        new = accept(services, lambda: parse(headers, body, secrets), headers, body)
        return jsonify(success=True, message="Accepted" if new else "Known already"), 202 if new else 200

    return routes
