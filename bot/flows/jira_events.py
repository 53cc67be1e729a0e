"""Jira → Slack: a webhook opens or updates the issue's card and is told in its thread."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection

from adapters.jira.event import attached_in
from adapters.jira.issue import Issue, read_issue
from adapters.jira.webhook import SITE_HEADER
from adapters.webhook import parse_object
from bot.flows import claims, echoes, notices
from bot.flows.echoes import Echo
from bot.flows.placing import place
from bot.flows.plan import NotYet, Planned
from bot.flows.telling import Occasion
from bot.operations.jira import created
from bot.operations.sites import site_of
from bot.renderers.news import News
from bot.renderers.registry import render_jira
from bot.services import Services
from storage import integrations, mappings
from storage.deliveries import Claimed
from storage.subscriptions import Kept

MARKER_LABEL = "connect-"


def plan(services: Services, claimed: Claimed) -> Callable[[Connection], Planned]:
    """Read and render a Jira webhook; what is returned plans the calls.

    That raises `NotYet` while the webhook may be the echo of a call that is not judged yet.
    """
    payload = parse_object(claimed.body)
    site, claim = site_of(services.settings, claimed.headers.get(SITE_HEADER, "")), claims.read(claimed.event, payload)
    if claim is not None:
        return lambda connection: claims.settle(connection, claim, site.name, claimed.event, services.now())
    news = render_jira(claimed.event, payload, site)
    raw: Any = payload.get("issue")
    issue = read_issue(raw, site) if isinstance(raw, dict) else None  # pyright: ignore[reportUnknownArgumentType]

    attached = [site.qualified(ident) for ident in attached_in(payload)]

    def plan_all(connection: Connection) -> Planned:
        if issue is not None and attached and _are_own_files(connection, issue, attached):
            return Planned(ignored="connect attached this itself")
        planned = _plan(services, connection, claimed, news, issue)
        if news is None or news.facts.restricted:
            return planned
        told = notices.plan(connection, payload, news, claimed.event, claimed.id, services.now())
        return Planned((*planned.integrations, *told), "" if told else planned.ignored)

    return plan_all


def _plan(
    services: Services, connection: Connection, claimed: Claimed, news: News | None, issue: Issue | None
) -> Planned:
    echo = issue is not None and _is_own_creation(services, connection, claimed, issue)
    if news is None:
        return Planned(ignored=f"nothing to tell of {claimed.event}")
    if news.comment_id and _is_own_comment(connection, news):
        return Planned(ignored="connect wrote this comment itself")
    container = issue.container if issue else ""
    occasion = Occasion("jira", claimed.event, claimed.id, container, echo)
    return place(connection, occasion, news, lambda kept: _withheld(kept, news), services.now())


def _withheld(kept: Kept, news: News) -> str:
    return "the issue has a security level" if news.private and not kept.private else ""


def _is_own_creation(services: Services, connection: Connection, claimed: Claimed, issue: Issue) -> bool:
    """Whether the webhook tells of an issue that connect made; before the call's own answer, it confirms the row."""
    markers = [label.removeprefix(MARKER_LABEL) for label in issue.labels if label.startswith(MARKER_LABEL)]
    for marker in markers:
        echoes.confirm(services, connection, Echo(marker, "jira", "create_issue", lambda _: created(issue)))
    if claimed.event != "jira:issue_created":
        return False
    if not markers:
        _await_creations(connection, issue)
    return bool(markers)


def _await_creations(connection: Connection, issue: Issue) -> None:
    """Where labels are not on Jira's screen the marker is not in the webhook: wait until a call like it is judged."""
    for sent in integrations.sent_pending(connection, "create_issue"):
        if sent.get("summary") == issue.summary:
            raise NotYet("an issue with this summary is just being created")


def _are_own_files(connection: Connection, issue: Issue, attached: list[str]) -> bool:
    if all(mappings.other_ends(connection, "file", "jira", ident, "slack") for ident in attached):
        return True
    if integrations.in_flight(connection, f"jira:{issue.resource}", "attach"):
        raise NotYet("a file of connect's on this issue is not judged yet")
    return all(integrations.has_remote_id(connection, "attach", ident) for ident in attached)


def _is_own_comment(connection: Connection, news: News) -> bool:
    if mappings.other_ends(connection, "comment", "jira", news.comment_id, "slack"):
        return True
    if integrations.in_flight(connection, f"jira:{news.resource}", "add_comment"):
        raise NotYet("a comment of connect's on this issue is not judged yet")
    return integrations.has_remote_id(connection, "add_comment", news.comment_id)
