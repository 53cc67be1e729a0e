"""What the Jira pane shows: projects, their issues by status, and each issue whole."""

from sandbox.jira.model import PRIORITIES, STATUSES, TRANSITIONS, Attachment, Change, Comment, Issue, Json, Project
from sandbox.playground import Playground


def shown(playground: Playground) -> Json:
    """Projects and issues; a description and comments are documents (ADF)."""
    jira = playground.jira
    with jira.lock:
        return {
            "url": jira.url,
            "projects": [_project(each) for each in jira.projects.values()],
            "people": [each.display for each in jira.users if each.email != jira.email],
            "statuses": [
                {"name": each.name, "category": each.category, "next": steps_from(each.name)} for each in STATUSES
            ],
            "priorities": list(PRIORITIES.values()),
            "issues": [
                _issue(each) | {"formerKeys": [key for key, moved in jira.moved.items() if moved is each]}
                for each in jira.issues.values()
            ],
        }


def steps_from(status: str) -> list[str]:
    """The statuses that the workflow lets an issue go to, in the order of the board."""
    reached = {step.to for step in TRANSITIONS if status in step.start}
    return [each.name for each in STATUSES if each.name in reached]


def _project(project: Project) -> Json:
    return {
        "key": project.key, "name": project.name, "versions": project.versions, "sprints": project.sprints,
        "types": [{"name": kind.name, "subtask": kind.subtask} for kind in project.types],
        "required": project.required,
    }  # fmt: skip


def _issue(issue: Issue) -> Json:
    return {
        "key": issue.key, "project": issue.project.key, "type": issue.type.name, "summary": issue.summary,
        "status": issue.status.name, "priority": issue.priority, "labels": issue.labels, "due": issue.due or "",
        "reporter": issue.reporter.display, "assignee": issue.assignee.display if issue.assignee else "",
        "resolution": issue.resolution or "", "parent": issue.parent or "", "description": issue.description,
        "text": issue.text, "created": issue.created, "updated": issue.updated,
        "comments": [_comment(each) for each in issue.comments],
        "history": [_change(each) for each in issue.history],
        "attachments": [_attachment(each) for each in issue.attachments],
        "links": [_link(each) for each in issue.links],
        "watchers": [each.display for each in issue.watchers],
        "spent": sum(each.seconds for each in issue.worklogs),
    }  # fmt: skip


def _comment(comment: Comment) -> Json:
    return {
        "id": comment.id, "author": comment.author.display, "body": comment.body, "text": comment.text,
        "created": comment.created, "edited": comment.updated > comment.created,
        "restricted": (comment.visibility or {}).get("value", ""),
    }  # fmt: skip


def _change(change: Change) -> Json:
    items = [
        {"field": item["field"], "from": item["fromString"] or "", "to": item["toString"] or ""}
        for item in change.items
    ]
    return {"at": change.at, "author": change.author.display, "items": items}


def _attachment(attachment: Attachment) -> Json:
    return {
        "id": attachment.id, "name": attachment.name, "size": len(attachment.content),
        "author": attachment.author.display, "created": attachment.created,
    }  # fmt: skip


def _link(link: Json) -> Json:
    target = link.get("object", {})
    return {
        "id": link["id"], "url": target.get("url", ""), "title": target.get("title", ""),
        "summary": target.get("summary", ""), "relationship": link.get("relationship", ""),
        "resolved": bool(target.get("status", {}).get("resolved")),
    }  # fmt: skip
