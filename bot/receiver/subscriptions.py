"""`/api/v1/subscriptions`: which repository or project reaches which channel. An API key's holder is an admin."""

import json
from typing import Annotated, Any, Literal

from flask import Blueprint, Response, jsonify
from pydantic import BaseModel, ConfigDict, Field, StrictBool, ValidationError

from bot.filters import ALL, DEFAULTS, FEATURES, FILTERS, unknown_events
from bot.flows.requests import SlackId
from bot.flows.subscribing import FORMS, source_of
from bot.receiver.answers import error
from bot.receiver.rest import ROW, Detail, body_object, details_of, invalid, qualified_team, show
from bot.services import Services
from storage import lists, subscriptions
from storage.models import Subscription
from storage.subscriptions import Wanted

Names = Annotated[list[str], Field(min_length=1, max_length=50)]
ASKED = "someone asked for it through the REST API"
"""Why a subscription is paused that its channel did not refuse."""
FILTERS_LIMIT = 20_000
"""In characters of JSON: MySQL's TEXT holds 64 KiB."""


class Given(BaseModel):
    """A subscription as it is sent."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)
    source_service: Literal["github", "jira"]
    source: Annotated[str, Field(max_length=255)]
    channel: SlackId
    events: Names | None = None
    filters: dict[str, Any] = {}


class Change(BaseModel):
    """What `PATCH` can change."""

    model_config = ConfigDict(extra="forbid")
    events: Names | None = None
    filters: dict[str, Any] | None = None
    paused: StrictBool | None = None


def _problems(service: str, events: list[str], filters: dict[str, Any]) -> list[Detail]:
    """What the service does not have of these events and filters."""
    possible = ", ".join((*FEATURES[service], ALL))
    wrong = [
        {"field": "events", "message": f"there is no {name}; possible are {possible}"}
        for name in unknown_events(service, events)
    ]
    if len(json.dumps(filters)) > FILTERS_LIMIT:
        return [*wrong, {"field": "filters", "message": f"are longer than {FILTERS_LIMIT} characters"}]
    try:
        FILTERS[service].model_validate(filters)
    except ValidationError as problem:
        wrong += details_of(problem, "filters")
    return wrong


def add_routes(routes: Blueprint, services: Services) -> None:
    """The routes that change subscriptions."""

    @routes.post("/subscriptions")
    def subscribe() -> Any:
        try:
            given = Given.model_validate(body_object())
        except ValidationError as problem:
            return invalid(details_of(problem))
        source = source_of(services.settings, given.source_service, given.source)
        wrong = [] if source else [{"field": "source", "message": f"must be {FORMS[given.source_service]}"}]
        wrong += _problems(given.source_service, given.events or [], given.filters)
        if wrong:
            return invalid(wrong)
        team = qualified_team(services)
        if isinstance(team, Response):
            return team
        wanted = Wanted(
            given.source_service, source, f"{team}/{given.channel}",
            given.events or DEFAULTS[given.source_service], given.filters, private=True, created_by="api",
        )  # fmt: skip
        row_id = services.database.run(lambda connection: subscriptions.put(connection, wanted, services.now()))
        return jsonify(success=True, subscription_id=row_id), 201

    @routes.patch(f"/subscriptions/{ROW}")
    def resubscribe(row_id: int) -> Any:
        return _change(services, row_id)

    @routes.delete(f"/subscriptions/{ROW}")
    def unsubscribe(row_id: int) -> Any:
        if not services.database.run(lambda connection: subscriptions.remove_id(connection, row_id)):
            return error(404, "not_found", f"There is no subscription {row_id}.")
        return jsonify(success=True)


def _change(services: Services, row_id: int) -> Any:
    with services.database.read() as connection:
        row = lists.one(connection, Subscription, row_id)
    if not isinstance(row, Subscription):
        return error(404, "not_found", f"There is no subscription {row_id}.")
    try:
        given = Change.model_validate(body_object())
    except ValidationError as problem:
        return invalid(details_of(problem))
    wrong = _problems(row.source_service, given.events or [], given.filters or {})
    if wrong:
        return invalid(wrong)
    content = given.model_dump(exclude_none=True)
    if given.paused is not None:
        content["paused"] = ASKED if given.paused else ""
    services.database.run(lambda connection: subscriptions.change(connection, row_id, services.now(), **content))
    return show(services, "subscriptions", row_id)
