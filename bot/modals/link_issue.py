"""The modal "Link to Jira issue": which issue a thread belongs to, found by typing. Pure."""

import json
from collections.abc import Mapping
from typing import Any

from bot.message import BlockDict, context, escape, link, section
from bot.modals.elements import choices_in, input_block, picked, plain, values_of
from bot.modals.filling import form, note
from bot.payload import text

CALLBACK = "link_issue"
CHOICE = "linked_issue"
TITLE = "Link to Jira issue"


def form_view(meta: Mapping[str, Any], problem: str = "", chosen: BlockDict | None = None) -> dict[str, Any]:
    """The form; `problem` says why what was `chosen` (an option) could not be linked."""
    select: BlockDict = {
        "type": "external_select", "action_id": CHOICE, "min_query_length": 2,
        "placeholder": plain("A key, or words of its text"),
    }  # fmt: skip
    blocks: list[BlockDict] = [section(f":warning: {escape(problem)}")] if problem else []
    blocks += [
        input_block(CHOICE, "Issue", select, picked(*([chosen] if chosen else []))),
        context("Replies in the thread become comments of the issue, and what happens to it is told in the thread."),
    ]
    return form(TITLE, CALLBACK, "Link", json.dumps(dict(meta)), blocks)


def linking_view(key: str) -> dict[str, Any]:
    """What the form turns into the moment it is submitted."""
    return note(TITLE, section(f":hourglass_flowing_sand: Linking this thread with {escape(key)}…"))


def linked_view(key: str, url: str) -> dict[str, Any]:
    """The result."""
    return note(TITLE, section(f":white_check_mark: This thread belongs to {link(url, key)} now."))


def ended_view(issue: str) -> dict[str, Any]:
    """The end of a link that was there."""
    return note(TITLE, section(f":white_check_mark: The thread is not linked with {escape(issue)} any more."))


def refused_view(reason: str) -> dict[str, Any]:
    """Why nothing was done, for a form that does not come back; `reason` is mrkdwn that is escaped already."""
    return note(TITLE, section(f":warning: {reason}"))


def chosen_in(view: Mapping[str, Any]) -> BlockDict:
    """The option that was chosen in a submitted form."""
    (chosen,) = choices_in(values_of(view)[CHOICE])
    return {"text": plain(text(chosen, "text", "text")), "value": text(chosen, "value")}
