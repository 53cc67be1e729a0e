"""The form of a channel's subscription to a project. Pure: what is chosen in, a view out, and back.

A filter is one field: what stands in it says of itself whether it is wanted (`Bug`), needed (`must be …`), barred
(`not …`), or about nothing at all (`is empty`). https://docs.slack.dev/reference/views
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.message import BlockDict, context, escape, section
from bot.modals.elements import State, Values, choices_in, chosen, input_block, option, picked, plain, typed, values_of
from bot.modals.filling import form, note
from bot.payload import text

CALLBACK = "subscription"
NAME_LIMIT, JQL_LIMIT = 60, 2000
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
SHOWN = {"any": "{}", "all": "must have {}", "none": "not {}", "empty": "is empty", "set": "is set"}
STYLES = {"full": "Full card", "compact": "Compact card, without text", "line": "One line for each event, no card"}
THREADS = {"only": "In the card's thread", "channel": "In the channel"}
COMMENTS = {"public": "Those that everybody may see", "all": "Internal and restricted ones too"}


@dataclass(frozen=True)
class Draft:
    """What the form holds, in the shapes of the REST API."""

    name: str = ""
    events: Sequence[str] = ()
    filters: Mapping[str, Any] = field(default_factory=dict[str, Any])
    style: str = "full"
    thread: str = "only"
    broadcast: Sequence[str] = ()
    quiet_hours: Mapping[str, str] | None = None


def form_view(draft: Draft, source: str, meta: Mapping[str, Any], warning: str = "") -> dict[str, Any]:
    """The form with everything in `draft` filled in."""
    quiet = draft.quiet_hours or {}
    blocks: list[BlockDict] = [
        section(f"What this channel hears of *{escape(source)}*."),
        *([context(warning)] if warning else []),
        _text("name", "Name", draft.name, NAME_LIMIT, hint="Only if this channel has several of one project."),
        *_events(draft.events),
        *(_filter(name, draft.filters.get(name) or {}) for name in FILTERS),
        _text("jql", "Only issues that match this JQL", str(draft.filters.get("jql") or ""), JQL_LIMIT, lines=True),
        _choice("comments", "Comments", COMMENTS, str(draft.filters.get("comments") or "public")),
        _choice("style", "Style", STYLES, draft.style),
        _choice("thread", "What happens later is told", THREADS, draft.thread),
        _several("broadcast", "…and in the channel as well", _offered(draft.broadcast), draft.broadcast),
        _time("quiet_from", "Quiet from", quiet.get("from", "")),
        _time("quiet_to", "Quiet until", quiet.get("to", "")),
        _searched("timezone", "Time zone of the quiet hours", quiet.get("timezone", ""), "Europe/Berlin"),
    ]
    return form("Subscription", CALLBACK, "Save", json.dumps(dict(meta)), blocks)


def said_view(title: str, *texts: str) -> dict[str, Any]:
    """A window that tells something, in mrkdwn that is inert already."""
    return note(title, *(section(shown) for shown in texts))


def read_draft(view: Mapping[str, Any]) -> Draft:
    """What a submitted form holds."""
    values = values_of(view)
    events = [*_all_in(values, "events"), *_all_in(values, "event_status"), *_all_in(values, "event_field")]
    filters: dict[str, Any] = {name: found for name in FILTERS if (found := _read_filter(values, name))}
    jql, comments = typed(values, "jql").strip(), chosen(values, "comments")
    filters |= {"jql": jql} if jql else {}
    filters |= {"comments": comments} if comments == "all" else {}
    quiet = {
        "from": text(values.get("quiet_from", {}), "selected_time"),
        "to": text(values.get("quiet_to", {}), "selected_time"), "timezone": chosen(values, "timezone"),
    }  # fmt: skip
    return Draft(
        " ".join(typed(values, "name").split()), events, filters, chosen(values, "style") or "full",
        chosen(values, "thread") or "only", _all_in(values, "broadcast"), quiet if any(quiet.values()) else None,
    )  # fmt: skip


def filter_options(name: str, found: Sequence[str]) -> list[BlockDict]:
    """The groups of choices in a filter's menu for what Jira has found."""
    groups = [
        ("One of these", "any"),
        *([("All of these", "all")] if name in SEVERAL else []),
        ("None of these", "none"),
    ]
    shown = [_group(title, [_chip(how, value) for value in found]) for title, how in groups if found]
    if name == "authors":
        return [_group("Programs", [_chip("none", "bots")]), *shown]
    return [*shown, _group("Anything or nothing", [_chip("empty", ""), _chip("set", "")])]


def named_options(event: str, found: Mapping[str, str]) -> list[BlockDict]:
    """The choices of the events `status:…` and `field:…`: what they are called, by their values."""
    return [option(shown, f"{event}:{value}") for value, shown in found.items()]


def _events(events: Sequence[str]) -> list[BlockDict]:
    known = [event for event in events if event in EVENTS]
    named = {kind: [event for event in events if event.startswith(f"{kind}:")] for kind in ("status", "field")}
    return [
        _several("events", "Events", EVENTS, known),
        _multi("event_status", "When the status becomes", [_named(event) for event in named["status"]], "Done"),
        _multi("event_field", "When this field changes", [_named(event) for event in named["field"]], "Due date"),
    ]


def _named(event: str) -> BlockDict:
    return option(event.partition(":")[2], event)


def _offered(broadcast: Sequence[str]) -> dict[str, str]:
    """The events to choose from, and those that were named otherwise."""
    return EVENTS | {event: event for event in broadcast if event not in EVENTS}


def _filter(name: str, choice: Mapping[str, Any]) -> BlockDict:
    chips = [_chip(how, value) for how in ("any", "all", "none") for value in choice.get(how, [])]
    if choice.get("empty") is not None:
        chips.append(_chip("empty" if choice["empty"] else "set", ""))
    return _multi(f"filter_{name}", FILTERS[name], chips, "Anything")


def _read_filter(values: Values, name: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for chip in _all_in(values, f"filter_{name}"):
        how, _, value = chip.partition(":")
        if how in ("empty", "set"):
            found["empty"] = how == "empty"
        elif how in SHOWN:
            found.setdefault(how, []).append(value)
    return found


def _chip(how: str, value: str) -> BlockDict:
    shown = "not apps and bots" if (how, value) == ("none", "bots") else SHOWN[how].format(value)
    return option(shown, f"{how}:{value}")


def _group(title: str, options: list[BlockDict]) -> BlockDict:
    return {"label": plain(title), "options": options[:100]}


def _several(name: str, label: str, offered: Mapping[str, str], chosen: Sequence[str]) -> BlockDict:
    element: BlockDict = {
        "type": "multi_static_select", "placeholder": plain("None"),
        "options": [option(shown, value) for value, shown in offered.items()],
    }  # fmt: skip
    return _optional(name, label, element, picked(*(option(offered[one], one) for one in chosen if one in offered)))


def _multi(name: str, label: str, chosen: list[BlockDict], placeholder: str) -> BlockDict:
    element: BlockDict = {"type": "multi_external_select", "min_query_length": 0, "placeholder": plain(placeholder)}
    return _optional(name, label, element, picked(*chosen))


def _searched(name: str, label: str, chosen: str, placeholder: str) -> BlockDict:
    element: BlockDict = {"type": "external_select", "min_query_length": 0, "placeholder": plain(placeholder)}
    return _optional(name, label, element, picked(*([option(chosen, chosen)] if chosen else [])))


def _choice(name: str, label: str, offered: Mapping[str, str], chosen: str) -> BlockDict:
    options = [option(shown, value) for value, shown in offered.items()]
    initial = next((one for one in options if one["value"] == chosen), options[0])
    return _optional(name, label, {"type": "radio_buttons", "options": options}, picked(initial))


def _time(name: str, label: str, chosen: str) -> BlockDict:
    return _optional(name, label, {"type": "timepicker"}, {"selected_time": chosen})


def _text(name: str, label: str, words: str, limit: int, *, lines: bool = False, hint: str = "") -> BlockDict:
    element: BlockDict = {"type": "plain_text_input", "max_length": limit, "multiline": lines}
    return _optional(name, label, element, {"value": words}) | ({"hint": plain(hint)} if hint else {})


def _optional(name: str, label: str, element: BlockDict, state: State) -> BlockDict:
    return input_block(name, label, {**element, "action_id": name}, state, optional=True)


def _all_in(values: Values, name: str) -> list[str]:
    return [text(one, "value") for one in choices_in(values.get(name, {}))]
