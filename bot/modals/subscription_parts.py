"""What the forms of subscriptions have in common: what they hold, a filter as one field, the manner. Pure.

A filter is one field: what stands in it says of itself whether it is wanted (`Bug`), needed (`must be …`), barred
(`not …`), or about nothing at all (`is empty`). https://docs.slack.dev/reference/views
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.message import BlockDict, actions, button, section
from bot.modals.elements import State, Values, choices_in, chosen, input_block, option, picked, plain, typed
from bot.modals.filling import note
from bot.payload import text

NAME_LIMIT = 60
"""In characters."""
SHOWN = {"any": "{}", "all": "must have {}", "none": "not {}", "empty": "is empty", "set": "is set"}
STYLES = {"full": "Full card", "compact": "Compact card, without text", "line": "One line for each event, no card"}
TRY = "subscription_try"
"""The button that tries what the form holds on the latest events."""


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
    reactions: bool = False
    replies: bool = True


def said_view(title: str, *texts: str) -> dict[str, Any]:
    """A window that tells something, in mrkdwn that is inert already."""
    return note(title, *(section(shown) for shown in texts))


def filter_input(name: str, label: str, choice: Mapping[str, Any]) -> BlockDict:
    """The field of a filter, with what it says now."""
    chips = [chip(how, value) for how in ("any", "all", "none") for value in choice.get(how, [])]
    if choice.get("empty") is not None:
        chips.append(chip("empty" if choice["empty"] else "set", ""))
    return multi(f"filter_{name}", label, chips, "Anything")


def read_filter(values: Values, name: str) -> dict[str, Any]:
    """What the field of a filter says."""
    found: dict[str, Any] = {}
    for each in all_in(values, f"filter_{name}"):
        how, _, value = each.partition(":")
        if how in ("empty", "set"):
            found["empty"] = how == "empty"
        elif how in SHOWN:
            found.setdefault(how, []).append(value)
    return found


def filter_options(found: Sequence[str], *, together: bool) -> list[BlockDict]:
    """The groups of choices in a filter's menu; `together` if a thing may have several of what was found."""
    groups = [("One of these", "any"), *([("All of these", "all")] if together else []), ("None of these", "none")]
    return [group(title, [chip(how, value) for value in found]) for title, how in groups if found]


def anything_or_nothing() -> BlockDict:
    """The choices of a filter that ask whether there is anything at all."""
    return group("Anything or nothing", [chip("empty", ""), chip("set", "")])


def chip(how: str, value: str) -> BlockDict:
    """One word of a filter."""
    shown = "not apps and bots" if (how, value) == ("none", "bots") else SHOWN[how].format(value)
    return option(shown, f"{how}:{value}")


def group(title: str, options: list[BlockDict]) -> BlockDict:
    """Choices under a title."""
    return {"label": plain(title), "options": options[:100]}


# --- how what passes is shown ----------------------------------------------------------------------------------------


def manner_inputs(
    draft: Draft, threads: Mapping[str, str], broadcasts: Mapping[str, str], *more: BlockDict
) -> list[BlockDict]:
    """The fields that say how what passes is shown, with `more` of them before the quiet hours."""
    quiet = draft.quiet_hours or {}
    zone: BlockDict = {
        "type": "external_select", "min_query_length": 0, "placeholder": plain("Europe/Berlin"),
    }  # fmt: skip
    chosen_zone = [option(quiet["timezone"], quiet["timezone"])] if quiet.get("timezone") else []
    return [
        choice("style", "Style", STYLES, draft.style),
        choice("thread", "What happens later is told", threads, draft.thread),
        several("broadcast", "…and in the channel as well", broadcasts, draft.broadcast),
        *more,
        optional("quiet_from", "Quiet from", {"type": "timepicker"}, {"selected_time": quiet.get("from", "")}),
        optional("quiet_to", "Quiet until", {"type": "timepicker"}, {"selected_time": quiet.get("to", "")}),
        optional("timezone", "Time zone of the quiet hours", zone, picked(*chosen_zone)),
        actions(button("Try on the latest events", TRY, "try")),
    ]


def read_manner(values: Values) -> dict[str, Any]:
    """What those fields and the name say, as parts of a `Draft`."""
    quiet = {
        "from": text(values.get("quiet_from", {}), "selected_time"),
        "to": text(values.get("quiet_to", {}), "selected_time"), "timezone": chosen(values, "timezone"),
    }  # fmt: skip
    return {
        "name": " ".join(typed(values, "name").split()),
        "style": chosen(values, "style") or "full",
        "thread": chosen(values, "thread") or "only",
        "broadcast": all_in(values, "broadcast"),
        "quiet_hours": quiet if any(quiet.values()) else None,
    }


# --- inputs ----------------------------------------------------------------------------------------------------------


def several(name: str, label: str, offered: Mapping[str, str], chosen: Sequence[str]) -> BlockDict:
    """Some of a few choices."""
    element: BlockDict = {
        "type": "multi_static_select", "placeholder": plain("None"),
        "options": [option(shown, value) for value, shown in offered.items()],
    }  # fmt: skip
    return optional(name, label, element, picked(*(option(offered[one], one) for one in chosen if one in offered)))


def multi(name: str, label: str, chosen: list[BlockDict], placeholder: str) -> BlockDict:
    """Some of many choices, which are searched."""
    element: BlockDict = {"type": "multi_external_select", "min_query_length": 0, "placeholder": plain(placeholder)}
    return optional(name, label, element, picked(*chosen))


def choice(name: str, label: str, offered: Mapping[str, str], chosen: str) -> BlockDict:
    """One of a few choices."""
    options = [option(shown, value) for value, shown in offered.items()]
    initial = next((one for one in options if one["value"] == chosen), options[0])
    return optional(name, label, {"type": "radio_buttons", "options": options}, picked(initial))


def text_input(name: str, label: str, words: str, limit: int, *, lines: bool = False, hint: str = "") -> BlockDict:
    """Words, in one line or in several."""
    element: BlockDict = {"type": "plain_text_input", "max_length": limit, "multiline": lines}
    return optional(name, label, element, {"value": words}) | ({"hint": plain(hint)} if hint else {})


def optional(name: str, label: str, element: BlockDict, state: State) -> BlockDict:
    """A field that may stay empty."""
    return input_block(name, label, {**element, "action_id": name}, state, optional=True)


def all_in(values: Values, name: str) -> list[str]:
    """The values that are chosen in a field."""
    return [text(one, "value") for one in choices_in(values.get(name, {}))]
