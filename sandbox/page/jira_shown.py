"""What the Jira pane shows: projects, their issues by status, and each issue whole."""

from sandbox.jira.model import PRIORITIES, STATUSES, Issue, Json
from sandbox.playground import Playground


def shown(playground: Playground) -> Json:
    """Projects and issues; a description and comments are documents (ADF)."""
    jira = playground.jira
    with jira.lock:
        return {
            "url": jira.url,
            "projects": [
                {"key": each.key, "name": each.name, "types": [kind.name for kind in each.types]}
                for each in jira.projects.values()
            ],
            "people": [each.display for each in jira.users],
            "statuses": [{"name": each.name, "category": each.category} for each in STATUSES],
            "priorities": list(PRIORITIES.values()),
            "issues": [_issue(each) for each in jira.issues.values()],
        }


def _issue(issue: Issue) -> Json:
    return {
        "key": issue.key, "project": issue.project.key, "type": issue.type.name, "summary": issue.summary,
        "status": issue.status.name, "priority": issue.priority, "labels": issue.labels,
        "reporter": issue.reporter.display, "assignee": issue.assignee.display if issue.assignee else "",
        "description": issue.description, "created": issue.created, "updated": issue.updated,
        "comments": [
            {"id": each.id, "author": each.author.display, "body": each.body, "created": each.created}
            for each in issue.comments
        ],
    }  # fmt: skip
