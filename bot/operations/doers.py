"""Who asked connect for what its own account is seen to have done in Jira: the row that caused a webhook says so.

A webhook tells the comment's id, or which fields have which values now. Of the calls that left about that time, the one
did it that set that field to that value; where several did, or its value is not known, the last one before.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from adapters.errors import Unavailable
from adapters.jira.accounts import Account
from adapters.jira.event import Change
from adapters.jira.issue import Site
from bot.operations import identities
from bot.operations.sites import jira_of
from bot.services import Services
from storage import history
from storage.integrations import Integration

COMMENTS = ("add_comment", "comment")
CHANGES = ("assign", "transition", "decide", "move_issue", "edit", "log_work")
"""The operations that comment, and those that change an issue otherwise."""
BEFORE, AFTER = timedelta(minutes=10), timedelta(minutes=2)
"""How long before a change its call left at most, and how much later than Jira's own clock ours may be."""
ABOUT = timedelta(minutes=1)
"""How long before a change its call was judged at most."""
WORK = frozenset({"timespent", "timeestimate", "worklogid"})


@dataclass(frozen=True)
class Call:
    """A call that may have made a change."""

    operation: str
    payload: Mapping[str, Any]
    remote_id: str
    sent_at: datetime
    account: Account | None
    """Whom it assigned the issue to, if it is known which account that is."""


def asker_of(services: Services, row: Integration) -> str:
    """Who (`team/user`) asked for what the webhook of a `read_audience` row tells of; empty if nobody in Slack did.

    Raises `Unavailable` while a call may have made the comment whose id connect does not know yet.
    """
    issue, comment = row.payload["issue"], row.payload["comment"]
    with services.database.read() as connection:
        if comment:
            ids = [comment, Site("", issue.rpartition("/")[0]).qualified(comment)]
            wrote = history.askers(connection, "jira", COMMENTS, ids)
            if not wrote and any(history.in_flight(connection, f"jira:{issue}", one) for one in COMMENTS):
                raise Unavailable("A comment of connect's on this issue is not judged yet.")
            return next(iter(wrote), "")
        if row.event_type == "jira:issue_created":
            return next(iter(history.askers(connection, "jira", ("create_issue",), [issue])), "")
        at = moment(row.payload["at"], row.accepted_at)
        call = caused(connection, issue, [Change(**each) for each in row.payload["changes"]], at)
    return str(call.payload.get("requester") or "") if call else ""


def own_id(services: Services, issue: str) -> str:
    """The id of connect's own account in the Jira of an issue."""
    jira, _ = jira_of(services, issue)
    return services.people.recall("jira account", jira.name, lambda: jira.myself().id)


def moment(timestamp: int | None, otherwise: datetime) -> datetime:
    """When Jira says that it happened, in milliseconds."""
    try:
        return datetime.fromtimestamp(timestamp / 1000, UTC) if timestamp else otherwise
    except (OverflowError, OSError, ValueError):
        return otherwise


def caused(connection: Connection, issue: str, changes: Sequence[Change], at: datetime) -> Call | None:
    """The call to an issue that made these changes about that time; None if none of connect's did."""
    sent = history.sent_about(connection, issue, CHANGES, at - BEFORE, at + AFTER)
    near = [row for row in sent if row.status == "pending" or row.updated_at >= at - ABOUT]
    return cause([_call(connection, row, issue.rpartition("/")[0]) for row in near], changes, at)


def _call(connection: Connection, row: Any, site: str) -> Call:
    payload = history.payload_of(row)
    account = _assignee(connection, payload, site) if row.operation == "assign" else None
    return Call(row.operation, payload, row.remote_id or "", row.sent_at, account)


def _assignee(connection: Connection, payload: Mapping[str, Any], site: str) -> Account | None:
    to: Mapping[str, str] = payload["to"]
    if "account" in to:
        return Account(to["account"], "", to.get("display", ""))
    person = payload["requester"] if "me" in to else to.get("person", "")
    kept = identities.kept(connection, person, site) if person else None
    return kept.account if kept else None


def cause(calls: Sequence[Call], changes: Sequence[Change], at: datetime) -> Call | None:
    """The call that made the changes which Jira noted at that time; None if none of them can have."""
    scored = [(max((_FITS[call.operation](call, change) for change in changes), default=0), call) for call in calls]
    best = max((score for score, _ in scored), default=0)
    fitting = [call for score, call in scored if score == best and best > 0]
    earlier = [call for call in fitting if call.sent_at <= at]
    return max(earlier, key=lambda call: call.sent_at) if earlier else next(iter(fitting), None)


def _names(change: Change) -> set[str]:
    return {change.id.casefold(), change.field.casefold()}


def _score(same: object) -> int:
    """2 if the value is the call's own, 1 if it is the same field only."""
    return 2 if same else 1


def _assigned(call: Call, change: Change) -> int:
    if "assignee" not in _names(change):
        return 0
    to = call.payload["to"]
    if "name" in to:
        return _score(_same(to["name"].removeprefix("@"), change.after))
    if not to:
        return _score(not change.after and not change.new)
    who = call.account
    return _score(who and (who.id == change.new or _same(who.display, change.after) or _same(who.name, change.new)))


def _moved(call: Call, change: Change) -> int:
    if "status" not in _names(change) or call.payload.get("decision", "approved") != "approved":
        return 0
    return _score(_same(call.payload["to"], change.after))


def _edited(call: Call, change: Change) -> int:
    fields = {given["id"].casefold(): given["value"] for given in call.payload["fields"]}
    if call.payload.get("add_labels") or call.payload.get("remove_labels"):
        fields["labels"] = None
    named = {name.casefold() for name in call.payload["names"]}  # Data Center tells no ids
    known = _names(change) & fields.keys()
    if not known and not _names(change) & named:
        return 0
    return _score(any(isinstance(fields[name], str) and fields[name] in (change.after, change.new) for name in known))


def _logged(call: Call, change: Change) -> int:
    if not _names(change) & WORK:
        return 0
    if "worklogid" in _names(change) and call.remote_id and change.new:
        return 2 if change.new == call.remote_id else 0
    return 1


def _same(one: str, other: str) -> bool:
    return bool(one) and one.strip().casefold() == other.strip().casefold()


_FITS: dict[str, Callable[[Call, Change], int]] = {
    "assign": _assigned,
    "transition": _moved,
    "decide": _moved,
    "move_issue": _moved,
    "edit": _edited,
    "log_work": _logged,
}
"""How well a call explains a change: 0 not at all."""
