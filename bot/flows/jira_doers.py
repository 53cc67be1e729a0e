"""Who in Slack had connect's own account do what Jira tells of, or which pull request did: threads name them, with why.

What others do between, and what connect's account does otherwise, stays theirs.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from adapters.errors import AdapterError, Unavailable
from adapters.jira.event import actor, every_change
from adapters.jira.issue import Issue
from bot.flows.plan import NotYet
from bot.operations import doers
from bot.operations.slack import slack_of
from bot.payload import Payload, number, text
from bot.renderers.jira_changes import DOER, KEY, MARKER_PREFIX, WHY
from bot.services import Services
from storage import history
from storage.deliveries import Claimed

CHANGED = ("jira:issue_updated", "jira:worklog_updated")
A_WORKFLOW = "A workflow"


def with_doer(services: Services, claimed: Claimed, payload: Payload, issue: Issue | None) -> Payload:
    """The payload, with who had connect's own account do what it tells of, or why that did it.

    Raises `NotYet` for a minute at most, while Slack or Jira does not say who that is.
    """
    asked = _asked(services, claimed, payload, issue) if issue is not None else None
    if issue is None or asked is None:
        return payload
    try:
        if actor(payload)[1] != doers.own_id(services, issue.resource):
            return payload
        said = _said(services, asked)
    except AdapterError as error:
        if isinstance(error, Unavailable) and services.now() - claimed.received_at < doers.ABOUT:
            raise NotYet("it is not known yet who asked connect for this", 5.0) from error
        return payload
    return {**payload, KEY: said} if said else payload


def _asked(services: Services, claimed: Claimed, payload: Payload, issue: Issue) -> Mapping[str, Any] | None:
    """The payload of the row that may have done it; None if there is none."""
    with services.database.read() as connection:
        if claimed.event == "jira:issue_created":
            return _creating(connection, issue)
        changes = every_change(payload) if claimed.event in CHANGED else []
        if not changes:
            return None
        at = doers.moment(number(payload, "timestamp"), claimed.received_at)
        call = doers.caused(connection, issue.resource, changes, at)
    return call.payload if call else None


def _creating(connection: Connection, issue: Issue) -> Mapping[str, Any] | None:
    markers = [label.removeprefix(MARKER_PREFIX) for label in issue.labels if label.startswith(MARKER_PREFIX)]
    return history.marked(connection, "create_issue", markers[0]) if markers else None


def _said(services: Services, asked: Mapping[str, Any]) -> Mapping[str, str]:
    """What is known of it, as it stands in a payload: who, or why."""
    if "pull" in asked:
        return {WHY: _why(asked)}
    if asked.get("requester"):
        return {DOER: services.people.person(slack_of(services), str(asked["requester"])).name}
    return {DOER: A_WORKFLOW} if asked.get("origin") == "step" else {}


def _why(asked: Mapping[str, Any]) -> str:
    """More people may see the issue than a private repository."""
    pull = "its pull request" if asked.get("hidden", True) else text(asked, "name")
    return f"because {pull} was {asked['step']}"
