"""Pull requests and the issues of Jira's that they name: in the branch, the title, the body, or a commit.

Each pair is a mapping, which comes and goes with what the pull request says. It is a link on the issue, kept up to
date, a line in the issue's threads for what happens, and, where the project wants it, a status.

Webhooks of pull requests show no commits, and pushes show no pull request. So a branch keeps a note of the keys in its
commits, and the note of a pull request (`bot.flows.pulls`) what it names: for one that names nothing, nothing is asked
of the tables.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from bot import jira_keys
from bot.flows import moves, pull_life, pulls, shipped
from bot.flows.plan import Consequences
from bot.flows.pull_life import Brought, Line
from bot.operations.named_issues import in_payload, named_issues
from bot.payload import Payload, flag, mapping, objects, strings, text
from bot.renderers.github_known import KEY
from bot.renderers.github_life import Moment, moment_of, state, told, veiled
from bot.renderers.github_parts import reference
from bot.services import Services
from bot.settings import Settings
from storage import mappings, preferences
from storage.deliveries import Claimed
from storage.integrations import Integration, NewIntegration
from storage.mappings import Found, NewMapping

TYPE = "pull"
"""The type of the mapping of a pull request and an issue; `issue` and `issue_uid` are what Jira says that it is now."""
BRANCH = "github branch"
"""The name of the notes of branches among the preferences: the keys in their commits."""
_ANEW = ("pull_request.opened", "pull_request.reopened", "pull_request.edited", "pull_request.closed")
"""When what a pull request names is looked up anew, since connect may have come to know a project."""
_OURS = frozenset({"OWNER", "MEMBER", "COLLABORATOR"})
_SHOWN = (*_ANEW, "pull_request.ready_for_review", "pull_request.converted_to_draft")
"""After which the link on the issue may show something else."""

type Told = tuple[list[Payload], list[NewIntegration]]
"""The pull requests that are told of, with what they name, and the calls that follow."""


@dataclass(frozen=True)
class _Event:
    """A webhook, as one transaction deals with it."""

    connection: Connection
    settings: Settings
    name: str
    delivery: int
    now: datetime


def follow(
    services: Services, connection: Connection, claimed: Claimed, payload: Payload, known: list[Payload]
) -> Told:
    """Tie the pull requests that a webhook tells of (`known`) to what they name now, and tell their issues' threads."""
    event = _Event(connection, services.settings, claimed.event, claimed.id, services.now())
    if services.jira is None and not services.sites:
        return known, []
    if event.name == "push":
        return _pushed(event, payload)
    if event.name == "deployment_status.created" and shipped.is_to_production(payload):
        return known, _deployed(event, payload)
    if not known or not mapping(payload, "pull_request"):
        return known, []
    (one,) = known
    shown, rows = _followed(event, one, _named(event, one, _in_commits(event, one)))
    return [shown], rows


# --- what it names ---------------------------------------------------------------------------------------------------


def _in_commits(event: _Event, payload: Payload) -> list[str]:
    """The keys in its commits, of which the pushes told."""
    pull, known = mapping(payload, "pull_request"), list(strings(payload, KEY, "jira", "commits"))
    here = text(pull, "head", "repo", "id") == text(payload, "repository", "id")
    if event.name not in _ANEW or event.name == "pull_request.edited" or not here:
        return known
    noted: list[str] = preferences.get(event.connection, _branch(payload, text(pull, "head", "ref")), BRANCH) or []
    return list(dict.fromkeys([*known, *noted]))


def _named(event: _Event, payload: Payload, commits: list[str]) -> Mapping[str, Any]:
    """What is to be noted of a pull request: the keys that it names, and the issues that they are."""
    before = mapping(payload, KEY, "jira")
    keys = list(dict.fromkeys([*jira_keys.of_pull(mapping(payload, KEY, "pull")), *commits]))
    if not keys and not before:
        return before
    if tuple(keys) == strings(before, "keys") and event.name not in _ANEW:
        return before
    issues = in_payload(named_issues(event.connection, event.settings, keys))
    return {"keys": keys, "commits": commits, "issues": issues}


def _pushed(event: _Event, payload: Payload) -> Told:
    """Note the keys in new commits for their branch, and tie its open pull requests to them."""
    branch, forced = text(payload, "ref").removeprefix("refs/heads/"), flag(payload, "forced")
    if branch in (text(payload, "ref"), text(payload, "repository", "default_branch")):
        return [], []  # a tag; or what everything is merged into, which is about no issue more than another
    subject = _branch(payload, branch)
    if flag(payload, "deleted"):
        preferences.remove(event.connection, subject, BRANCH)
        return [], []
    keys = jira_keys.of_push(payload)
    found = [one.key for one in named_issues(event.connection, event.settings, keys)] if keys else []
    if not found and not forced:
        return [], []
    noted: list[str] = [] if forced else preferences.get(event.connection, subject, BRANCH) or []
    preferences.put(
        event.connection, subject, BRANCH, list(dict.fromkeys([*noted, *found]))[-jira_keys.MOST :], event.now
    )
    shown, rows = list[Payload](), list[NewIntegration]()
    for one in _of_branch(event, payload, branch):
        before: tuple[str, ...] = () if forced else strings(one, KEY, "jira", "commits")
        named = _named(event, one, list(dict.fromkeys([*before, *found])))
        after, more = _followed(event, one, named)
        shown += [after] if named.get("issues", []) != objects(one, KEY, "jira", "issues") else []
        rows += more
    return shown, rows


def _of_branch(event: _Event, payload: Payload, branch: str) -> list[Payload]:
    """The open pull requests of a branch, which ended or ends with one of the push's two commits."""
    commits = (text(payload, "before"), text(payload, "after"))
    numbers = pulls.of_commits(event.connection, text(payload, "repository", "id"), commits)
    told_of = [one for ident in numbers if (one := pulls.told_of(event.connection, payload, ident))]
    return [
        one
        for one in told_of
        if text(one, KEY, "pull", "head", "ref") == branch and state(mapping(one, KEY, "pull")) in ("open", "draft")
    ]


def _branch(payload: Payload, name: str) -> str:
    return f"github/{text(payload, 'repository', 'id')}/branch/{name}"


# --- what follows ----------------------------------------------------------------------------------------------------


def _followed(event: _Event, payload: Payload, named: Mapping[str, Any]) -> tuple[Payload, list[NewIntegration]]:
    """Note what a pull request names now; returns its payload with that, and the calls."""
    before, now = objects(payload, KEY, "jira", "issues"), objects(named, "issues")
    if named != mapping(payload, KEY, "jira"):
        payload = pulls.note_jira(event.connection, payload, named, event.now)
    moment = moment_of(event.name, payload)
    if not (before or now) or not (before != now or moment or event.name in _SHOWN):
        return payload, []
    brought, ties = _brought(event, payload), _ties(event, payload)
    issues = [text(one, "issue") for one in now]
    rows = [row for issue, tie in ties.items() if issue not in issues for row in _parted(event, brought, issue, tie)]
    if now and moment == "merged":
        shipped.merged(event.connection, payload, event.now)
    for issue in issues:
        rows += _of_issue(event, payload, brought, issue, ties.get(issue), moment)
    return payload, rows


def _of_issue(
    event: _Event, payload: Payload, brought: Brought, issue: str, tie: Found | None, moment: Moment
) -> list[NewIntegration]:
    rows, tied, new = list[NewIntegration](), {} if tie is None else tie.extra, tie is None
    if tie is None or event.name in _SHOWN:
        row_id = _tie(event, brought, issue) if tie is None else tie.row_id
        rows.append(_link(event, payload, brought, issue, row_id))
    if what := moment or ("named" if new else ""):
        rows += pull_life.tell(event.connection, brought, _line(payload, brought, issue, tied, what), event.now)
    step, named = _step(moment, payload, new=new), tied.get("issue") or issue
    return [*rows, *(moves.asked(event.connection, brought, named, step) if step else ())]


def _step(moment: Moment, payload: Payload, *, new: bool) -> str:
    """Which of the project's wishes it comes to: a draft is opened when it is ready for review."""
    if moment in ("merged", "deployed"):
        return moment
    if _of_a_stranger(payload):
        return ""
    begun = moment in ("opened", "ready") or new
    return "opened" if begun and state(mapping(payload, KEY, "pull")) == "open" else ""


def _of_a_stranger(payload: Payload) -> bool:
    """Whether the pull request was opened by somebody who may not push here: anybody may in a public repository.

    https://docs.github.com/en/graphql/reference/enums#commentauthorassociation
    """
    pull = mapping(payload, "pull_request")
    inside = text(pull, "head", "repo", "id") == text(payload, "repository", "id")
    return bool(pull) and not inside and text(pull, "author_association") not in _OURS


def _deployed(event: _Event, payload: Payload) -> list[NewIntegration]:
    rows = list[NewIntegration]()
    for ident in shipped.by(event.connection, payload, event.now):
        one = pulls.told_of(event.connection, payload, ident)
        if one is None or not objects(one, KEY, "jira", "issues"):
            continue
        brought, ties = _brought(event, one), _ties(event, one)
        for issue, tie in ties.items():
            rows += _of_issue(event, one, brought, issue, tie, "deployed")
    return rows


def _brought(event: _Event, payload: Payload) -> Brought:
    pull, hidden = mapping(payload, KEY, "pull"), flag(payload, "repository", "private")
    return Brought(event.name, event.delivery, reference(payload, pull), text(pull, "id"), hidden)


def _ties(event: _Event, payload: Payload) -> dict[str, Found]:
    pull = mapping(payload, KEY, "pull")
    name, uid = reference(payload, pull), text(pull, "id")
    return {tie.id: tie for tie in mappings.other_ends(event.connection, TYPE, "github", name, "jira", uid)}


def _tie(event: _Event, brought: Brought, issue: str) -> int:
    new = NewMapping(TYPE, "github", brought.pull, "jira", issue, f"github/{brought.uid}", {})
    return mappings.put(event.connection, new, event.now)


def _line(payload: Payload, brought: Brought, issue: str, tied: Mapping[str, Any], moment: Moment) -> Line:
    what = {
        **dict.fromkeys(("approved", "changes_requested", "commented"), f"review/{text(payload, 'review', 'id')}"),
        **dict.fromkeys(("closed", "reopened"), f"{moment}/{text(payload, 'pull_request', 'updated_at')}"),
    }.get(moment, moment)
    once = f"pull:{brought.uid}:{issue}:{what}"
    return Line(
        tied.get("issue") or issue, tied.get("issue_uid", ""), once, told(moment, payload), veiled(moment, payload)
    )


# --- the link on the issue -------------------------------------------------------------------------------------------


def _link(event: _Event, payload: Payload, brought: Brought, issue: str, tie: int) -> NewIntegration:
    pull = mapping(payload, KEY, "pull")
    # More people may see the issue than the repository.
    title = brought.pull if brought.hidden else f"{brought.pull} {text(pull, 'title')}"
    shown = {"url": text(pull, "html_url"), "title": title, "state": state(pull)}
    return _of_link("link_pull", event, brought, issue, {**shown, "tie": tie})


def _parted(event: _Event, brought: Brought, issue: str, tie: Found) -> Sequence[NewIntegration]:
    """What follows where it names an issue no more."""
    mappings.forget(event.connection, tie.row_id)
    return (_of_link("unlink_pull", event, brought, issue, {}),)


def _of_link(operation: str, event: _Event, brought: Brought, issue: str, payload: Mapping[str, Any]) -> NewIntegration:
    return NewIntegration(
        operation=operation,
        key=f"github:{event.delivery}:{operation}:{brought.uid}:{issue}",
        ordering_key=moves.order(issue),
        target_service="jira",
        target_id=issue,
        payload={**payload, "issue": issue, "global_id": f"connect:github:pull:{brought.uid}"},
        source_service="github",
        event_type=brought.event,
        source_id=brought.pull,
    )


def linked(row: Integration, data: Mapping[str, Any]) -> Consequences:
    """What Jira calls the issue now finds its threads, also once it was moved to another project."""
    if "uid" not in data:
        return Consequences()
    return Consequences(notes=((row.payload["tie"], {"issue": data["issue"], "issue_uid": data["uid"]}),))
