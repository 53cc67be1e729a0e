"""The form "Thread…" of a card: how a thread and an issue belong together, and what can be changed of that. Pure."""

import json
from collections.abc import Mapping
from typing import Any

from bot.message import BlockDict, actions, button, escape, section
from bot.modals.elements import chosen, field, option, plain, ticked, values_of
from bot.modals.filling import form, note

CALLBACK = "jira_thread"
SYNC, UNLINK = "sync", "unlink"
CHANNEL = "jira_channel"
"""The button that asks for a channel of the issue's own."""


def settings_view(meta: Mapping[str, Any], modes: Mapping[str, str], present: str, *, here: bool) -> dict[str, Any]:
    """The settings of a thread that belongs to the issue, `here` or elsewhere in the channel."""
    key = _key(meta["issue"])
    options = [option(words, mode) for mode, words in modes.items()]
    radio: BlockDict = {
        "type": "radio_buttons", "options": options,
        "initial_option": next(each for each in options if each["value"] == present),
    }  # fmt: skip
    end = option(f"Unlink {'this' if here else 'that'} thread from {key}", UNLINK)
    end["description"] = plain("Replies stay in Slack then, and nothing more is told there.")
    where = (
        f"This thread belongs to {escape(key)}." if here else f"{escape(key)} has its thread elsewhere in this channel."
    )
    label = f"What goes through between {'this' if here else 'that'} thread and Jira"
    return _form(
        meta, "Save",
        section(f"{where} Its card always shows the present state."),
        field(SYNC, label, radio),
        field(UNLINK, "The link", {"type": "checkboxes", "options": [end]}, optional=True),
        channel_row(meta),
    )  # fmt: skip


def link_view(meta: Mapping[str, Any]) -> dict[str, Any]:
    """The offer to link a thread that belongs to no issue."""
    key = escape(_key(meta["issue"]))
    where = "This thread is not linked with" if meta["thread"] else "No thread in this channel is linked with"
    linked = "this thread" if meta["thread"] else "a new thread"
    return _form(meta, "Link", section(
        f"{where} {key}. If you link it, the card is posted in {linked}, replies there become comments of {key}, "
        "and what happens in Jira is told there."
    ), channel_row(meta))  # fmt: skip


def channel_row(meta: Mapping[str, Any]) -> BlockDict:
    """The button that asks for a channel of the issue's own; it holds what `meta` says of the issue and the place."""
    held = {name: meta[name] for name in ("issue", "channel", "answer", "response_url") if name in meta}
    return actions(button("A channel of its own", CHANNEL, json.dumps(held)))


def said_view(issue: str, sentence: str) -> dict[str, Any]:
    """What there is to say where nothing can be chosen, or of what was; `sentence` is mrkdwn, escaped already."""
    return note(_title(issue), section(sentence))


def working_view(issue: str) -> dict[str, Any]:
    """What the form turns into while Jira is asked."""
    return said_view(issue, ":hourglass_flowing_sand: Working…")


def mode_in(view: Mapping[str, Any]) -> str:
    """What was chosen to go through; empty in a form that does not ask."""
    return chosen(values_of(view), SYNC)


def ends_link(view: Mapping[str, Any]) -> bool:
    """Whether the link is to end."""
    return ticked(values_of(view), UNLINK)


def _form(meta: Mapping[str, Any], submit: str, *blocks: BlockDict) -> dict[str, Any]:
    return form(_title(meta["issue"]), CALLBACK, submit, json.dumps(dict(meta)), blocks)


def _title(issue: str) -> str:
    return f"Thread of {_key(issue)}"


def _key(issue: str) -> str:
    """The issue as people know it: the site is connect's own word."""
    return issue.rpartition("/")[2]
