"""Echoes: what connect wrote comes back as a webhook or an event, and confirms its row before anything is looked up.

The promise kept here: a row is confirmed by what it asked for, in the place that it named, and by nothing else that
carries its marker, such as a copy in another repository. Where no echo comes, nothing is lost: the row is looked up.
"""

import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from adapters.github.issues import Comment, Issue
from adapters.slack.answers import marker_of
from adapters.slack.client import MARKER_EVENT
from bot.flows import outcomes
from bot.flows.ends import end
from bot.flows.own import connect_in_slack
from bot.flows.plan import Planned
from bot.message import clean
from bot.operations import github
from bot.operations.base import Effect
from bot.payload import Payload, flag, mapping, number, text, texts
from bot.services import Services
from storage import integrations
from storage.integrations import Integration

log = logging.getLogger(__name__)

# As `adapters.github.client` writes it: at the end, a line of its own.
_HIDDEN = re.compile(r"^<!-- connect:([A-Za-z0-9_-]{1,64}) -->$")
COMMENTED = ("issue_comment.created", "discussion_comment.created")
# Slack's events of messages that an app may have posted; edits and the like wrap theirs.
_POSTS = ("", "bot_message", "thread_broadcast")


@dataclass(frozen=True)
class Echo:
    """Something on the far side that carries a marker of connect's."""

    marker: str
    service: str
    operation: str
    """What kind of call makes such things."""
    effect: Callable[[Integration], Effect | None]
    """What the answer to the call would have told; None if this is not what the row asked for."""


def confirm(services: Services, connection: Connection, echo: Echo) -> bool:
    """Complete the pending row that this is the echo of, whoever holds it; False if there is none."""
    now = services.now()
    with connection.begin_nested() as taking:
        row = integrations.take_marked(connection, echo.marker, now)
        effect = _effect(row, echo) if row else None
        if row is None or effect is None:
            taking.rollback()  # it is left in the hands that it is in
            return False
    if not end(connection, row, effect, outcomes.completed(row, effect.data), now):
        return False
    log.info("its echo confirms integration %s, %s %s", row.id, row.operation, effect.remote_id)
    if row.sent_at is not None:
        services.metrics.settled(row.target_service, row.operation, "echo")
    return True


def _effect(row: Integration, echo: Echo) -> Effect | None:
    fits = (row.target_service, row.operation) == (echo.service, echo.operation)
    return echo.effect(row) if fits else None


# --- GitHub ----------------------------------------------------------------------------------------------------------


def on_github(event: str, payload: Payload) -> Echo | None:
    """The echo that a webhook is; None if it tells of nothing new that ends with a marker. An edit is no echo."""
    part = {"issues.opened": "issue", **dict.fromkeys(COMMENTED, "comment")}.get(event, "")
    lines = text(payload, part, "body").rstrip().split("\n")
    found = _HIDDEN.match(lines[-1].strip())
    about = "discussion" if event == "discussion_comment.created" else "issue"
    ticket, uid, url = number(payload, about, "number"), number(payload, part, "id"), text(payload, part, "html_url")
    if not part or not found or ticket is None or uid is None:
        return None
    repository, words = text(payload, "repository", "full_name"), "\n".join(lines[:-1])

    def issue(row: Integration) -> Effect | None:
        # Of what people opened in a private repository it is not known here who may see the place they asked in.
        if "body" not in row.payload and flag(payload, "repository", "private"):
            return None
        title = text(payload, "issue", "title")
        said = {"title": title} | ({"body": words} if "body" in row.payload else {})
        return github.created(row, _issue(payload, title), payload) if _asked(row, repository, **said) else None

    def comment(row: Integration) -> Effect | None:
        # What a reply became is worded when it is sent: its row knows the place alone.
        said = {"body": words} if "body" in row.payload else {}
        fits = row.payload["number"] == ticket and _asked(row, repository, **said)
        told = (text(payload, part, "updated_at"), text(payload, part, "user", "id"))
        told += (text(payload, part, "node_id"),) if about == "discussion" else ()
        return github.commented(Comment(uid, url, *told)) if fits else None

    if part == "issue":
        return Echo(found[1], "github", "create_issue", issue)
    return Echo(found[1], "github", "add_comment", comment)


def _issue(payload: Payload, title: str) -> Issue:
    shown = mapping(payload, "issue")
    return Issue(
        number(shown, "id") or 0, number(shown, "number") or 0, text(shown, "html_url"), title,
        texts(shown, "labels", key="name"), texts(shown, "assignees", key="login"),
        number(shown, "milestone", "number") or 0,
    )  # fmt: skip


def marker_in(body: str) -> str:
    """The marker with which a text on GitHub ends, of whichever call; empty if it ends with none."""
    found = _HIDDEN.match(body.rstrip().rpartition("\n")[2].strip())
    return found[1] if found else ""


def carries_marker(body: str) -> bool:
    """Whether a text on GitHub ends with a marker."""
    return bool(marker_in(body))


def _asked(row: Integration, repository: str, **said: str) -> bool:
    """Whether these words, in this repository, are what a row asked for. GitHub may have changed the spaces."""
    here = row.payload["repository"].lower() == repository.lower()
    return here and all(clean(row.payload[name]).split() == words.split() for name, words in said.items())


# --- Slack -----------------------------------------------------------------------------------------------------------


def own_message(services: Services, payload: Payload) -> Callable[[Connection], Planned] | None:
    """What an event of a message with connect's marker comes to; None if the event is anything else.

    Slack shows the marker in an event only where it shows an app's metadata; where it does not, nothing is lost.
    """
    event = mapping(payload, "event")
    if text(event, "type") != "message" or text(event, "subtype") not in _POSTS:
        return None
    marker = marker_of(dict(event), MARKER_EVENT)
    connect = connect_in_slack(services) if marker and text(event, "bot_id") else None
    # Any app may write any metadata: a marker counts only on a message of connect's own.
    if connect is None or text(event, "bot_id") != connect.bot_id:
        return None
    echo = Echo(marker, "slack", "post_message", lambda row: _posted(row, event, connect.team_id))

    def place(connection: Connection) -> Planned:
        confirm(services, connection, echo)
        return Planned(ignored="connect wrote this message itself")

    return place


def _posted(row: Integration, event: Mapping[str, Any], team: str) -> Effect | None:
    channel, ts, asked = text(event, "channel"), text(event, "ts"), row.payload["channel"]
    # What is addressed to a person appears in a direct message, whose own id the row does not know.
    direct = text(event, "channel_type") == "im" and asked.startswith((f"{team}/U", f"{team}/W"))
    if not ts or not (direct or asked == f"{team}/{channel}"):
        return None
    place = f"{team}/{channel}/{ts}"
    return Effect(ts, place, {"place": place})
