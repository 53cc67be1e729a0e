"""`/api/v1/subscriptions`: which repository or project reaches which channel. An API key's holder is an admin."""

import json
from typing import Annotated, Any, Literal

from flask import Blueprint, Response, jsonify
from pydantic import BaseModel, ConfigDict, Field, StrictBool, ValidationError

from bot.filters import ALL, DEFAULTS, FEATURES, FILTERS, contradictions, unknown_broadcasts, unknown_events
from bot.flows import names, queries
from bot.flows.repositories import PRIVATE
from bot.flows.requests import SlackId
from bot.flows.shared_channels import SHARED
from bot.flows.subscribing import FORMS, source_of
from bot.manner import QuietHours, Style, Thread
from bot.modals.subscription import NAME_LIMIT
from bot.receiver.answers import error
from bot.receiver.rest import ROW, Detail, body_object, details_of, invalid, qualified_team, show
from bot.services import Services
from storage import lists, subscriptions
from storage.models import Subscription
from storage.subscriptions import Manner, Taken, Wanted

Names = Annotated[list[str], Field(min_length=1, max_length=50)]
Broadcast = Annotated[list[str], Field(max_length=50)]
Name = Annotated[str, Field(max_length=NAME_LIMIT, pattern=r"^[^\x00-\x1f]*$")]
ASKED = "someone asked for it through the REST API"
"""Why a subscription is paused that its channel did not refuse."""
HIDING = (PRIVATE, SHARED)
"""Why a subscription is paused whose channel may not see what it is about."""
OPEN = {"jira": "status:… and field:…", "github": "commits:…, branches:…, tags:… and workflows:{…}"}
"""The events that end in a name of somebody's own."""
FILTERS_LIMIT = 20_000
"""In characters of JSON: MySQL's TEXT holds 64 KiB."""


class Given(BaseModel):
    """A subscription as it is sent."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)
    source_service: Literal["github", "jira"]
    source: Annotated[str, Field(max_length=255)]
    channel: SlackId
    name: Name = ""
    events: Names | None = None
    filters: dict[str, Any] = {}
    style: Style = "full"
    thread: Thread = "only"
    broadcast: Broadcast = []
    reactions: StrictBool = False
    replies: StrictBool = True
    quiet_hours: QuietHours | None = None
    paused: StrictBool = False


class Change(BaseModel):
    """What `PATCH` can change."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)
    name: Name | None = None
    events: Names | None = None
    filters: dict[str, Any] | None = None
    style: Style | None = None
    thread: Thread | None = None
    broadcast: Broadcast | None = None
    reactions: StrictBool | None = None
    replies: StrictBool | None = None
    quiet_hours: QuietHours | None = None
    paused: StrictBool | None = None


def _problems(given: Given | Change, service: str) -> list[Detail]:
    """What the service does not have of these events and filters."""
    filters = given.filters or {}
    possible = f"{', '.join((*FEATURES[service], ALL))}, {OPEN[service]}"
    named = {
        "events": unknown_events(service, given.events or []),
        "broadcast": unknown_broadcasts(service, given.broadcast or []),
    }
    wrong = [
        {"field": field, "message": f"there is no {name}; possible are {possible}"}
        for field, names in named.items()
        for name in names
    ]
    if given.reactions and service == "jira":
        wrong.append({"field": "reactions", "message": "are for GitHub only"})
    if given.replies is False and service == "jira":
        wrong.append({"field": "replies", "message": "can be turned off for GitHub only; `/jira sync` is for threads"})
    if len(json.dumps(filters)) > FILTERS_LIMIT:
        return [*wrong, {"field": "filters", "message": f"are longer than {FILTERS_LIMIT} characters"}]
    try:
        FILTERS[service].model_validate(filters)
    except ValidationError as problem:
        return [*wrong, *details_of(problem, "filters")]
    return wrong + [{"field": f"filters.{name}", "message": said} for name, said in contradictions(filters).items()]


def add_routes(routes: Blueprint, services: Services) -> None:
    """The routes that change subscriptions."""

    @routes.post("/subscriptions")
    def subscribe() -> Any:
        return _subscribe(services)

    @routes.patch(f"/subscriptions/{ROW}")
    def resubscribe(row_id: int) -> Any:
        return _change(services, row_id)

    @routes.delete(f"/subscriptions/{ROW}")
    def unsubscribe(row_id: int) -> Any:
        if not services.database.run(lambda connection: subscriptions.remove_id(connection, row_id)):
            return error(404, "not_found", f"There is no subscription {row_id}.")
        return jsonify(success=True)


def _subscribe(services: Services) -> Any:
    try:
        given = Given.model_validate(body_object())
    except ValidationError as problem:
        return invalid(details_of(problem))
    source = source_of(services.settings, given.source_service, given.source)
    wrong = [] if source else [{"field": "source", "message": f"must be {FORMS[given.source_service]}"}]
    wrong += _problems(given, given.source_service)
    if wrong:
        return invalid(wrong)
    team = qualified_team(services)
    if isinstance(team, Response):
        return team
    refused, warnings = _ask_jira(services, given, given.source_service, source)
    if refused is not None:
        return refused
    wanted = _wanted(given, source, f"{team}/{given.channel}")
    row_id = services.database.run(lambda connection: subscriptions.put(connection, wanted, services.now()))
    return jsonify({"success": True, "subscription_id": row_id, **warnings}), 201


def _wanted(given: Given, source: str, channel: str) -> Wanted:
    quiet = given.quiet_hours.written() if given.quiet_hours else None
    return Wanted(
        given.source_service, source, channel, given.events or DEFAULTS[given.source_service], given.filters,
        private=True, created_by="api", name=given.name,
        manner=Manner(given.style, given.thread, tuple(given.broadcast), quiet, given.reactions, given.replies),
        paused=ASKED if given.paused else "",
    )  # fmt: skip


def _ask_jira(
    services: Services, given: Given | Change, service: str, source: str
) -> tuple[Response | None, dict[str, list[str]]]:
    """What Jira has against the JQL and the names (None: all is well), and the `warnings` of the answer."""
    if service != "jira":
        return None, {}
    refused = _ask_of_query(services, given, source)
    if refused is not None:
        return refused, {}
    asked = [*(given.events or []), *(given.broadcast or [])]
    found = names.check(services, source, asked, given.filters or {})
    # Not refused: who sets things up by REST may do so before Jira has the field.
    warnings = [*found.wrong.values(), *([found.warning] if found.warning else [])]
    return None, {"warnings": warnings} if warnings else {}


def _ask_of_query(services: Services, given: Given | Change, source: str) -> Response | None:
    problem = queries.checked(services, source, given.events or [], (given.filters or {}).get("jql") or "")
    if problem is None:
        return None
    if problem.field:
        return invalid([{"field": "filters.jql", "message": problem.words}])
    return error(503, "jira_unavailable", f"{problem.words} Nothing was stored.")


def _change(services: Services, row_id: int) -> Any:
    with services.database.read() as connection:
        row = lists.one(connection, Subscription, row_id)
    if not isinstance(row, Subscription):
        return error(404, "not_found", f"There is no subscription {row_id}.")
    try:
        sent = body_object()
        given = Change.model_validate(sent)
    except ValidationError as problem:
        return invalid(details_of(problem))
    wrong = _problems(given, row.source_service)
    if wrong:
        return invalid(wrong)
    refused, _ = _ask_jira(services, given, row.source_service, row.source)
    if refused is not None:
        return refused
    content = _content(given, sent, row.paused_reason or "")
    try:
        services.database.run(lambda connection: subscriptions.change(connection, row_id, services.now(), **content))
    except Taken:
        return invalid([{"field": "name", "message": "the channel has another subscription of this name to it"}])
    return show(services, "subscriptions", row_id)


def _content(given: Change, sent: Any, paused: str) -> dict[str, Any]:
    """What `subscriptions.change` is given; `paused` says why it is now, if it is."""
    content = given.model_dump(exclude_none=True, exclude={"paused", "quiet_hours"})
    if "quiet_hours" in sent:  # null ends them
        content["quiet_hours"] = given.quiet_hours.written() if given.quiet_hours else None
    if given.paused is not None:
        content |= {"paused": ASKED if given.paused else "", "by": "api"}
    # An admin who ends such a pause says that the channel may hear of it.
    return content | ({"private": 1} if given.paused is False and paused in HIDING else {})
