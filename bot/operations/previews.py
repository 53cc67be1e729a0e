"""Previews: an issue is read for people who come upon its link or its key, and shown where it may be seen.

An issue may be seen in a channel if its project is allowed there: the channel is subscribed to it or has threads of it,
or JIRA_PREVIEW_PROJECTS names it; where that names none, every project is allowed in channels of this workspace alone,
provided that Jira lets the person browse the issue who shares it. Whom Jira does not let browse it shows it nowhere;
where Jira does not tell, or the person has no account, only what is allowed by name is shown. An issue with a security
level is never shown, and nothing in a channel shared with another organisation unless the channel asks for previews.
"""

import logging
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection

from adapters.errors import NotFound, Rejected, Unauthorized
from adapters.jira.client import JiraClient
from adapters.jira.event import CommentEvent
from adapters.jira.issue import Issue
from bot.operations.accounts import account_if_told, permits
from bot.operations.base import Effect, Operation
from bot.operations.sites import jira_of, resource_of
from bot.operations.slack import bare, slack_of
from bot.operations.viewing import NOT_FOUND, PANEL, RESTRICTED, Viewing, first_in_a_while, is_late, viewing
from bot.services import Services
from storage import mappings, subscriptions
from storage.integrations import Integration

log = logging.getLogger(__name__)


def preview_projects(services: Services) -> set[str]:
    """The projects that JIRA_PREVIEW_PROJECTS names, as rows name them."""
    named = services.settings.jira_preview_projects.split(",")
    return {resource_of(services.settings, key) for key in named if key}


def _preview(services: Services, row: Integration) -> Effect:
    """Read the issues of a message or a panel; the effect holds those that may be seen, or why one may not."""
    payload = row.payload
    if is_late(services, row):
        return Effect("", data={"found": [], "why": NOT_FOUND})
    seen_by = viewing(services, payload, "jira")
    if seen_by is None:
        return Effect("", data={"found": [], "why": RESTRICTED})
    found: list[dict[str, Any]] = []
    why = NOT_FOUND
    for asked in payload["issues"]:
        jira, key = jira_of(services, asked["key"])
        seen = _visible(services, jira, key, seen_by)
        if isinstance(seen, str):
            why = seen
        elif payload["form"] in PANEL or first_in_a_while(services, seen_by, seen.resource, payload["place"]):
            shown = {"url": asked["url"], "resource": seen.resource, "issue": asdict(seen)}
            found.append(shown | _comments(services, jira, seen, payload))
    return Effect(" ".join(each["resource"] for each in found), data={"found": found, "why": why})


def _visible(services: Services, jira: JiraClient, key: str, shown_by: Viewing) -> Issue | str:
    """The issue, or why it may not be seen."""
    try:
        issue = jira.issue(key)
    except NotFound:
        return NOT_FOUND
    if issue.secured:
        return RESTRICTED
    named = preview_projects(services)
    allowed = issue.container in named or heard_of(services, shown_by.channel, issue.container)
    if not allowed and (named or shown_by.external):
        return RESTRICTED
    may = _may_browse(services, jira, issue.key, shown_by)
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


def _may_browse(services: Services, jira: JiraClient, key: str, shown_by: Viewing) -> bool | None:
    """Whether Jira lets the person see the issue; None if they have no account, or Jira does not tell."""
    account = account_if_told(services, jira, shown_by.person, shown_by.user)
    return None if account is None else permits(jira, account, "BROWSE_PROJECTS", key)


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
    channel, cards = bare(payload["channel"]), payload["cards"]
    if payload["entities"]:
        try:
            slack.unfurl_entities(channel, payload["ts"], payload["entities"])
        except Unauthorized:
            raise
        except Rejected as error:
            log.warning("no Work Objects: %s", error)
        else:
            shown = {each["app_unfurl_url"] for each in payload["entities"]}
            cards = {url: card for url, card in cards.items() if url not in shown}
    if cards:
        slack.unfurl(channel, payload["ts"], cards)
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
