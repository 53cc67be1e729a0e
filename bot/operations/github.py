"""Calls to GitHub. What is made carries its marker as a hidden comment in its body.

Nothing is read before an issue is made, so it leaves within moments of its claim, which says when.
"""

from adapters.errors import Unauthorized
from adapters.github.client import GitHubClient
from adapters.github.issues import Comment, Issue
from bot.operations.base import Effect, Operation
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


def _create_issue(services: Services, row: Integration) -> Effect:
    payload = row.payload
    issue = github_of(services).create_issue(payload["repository"], payload["title"], payload["body"], row.marker)
    return created(row, issue)


def _find_issue(services: Services, row: Integration) -> Effect | None:
    since = (row.sent_at or row.created_at).timestamp()
    issue = github_of(services).find_issue(row.payload["repository"], row.marker, since=since)
    return created(row, issue) if issue else None


def created(row: Integration, issue: Issue) -> Effect:
    """The effect of a creation; also what a webhook shows that tells of one before its answer arrives."""
    resource = f"{row.payload['repository']}#{issue.number}"
    return Effect(str(issue.number), resource, {"resource": resource, "uid": str(issue.id), "url": issue.url})


def commented(comment: Comment) -> Effect:
    """The effect of a comment; also what a webhook shows that tells of one before its answer arrives."""
    told = {"comment_id": str(comment.id), "url": comment.url, "updated": comment.updated, "by": comment.by}
    return Effect(str(comment.id), data=told)


OPERATIONS = {
    "create_issue": Operation(_create_issue, find=_find_issue),
}
