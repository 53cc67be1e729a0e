"""What every form has in common: it is read, and it comes back with what was typed still in it. Pure.

A form that is sent off travels with its request: so it can be shown again, however long Jira took to refuse it.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from bot.message import BlockDict, clean, context, escape, section, truncate
from bot.payload import mapping, objects, text

TITLE_LIMIT = 24
PROBLEM = "problem"
"""How the ids of those blocks begin that say why a form came back."""
MOST_PROBLEMS = 20

# Where an element keeps its value in `state.values`, and where a view gives it one to begin with.
# https://docs.slack.dev/reference/views#views-object-fields
_VALUES = {
    "datepicker": ("selected_date", "initial_date"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "external_select": ("selected_option", "initial_option"),
    "multi_static_select": ("selected_options", "initial_options"),
    "number_input": ("value", "initial_value"),
    "plain_text_input": ("value", "initial_value"),
    "static_select": ("selected_option", "initial_option"),
}

type Given = str | list[str]


def read_values(view: Mapping[str, Any]) -> dict[str, Given]:
    """What a submitted view holds, by block: words, a date, the value of a choice or the values of several."""
    values = mapping(view, "state", "values")
    return {block: _given(mapping(values, block)) for block in values}


def initial_values(blocks: Iterable[BlockDict]) -> dict[str, Given]:
    """What a form that nobody has touched holds, by block."""
    inputs = {block["block_id"]: block["element"] for block in blocks if block["type"] == "input"}
    return {name: _plain_value(element.get(_VALUES[element["type"]][1])) for name, element in inputs.items()
            if element["type"] in _VALUES}  # fmt: skip


def kept_form(view: Mapping[str, Any]) -> dict[str, Any]:
    """A submitted view as it can be shown again, with what was typed and without what it complained of."""
    values = mapping(view, "state", "values")
    blocks = [_refilled(block, mapping(values, text(block, "block_id"))) for block in objects(view, "blocks")]
    plain = {name: {"type": "plain_text", "text": text(view, name, "text")} for name in ("title", "submit", "close")}
    return {
        "type": "modal", "callback_id": text(view, "callback_id"), **plain,
        "private_metadata": text(view, "private_metadata"),
        "blocks": [block for block in blocks if not text(block, "block_id").startswith(PROBLEM)],
    }  # fmt: skip


def with_problems(form: Mapping[str, Any], general: str, fields: Mapping[str, str]) -> dict[str, Any]:
    """The form again, with each complaint beneath the block that it speaks of, and the others at the top."""
    blocks = objects(form, "blocks")
    own = {text(block, "block_id") for block in blocks}
    elsewhere = [reason for name, reason in fields.items() if name not in own]
    top = [*([general] if general and not fields else []), *elsewhere][:MOST_PROBLEMS]
    shown: list[BlockDict] = [_problem(number, section(f":warning: {escape(it)}")) for number, it in enumerate(top)]
    for block in blocks:
        name = text(block, "block_id")
        shown.append(dict(block))
        shown += [_problem(f"-{name}", context(f":warning: {escape(fields[name])}"))] if name in fields else []
    return {**form, "blocks": shown}


def form(title: str, callback: str, submit: str, metadata: str, blocks: Iterable[BlockDict]) -> dict[str, Any]:
    """A modal that can be sent off."""
    return note(title, *blocks) | {
        "callback_id": callback, "submit": plain(submit), "private_metadata": metadata, "close": plain("Cancel"),
    }  # fmt: skip


def note(title: str, *blocks: BlockDict) -> dict[str, Any]:
    """A modal that only says something."""
    head = plain(truncate(clean(title), TITLE_LIMIT))
    return {"type": "modal", "title": head, "close": plain("Close"), "blocks": list(blocks)}


def field(name: str, label: str, element: BlockDict, *, optional: bool = False, hint: str = "") -> BlockDict:
    """A field of a form; it is known by its block."""
    block: BlockDict = {"type": "input", "block_id": name, "label": plain(truncate(clean(label), 150)),
                        "element": {"action_id": "value", **element}, "optional": optional}  # fmt: skip
    return block | ({"hint": plain(hint)} if hint else {})


def plain(words: str) -> BlockDict:
    """A plain text object."""
    return {"type": "plain_text", "text": words}


def _problem(ident: int | str, block: BlockDict) -> BlockDict:
    return {**block, "block_id": f"{PROBLEM}{ident}"[:255]}


def _given(actions: Mapping[str, Any]) -> Given:
    state = mapping(actions, next(iter(actions), ""))
    return _plain_value(state.get(_VALUES.get(text(state, "type"), ("value", ""))[0]))


def _plain_value(found: object) -> Given:
    if isinstance(found, list):
        return [text(option, "value") for option in objects({"chosen": found}, "chosen")]
    return text({"found": found}, "found", "value") if isinstance(found, dict) else text({"found": found}, "found")


def _refilled(block: Mapping[str, Any], actions: Mapping[str, Any]) -> BlockDict:
    element = mapping(block, "element")
    if text(block, "type") != "input" or text(element, "type") not in _VALUES:
        return dict(block)
    where, initial = _VALUES[text(element, "type")]
    found = mapping(actions, text(element, "action_id")).get(where)
    kept = {name: value for name, value in element.items() if name != initial}
    return {**block, "element": kept | ({initial: found} if found else {})}
