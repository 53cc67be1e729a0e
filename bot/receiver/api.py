"""The REST API under `/api/v1`: ask for integrations, look at everything, manage subscriptions."""

import hashlib
import json
import secrets
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, jsonify, request
from pydantic import BaseModel, ValidationError
from sqlalchemy import Connection

from bot.details import Detail, details_of
from bot.flows.requests import KINDS
from bot.operations.sites import no_site, resource_of
from bot.receiver import people, subscriptions
from bot.receiver.answers import error
from bot.receiver.rest import ROW, body_object, invalid, qualified_team, refusal, show
from bot.receiver.shapes import SHAPES
from bot.services import Services
from bot.settings import NEEDED, Settings, missing
from storage import deliveries, history, integrations, lists
from storage.integrations import NewIntegration
from storage.models import Delivery

PAGE, MOST = 50, 500


def blueprint(services: Services) -> Blueprint:
    """The API as a Flask blueprint."""
    routes = Blueprint("api", __name__, url_prefix="/api/v1")

    @routes.before_request
    def guard() -> Response | None:
        return refusal(services)

    @routes.post("/integrations")
    def create() -> Any:
        return _create(services)

    @routes.get("/<any(integrations, mappings, people, subscriptions, deliveries):kind>")
    def listing(kind: str) -> Any:
        return _list(services, kind)

    @routes.get("/<any(integrations, mappings, people, subscriptions, deliveries):kind>/" + ROW)
    def one(kind: str, row_id: int) -> Any:
        return show(services, kind, row_id)

    @routes.post(f"/integrations/{ROW}/retry")
    def retry(row_id: int) -> Any:
        return _again(services, "integrations", row_id, integrations.retry)

    @routes.post(f"/deliveries/{ROW}/replay")
    def replay(row_id: int) -> Any:
        return _again(services, "deliveries", row_id, deliveries.replay)

    subscriptions.add_routes(routes, services)
    people.add_routes(routes, services)
    return routes


def _create(services: Services) -> Any:
    given = body_object()
    names = str(given.get("source_service")), str(given.get("target_service")), str(given.get("event_type"))
    kind = KINDS.get(names)
    if kind is None:
        possible = [dict(zip(("source_service", "target_service", "event_type"), one, strict=True)) for one in KINDS]
        return error(422, "unknown_integration", "This combination is not possible.", possible=possible)
    model, build = kind
    try:
        payload = model.model_validate(given.get("payload"))
    except ValidationError as problem:
        return invalid(details_of(problem))
    payload, wrong = _at_its_site(services.settings, payload)
    if wrong:
        return invalid(wrong)
    absent = missing(services.settings, NEEDED[names[1]])
    if absent:
        return error(503, "service_off", f"{names[1]} is off: {absent[0]} is not set.")
    # A call to GitHub that names no channel has nothing to do with Slack, which may be off.
    team = qualified_team(services) if names[1] != "github" or given["payload"].get("channel") else ""
    if isinstance(team, Response):
        return team
    once = request.headers.get("Idempotency-Key", "")
    key = f"rest:{hashlib.sha256(once.encode()).hexdigest()}" if once else f"rest:{secrets.token_hex(16)}"
    return _store(services, build(payload, key, team))


def _at_its_site(settings: Settings, payload: BaseModel) -> tuple[BaseModel, list[Detail]]:
    """The request with its Jira's issue or project as rows name it; and what is wrong if it names no site there is."""
    named = {name: str(getattr(payload, name, None) or "") for name in ("issue", "project")}
    found = {name: resource_of(settings, given) for name, given in named.items() if given}
    sites = settings.jira_sites
    unknown = [name for name, resource in found.items() if not resource]
    wrong = [{"field": name, "message": no_site(sites, named[name].rpartition("/")[0])} for name in unknown]
    return payload.model_copy(update={} if wrong else found), wrong


def _store(services: Services, new: NewIntegration) -> Any:
    def write(connection: Connection) -> tuple[int, bool]:
        ids = integrations.add(connection, [new], None, services.now())
        if ids:
            return ids[0], True
        earlier = history.with_key(connection, new.key)
        assert earlier is not None  # the key is taken, or it would have been stored
        return earlier.id, _is_same(earlier, new)

    row_id, same = services.database.run(write)
    if not same:
        return error(422, "idempotency_key_reused", "This Idempotency-Key was used for another request.")
    services.work.ring()
    return jsonify(success=True, message="Integration created", integration_id=row_id), 201


def _is_same(earlier: Any, new: NewIntegration) -> bool:
    kind = (earlier.source_service, earlier.target_service, earlier.event_type)
    wanted = (new.source_service, new.target_service, new.event_type)
    return kind == wanted and json.loads(earlier.payload) == json.loads(json.dumps(new.payload))


def _list(services: Services, kind: str) -> Any:
    shape = SHAPES[kind]
    unknown = [name for name in request.args if name not in (*shape.filters, "limit", "before")]
    if unknown:
        possible = ", ".join((*shape.filters, "limit", "before"))
        return error(422, "unknown_filter", f"There is no filter {unknown[0]}. Possible: {possible}.")
    limit, before = request.args.get("limit", str(PAGE)), request.args.get("before")
    if not (limit.isdecimal() and len(limit) < 19 and 1 <= int(limit) <= MOST):
        return error(422, "invalid", f"limit: must be a number from 1 to {MOST}")
    if before is not None and not (before.isdecimal() and len(before) < 19):
        return error(422, "invalid", "before: must be a row's id")
    filters = {**{name: request.args[name] for name in shape.filters if name in request.args}, **shape.only}
    with services.database.read() as connection:
        page = lists.page(connection, shape.table, filters, int(limit), int(before) if before else None)
        rows = [shape.show(row) for row in page.rows]
    return jsonify({"success": True, kind: rows, "total": page.total, "next": _next(kind, page.before)})


def _next(kind: str, before: int | None) -> str | None:
    if before is None:
        return None
    query = {**request.args.to_dict(), "before": str(before)}
    return f"/api/v1/{kind}?{urlencode(query)}"


def _again(services: Services, kind: str, row_id: int, again: Any) -> Any:
    shape = SHAPES[kind]
    with services.database.read() as connection:
        row = lists.one(connection, shape.table, row_id)
    if row is None:
        return error(404, "not_found", f"There is no {shape.name} {row_id}.")
    if isinstance(row, Delivery) and not row.body:
        message = f"The body of delivery {row_id} is no longer kept, so it cannot be planned again."
        return error(409, "body_gone", message)
    if not services.database.run(lambda connection: again(connection, row_id, services.now())):
        return error(409, "not_failed", f"Only a failed {shape.name} can be retried.")
    services.work.ring()
    return show(services, kind, row_id)
