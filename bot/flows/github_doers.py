"""Who in Slack had connect's own account do what GitHub tells of: cards and threads name them, not connect.

A row explains an event only if it asked for this very kind of deed on the same thing, and left or was judged about that
time; what others do there between, and what connect's account does by itself, stays theirs.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from adapters.errors import AdapterError, Unavailable
from bot.flows.echoes import marker_in
from bot.flows.plan import NotYet
from bot.operations.github_notices import BEFORE, last_asker, own_login
from bot.operations.slack import slack_of
from bot.payload import Payload, flag, mapping, text
from bot.renderers.github_parts import DOER, KEY, OWN
from bot.renderers.github_tickets import ticket_of
from bot.services import Services
from storage import history
from storage.deliveries import Claimed

ABOUT = timedelta(minutes=1)
"""How far an event and the end of its call may be apart, by both clocks; how long a webhook waits for that end."""

type Fits = Callable[[Payload, Mapping[str, Any], str], bool]
"""Whether an event is what a row, by its payload and its marker, asked for."""


def with_doer(services: Services, claimed: Claimed, payload: Payload) -> Payload:
    """The payload, with the name of the person in Slack at whose wish connect's own account did what it tells of.

    Raises `NotYet` while the call that may have done it is not judged, for a minute at most.
    """
    rows, young = _calls(services, claimed, payload), services.now() - claimed.received_at < ABOUT
    opener = _opener(services, payload) if claimed.event == "issues.opened" else ""
    if not rows and not opener:
        return payload
    try:
        if (text(payload, "approver", "login") or text(payload, "sender", "login")) != own_login(services):
            return payload
        if young and any(row.status == "pending" for row in rows):
            raise NotYet("a call of connect's on this is not judged yet")
        asker = opener or last_asker(rows, _at(claimed, payload))
        name = services.people.person(slack_of(services), asker).name if asker else ""
    except AdapterError as error:
        if young and isinstance(error, Unavailable):
            raise NotYet("it is not known yet who asked connect for this", 5.0) from error
        return payload
    if not name:
        return payload
    own = {OWN: True} if _of_their_own(rows, asker) else {}
    return {**payload, KEY: {**mapping(payload, KEY), DOER: name, **own}}


def _of_their_own(rows: Sequence[Any], asker: str) -> bool:
    """Whether somebody assigned a thing to themselves, or took it from themselves."""
    asked = [payload for row in rows if (payload := history.payload_of(row)).get("requester") == asker]
    whom = [mapping(one, "to") for one in asked]
    return any("me" in to or to.get("person") == asker for to in whom)


def _calls(services: Services, claimed: Claimed, payload: Payload) -> Sequence[Any]:
    """The rows that may have done what an event tells of."""
    event, at = claimed.event, _at(claimed, payload)
    fitting = _DEEDS.get(event.partition(".")[2]) if event.partition(".")[0] in _OF else None
    if event == "pull_request_review.submitted":
        fitting = {"review": _reviews}
    if event in _REVIEWED:
        fitting = {"decide": _decides(_REVIEWED[event])}
    resource = _resource(payload)
    if not fitting or not resource:
        return ()
    with services.database.read() as connection:
        sent = history.sent_about(connection, resource, list(fitting), at - BEFORE, at + ABOUT)
    near = [row for row in sent if row.status == "pending" or row.updated_at >= at - ABOUT]
    return [row for row in near if fitting[row.operation](payload, history.payload_of(row), row.marker)]


def _resource(payload: Payload) -> str:
    """What an event is about, as rows name it: an issue, a pull request, or a run; empty if it does not say."""
    repository, run = text(payload, "repository", "full_name"), text(payload, "workflow_run", "id")
    number = text(ticket_of(payload), "number")
    if not repository or not (number or run):
        return ""
    return f"{repository}#{number}" if number else f"{repository}@run/{run}"


def _opener(services: Services, payload: Payload) -> str:
    """Who (`team/user`) had an issue opened that carries a marker of connect's; empty if nobody in Slack did."""
    marker = marker_in(text(payload, "issue", "body"))
    if not marker:
        return ""
    with services.database.read() as connection:
        asked = history.marked(connection, "create_issue", marker)
    return str((asked or {}).get("requester") or "")


def _at(claimed: Claimed, payload: Payload) -> datetime:
    """When it happened; deliveries that are caught up with come long after."""
    given = text(payload, "review", "submitted_at") or text(ticket_of(payload), "updated_at")
    try:
        read = datetime.fromisoformat(given)
    except ValueError:
        return claimed.received_at
    return read if read.tzinfo else claimed.received_at


def _merges(payload: Payload, asked: Mapping[str, Any], _: str) -> bool:
    pull = mapping(payload, "pull_request")
    return flag(pull, "merged") and text(pull, "head", "sha") == asked["sha"]


def _sets(state: str) -> Fits:
    return lambda payload, asked, _: asked["state"] == state and not flag(payload, "pull_request", "merged")


def _drafts(*, draft: bool) -> Fits:
    return lambda _payload, asked, _marker: asked["draft"] is draft


def _labels(which: str) -> Fits:
    def fits(payload: Payload, asked: Mapping[str, Any], _: str) -> bool:
        names: Mapping[str, Sequence[str]] = asked.get("labels", asked)
        return text(payload, "label", "name").casefold() in map(str.casefold, names[which])

    return fits


def _edits(part: str, which: str = "") -> Fits:
    return lambda _payload, asked, _marker: bool(asked[part][which] if which else asked[part])


def _asks(payload: Payload, asked: Mapping[str, Any], _: str) -> bool:
    login, team = text(payload, "requested_reviewer", "login"), text(payload, "requested_team", "slug")
    people, teams = (list(map(str.casefold, asked[name])) for name in ("people", "teams"))
    return login.casefold() in people or (bool(team) and team.casefold() in teams)


def _decides(state: str) -> Fits:
    return lambda _payload, asked, _marker: asked["state"] == state


def _reviews(payload: Payload, _: Mapping[str, Any], marker: str) -> bool:
    return bool(marker) and f"connect:{marker} " in text(payload, "review", "body")


def _always(_payload: Payload, _asked: Mapping[str, Any], _marker: str) -> bool:
    return True


_REVIEWED = {"deployment_review.approved": "approved", "deployment_review.rejected": "rejected"}
"""By the event of a decision about a deployment: what was asked for."""
_OF = ("issues", "pull_request")
_DEEDS: dict[str, dict[str, Fits]] = {
    "closed": {"merge": _merges, "set_state": _sets("closed")},
    "reopened": {"set_state": _sets("open")},
    "assigned": {"assign": _always, "edit": _edits("assignees", "add")},
    "unassigned": {"unassign": _always, "edit": _edits("assignees", "remove")},
    "labeled": {"label": _labels("add"), "edit": _labels("add")},
    "unlabeled": {"label": _labels("remove"), "edit": _labels("remove")},
    "edited": {"edit": _edits("words")},
    "review_requested": {"request_review": _asks},
    "ready_for_review": {"set_draft": _drafts(draft=False)},
    "converted_to_draft": {"set_draft": _drafts(draft=True)},
}
"""By the action of an event of an issue or a pull request: the operations that do such a thing, and when they fit."""
