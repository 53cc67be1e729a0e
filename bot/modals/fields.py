"""Jira's fields in a form: the block for each kind, and what was typed or chosen in it. Pure.

An element's action id names the kind and the field (`field:user:assignee`), so that what comes back from Slack can be
read, and sent to Jira, without asking Jira again what its fields are.
"""

import hashlib
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, cast

from adapters.document import Document
from adapters.jira.fields import SEVERAL, FieldSpec, Held, Kind, Option, number
from adapters.plain_text import to_text
from adapters.slack.markup import read_rich_text, write_rich_text
from bot.message import BlockDict, clean
from bot.modals.elements import VALUE_LIMIT, State, choices_in, initial, input_block, is_empty, option, picked, plain
from bot.payload import find, objects, text

ACTION = re.compile(r"field:(?P<kind>[a-z_]+):(?P<id>[A-Za-z0-9_.-]+)")
STATIC_LIMIT = 20
"""A select with more choices than this is searched instead: a view may be no larger than 250,000 characters."""
TEXT_LIMIT = 255
RICH_LIMIT = 3000
"""Characters of a long text that are edited in a form."""
MOST_CHOSEN = 100
SEARCHED: dict[Kind, str] = {
    "user": "Search people", "users": "Search people", "labels": "Search or type a label",
    "parent": "Search by key or summary", "epic": "Search by key or summary", "sprint": "Search sprints",
}  # fmt: skip


def action_of(field: FieldSpec) -> str:
    """The action id of a field's element."""
    return f"field:{field.kind}:{field.id}"


def named(action: str) -> tuple[Kind, str] | None:
    """The kind and the id of the field that an action id names."""
    match = ACTION.fullmatch(action)
    return (cast("Kind", match["kind"]), match["id"]) if match else None


def field_block(field: FieldSpec, state: State, tag: str) -> BlockDict:
    """The block of a field. `tag` names the screen: Slack keeps what is chosen in a block that another view has too."""
    element = _element(field) | {"action_id": action_of(field)}
    chosen_from = element["type"].endswith("_select")
    known = _known(field, state) if field.options else state
    block_id = f"{field.id}@{tag}" if chosen_from else field.id
    return input_block(block_id, field.name, element, known, optional=not field.required)


def held_block(field: FieldSpec, held: Held) -> BlockDict | None:
    """The block of a field with what an issue holds in it, of which its id tells; None if it could not be given back
    unchanged.
    """
    state = _state_of(field, held)
    if state is None:
        return None
    # What an issue lacks all the same must not keep anybody from changing the rest of it.
    block = field_block(replace(field, required=False) if is_empty(state) else field, state, "")
    return block | {"block_id": f"{field.id}@{digest(field.kind, initial(block['element']))}"}


def is_changed(block_id: str, kind: Kind, state: State) -> bool:
    """Whether somebody has changed what a `held_block` was shown with."""
    return block_id.rpartition("@")[2] != digest(kind, state)


def digest(kind: Kind, state: State) -> str:
    """A sign of what a field holds, which is the same whenever it holds the same."""
    value = value_of(kind, state)
    if kind == "long_text" and value:
        value = repr(read_rich_text(value))  # Slack adds to the blocks that it was given
    return hashlib.sha256(json.dumps(value).encode()).hexdigest()[:12]


def can_show(field: FieldSpec) -> bool:
    """Whether a form can ask for a field."""
    return field.kind != "unsupported"


def _state_of(field: FieldSpec, held: Held) -> State | None:
    if isinstance(held, Document):
        return _rich(held)
    if isinstance(held, tuple):
        values = {each["value"] for each in offered(field.options)}
        fits = all(each.id in values if values else len(each.id) <= VALUE_LIMIT for each in held)
        return picked(*(option(each.name, each.id) for each in held)) if fits and len(held) <= MOST_CHOSEN else None
    if field.kind in ("date", "datetime"):
        return {"selected_date" if field.kind == "date" else "selected_date_time": held} if held else {}
    words = str(held)
    return {"value": words} if len(words) <= TEXT_LIMIT and clean(words) == words else None


def _rich(words: Document) -> State | None:
    if not words.blocks:
        return {}
    block = write_rich_text(words)
    whole = len(to_text(words)) <= RICH_LIMIT and read_rich_text(block) == words
    return {"rich_text_value": block} if whole else None


def offered(options: Sequence[Option]) -> list[BlockDict]:
    """The choices that a field has, a cascading one's in one list: `Berlin`, `Berlin › Roof`."""
    choices = [option(each.name, each.id) for each in options if not each.children]
    for parent in options:
        if parent.children:
            choices.append(option(parent.name, parent.id))
            choices += [option(f"{parent.name} › {child.name}", f"{parent.id}/{child.id}") for child in parent.children]
    return choices


def value_of(kind: Kind, state: State) -> Any:
    """What was typed or chosen, in the shape that a row's payload keeps; None if nothing was."""
    if kind in SEVERAL:
        return [text(each, "value") for each in objects(state, "selected_options")] or None
    if kind in SEARCHED or kind in ("option", "cascading"):
        return text(state, "selected_option", "value") or None
    names = {"long_text": "rich_text_value", "date": "selected_date", "datetime": "selected_date_time"}
    value = find(state, names.get(kind, "value"))
    return value.strip() or None if isinstance(value, str) else value


def complaint(kind: Kind, value: object) -> str:
    """What is wrong with a value before Jira is asked (empty: nothing)."""
    try:
        if kind == "number":
            number(str(value))
    except ValueError:
        return "Please type a number, such as 3.5."
    if kind == "date" and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", str(value)):
        return "Please choose a date."
    return ""


def _element(field: FieldSpec) -> BlockDict:
    builders: dict[Kind, Callable[[], BlockDict]] = {
        "text": lambda: {"type": "plain_text_input", "max_length": TEXT_LIMIT},
        "url": lambda: {"type": "url_text_input", "placeholder": plain("https://…")},
        "long_text": lambda: {"type": "rich_text_input"},
        "number": lambda: {"type": "number_input", "is_decimal_allowed": True},
        "date": lambda: {"type": "datepicker"},
        "datetime": lambda: {"type": "datetimepicker"},
    }
    builder = builders.get(field.kind)
    if builder:
        return builder()
    several = "multi_" if field.kind in SEVERAL else ""
    choices = offered(field.options)
    if field.kind not in SEARCHED and len(choices) <= STATIC_LIMIT:
        return {"type": f"{several}static_select", "options": choices, "placeholder": plain("Choose")}
    placeholder = plain(SEARCHED.get(field.kind, "Search"))
    # Jira's search of all its people wants a word.
    least = 1 if field.kind in ("user", "users") and field.id != "assignee" else 0
    return {"type": f"{several}external_select", "min_query_length": least, "placeholder": placeholder}


def _known(field: FieldSpec, state: State) -> State:
    """The state with those of its choices that the field has: by id, or by name, as a channel's default is."""
    choices = offered(field.options)
    by_id = {each["value"]: each for each in choices}
    by_name = {each["text"]["text"].casefold(): each for each in choices}
    found = [
        by_id.get(text(each, "value")) or by_name.get(text(each, "text", "text").casefold())
        for each in choices_in(state)
    ]
    return picked(*{each["value"]: each for each in found if each}.values())
