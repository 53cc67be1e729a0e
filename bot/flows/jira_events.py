"""Jira → Slack: a webhook opens or updates the issue's card and is told in its thread."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import Connection

from adapters.jira.event import attached_in, changes, removed_in
from adapters.jira.issue import Issue, Site, read_issue
from adapters.jira.webhook import SITE_HEADER
from adapters.webhook import parse_object
from bot.flows import (
    channels,
    claims,
    comments,
    echoes,
    gone_comments,
    jira_doers,
    notices,
    project_events,
    quiet_hours,
    removed_files,
)
from bot.flows.echoes import Echo
from bot.flows.mentions import people_in, shown_by_name
from bot.flows.placing import place
from bot.flows.plan import NotYet, Planned
from bot.flows.telling import Occasion
from bot.operations.jira import created
from bot.operations.sites import site_of
from bot.payload import Payload
from bot.renderers.jira_changes import KEY
from bot.renderers.jira_comments import stamp
from bot.renderers.jira_projects import place_of
from bot.renderers.news import CommentNews, News
from bot.renderers.registry import JIRA_IGNORED as IGNORED
from bot.renderers.registry import render_jira
from bot.services import Services
from storage import history, mappings
from storage.deliveries import Claimed
from storage.integrations import NewIntegration
from storage.subscriptions import Kept

MARKER_LABEL = "connect-"
OWN_COMMENT = "connect wrote this comment itself"


def plan(services: Services, claimed: Claimed) -> Callable[[Connection], Planned]:
    """Read and render a Jira webhook; what is returned plans the calls.

    That raises `NotYet` while the webhook may be the echo of a call that is not judged yet.
    """
    payload = parse_object(claimed.body)
    site, claim = site_of(services.settings, claimed.headers.get(SITE_HEADER, "")), claims.read(claimed.event, payload)
    if claim is not None:
        return lambda connection: claims.settle(connection, claim, site.name, claimed.event, services.now())
    payload.pop(KEY, None)  # there connect's own memory goes
    raw: Any = payload.get("issue")
    issue = read_issue(raw, site) if isinstance(raw, dict) else None  # pyright: ignore[reportUnknownArgumentType]
    payload = jira_doers.with_doer(services, claimed, payload, issue)
    news = render_jira(claimed.event, payload, site)
    people = people_in(services, payload, news)
    asked = place_of(payload)
    if news is not None and asked is not None:
        occasion = Occasion("jira", claimed.event, claimed.id, "")
        return partial(project_events.plan, occasion, site, news, asked)

    def plan_all(connection: Connection) -> Planned:
        own = _own_files(connection, site, payload, issue) if issue is not None else ""
        if own:
            return Planned(ignored=own)
        shown = news and shown_by_name(payload, news, people, _author(connection, news))
        planned = _plan(services, connection, claimed, shown, issue)
        gone = _gone(connection, site, payload, issue, claimed.event) if issue is not None else []
        told: list[NewIntegration] = []
        if shown is not None and not shown.facts.restricted and shown.feature != "comment_deleted":
            told = notices.plan(connection, payload, shown, claimed.event, claimed.id)
            told = quiet_hours.held(connection, told, services.now())
        told += _in_its_channel(connection, claimed, shown, issue)
        return Planned((*planned.integrations, *gone, *told), "" if gone or told else planned.ignored)

    return plan_all


def _plan(
    services: Services, connection: Connection, claimed: Claimed, news: News | None, issue: Issue | None
) -> Planned:
    echo = issue is not None and _is_own_creation(services, connection, claimed, issue)
    if news is None:
        return Planned(ignored=IGNORED.get(claimed.event) or f"nothing to tell of {claimed.event}")
    occasion = Occasion("jira", claimed.event, claimed.id, issue.container if issue else "", echo)
    comment = news.beside.comment if news.beside and news.beside.facts.restricted else None
    if comment is not None:  # the files came with it, for those who may see it
        news = replace(news, attached=tuple(replace(file, comment=comment.id) for file in news.attached))
    if news.renamed:
        mappings.rename(connection, "jira", news.uid, news.resource)
    parts = [_tell(connection, occasion, one, services.now()) for one in (news, news.beside) if one]
    if claimed.event == "jira:issue_deleted":
        _note_gone(connection, news)
    rows = tuple(row for part in parts for row in part.integrations)
    return Planned(rows) if rows else parts[0]


def _in_its_channel(
    connection: Connection, claimed: Claimed, news: News | None, issue: Issue | None
) -> list[NewIntegration]:
    """What is told in the channel that the issue has of its own."""
    occasion = Occasion("jira", claimed.event, claimed.id, issue.container if issue else "")
    return channels.heard(connection, occasion, news, issue) if news is not None else []


def _tell(connection: Connection, occasion: Occasion, news: News, now: datetime) -> Planned:
    def told(where: Occasion) -> Planned:
        return place(connection, where, news, lambda kept: _withheld(kept, news), now)

    comment = news.comment
    if comment is None:
        return told(occasion)
    if comment.kind == "deleted":
        said = gone_comments.told(connection, comment.id, news, occasion.cause(news))
        gone = (*said, *comments.deleted(connection, comment.id, occasion.cause(news)))
        worth_a_line = news.line and not comments.written_as(connection, comment.id)
        return Planned((*gone, *(told(occasion).integrations if worth_a_line else ())))
    if comments.is_deleted(connection, comment.id):
        return Planned(ignored="the comment was deleted")
    own, written_in = _own_comment(connection, news, comment)
    if own and not written_in:
        return Planned(ignored=OWN_COMMENT)
    planned = told(replace(occasion, without=written_in if own else frozenset()))
    return Planned(ignored=OWN_COMMENT) if own and not planned.integrations else planned


def _note_gone(connection: Connection, news: News) -> None:
    """Replies in the threads of a deleted issue are told so."""
    for thread in mappings.threads_of(connection, "jira", news.resource, news.uid):
        mappings.add_extra(connection, thread.row_id, {"gone": "yes"})


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
    for sent in history.sent_pending(connection, "create_issue"):
        if sent.get("summary") == issue.summary:
            raise NotYet("an issue with this summary is just being created")


def _own_comment(connection: Connection, news: News, comment: CommentNews) -> tuple[bool, frozenset[str]]:
    """Whether connect wrote this state of a comment, and in which channels the comment was written as a reply.

    Somebody in Jira may edit what connect wrote: the comment's own time, which connect noted, tells whose edit it is.
    """
    key = f"jira:{news.resource}"
    replies = comments.written_as(connection, comment.id)
    channels = frozenset(reply.id.rpartition("/")[0] for reply in replies)
    if replies:
        if comment.kind == "created" or any(stamp(str(one.extra.get("updated"))) >= comment.version for one in replies):
            return True, channels
        if history.tried(connection, key, "edit_comment"):
            raise NotYet("connect's edit of a comment on this issue is not judged yet")
        return False, channels
    return history.has_remote_id(connection, "jira", "add_comment", comment.id), channels


def _own_files(connection: Connection, site: Site, payload: Payload, issue: Issue) -> str:
    """What connect itself did to the issue's files, if that is all that happened; empty if it is not."""
    attached, removed = [site.qualified(ident) for ident in attached_in(payload)], removed_in(payload)
    if attached and _are_own_files(connection, issue, attached):
        return "connect attached this itself"
    alone = bool(removed) and len(removed) == len(changes(payload))
    return "connect removed this itself" if alone and removed_files.is_own(connection, site, issue, removed) else ""


def _gone(connection: Connection, site: Site, payload: Payload, issue: Issue, event: str) -> list[NewIntegration]:
    cause = {"source_service": "jira", "event_type": event, "source_id": issue.resource}
    return removed_files.from_jira(connection, site, issue, removed_in(payload), cause)


def _author(connection: Connection, news: News) -> str:
    """Who in Slack wrote the comment that is told of; empty if nobody did. Jira shows no marker of it."""
    comment = (news.beside or news).comment
    if comment is None or comment.kind == "deleted":
        return ""
    return comments.author_of(connection, comment.id, news.resource)


def _are_own_files(connection: Connection, issue: Issue, attached: list[str]) -> bool:
    ends = [mappings.other_ends(connection, "file", "jira", ident, "slack") for ident in attached]
    if all(any(file.source_service == "slack" for file in known) for known in ends):
        return True
    if history.in_flight(connection, f"jira:{issue.resource}", "attach"):
        raise NotYet("a file of connect's on this issue is not judged yet")
    return all(history.has_remote_id(connection, "jira", "attach", ident) for ident in attached)
