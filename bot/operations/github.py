"""Calls to GitHub."""

from adapters.errors import Unauthorized
from adapters.github.client import GitHubClient, Issue
from bot.operations.base import Effect, Operation
from bot.services import Services
from storage.integrations import Integration


def github_of(services: Services) -> GitHubClient:
    """The GitHub client, or `Unauthorized` if GitHub is off: the row then waits until it is on."""
    if services.github is None:
        raise Unauthorized("GitHub is off: GITHUB_TOKEN is not set.")
    return services.github


def _create_issue(services: Services, row: Integration) -> Effect:
    payload = row.payload
    issue = github_of(services).create_issue(payload["repository"], payload["title"], payload["body"], row.marker)
    return _created(row, issue)


def _find_issue(services: Services, row: Integration) -> Effect | None:
    since = (row.sent_at or row.created_at).timestamp()
    issue = github_of(services).find_issue(row.payload["repository"], row.marker, since=since)
    return _created(row, issue) if issue else None


def _created(row: Integration, issue: Issue) -> Effect:
    resource = f"{row.payload['repository']}#{issue.number}"
    return Effect(str(issue.number), resource, {"resource": resource, "uid": str(issue.id), "url": issue.url})


OPERATIONS = {"create_issue": Operation(_create_issue, find=_find_issue)}
