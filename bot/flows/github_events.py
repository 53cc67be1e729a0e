"""GitHub → Slack: one card per thing (pull request, issue, discussion, deployment, run) and channel, with its thread.

What arrives also tells which webhooks point here, so that none has to be named for the catch-up after downtime.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from adapters.github.webhook import read_payload
from bot import jira_keys
from bot.comment_ids import github_comment
from bot.flows import (
    comments,
    echoes,
    github_doers,
    github_mentions,
    github_notices,
    github_teams,
    gone_comments,
    pull_ties,
    pulls,
    renamed,
    repositories,
    turning,
)
from bot.flows.github_trying import withheld
from bot.flows.placing import place
from bot.flows.plan import NotYet, Planned
from bot.flows.telling import Occasion
from bot.operations.named_issues import in_payload, named_issues
from bot.payload import Payload, flag, mapping, number, strings, text
from bot.renderers.github_facts import completed
from bot.renderers.github_known import AUTHOR, KEY, PEOPLE
from bot.renderers.github_runs import checks_told
from bot.renderers.news import CommentNews, News
from bot.renderers.registry import ignored_github, render_github
from bot.services import Services
from storage import history, hooks, mappings
from storage.deliveries import Claimed
from storage.hooks import Pointing
from storage.integrations import NewIntegration

OWN_COMMENT = "connect wrote this comment itself"
_SPOKEN = ("issue_comment.", "discussion_comment.")


def plan(services: Services, claimed: Claimed) -> Callable[[Connection], Planned]:
    """Read and render a GitHub webhook; what is returned plans the calls and notes the hook that it came through.

    If it is the echo of a call that is not judged yet, that is confirmed. What is remembered of a pull request is
    rendered with what speaks of it.
    """
    payload = read_payload(claimed.headers, claimed.body)
    payload.pop(KEY, None)  # there connect's own memory goes
    payload = github_mentions.with_people(services, claimed.event, payload)
    payload = github_doers.with_doer(services, claimed, payload)
    event, of_a_pull = claimed.event, pulls.concerned(claimed.event, payload)
    named = [] if of_a_pull else jira_keys.of_event(payload)
    spoken = event.startswith(_SPOKEN)
    later = named or spoken or (of_a_pull and not event.startswith("workflow_run."))
    rendered = [] if later else [render_github(event, payload)]
    echo = echoes.on_github(event, payload)

    def place_all(connection: Connection) -> Planned:
        note_hook(connection, claimed, payload, claimed.received_at)
        confirmed = echo is not None and echoes.confirm(services, connection, echo)
        _await_creation(connection, event, payload)
        told_of = _by_name(connection, payload) if spoken else payload
        known = pulls.remember(connection, event, told_of, services.now()) if of_a_pull else []
        if event in echoes.COMMENTED and echo is not None and _is_own(connection, payload, sure=confirmed):
            return Planned(ignored=OWN_COMMENT)
        known, tied = pull_ties.follow(services, connection, claimed, payload, known)
        shown = [(payload, news) for news in rendered] + [(one, _of_pull(event, one)) for one in known]
        if named or (spoken and not of_a_pull):
            shown.append((payload, _naming(services, connection, event, told_of, named)))
        told = [(one, news) for one, news in shown if news is not None]
        renamed.follow(connection, event, payload, services.now())
        followed = repositories.follow(connection, event, payload, claimed.id, services.now())
        planned = _tell_all(services, connection, claimed, payload, told)
        return Planned((*followed, *planned.integrations, *tied), "" if followed or tied else planned.ignored)

    return place_all


def _naming(
    services: Services, connection: Connection, event: str, payload: Payload, keys: Sequence[str]
) -> News | None:
    """What to tell of an issue or a discussion: its card shows the issues of Jira's that it names."""
    if not keys:
        return render_github(event, payload)
    issues = in_payload(named_issues(connection, services.settings, keys))
    return render_github(event, {**payload, KEY: {**mapping(payload, KEY), "jira": {"issues": issues}}})


def _by_name(connection: Connection, payload: Payload) -> Payload:
    """The payload of a comment, with the name of whoever wrote it from Slack, by way of connect, if somebody did."""
    about = mapping(payload, "discussion") or mapping(payload, "issue")
    resource = f"{text(payload, 'repository', 'full_name')}#{text(about, 'number')}"
    may_be_ours = echoes.carries_marker(text(payload, "comment", "body"))
    name = comments.author_of(connection, _comment_of(payload), resource, may_be_ours=may_be_ours)
    return {**payload, KEY: {**mapping(payload, KEY), AUTHOR: name}} if name else payload


def _of_pull(event: str, payload: Payload) -> News | None:
    """What to tell in the thread of a pull request: of a run, that it is one of its checks; of a push, its card."""
    if event == "push":
        return render_github("pull_request.synchronize", payload)
    return checks_told(payload) if event.startswith("workflow_run.") else render_github(event, payload)


def _is_own(connection: Connection, payload: Payload, *, sure: bool) -> bool:
    """Whether connect itself wrote a comment; what a reply became is told where it was not written."""
    own = sure or history.has_remote_id(connection, "github", "add_comment", text(payload, "comment", "id"))
    return own and not comments.written_as(connection, _comment_of(payload))


def _comment_of(payload: Payload) -> str:
    """The comment of an issue, a pull request or a discussion that an event tells of, as rows name it."""
    return github_comment(text(payload, "comment", "id"), discussion="discussion" in payload)


def _await_creation(connection: Connection, event: str, payload: Payload) -> None:
    """Raises `NotYet` where somebody edited a comment that connect may just have written: its own words tell."""
    may_be = event in ("issue_comment.edited", "discussion_comment.edited")
    edited = may_be and echoes.carries_marker(text(payload, "comment", "body"))
    if not edited or comments.written_as(connection, _comment_of(payload)):
        return
    about = mapping(payload, "discussion") or mapping(payload, "issue")
    resource = f"{text(payload, 'repository', 'full_name')}#{text(about, 'number')}"
    if history.in_flight(connection, f"github:{resource}", "add_comment"):
        raise NotYet("a comment of connect's on this is not judged yet")


def _written_in(connection: Connection, news: News, comment: CommentNews) -> frozenset[str]:
    """The channels in which people wrote this state of a comment, as a reply; none if others did, on GitHub.

    Somebody there may edit what connect wrote: the comment's own time, which connect noted, tells whose edit it is,
    and within the same second who did it.
    """
    written = comments.written_as(connection, comment.id)
    if written and comment.kind == "edited":
        known = max((one.extra.get("updated", ""), news.actor_id == one.extra.get("by")) for one in written)
        if known < (comment.version, True):
            if history.tried(connection, f"github:{news.resource}", "edit_comment"):
                raise NotYet("connect's edit of a comment on this is not judged yet")
            return frozenset()
    return frozenset(reply.id.rpartition("/")[0] for reply in written)


def _tell_all(
    services: Services, connection: Connection, claimed: Claimed, payload: Payload,
    told: Sequence[tuple[Payload, News]],
) -> Planned:  # fmt: skip
    """Plan each piece of news, with the payload that it is of; the second and later ones' calls have keys of their own.

    The channels are told, and the people whom it concerns.
    """
    container = text(payload, "repository", "full_name") or text(payload, "organization", "login")
    hidden, planned, rows = flag(payload, "repository", "private"), list[Planned](), list[NewIntegration]()
    occasion = Occasion("github", claimed.event, claimed.id, container, hidden=hidden)
    for nth, (one, news) in enumerate(told):
        people = {login: strings(one, KEY, PEOPLE, login) for login in mapping(one, KEY, PEOPLE)}
        groups = github_teams.groups(connection, claimed.event, one)
        part = replace(occasion, part=f":{news.resource}" if nth else "", people=people, groups=groups)
        planned.append(_tell(services, connection, part, completed(news, payload)))
        said = planned[-1].integrations
        called = github_teams.called(groups, said)
        rows += [*said, *github_notices.plan(connection, part, one, news, services.now(), called)]
    if rows:
        return Planned(tuple(rows))
    if planned:
        return Planned(ignored="; ".join(dict.fromkeys(one.ignored for one in planned)))
    return Planned(ignored=ignored_github(claimed.event) or f"nothing to tell of {claimed.event}")


def _tell(services: Services, connection: Connection, occasion: Occasion, news: News) -> Planned:
    comment = news.comment
    if comment is not None and comment.kind == "deleted":
        cause = occasion.cause(news)
        told = gone_comments.told(connection, comment.id, news, cause)
        return Planned((*told, *comments.deleted(connection, comment.id, cause)))
    if comment is not None and comments.is_deleted(connection, comment.id):
        return Planned(ignored="the comment was deleted")
    if occasion.event == "issues.deleted":
        for thread in mappings.threads_of(connection, "github", news.resource, news.uid):
            mappings.add_extra(connection, thread.row_id, {"gone": "yes"})
    now, here = services.now(), _written_in(connection, news, comment) if comment is not None else frozenset[str]()
    turned, where = turning.noted(connection, news, now), replace(occasion, without=here)
    planned = place(connection, where, turned, lambda kept: withheld(kept, news, hidden=occasion.hidden), now)
    return Planned(ignored=OWN_COMMENT) if here and not planned.integrations else planned


def note_hook(connection: Connection, claimed: Claimed, payload: Payload, now: datetime) -> None:
    """Remember the webhook that sent this, if it says which one it is."""
    pointing = _pointing(claimed.headers, payload)
    if pointing is not None:
        hooks.seen(connection, pointing, now)


def _pointing(headers: Mapping[str, str], payload: Payload) -> Pointing | None:
    """The webhook that a delivery came through, or None if it does not say so credibly.

    https://docs.github.com/en/webhooks/webhook-events-and-payloads#delivery-headers
    """
    given = {name.lower(): value for name, value in headers.items()}
    hook_id = _id(given.get("x-github-hook-id"))
    target_id = _id(given.get("x-github-hook-installation-target-id"))
    kind = given.get("x-github-hook-installation-target-type", "")
    if not hook_id or not target_id:
        return None
    if kind == "integration":
        return Pointing(kind, target_id, hook_id, "")
    # The signature covers the body and no header: a name is believed where the body gives it the same id.
    part, field = {"repository": ("repository", "full_name"), "organization": ("organization", "login")}.get(
        kind, ("", "")
    )
    name = text(payload, part, field)
    if not name or len(name) > 255 or number(payload, part, "id") != target_id:
        return None
    return Pointing(kind, target_id, hook_id, name)


def _id(value: str | None) -> int:
    return int(value) if value and re.fullmatch(r"[0-9]{1,15}", value) else 0
