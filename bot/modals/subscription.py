"""The form of a channel's subscription to a project. Pure: what is chosen in, a view out, and back."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from bot.message import BlockDict, context, escape, section
from bot.modals.elements import chosen, option, typed, values_of
from bot.modals.filling import form
from bot.modals.subscription_parts import (
    NAME_LIMIT,
    Draft,
    all_in,
    anything_or_nothing,
    chip,
    choice,
    filter_input,
    filter_options,
    group,
    manner_inputs,
    multi,
    read_filter,
    read_manner,
    several,
    text_input,
)
from bot.spelling import query

CALLBACK = "subscription"
JQL_LIMIT = 2000
"""In characters."""
EVENTS = {
    "created": "Created", "updated": "Any change of a field", "status": "Status changed", "resolved": "Resolved",
    "reopened": "Reopened", "assignee": "Assignee changed", "priority": "Priority changed",
    "comment_created": "New comment", "comment_edited": "Comment edited", "comment_deleted": "Comment deleted",
    "commented": "All about comments", "attachments": "Files added or removed", "sprints": "Sprint changed",
    "versions": "Version changed", "worklogs": "Work logged", "deleted": "Deleted", "all": "Everything",
}  # fmt: skip
FILTERS = {
    "type": "Type", "status": "Status", "priority": "Priority", "labels": "Labels", "components": "Components",
    "assignee": "Assignee", "reporter": "Reporter", "authors": "Who did it",
}  # fmt: skip
SEVERAL = frozenset({"labels", "components"})
"""What an issue may have several of."""
THREADS = {"only": "In the card's thread", "channel": "In the channel"}
COMMENTS = {"public": "Those that everybody may see", "all": "Internal and restricted ones too"}


def form_view(draft: Draft, source: str, meta: Mapping[str, Any], warning: str = "") -> dict[str, Any]:
    """The form with everything in `draft` filled in."""
    blocks: list[BlockDict] = [
        section(f"What this channel hears of *{escape(source)}*."),
        *([context(warning)] if warning else []),
        text_input("name", "Name", draft.name, NAME_LIMIT, hint="Only if this channel has several of one project."),
        *_events(draft.events),
        *(filter_input(name, label, draft.filters.get(name) or {}) for name, label in FILTERS.items()),
        text_input(
            "jql", "Only issues that match this JQL", str(draft.filters.get("jql") or ""), JQL_LIMIT, lines=True
        ),
        choice("comments", "Comments", COMMENTS, str(draft.filters.get("comments") or "public")),
        *manner_inputs(draft, THREADS, _offered(draft.broadcast)),
    ]
    return form("Subscription", CALLBACK, "Save", json.dumps(dict(meta)), blocks)


def read_draft(view: Mapping[str, Any]) -> Draft:
    """What a submitted form holds."""
    values = values_of(view)
    events = [*all_in(values, "events"), *all_in(values, "event_status"), *all_in(values, "event_field")]
    filters: dict[str, Any] = {name: found for name in FILTERS if (found := read_filter(values, name))}
    jql, comments = query(typed(values, "jql")).strip(), chosen(values, "comments")
    filters |= {"jql": jql} if jql else {}
    filters |= {"comments": comments} if comments == "all" else {}
    return Draft(events=events, filters=filters, **read_manner(values))


def menu_of(name: str, found: Sequence[str]) -> list[BlockDict]:
    """The groups of choices in a filter's menu for what Jira has found."""
    shown = filter_options(found, together=name in SEVERAL)
    if name == "authors":
        return [group("Programs", [chip("none", "bots")]), *shown]
    return [*shown, anything_or_nothing()]


def named_options(event: str, found: Mapping[str, str]) -> list[BlockDict]:
    """The choices of the events `status:…` and `field:…`: what they are called, by their values."""
    return [option(shown, f"{event}:{value}") for value, shown in found.items()]


def _events(events: Sequence[str]) -> list[BlockDict]:
    known = [event for event in events if event in EVENTS]
    named = {kind: [event for event in events if event.startswith(f"{kind}:")] for kind in ("status", "field")}
    return [
        several("events", "Events", EVENTS, known),
        multi("event_status", "When the status becomes", [_named(event) for event in named["status"]], "Done"),
        multi("event_field", "When this field changes", [_named(event) for event in named["field"]], "Due date"),
    ]


def _named(event: str) -> BlockDict:
    return option(event.partition(":")[2], event)


def _offered(broadcast: Sequence[str]) -> dict[str, str]:
    """The events to choose from, and those that were named otherwise."""
    return EVENTS | {event: event for event in broadcast if event not in EVENTS}
