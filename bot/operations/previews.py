"""Previews: an issue is read for people who come upon its link or its key, and shown where it may be seen.

An issue may be seen in a channel if its project is allowed there: the channel is subscribed to it or has threads of it,
or JIRA_PREVIEW_PROJECTS names it; where that names none, every project is allowed in channels of this workspace alone,
provided that Jira lets the person browse the issue who shares it. Whom Jira does not let browse it shows it nowhere;
where Jira does not tell, or the person has no account, only what is allowed by name is shown. An issue with a security
level is never shown, and nothing in a channel shared with another organisation unless the channel asks for previews.
"""

import logging
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from adapters.errors import NotFound, Rejected, Unauthorized
from adapters.jira.client import JiraClient
from adapters.jira.event import CommentEvent
from adapters.jira.issue import Issue
from adapters.slack.client import Person
from bot.operations.accounts import account_if_told, permits
from bot.operations.base import Effect, Operation
from bot.operations.sites import jira_of, resource_of
from bot.operations.slack import bare, slack_of
from bot.people import refusal
from bot.services import Services
from storage import mappings, preferences, subscriptions
from storage.integrations import Integration

log = logging.getLogger(__name__)

TWICE = timedelta(minutes=30)
"""Within this an issue is previewed once in a channel; and nobody waits for a preview any longer."""
CHOICE = "previews"
"""The preference of a channel (`on`, `links`, `off`) or of a person (`off`)."""
SHOWN = "preview"
"""The preference that remembers when and where (`at`, `place`) a channel saw an issue; its subject is both."""
NOT_FOUND, RESTRICTED = "not_found", "restricted"
"""Why an issue is not shown, in the words of Slack's panel."""


@dataclass(frozen=True)
class Viewing:
    """Somebody (`user`, qualified) who shows issues to a channel (qualified; empty: to nobody but themselves)."""

    person: Person
    user: str
    channel: str
    external: bool
    """Whether people of other organisations read along."""


def preview_projects(services: Services) -> set[str]:
    """The projects that JIRA_PREVIEW_PROJECTS names, as rows name them."""
    named = services.settings.jira_preview_projects.split(",")
    return {resource_of(services.settings, key) for key in named if key}


def _preview(services: Services, row: Integration) -> Effect:
    """Read the issues of a message or a panel; the effect holds those that may be seen, or why one may not."""
    payload = row.payload
    if services.now() - row.accepted_at > TWICE:
        return Effect("", data={"found": [], "why": NOT_FOUND})
    viewing = _viewing(services, payload)
    if viewing is None:
        return Effect("", data={"found": [], "why": RESTRICTED})
    found: list[dict[str, Any]] = []
    why = NOT_FOUND
    for asked in payload["issues"]:
        jira, key = jira_of(services, asked["key"])
        seen = _visible(services, jira, key, viewing)
        if isinstance(seen, str):
            why = seen
        elif payload["form"] in ("details", "comments") or _first_in_a_while(services, viewing, seen, payload["place"]):
            shown = {"url": asked["url"], "resource": seen.resource, "issue": asdict(seen)}
            found.append(shown | _comments(services, jira, seen, payload))
    return Effect(" ".join(each["resource"] for each in found), data={"found": found, "why": why})


def _viewing(services: Services, payload: Mapping[str, Any]) -> Viewing | None:
    """Who shows issues where; None if they may not, or if connect cannot see the channel."""
    user, channel = payload["user"], payload["channel"]
    person = services.people.person(slack_of(services), user)
    external = _external(services, payload)
    if external is None or refusal(person, user.partition("/")[0]):
        return None
    if external and not chosen(services, channel):
        return None
    return Viewing(person, user, channel, external)


def _external(services: Services, payload: Mapping[str, Any]) -> bool | None:
    """Whether people of other organisations read along in the channel; None if connect cannot see it."""
    channel = bare(payload["channel"])
    if payload["external"] or not channel:
        return payload["external"]
    try:
        return slack_of(services).channel(channel).external
    except NotFound:
        # A direct message between two people, which the event says is not shared; a private channel else.
        return False if channel.startswith("D") else None


def chosen(services: Services, subject: str) -> str:
    """What a channel or a person (qualified) has chosen of previews; empty if nothing."""
    with services.database.read() as connection:
        return str(preferences.get(connection, subject, CHOICE) or "")


def _visible(services: Services, jira: JiraClient, key: str, viewing: Viewing) -> Issue | str:
    """The issue, or why it may not be seen."""
    try:
        issue = jira.issue(key)
    except NotFound:
        return NOT_FOUND
    if issue.secured:
        return RESTRICTED
    named = preview_projects(services)
    allowed = issue.container in named or heard_of(services, viewing.channel, issue.container)
    if not allowed and (named or viewing.external):
        return RESTRICTED
    may = _may_browse(services, jira, issue.key, viewing)
    return issue if (allowed if may is None else may) else RESTRICTED


def heard_of(services: Services, channel: str, project: str) -> bool:
    """Whether a channel (qualified) is subscribed to a project, as rows name it, or has threads of it."""
    if not channel:
        return False
    with services.database.read() as connection:
        if subscribed(connection, channel, project):
            return True
        return mappings.has_threads(connection, channel, "jira", f"{project}-")


def subscribed(connection: Connection, channel: str, project: str) -> bool:
    """Whether a channel is subscribed to a project."""
    kept = subscriptions.of_channel(connection, channel, "jira")
    wanted = subscriptions.source_key("jira", project)
    return wanted in {subscriptions.source_key("jira", one.source) for one in kept}


def _may_browse(services: Services, jira: JiraClient, key: str, viewing: Viewing) -> bool | None:
    """Whether Jira lets the person see the issue; None if they have no account, or Jira does not tell."""
    account = account_if_told(services, jira, viewing.person, viewing.user)
    return None if account is None else permits(jira, account, "BROWSE_PROJECTS", key)


def _first_in_a_while(services: Services, viewing: Viewing, issue: Issue, place: str) -> bool:
    """Whether the channel has not just seen the issue; if so, it has now. Rows of one channel take their turns."""
    now, subject = services.now(), f"{viewing.channel}/{issue.resource}"

    def note(connection: Connection) -> bool:
        last: dict[str, str] = preferences.get(connection, subject, SHOWN) or {}
        recent = bool(last) and now - datetime.fromisoformat(last["at"]) < TWICE
        if not recent:
            preferences.put(connection, subject, SHOWN, {"at": now.isoformat(), "place": place}, now)
        return not recent or last["place"] == place

    return services.database.run(note)


def _comments(
    services: Services, jira: JiraClient, issue: Issue, payload: Mapping[str, Any]
) -> dict[str, list[CommentEvent] | int | None]:
    """The comments that everybody may see who sees the issue, where the form shows them, and where the next begin."""
    card = payload["form"] == "unfurl" and not services.settings.slack_work_objects
    if card or payload["form"] == "reply":
        return {}
    page, following = jira.comments(issue.key, payload.get("start", 0))
    return {"comments": [comment for comment in page if not comment.restricted], "next": following}


def _unfurl(services: Services, row: Integration) -> Effect:
    """Show previews under a message: as Work Objects, or as cards where there are none or Slack refuses them."""
    payload, slack = row.payload, slack_of(services)
    channel = bare(payload["channel"])
    if payload["entities"]:
        try:
            slack.unfurl_entities(channel, payload["ts"], payload["entities"])
        except Unauthorized:
            raise
        except Rejected as error:
            log.warning("no Work Objects: %s", error)
        else:
            return Effect(payload["ts"])
    slack.unfurl(channel, payload["ts"], payload["cards"])
    return Effect(payload["ts"])


def _present_details(services: Services, row: Integration) -> Effect:
    payload = row.payload
    slack_of(services).present_details(payload["trigger_id"], payload.get("entity"), payload.get("error"))
    return Effect("")


def _present_comments(services: Services, row: Integration) -> Effect:
    payload = row.payload
    slack_of(services).present_comments(
        payload["trigger_id"], payload["comments"], payload.get("cursor", ""), payload.get("error")
    )
    return Effect("")


OPERATIONS = {
    ("jira", "preview_issue"): Operation(_preview, idempotent=True),
    ("slack", "unfurl"): Operation(_unfurl, idempotent=True),
    ("slack", "present_details"): Operation(_present_details, idempotent=True),
    ("slack", "present_comments"): Operation(_present_comments, idempotent=True),
}
