"""`POST /slack/events`: all that Slack sends. Verified here; events are stored, the rest Bolt answers at once.

So are the events by which Workflow Builder asks for choices: somebody waits for them.
"""

import json
import logging
from typing import Any

from flask import Blueprint, Response, jsonify, request
from slack_bolt import App
from sqlalchemy import Connection

from adapters.slack import webhook
from adapters.webhook import Malformed
from bot.dispatch import dispatch
from bot.ending import warn
from bot.flows.plan import FORM, Plan
from bot.flows.steps import is_choice
from bot.payload import text
from bot.receiver.accepting import accept
from bot.receiver.answers import error
from bot.receiver.limits import body_of
from bot.receiver.metrics import accepted
from bot.services import Services
from bot.settings import door_closed, words
from storage import deliveries, integrations
from storage.deliveries import Arrival

log = logging.getLogger(__name__)

MAX_BODY = 1024 * 1024


def blueprint(services: Services, bolt: App) -> Blueprint:
    """The door as a Flask blueprint."""
    routes = Blueprint("slack", __name__)

    @routes.post("/slack/events")
    def events() -> Any:
        closed = door_closed(services.settings, "slack")
        if closed:
            return error(503, "service_off", closed)
        body = body_of(request, MAX_BODY)
        secrets = words(services.settings.slack_signing_secret)
        given = webhook.parse(dict(request.headers), body, secrets, services.now().timestamp())
        if given.kind == "url_verification":
            return jsonify(challenge=given.payload.get("challenge"))
        if given.kind == "event" and is_choice(given.payload):
            return _answer(services, bolt, given, body)
        if given.kind == "event" and given.webhook is not None:
            event = given.webhook
            accept(services, lambda: event, dict(request.headers), body)
            return Response(status=200)
        if given.kind in ("command", "interactive"):
            return _answer(services, bolt, given, body)
        if given.kind == "notice":
            log.warning("Slack says: %s", given.payload.get("type"))
        return Response(status=200)

    return routes


def _answer(services: Services, bolt: App, given: webhook.Request, body: bytes) -> Response:
    """Let Bolt answer; what the answer causes is stored before it leaves, under an id that makes a repeat harmless."""
    event = text(given.payload, "command") or text(given.payload, "type") or given.kind
    plan = Plan(f"slack:{given.dedupe}", event)
    try:
        answer = dispatch(bolt, given.payload, plan)
    except (AttributeError, IndexError, KeyError, RecursionError, TypeError, ValueError) as problem:
        # Bolt's own matchers, which trust the fields' types; what a listener raises ends in `bot.listeners.errors`.
        raise Malformed("The interaction is not readable.") from problem
    if plan.integrations and answer.status == 200:
        arrival = Arrival("slack", given.dedupe, event, given.dedupe, {"Content-Type": FORM}, body)
        row_id = services.database.run(lambda connection: _store(connection, services, arrival, plan))
        services.work.ring()
        accepted(services, arrival, row_id, new=row_id is not None)
    return _flask(answer.status, answer.body, answer.headers)


def _store(connection: Connection, services: Services, arrival: Arrival, plan: Plan) -> int | None:
    now = services.now()
    row_id = deliveries.accept(connection, arrival, now, status="completed")
    if row_id is not None:
        integrations.add(connection, plan.integrations, row_id, now)
        warn(connection, plan.integrations, now)
    return row_id


def _flask(status: int, body: str, headers: Any) -> Response:
    if status == 404:
        # Nobody listens: an old button, say. Slack would show the person an error that they can do nothing about.
        return Response(status=200)
    content_type = headers.get("content-type", ["text/plain"])[0]
    content = body if isinstance(body, str) else json.dumps(body)  # pyright: ignore[reportUnnecessaryIsInstance]
    return Response(content, status=status, content_type=content_type)
