"""Which renderer speaks for which event: the whole list of events that connect can show, in one place.

To add an event, write its renderer, a fixture pair in `tests/fixtures` and a line: for one of GitHub's in the list at
the end of its theme's file, for one of Jira's here.
"""

from collections.abc import Callable, Mapping
from typing import Any

from adapters.jira.issue import Site
from bot.renderers import (
    github_code,
    github_comments,
    github_deployments,
    github_discussions,
    github_issues,
    github_places,
    github_pulls,
    github_runs,
    github_security,
    jira,
    jira_projects,
)
from bot.renderers.github_ignored import IGNORED as GITHUB_IGNORED
from bot.renderers.github_ignored import SOMETIMES
from bot.renderers.news import News, Renderer

type JiraRenderer = Callable[[Mapping[str, Any], Site], News | None]
"""Takes a webhook's payload and the site that it came from."""

GITHUB: dict[str, Renderer] = {
    **github_pulls.EVENTS,
    **github_issues.EVENTS,
    **github_comments.EVENTS,
    **github_code.EVENTS,
    **github_deployments.EVENTS,
    **github_runs.EVENTS,
    **github_discussions.EVENTS,
    **github_security.EVENTS,
    **github_places.EVENTS,
}

JIRA: dict[str, JiraRenderer] = {
    "jira:issue_created": jira.issue_created,
    "jira:issue_updated": jira.issue_updated,
    "jira:worklog_updated": jira.issue_updated,
    "jira:issue_deleted": jira.issue_deleted,
    "comment_created": jira.comment_created,
    "comment_updated": jira.comment_updated,
    "comment_deleted": jira.comment_deleted,
    "jira:version_created": jira_projects.version_event,
    "jira:version_released": jira_projects.version_event,
    "jira:version_unreleased": jira_projects.version_event,
    "jira:version_deleted": jira_projects.version_event,
    "sprint_started": jira_projects.sprint_event,
    "sprint_closed": jira_projects.sprint_event,
}

GITHUB_FEATURES = (
    "issues", "pulls", "commits", "releases", "deployments", "reviews", "comments", "branches", "tags", "workflows",
    "checks", "discussions", "forks", "stars", "security", "repository", "members",
)  # fmt: skip
"""What a subscription to a repository may list, by the names of GitHub's own app where it has one."""
GITHUB_DEFAULTS = ("issues", "pulls", "commits", "releases", "deployments")
"""What it means if it lists nothing."""

_ISSUES_OWN = "the issue's own event tells it"
_NO_ISSUE = "it happens to no issue"
JIRA_IGNORED: dict[str, str] = {
    **dict.fromkeys(("attachment_created", "attachment_deleted"), _ISSUES_OWN),
    **dict.fromkeys(("issuelink_created", "issuelink_deleted"), _ISSUES_OWN),
    **dict.fromkeys(("worklog_created", "worklog_updated", "worklog_deleted"), _ISSUES_OWN),
    **dict.fromkeys(("project_created", "project_updated", "project_deleted"), _NO_ISSUE),
    **dict.fromkeys((f"sprint_{did}" for did in ("created", "updated", "deleted")), _NO_ISSUE),
    **dict.fromkeys((f"jira:version_{did}" for did in ("updated", "moved", "merged")), _NO_ISSUE),
}  # fmt: skip
"""Events that Jira may send and nothing is shown of, and why."""

JIRA_FEATURES = (
    "created", "updated", "commented", "deleted", "status", "assignee", "priority", "resolved", "reopened",
    "comment_created", "comment_edited", "comment_deleted", "attachments", "sprints", "versions", "worklogs",
)  # fmt: skip
"""What a subscription to a project may list, besides `status:` and a status, and `field:` and a field."""
JIRA_DEFAULTS = ("created", "updated", "commented", "deleted")
"""What it means if it lists nothing."""


def ignored_github(event: str) -> str:
    """Why nothing is shown of an event that no renderer made anything of; empty if that is not said."""
    reasons = SOMETIMES if event in GITHUB else GITHUB_IGNORED
    return reasons.get(event) or reasons.get(event.partition(".")[0], "")


def render_github(event: str, payload: Mapping[str, Any]) -> News | None:
    """What to show for an event (`pull_request.opened`), or None if there is nothing to show."""
    renderer = GITHUB.get(event)
    return renderer(payload) if renderer else None


def render_jira(event: str, payload: Mapping[str, Any], site: Site) -> News | None:
    """What to show for an event (`jira:issue_created`) of a site, or None if nothing."""
    renderer = JIRA.get(event)
    return renderer(payload, site) if renderer else None
