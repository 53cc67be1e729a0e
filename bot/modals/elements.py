"""What forms are made of: input blocks with a value to begin with, and what Slack says of their state. Pure.

https://docs.slack.dev/reference/block-kit/block-elements
"""

from collections.abc import Iterable, Mapping
from typing import Any

from bot.message import BlockDict, clean, truncate
from bot.payload import mapping, objects, text

type State = Mapping[str, Any]
"""What Slack says of one element: its type and its value, under a name that depends on the type."""
type Values = Mapping[str, State]
"""The elements of a form by their action id."""

OPTION_LIMIT = 75
VALUE_LIMIT = 150
LABEL_LIMIT = 150
"""Slack takes 2000 characters, which no form has room for."""

# What an element's state calls its value, and what the element calls the one it begins with.
_NAMES = {
    "checkboxes": ("selected_options", "initial_options"),
    "datepicker": ("selected_date", "initial_date"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "external_select": ("selected_option", "initial_option"),
    "multi_external_select": ("selected_options", "initial_options"),
    "multi_static_select": ("selected_options", "initial_options"),
    "number_input": ("value", "initial_value"),
    "plain_text_input": ("value", "initial_value"),
    "radio_buttons": ("selected_option", "initial_option"),
    "rich_text_input": ("rich_text_value", "initial_value"),
    "static_select": ("selected_option", "initial_option"),
    "timepicker": ("selected_time", "initial_time"),
    "url_text_input": ("value", "initial_value"),
}


def plain(words: str) -> BlockDict:
    """A plain_text object."""
    return {"type": "plain_text", "text": words}


def option(shown: str, value: str) -> BlockDict:
    """A choice in a select."""
    words = truncate(" ".join(clean(shown).split()), OPTION_LIMIT)
    return {"text": plain(words or value[:OPTION_LIMIT] or "–"), "value": value[:VALUE_LIMIT]}


def picked(*options: BlockDict) -> dict[str, Any]:
    """The state of a select in which these are chosen, of one that takes several and of one that takes one alike."""
    return {"selected_option": options[0], "selected_options": [*options]} if options else {}


def input_block(block_id: str, label: str, element: BlockDict, state: State, **more: Any) -> BlockDict:
    """An element with its label, filled in with what `state` holds for it."""
    filled_in = filled(element, state)
    shown = plain(truncate(clean(label), LABEL_LIMIT) or "–")
    return {"type": "input", "block_id": block_id[:255], "label": shown, "element": filled_in} | more


def field(name: str, label: str, element: BlockDict, *, optional: bool = False, hint: str = "") -> BlockDict:
    """A field of a form that is known by its name."""
    said = {"hint": plain(hint)} if hint else {}
    return input_block(name, label, {"action_id": name, **element}, initial(element), optional=optional, **said)


def filled(element: BlockDict, state: State) -> BlockDict:
    """The element with the state's value as the one to begin with; a choice that is not offered is left out."""
    name, initial = _NAMES[element["type"]]
    empty = {key: value for key, value in element.items() if key != initial}
    value = state.get(name)
    if "options" in element:
        offered = {each["value"]: each for each in element["options"]}
        chosen = [offered[text(each, "value")] for each in choices_in(state) if text(each, "value") in offered]
        value = (chosen[0] if chosen else None) if initial == "initial_option" else chosen
    elif isinstance(value, str) and initial == "initial_value":
        value = truncate(clean(value), element.get("max_length", 3000))
    return empty | ({initial: value} if value else {})


def initial(element: Mapping[str, Any]) -> State:
    """What an element holds before anybody touches it."""
    name, given = _NAMES[element["type"]]
    return {name: element[given]} if given in element else {}


def values_of(view: Mapping[str, Any]) -> dict[str, State]:
    """What the elements of a view hold, by action id: `view.state.values` without its blocks."""
    blocks: Mapping[str, Any] = mapping(view, "state", "values")
    return {name: mapping(blocks, block, name) for block in blocks for name in mapping(blocks, block)}


def is_empty(state: State) -> bool:
    """Whether nothing was typed or chosen."""
    return not any(state.get(name) for name, _ in _NAMES.values())


def chosen(values: Values, action: str) -> str:
    """The value that is chosen in a select; empty if none is."""
    return text(values.get(action, {}), "selected_option", "value")


def ticked(values: Values, action: str) -> bool:
    """Whether anything is ticked among checkboxes."""
    return bool(objects(values.get(action, {}), "selected_options"))


def typed(values: Values, action: str) -> str:
    """The text that is typed in a field."""
    return text(values.get(action, {}), "value")


def interactive(blocks: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """The blocks of a form's inputs, by action id."""
    return {block["element"]["action_id"]: block["block_id"] for block in blocks if block["type"] == "input"}


def choices_in(state: State) -> list[Mapping[str, Any]]:
    """The options that are chosen in a select, of one that takes several and of one that takes one alike."""
    one = mapping(state, "selected_option")
    return objects(state, "selected_options") or ([one] if one else [])
