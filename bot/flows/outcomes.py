"""What follows from the end of an outside call: pure functions from a row and its effect (or error) to new rows.

The worker calls these in the transaction that ends the row, so that an effect and its consequences are one.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from adapters.errors import AdapterError, Rejected
from bot.flows import (
    approvals,
    away,
    channels,
    doing,
    files,
    github_doing,
    github_forms,
    github_identity,
    github_notices,
    github_opening,
    github_previews,
    github_searching,
    github_showing,
    github_steps,
    gone_comments,
    home,
    jira_steps,
    looking,
    moves,
    notices,
    open_form,
    paging,
    pausing,
    posted,
    previews,
    project_events,
    pull_ties,
    reactions,
    reminders,
    removed_files,
    replies,
    requests,
    searching,
    shared_channels,
    shared_links,
    steps,
    tickets,
    tying,
)
from bot.flows.plan import NOTHING, Consequences
from bot.modals.waiting import Wait
from storage.integrations import Integration


def _created(row: Integration, data: Mapping[str, Any]) -> Consequences:
    """An issue gets its card; the home that it was made in shows it; a workflow that waits for it goes on."""
    made = tickets.created(row, data)
    if row.payload.get("home"):
        return replace(made, integrations=(*made.integrations, home.after(row)))
    if not row.payload.get("execution_id"):
        return made
    goes_on = jira_steps.done(row, tickets.issue_from(data["issue"]).resource)
    return replace(made, integrations=(*made.integrations, goes_on))


def _not_created(row: Integration, error: AdapterError) -> Consequences:
    if row.payload.get("execution_id"):
        return steps.refused(row, error, "The issue was not created.")
    return tickets.refused(row, error)


def _read_for_step(row: Integration, data: Mapping[str, Any]) -> Consequences:
    """A person is asked, or the step ends."""
    new = approvals.asked(row, data) if row.payload.get("approval") else jira_steps.completed(row, data)
    return Consequences(integrations=(new,))


def _not_tied(row: Integration, error: AdapterError) -> Consequences:
    if row.payload.get("execution_id"):
        return steps.refused(row, error, f"{row.payload['issue']} was not linked.")
    return tying.refused(row, error)


def _not_read_for_step(row: Integration, error: AdapterError) -> Consequences:
    return steps.refused(row, error, f"{row.payload['issue']} could not be read.")


def _opened(row: Integration, data: Mapping[str, Any]) -> Consequences:
    """An issue on GitHub gets its card; a workflow that waits for it goes on."""
    return (github_steps.opened if row.payload.get("execution_id") else github_opening.created)(row, data)


def _not_opened(row: Integration, error: AdapterError) -> Consequences:
    return (github_steps.not_done if row.payload.get("execution_id") else github_opening.refused)(row, error)


def _located(row: Integration, data: Mapping[str, Any]) -> Consequences:
    return Consequences(later=lambda connection, now: project_events.found(connection, row, data, now))


def _audience_read(row: Integration, data: Mapping[str, Any]) -> Consequences:
    """Everybody is told in their direct message who is to be."""
    return Consequences(later=lambda connection, now: notices.told(connection, row, data, now))


def _github_audience_read(row: Integration, data: Mapping[str, Any]) -> Consequences:
    return Consequences(later=lambda connection, now: github_notices.told(connection, row, data, now))


def _read(row: Integration, data: Mapping[str, Any]) -> Consequences:
    """What Jira or GitHub was asked is known: the channel is told, or not."""
    return Consequences(later=lambda connection, now: looking.answered(connection, row, data, now))


def _unread(row: Integration, error: AdapterError) -> Consequences:
    """It will not be said: the channel is told what needs no answer, and its subscriptions show what is wrong."""
    return Consequences(later=lambda connection, now: looking.refused(connection, row, error, now))


def _turn_came(row: Integration, _: Mapping[str, Any]) -> Consequences:
    """What waited behind a question is told now."""
    return Consequences(later=lambda connection, now: looking.answered(connection, row, {}, now))


_COMPLETED: dict[tuple[str, str], Callable[[Integration, Mapping[str, Any]], Consequences]] = {
    ("jira", "create_issue"): _created,
    ("jira", "add_comment"): replies.commented,
    ("jira", "edit_comment"): gone_comments.edit_made,
    ("jira", "delete_comment"): posted.edited,
    ("jira", "read_issue"): _read,
    ("github", "read_facts"): _read,
    ("github", "find_private"): shared_channels.found,
    ("github", "read_audience"): _github_audience_read,
    ("github", "read_reviews"): reminders.read,
    ("jira", "find_projects"): _located,
    ("jira", "read_audience"): _audience_read,
    ("jira", "preview_issue"): previews.read,
    ("jira", "attach"): files.attached,
    ("jira", "delete_attachments"): removed_files.left_jira,
    ("jira", "prepare_form"): doing.prepared,
    ("jira", "read_for_step"): _read_for_step,
    ("jira", "decide"): approvals.decided,
    ("jira", "find_for_step"): jira_steps.found,
    **{("jira", name): doing.done for name in doing.REFUSED if name != "prepare_form"},
    ("jira", "search_issues"): searching.found,
    ("jira", "read_home"): home.filled,
    ("jira", "tie_thread"): tying.allowed,
    ("jira", "untie_thread"): tying.ended,
    ("jira", "show_issue"): searching.shown,
    ("jira", "ask_channel"): channels.allowed,
    ("jira", "ask_archive"): channels.may_archive,
    ("jira", "link_pull"): pull_ties.linked,
    ("github", "add_comment"): replies.commented,
    ("github", "edit_comment"): gone_comments.edit_made,
    ("github", "delete_comment"): posted.edited,
    ("github", "create_issue"): _opened,
    ("github", "read_issue_forms"): open_form.read,
    ("github", "search_tickets"): github_searching.found,
    ("github", "search_todo"): github_searching.todo,
    ("github", "sign_in"): github_identity.signed_in,
    **{("github", name): github_doing.done for name in github_doing.REFUSED if name != "read_form"},
    ("github", "read_form"): github_forms.prepared,
    ("github", "read_ticket"): github_showing.shown,
    ("github", "read_for_step"): github_steps.read,
    ("github", "find_for_step"): github_steps.found,
    ("github", "read_issue_parts"): github_steps.parts_read,
    ("github", "read_workflow"): github_steps.start_as_read,
    ("github", "dispatch_workflow"): github_steps.started,
    ("github", "read_preview"): github_previews.read,
    ("slack", "post_message"): posted.posted,
    ("slack", "update_message"): posted.edited,
    ("slack", "edit_reply"): posted.edited,
    ("slack", "delete_reply"): posted.edited,
    ("slack", "update_view"): posted.shown,
    ("slack", "tell"): _turn_came,
    ("slack", "upload"): files.uploaded,
    ("slack", "hide_files"): removed_files.left_slack,
    ("slack", "read_files"): tickets.thread_files_read,
    ("slack", "read_message"): reactions.read,
    ("slack", "find_threads"): requests.told_in_threads,
    ("slack", "create_channel"): channels.created,
    ("slack", "invite"): channels.invited,
}
_PUT_OFF: dict[tuple[str, str], Callable[[Integration, Wait], Consequences]] = {
    ("jira", "create_issue"): tickets.waiting,
    **{("jira", name): doing.waiting for name in doing.REFUSED},
    **{("jira", name): away.told for name in ("search_issues", "show_issue")},
    **{("jira", name): away.told for name in ("tie_thread", "untie_thread", "ask_channel", "ask_archive")},
    ("github", "create_issue"): github_opening.waiting,
    ("github", "read_issue_forms"): open_form.waiting,
    **{("github", name): away.told for name in ("read_ticket", "search_tickets", "search_todo")},
    **{("github", name): github_doing.waiting for name in github_doing.REFUSED},
}
_FAILED: dict[tuple[str, str], Callable[[Integration, AdapterError], Consequences]] = {
    ("jira", "create_issue"): _not_created,
    ("jira", "read_for_step"): _not_read_for_step,
    ("jira", "decide"): approvals.refused,
    ("jira", "find_for_step"): steps.refused,
    **{("jira", name): replies.refused for name in replies.LOST},
    **{("github", name): replies.refused for name in replies.LOST if name != "delete_attachments"},
    ("jira", "preview_issue"): shared_links.not_read,
    ("jira", "read_issue"): _unread,
    ("github", "read_facts"): _unread,
    ("github", "find_private"): shared_channels.not_found,
    ("github", "read_reviews"): reminders.not_read,
    ("jira", "attach"): files.refused,
    ("github", "sign_in"): github_identity.not_signed_in,
    **{("github", name): github_doing.refused for name in github_doing.REFUSED},
    ("github", "read_ticket"): github_showing.refused,
    **{("github", name): github_steps.not_done for name in github_steps.STEPS},
    ("github", "create_issue"): _not_opened,
    ("github", "read_issue_forms"): open_form.not_read,
    ("github", "search_tickets"): paging.refused,
    ("github", "search_todo"): paging.refused,
    ("github", "read_preview"): shared_links.not_read,
    ("slack", "read_message"): reactions.refused,
    ("slack", "upload"): posted.file_not_shown,
    ("slack", "delete_file"): posted.file_left,
    **{("jira", name): doing.refused for name in doing.REFUSED},
    ("jira", "search_issues"): paging.refused,
    ("jira", "move_issue"): moves.refused,
    ("jira", "read_home"): home.not_filled,
    ("jira", "tie_thread"): _not_tied,
    ("jira", "untie_thread"): tying.refused,
    ("jira", "show_issue"): paging.refused,
    **dict.fromkeys((("jira", "ask_channel"), ("jira", "ask_archive")), channels.refused),
    **dict.fromkeys((("slack", "create_channel"), ("slack", "archive_channel")), channels.refused),
    ("slack", "post_message"): posted.refused,
    ("slack", "post_ephemeral"): posted.unheard,
    ("slack", "respond"): posted.unheard,
}


def completed(row: Integration, data: Mapping[str, Any]) -> Consequences:
    """What follows from a call that had its effect."""
    follow = _COMPLETED.get((row.target_service, row.operation))
    consequences = shared_channels.noticed(row, data, follow(row, data) if follow else NOTHING)
    return replace(consequences, recovered=True) if pausing.reached(row, data) else consequences


def put_off(row: Integration, wait: Wait) -> Consequences:
    """What follows from a call that has to wait; planned again each time, it is stored once."""
    follow = _PUT_OFF.get((row.target_service, row.operation))
    return follow(row, wait) if follow else NOTHING


def warned(connection: Connection, row: Integration, now: datetime) -> Consequences:
    """What follows for a call that nobody makes yet: nothing, unless its lane or service is paused."""
    wait = away.waits(connection, row.lane, now) if (row.target_service, row.operation) in _PUT_OFF else None
    return put_off(row, wait) if wait is not None else NOTHING


def failed(row: Integration, error: AdapterError) -> Consequences:
    """What follows from a call that will not be made any more."""
    follow = _FAILED.get((row.target_service, row.operation))
    consequences = follow(row, error) if follow else NOTHING
    if _is_archived(row, error):
        return replace(consequences, archived=row.payload["channel"])
    strike = pausing.refusal(row, error)
    return replace(consequences, strike=strike) if strike else consequences


def _is_archived(row: Integration, error: AdapterError) -> bool:
    """Whether a thread's channel is archived; a subscription's is counted and paused."""
    code = error.code if isinstance(error, Rejected) else ""
    on_account = "subscription" in row.payload or "channel" not in row.payload
    return row.target_service == "slack" and code == "is_archived" and not on_account
