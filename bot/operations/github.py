"""Calling GitHub, and what calls to it come to. What is made carries its marker as a hidden comment in its body."""

from collections.abc import Mapping
from typing import Any

from adapters.errors import Unauthorized
from adapters.github.client import GitHubClient
from adapters.github.issues import Comment, Issue
from bot.operations.base import Effect
from bot.payload import text
from bot.services import Services
from storage.integrations import Integration


def github_of(services: Services, *, urgent: bool = False) -> GitHubClient:
    """The GitHub client, or `Unauthorized` if GitHub is off: the row then waits until it is on.

    `urgent` gives the one that is quick enough for a person who waits.
    """
    github = services.urgent.github if urgent else services.github
    if github is None:
        raise Unauthorized("GitHub is off: GITHUB_TOKEN is not set.")
    return github


def created(row: Integration, issue: Issue, told: Mapping[str, Any] | None = None, *, hidden: bool = False) -> Effect:
    """The effect of a creation; also what a webhook shows that tells of one before its answer arrives.

    `told` is how a webhook tells of it; `hidden` says that it is not for all who see the place it was asked for in.
    """
    repository = text(told or {}, "repository", "full_name") or row.payload["repository"]
    resource = f"{repository}#{issue.number}"
    known = {"resource": resource, "uid": str(issue.id), "url": issue.url}
    if told is None or "body" in row.payload:
        return Effect(str(issue.number), resource, known)
    has = {"labels": issue.labels, "assignees": issue.assignees, "milestone": issue.milestone, "type": issue.type}
    left_out = [name for name, given in has.items() if row.payload.get(name) and not given]
    return Effect(str(issue.number), resource, {**known, "told": told, "hidden": hidden, "left_out": left_out})


def commented(comment: Comment, name: str = "") -> Effect:
    """The effect of a comment; also what a webhook shows that tells of one before its answer arrives.

    `name` is that of the person in Slack whose words they are, if that is known.
    """
    told = {"comment_id": str(comment.id), "url": comment.url, "updated": comment.updated, "by": comment.by}
    told |= {"node": comment.node} if comment.node else {}
    return Effect(str(comment.id), data=told | ({"name": name} if name else {}))
