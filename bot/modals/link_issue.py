"""The modal "Link to Jira issue": which issue a thread belongs to, found by typing. Pure."""

import json
from collections.abc import Mapping
from typing import Any

from bot.message import BlockDict, context, escape, link, section
from bot.payload import text

CALLBACK = "link_issue"
CHOICE = "linked_issue"


def form_view(meta: Mapping[str, Any], problem: str = "", chosen: BlockDict | None = None) -> dict[str, Any]:
    """The form; `problem` says why what was `chosen` (an option) could not be linked."""
    select: BlockDict = {
        "type": "external_select", "action_id": CHOICE, "min_query_length": 2,
        "placeholder": _plain("A key, or words of its text"),
    }  # fmt: skip
    if chosen:
        select["initial_option"] = chosen
    blocks: list[BlockDict] = [section(f":warning: {escape(problem)}")] if problem else []
    blocks += [
        {"type": "input", "block_id": CHOICE, "label": _plain("Issue"), "element": select},
        context("Replies in the thread become comments of the issue, and what happens to it is told in the thread."),
    ]
    return _modal(blocks) | {
        "callback_id": CALLBACK, "submit": _plain("Link"), "private_metadata": json.dumps(dict(meta)),
    }  # fmt: skip


def linking_view(key: str) -> dict[str, Any]:
    """What the form turns into the moment it is submitted."""
    return _modal([section(f":hourglass_flowing_sand: Linking this thread with {escape(key)}…")])


def linked_view(key: str, url: str) -> dict[str, Any]:
    """The result."""
    return _modal([section(f":white_check_mark: This thread belongs to {link(url, key)} now.")])


def ended_view(issue: str) -> dict[str, Any]:
    """The end of a link that was there."""
    return _modal([section(f":white_check_mark: The thread is not linked with {escape(issue)} any more.")])


def refused_view(reason: str) -> dict[str, Any]:
    """Why nothing was done, for a form that does not come back; `reason` is mrkdwn that is escaped already."""
    return _modal([section(f":warning: {reason}")])


def chosen_in(view: Mapping[str, Any]) -> BlockDict:
    """The option that was chosen in a submitted form."""
    option: Any = view["state"]["values"][CHOICE][CHOICE]["selected_option"]
    return {"text": _plain(text(option, "text", "text")), "value": text(option, "value")}


def _modal(blocks: list[BlockDict]) -> dict[str, Any]:
    return {"type": "modal", "title": _plain("Link to Jira issue"), "close": _plain("Close"), "blocks": blocks}


def _plain(words: str) -> BlockDict:
    return {"type": "plain_text", "text": words}
