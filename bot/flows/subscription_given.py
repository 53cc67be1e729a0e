"""A subscription as it is given by REST or in a file, what is wrong with it, and what is stored of it.

Whoever gives one so is an admin: what is private may be told by it.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StrictBool, ValidationError

from bot.details import Detail, details_of
from bot.filters import ALL, DEFAULTS, FEATURES, FILTERS, contradictions, unknown_broadcasts, unknown_events
from bot.flows import names, queries
from bot.flows.requests import SlackId
from bot.flows.shared_channels import HIDING
from bot.flows.subscribing import FORMS, elsewhere, source_of
from bot.manner import QuietHours, Style, Thread
from bot.modals.subscription_parts import NAME_LIMIT
from bot.names import bare
from bot.services import Services
from storage.subscriptions import Manner, Wanted

Names = Annotated[list[str], Field(min_length=1, max_length=50)]
Broadcast = Annotated[list[str], Field(max_length=50)]
Filters = Annotated[dict[str, Any], AfterValidator(bare)]
Name = Annotated[str, Field(max_length=NAME_LIMIT, pattern=r"^[^\x00-\x1f]*$")]
ASKED = "someone asked for it through the REST API"
"""Why a subscription is paused that its channel did not refuse."""
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
    filters: Filters = {}
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
    filters: Filters | None = None
    style: Style | None = None
    thread: Thread | None = None
    broadcast: Broadcast | None = None
    reactions: StrictBool | None = None
    replies: StrictBool | None = None
    quiet_hours: QuietHours | None = None
    paused: StrictBool | None = None


@dataclass(frozen=True)
class Answer:
    """What Jira has against a subscription: what is wrong, what to warn of, or that it does not answer."""

    wrong: Sequence[Detail] = ()
    warnings: Sequence[str] = ()
    away: str = ""


def source_named(services: Services, given: Given) -> tuple[str, list[Detail]]:
    """The source as it is stored, and what is wrong with it."""
    source = source_of(services.settings, given.source_service, given.source)
    if source:
        return source, []
    far = given.source_service == "github" and elsewhere(services.settings, given.source)
    return "", [{"field": "source", "message": far or f"must be {FORMS[given.source_service]}"}]


def problems(given: Given | Change, service: str) -> list[Detail]:
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


def wanted(given: Given, source: str, channel: str) -> Wanted:
    """What is stored of it; `channel` is qualified."""
    quiet = given.quiet_hours.written() if given.quiet_hours else None
    return Wanted(
        given.source_service, source, channel, given.events or DEFAULTS[given.source_service], given.filters,
        private=True, created_by="api", name=given.name,
        manner=Manner(given.style, given.thread, tuple(given.broadcast), quiet, given.reactions, given.replies),
        paused=ASKED if given.paused else "",
    )  # fmt: skip


def ask_jira(services: Services, given: Given | Change, service: str, source: str) -> Answer:
    """What Jira says of the JQL and the names; it is not asked of what GitHub tells."""
    if service != "jira":
        return Answer()
    problem = queries.checked(services, source, given.events or [], (given.filters or {}).get("jql") or "")
    if problem is not None:
        wrong = [{"field": "filters.jql", "message": problem.words}] if problem.field else []
        return Answer(wrong, away="" if problem.field else problem.words)
    asked = [*(given.events or []), *(given.broadcast or [])]
    found = names.check(services, source, asked, given.filters or {})
    # Not refused: who sets things up by REST may do so before Jira has the field.
    return Answer(warnings=[*found.wrong.values(), *([found.warning] if found.warning else [])])


def content_of(given: Change, sent: Mapping[str, Any], paused: str) -> dict[str, Any]:
    """What `subscriptions.change` is given; `paused` says why it is now, if it is."""
    content = given.model_dump(exclude_none=True, exclude={"paused", "quiet_hours"})
    if "quiet_hours" in sent:  # null ends them
        content["quiet_hours"] = given.quiet_hours.written() if given.quiet_hours else None
    if given.paused is not None:
        content |= {"paused": ASKED if given.paused else "", "by": "api"}
    # An admin who ends such a pause says that the channel may hear of it.
    return content | ({"private": 1} if given.paused is False and paused in HIDING else {})
