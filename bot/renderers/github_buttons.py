"""The buttons of GitHub's cards. Everybody who sees a card sees them; GitHub decides who may.

The ids are part of every card that was ever posted: they are never renamed. The value is what it is about, and for a
pull request also the newest commit that the card shows, for a run its attempt.
"""

import re

from bot.message import BlockDict, actions, button
from bot.payload import Payload, flag, number, text

COMMENT, ASSIGN_ME, APPROVE, MERGE, READY, CLOSE, REOPEN, EDIT, MORE = (
    "github_comment", "github_assign_me", "github_approve", "github_merge", "github_ready", "github_close",
    "github_reopen", "github_edit", "github_more",
)  # fmt: skip
RERUN, RERUN_FAILED, CANCEL, GATES = (
    "github_rerun", "github_rerun_failed", "github_cancel_run", "github_review_deployment",
)  # fmt: skip
CHANGES, REVIEWERS, UPDATE, DRAFT, CLOSE_PULL, NOT_PLANNED, DUPLICATE = (
    "request_changes", "request_review", "update_branch", "draft", "close", "not_planned", "duplicate",
)  # fmt: skip
"""The choices behind `MORE`, which are its values' first word; Slack shows five at most."""
VALUE_LIMIT = 150
"""Of a choice; of a button it is more."""
_EDIT = "Edit, label, assign…"
RUN = re.compile(r"[\w.-]{1,100}/[\w.-]{1,100}@run/[0-9]{1,18}", re.ASCII)
"""A workflow run by its repository and id."""
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


def run_buttons(repository: str, run: Payload) -> BlockDict | None:
    """The row of buttons beneath a run's card: what can be done while it runs, waits for a review, or has ended."""
    value = f"{repository}@run/{text(run, 'id')} {number(run, 'run_attempt') or 1}"
    if not RUN.fullmatch(value.partition(" ")[0]):
        return None
    if text(run, "status") != "completed":
        cancel = button("Cancel", CANCEL, value)
        return actions(_gates(value), cancel) if text(run, "status") == "waiting" else actions(cancel)
    again = button("Re-run", RERUN, value)
    failed = text(run, "conclusion") in ("failure", "timed_out", "cancelled")
    return actions(again, button("Re-run failed jobs", RERUN_FAILED, value)) if failed else actions(again)


def gate_buttons(repository: str, run: Payload) -> BlockDict | None:
    """The button beneath the card of a deployment that a run waits for."""
    value = f"{repository}@run/{text(run, 'id')}"
    return actions(_gates(value)) if RUN.fullmatch(value) else None


def _gates(value: str) -> BlockDict:
    return button("Review deployment…", GATES, value)


def _fits(resource: str, value: str) -> bool:
    return bool(_VALUE.fullmatch(value)) and value.startswith(resource) and len(f"{CHANGES} {value}") <= VALUE_LIMIT


def _more(value: str, choices: tuple[tuple[str, str], ...]) -> BlockDict:
    options = [{"text": {"type": "plain_text", "text": label}, "value": f"{word} {value}"} for label, word in choices]
    return {"type": "overflow", "action_id": MORE, "options": options}
