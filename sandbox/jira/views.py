"""The stand-in's state as Jira's JSON, with the fields that real answers and webhooks have."""

from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from sandbox.jira import adf
from sandbox.jira.fields import CUSTOM_FIELDS
from sandbox.jira.model import (
    PRIORITIES,
    STATUSES,
    TRANSITIONS,
    Attachment,
    Comment,
    Issue,
    IssueType,
    Json,
    Project,
    Status,
    User,
    Worklog,
)

if TYPE_CHECKING:
    from sandbox.jira.standin import JiraStandIn

CATEGORIES = {
    "new": (2, "blue-gray", "To Do"),
    "indeterminate": (4, "yellow", "In Progress"),
    "done": (3, "green", "Done"),
}


@lru_cache(maxsize=4096)
def stamp(seconds: float) -> str:
    """Jira's way to write a time: `2026-10-02T09:15:22.310+0000`.

    Kept, since every webhook of an issue names the times of all of its comments.
    """
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "+0000"


class Views:
    """JSON of one stand-in; `rich` bodies are what the API of this Jira has, others the wiki text of webhooks."""

    def __init__(self, jira: "JiraStandIn") -> None:
        self._jira = jira

    def link(self, *path: str, rich: bool = True) -> str:
        """The `self` address of something; webhooks always speak of version 2."""
        version = "3" if self._jira.cloud and rich else "2"
        return f"{self._jira.url}/rest/api/{version}/" + "/".join(path)

    def user(self, user: User | None, *, email: bool = False) -> Json | None:
        """A user; webhooks of Cloud carry no e-mail address."""
        if user is None:
            return None
        shared: Json = {
            "avatarUrls": {
                f"{size}x{size}": f"{self._jira.url}/avatar/{user.name}-{size}.png" for size in (48, 24, 16, 32)
            },
            "displayName": user.display,
            "active": user.display not in self._jira.inactive,
            "timeZone": "Etc/UTC",
        }
        if self._jira.cloud:
            page = self.link(f"user?accountId={quote(user.account_id)}", rich=False)
            shown = {"emailAddress": user.email} if email and self._jira.emails_shown else {}
            return {"self": page, "accountId": user.account_id, **shown, **shared, "accountType": "atlassian"}
        page = self.link(f"user?username={quote(user.name)}")
        return {"self": page, "name": user.name, "key": user.name, "emailAddress": user.email, **shared}

    def project(self, project: Project) -> Json:
        """A project as it stands inside an issue."""
        avatar = f"{self._jira.url}/secure/projectavatar?pid={project.id}"
        return {
            "self": self.link("project", project.id),
            "id": project.id,
            "key": project.key,
            "name": project.name,
            "projectTypeKey": "software",
            "simplified": False,
            "avatarUrls": {f"{size}x{size}": f"{avatar}&size={size}" for size in (48, 24, 16, 32)},
        }

    def issue_type(self, kind: IssueType) -> Json:
        """A type of issue."""
        return {
            "self": self.link("issuetype", kind.id),
            "id": kind.id,
            "description": "",
            "iconUrl": f"{self._jira.url}/images/issuetypes/{kind.id}.svg",
            "name": kind.name,
            "subtask": kind.subtask,
            "avatarId": 10303,
            **({"hierarchyLevel": -1 if kind.subtask else kind.level} if self._jira.cloud else {}),
        }

    def status(self, status: Status) -> Json:
        """A status with its category."""
        number, color, name = CATEGORIES[status.category]
        category = {"self": self.link("statuscategory", str(number)), "id": number, "key": status.category}
        return {
            "self": self.link("status", status.id),
            "description": "",
            "iconUrl": f"{self._jira.url}/",
            "name": status.name,
            "id": status.id,
            "statusCategory": category | {"colorName": color, "name": name},
        }

    def priority(self, name: str) -> Json:
        """A priority by its name."""
        number = next(number for number, title in PRIORITIES.items() if title == name)
        icon = f"{self._jira.url}/images/icons/priorities/{name.lower()}.svg"
        return {"self": self.link("priority", number), "iconUrl": icon, "name": name, "id": number}

    def change(self, issue: Issue, actor: User, items: list[Json], metadata: Json | None) -> Json:
        """A change of an issue, with what its maker said of it."""
        head: Json = {"id": f"{issue.id}{len(issue.history)}", "author": self.user(actor)}
        said: Json = {"historyMetadata": metadata} if metadata else {}
        return head | {"created": stamp(issue.updated), "items": items} | said

    def changelog(self, issue: Issue) -> Json:
        """An issue's history: on Cloud the latest changes, the newest first, on Data Center all, the oldest first."""
        shown = issue.history[:-101:-1] if self._jira.cloud else issue.history
        return {"startAt": 0, "maxResults": len(shown), "total": len(issue.history), "histories": shown}

    def comment(self, comment: Comment, issue: Issue, *, rich: bool = True, expanded: bool = False) -> Json:
        """A comment, with `visibility` only where it is restricted.

        That it is for a service desk's agents alone Data Center says in a property, where that is asked for.
        """
        internal = [] if comment.public else [{"key": "sd.public.comment", "value": {"internal": True}}]
        return {
            "self": self.link("issue", issue.id, "comment", comment.id, rich=rich),
            "id": comment.id,
            "author": self.user(comment.author, email=rich),
            "body": comment.body if rich else adf.wiki_text(comment.body),
            "updateAuthor": self.user(comment.update_author, email=rich),
            "created": stamp(comment.created),
            "updated": stamp(comment.updated),
            **({"visibility": comment.visibility} if comment.visibility else {}),
            **({"jsdPublic": comment.public} if self._jira.cloud else {}),
            **({"properties": internal} if expanded and not self._jira.cloud else {}),
        }

    def comments(self, issue: Issue, *, rich: bool) -> Json:
        """The field `comment` of an issue."""
        return {
            "comments": [self.comment(each, issue, rich=rich) for each in issue.comments],
            "self": self.link("issue", issue.id, "comment", rich=rich),
            "maxResults": len(issue.comments),
            "total": len(issue.comments),
            "startAt": 0,
        }

    def fields(self, issue: Issue, *, rich: bool = True) -> Json:
        """All fields of an issue."""
        return {
            "statuscategorychangedate": stamp(issue.updated),
            "issuetype": self.issue_type(issue.type),
            "timespent": None,
            "project": self.project(issue.project),
            "fixVersions": [],
            "resolution": {"id": "10000", "name": issue.resolution} if issue.resolution else None,
            "resolutiondate": stamp(issue.updated) if issue.resolution else None,
            "priority": self.priority(issue.priority),
            "labels": list(issue.labels),
            "versions": [],
            "issuelinks": [],
            "assignee": self.user(issue.assignee, email=rich),
            "updated": stamp(issue.updated),
            "status": self.status(issue.status),
            "components": [{"id": str(10200 + at), "name": name} for at, name in enumerate(issue.components)],
            "description": self._text(issue.description, rich=rich),
            "security": {"id": "10100", "name": issue.security} if issue.security else None,
            "summary": issue.summary,
            "creator": self.user(issue.creator, email=rich),
            "reporter": self.user(issue.reporter, email=rich),
            "subtasks": [],
            "duedate": issue.due,
            "environment": None,
            "attachment": [self.attachment(each) for each in issue.attachments],
            "created": stamp(issue.created),
            **({"parent": {"key": issue.parent}} if issue.parent else {}),
            **{name: issue.custom.get(name) for name in CUSTOM_FIELDS},
            **self._jira.fields.held(issue),
            "comment": self.comments(issue, rich=rich),
        }

    def attachment(self, attachment: Attachment) -> Json:
        """A file of an issue; its content is at an address of the API on Cloud, of the browser on Data Center."""
        page = f"{self._jira.url}/secure/attachment/{attachment.id}/{quote(attachment.name)}"
        content = self.link("attachment", "content", attachment.id) if self._jira.cloud else page
        return {
            "self": self.link("attachment", attachment.id),
            "id": attachment.id,
            "filename": attachment.name,
            "author": self.user(attachment.author),
            "created": stamp(attachment.created),
            "size": len(attachment.content),
            "mimeType": attachment.mimetype,
            "content": content,
        }

    def issue(self, issue: Issue, names: str = "*all", properties: str = "") -> Json:
        """An issue of the API with the chosen fields (comma list) and properties."""
        chosen = set(names.split(","))
        every = bool(chosen & {"*all", "*navigable"})
        fields = {name: value for name, value in self.fields(issue).items() if every or name in chosen}
        wanted = set(properties.split(","))
        held = {name: value for name, value in issue.properties.items() if name in wanted or "*all" in wanted}
        link = self.link("issue", issue.id)
        shown: Json = {"expand": "", "id": issue.id, "self": link, "key": issue.key, "fields": fields}
        return shown | ({"properties": held} if properties else {})

    def part(self, issue: Issue) -> Json:
        """What a comment webhook shows of its issue."""
        names = ("summary", "issuetype", "project", "assignee", "priority", "status")
        whole = self.fields(issue, rich=False)
        return self.webhook_issue(issue) | {"fields": {name: whole[name] for name in names}}

    def webhook_issue(self, issue: Issue) -> Json:
        """What an issue webhook shows of its issue."""
        link = self.link("issue", issue.id, rich=False)
        return {"id": issue.id, "self": link, "key": issue.key, "fields": self.fields(issue, rich=False)}

    def transitions(self, issue: Issue, *, fields: bool = False) -> list[Json]:
        """What the workflow lets an issue do now, with the fields of each step's screen if asked for."""
        shown: list[Json] = []
        for step in TRANSITIONS:
            if issue.status.name in step.start:
                to = next(status for status in STATUSES if status.name == step.to)
                kinds = {"hasScreen": bool(step.screen), "isGlobal": False, "isInitial": False, "isConditional": False}
                expanded = {"fields": self._jira.fields.screen(step)} if fields else {}
                shown.append({"id": step.id, "name": step.name, "to": self.status(to), **kinds, **expanded})
        return shown

    def worklog(self, worklog: Worklog, issue: Issue) -> Json:
        """A worklog of the API."""
        return {
            "self": self.link("issue", issue.id, "worklog", worklog.id),
            "author": self.user(worklog.author, email=True),
            "updateAuthor": self.user(worklog.author, email=True),
            "comment": worklog.comment,
            "created": stamp(worklog.created),
            "updated": stamp(worklog.created),
            "started": stamp(worklog.started),
            "timeSpent": f"{worklog.seconds // 60}m",
            "timeSpentSeconds": worklog.seconds,
            "id": worklog.id,
            "issueId": issue.id,
        }

    def _text(self, body: Any, *, rich: bool) -> Any:
        return body if rich or body is None else adf.wiki_text(body)
