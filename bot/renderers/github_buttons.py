"""The buttons of the cards of pull requests and issues. Everybody who sees a card sees them; GitHub decides who may.

The ids are part of every card that was ever posted: they are never renamed. The value is what it is about, and for a
pull request also the newest commit that the card shows.
"""

import re

from bot.message import BlockDict, actions, button
from bot.payload import Payload, flag, text

COMMENT, ASSIGN_ME, APPROVE, MERGE, READY, CLOSE, REOPEN, EDIT, MORE = (
    "github_comment", "github_assign_me", "github_approve", "github_merge", "github_ready", "github_close",
    "github_reopen", "github_edit", "github_more",
)  # fmt: skip
CHANGES, REVIEWERS, UPDATE, DRAFT, CLOSE_PULL, NOT_PLANNED, DUPLICATE = (
    "request_changes", "request_review", "update_branch", "draft", "close", "not_planned", "duplicate",
)  # fmt: skip
"""The choices behind `MORE`, which are its values' first word; Slack shows five at most."""
VALUE_LIMIT = 150
"""Of a choice; of a button it is more."""
_EDIT = "Edit, label, assign…"
_VALUE = re.compile(r"[\w.-]+/[\w.-]+#[0-9]+( [0-9a-f]+)?", re.ASCII)


def pull_buttons(resource: str, pull: Payload) -> BlockDict | None:
    """The row of buttons beneath a pull request's card; None for what cannot be told apart by its name."""
    value = f"{resource} {text(pull, 'head', 'sha')}".strip()
    if not _fits(resource, value):
        return None
    comment, edit = button("Comment", COMMENT, value), button(_EDIT, EDIT, value)
    if text(pull, "state") != "open":
        merged = flag(pull, "merged") or bool(text(pull, "merged_at"))
        return actions(comment, edit) if merged else actions(comment, button("Reopen", REOPEN, value), edit)
    draft = flag(pull, "draft")
    last = button("Ready for review", READY, value) if draft else button("Merge…", MERGE, value)
    asked = (("Request changes…", CHANGES), ("Request a review…", REVIEWERS), ("Update branch", UPDATE))
    choices = (*asked, *(() if draft else (("Back to draft", DRAFT),)), ("Close", CLOSE_PULL))
    return actions(comment, button("Approve", APPROVE, value), last, edit, _more(value, choices))


def issue_buttons(resource: str, issue: Payload) -> BlockDict | None:
    """The row of buttons beneath an issue's card."""
    if not _fits(resource, resource):
        return None
    comment, edit = button("Comment", COMMENT, resource), button(_EDIT, EDIT, resource)
    if text(issue, "state") == "closed":
        return actions(comment, button("Reopen", REOPEN, resource), edit)
    pressed = (comment, button("Assign to me", ASSIGN_ME, resource), button("Close", CLOSE, resource), edit)
    choices = (("Close as not planned", NOT_PLANNED), ("Close as a duplicate", DUPLICATE))
    return actions(*pressed, _more(resource, choices))


def _fits(resource: str, value: str) -> bool:
    return bool(_VALUE.fullmatch(value)) and value.startswith(resource) and len(f"{CHANGES} {value}") <= VALUE_LIMIT


def _more(value: str, choices: tuple[tuple[str, str], ...]) -> BlockDict:
    options = [{"text": {"type": "plain_text", "text": label}, "value": f"{word} {value}"} for label, word in choices]
    return {"type": "overflow", "action_id": MORE, "options": options}
