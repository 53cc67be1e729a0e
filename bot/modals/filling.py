"""What every form has in common: it comes back with what was typed, and each complaint beneath its field. Pure.

A form that is sent off travels with its request: so it can be shown again, however long Jira took to refuse it.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from bot.message import BlockDict, clean, context, escape, section, truncate
from bot.modals.elements import filled, interactive, plain
from bot.modals.fields import named
from bot.payload import mapping, objects, text

TITLE_LIMIT = 24
PROBLEM = "problem"
"""How the ids of those blocks begin that say why a form came back."""
MOST_PROBLEMS = 20
"""Of those that are about no field of the form; nobody reads more."""
REASON_LIMIT = 500
MOST_BLOCKS = 100
"""Slack's own limit of a view."""


def form(title: str, callback: str, submit: str, metadata: str, blocks: Iterable[BlockDict]) -> dict[str, Any]:
    """A modal that can be sent off."""
    return note(title, *blocks) | {
        "callback_id": callback, "submit": plain(submit), "private_metadata": metadata, "close": plain("Cancel"),
    }  # fmt: skip


def note(title: str, *blocks: BlockDict) -> dict[str, Any]:
    """A modal that only says something."""
    head = plain(truncate(clean(title), TITLE_LIMIT) or "…")
    return {"type": "modal", "title": head, "close": plain("Close"), "blocks": list(blocks)}


def kept_form(view: Mapping[str, Any]) -> dict[str, Any]:
    """A submitted view as it can be shown again, with what was typed and without what it complained of."""
    values = mapping(view, "state", "values")
    blocks = [_refilled(block, mapping(values, text(block, "block_id"))) for block in objects(view, "blocks")]
    words = {name: plain(text(view, name, "text")) for name in ("title", "submit", "close")}
    return {
        "type": "modal", "callback_id": text(view, "callback_id"), **words,
        "private_metadata": text(view, "private_metadata"),
        "blocks": [block for block in blocks if not text(block, "block_id").startswith(PROBLEM)],
    }  # fmt: skip


def with_problems(
    form: Mapping[str, Any], general: str, fields: Mapping[str, str], names: Mapping[str, str]
) -> dict[str, Any]:
    """The form again, with each complaint beneath the field that it speaks of, and the others at the top.

    `fields` goes by Jira's ids; `names` says under which the form itself has those that it calls otherwise.
    """
    blocks = objects(form, "blocks")
    said = _by_block(blocks, fields, names)
    elsewhere = [reason for name, reason in said.items() if name not in {text(block, "block_id") for block in blocks}]
    top = [*([general] if general and not fields else []), *elsewhere][:MOST_PROBLEMS]
    shown: list[BlockDict] = [
        _problem(number, section(f":warning: {escape(it, REASON_LIMIT)}")) for number, it in enumerate(top)
    ]
    room = MOST_BLOCKS - len(shown) - len(blocks)
    for block in blocks:
        name = text(block, "block_id")
        shown.append(dict(block))
        if name in said and room > 0:
            shown.append(_problem(f"-{name}", context(f":warning: {escape(said[name], REASON_LIMIT)}")))
            room -= 1
    return {**form, "blocks": shown[:MOST_BLOCKS]}


def _by_block(
    blocks: Iterable[Mapping[str, Any]], fields: Mapping[str, str], names: Mapping[str, str]
) -> dict[str, str]:
    """What is said of Jira's fields, by the blocks of the form where they are typed."""
    where: dict[str, str] = {}
    for action, block in interactive(blocks).items():
        found = named(action)
        where[found[1] if found else action] = block
    return {where.get(names.get(name, name), name): reason for name, reason in fields.items()}


def _problem(ident: int | str, block: BlockDict) -> BlockDict:
    return {**block, "block_id": f"{PROBLEM}{ident}"[:255]}


def _refilled(block: Mapping[str, Any], actions: Mapping[str, Any]) -> BlockDict:
    if text(block, "type") != "input":
        return dict(block)
    element = mapping(block, "element")
    return {**block, "element": filled(dict(element), mapping(actions, text(element, "action_id")))}
