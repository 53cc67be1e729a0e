"""What the REST API's routes share: who may call, what they sent, how one row is answered."""

from typing import Any

from flask import Response, jsonify, request

from adapters.errors import AdapterError
from adapters.webhook import parse_object
from bot.details import Detail
from bot.receiver.answers import error
from bot.receiver.limits import body_of, has_key, is_local
from bot.receiver.shapes import SHAPES
from bot.services import Services
from bot.settings import words
from storage import lists

MAX_BODY = 1024 * 1024
ROW = f"<int(max={2**63 - 1}):row_id>"
"""A row's id in a route: what no database could hold is no row either."""


def refusal(services: Services) -> Response | None:
    """Why the caller may not use the API; None if they may. Without a key it answers to this machine only."""
    keys = words(services.settings.connect_api_key)
    if not keys:
        if is_local(request):
            return None
        return error(403, "local_only", "CONNECT_API_KEY is not set, so the API answers to this machine only.")
    if has_key(request, keys):
        return None
    answer = error(401, "unauthorized", "Send the API key: Authorization: Bearer …")
    answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


def body_object() -> dict[str, Any]:
    """The JSON object that was sent; raises `Malformed`, answered 400."""
    return parse_object(body_of(request, MAX_BODY))


def invalid(details: list[Detail]) -> Response:
    """A 422 that names each wrong field."""
    first = details[0]
    return error(422, "invalid", f"{first['field'] or 'payload'}: {first['message']}", details=details)


def qualified_team(services: Services) -> str | Response:
    """The workspace's id, which every Slack id in a row begins with; a 503 if Slack does not tell it now."""
    try:
        return services.workspace.identity().team_id
    except AdapterError as problem:
        return error(503, "slack_unavailable", f"Slack's workspace is not known yet. {problem} Nothing was stored.")


def show(services: Services, kind: str, row_id: int) -> Any:
    """One row, or a 404."""
    shape = SHAPES[kind]
    with services.database.read() as connection:
        row = lists.one(connection, shape.table, row_id)
        if row is None or not shape.has(row):
            return error(404, "not_found", f"There is no {shape.name} {row_id}.")
        return jsonify({"success": True, shape.name: shape.show(row)})
