"""What can happen to an issue, by the API or by a person in the browser: the state changes and a webhook goes out."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sandbox.jira.fields import shown
from sandbox.jira.model import STATUSES, Attachment, Comment, Issue, IssueType, Json, Project, Status, User, Worklog

if TYPE_CHECKING:
    from sandbox.jira.standin import JiraStandIn

UPDATED = "jira:issue_updated"


class Changes:
    """Every method takes checked values (`Fields.read`) and the user who does it."""

    def __init__(self, jira: "JiraStandIn") -> None:
        self._jira = jira

    def create(
        self, project: Project, kind: IssueType, values: Json, actor: User, properties: Json,
        files: Sequence[Attachment] = (),
    ) -> Issue:  # fmt: skip
        """Make an issue, which has its `files` from the start."""
        now = self._jira.now()
        project.count += 1
        issue = Issue(
            id=str(10000 + self._jira.next_id()),
            key=f"{project.key}-{project.count}",
            project=project,
            type=kind,
            summary=values["summary"],
            creator=actor,
            reporter=actor,
            created=now,
            updated=now,
            status=STATUSES[0],
            properties=properties,
            attachments=list(files),
        )
        for name, value in values.items():
            self._jira.fields.assign(issue, name, value)
        self._jira.issues[issue.key] = issue
        first = [
            self._jira.fields.item(name, (None, None), shown(issue, name))
            for name in ("priority", "reporter", "status")
        ]
        self._jira.announcements.issue(
            "jira:issue_created", "issue_created", issue, actor, [item for item in first if item]
        )
        return issue

    def edit(self, issue: Issue, values: Json, actor: User) -> None:
        """Set fields; nothing is told if all of them had these values already."""
        items = [self._jira.fields.assign(issue, name, value) for name, value in values.items()]
        kind = "issue_assigned" if set(values) == {"assignee"} else "issue_updated"
        self._updated(issue, kind, actor, [item for item in items if item])

    def transition(
        self, issue: Issue, status: Status, actor: User, values: Json | None = None, metadata: Json | None = None
    ) -> None:
        """Move an issue to a status; done ones are resolved. `values` are those of the transition's screen."""
        asked = dict(values or {})
        resolution = asked.pop("resolution", "Done") if status.category == "done" else None
        items = [self._jira.fields.assign(issue, name, value) for name, value in asked.items()]
        items.append(self._jira.fields.assign(issue, "resolution", resolution))
        items.append(self._jira.fields.assign(issue, "status", status))
        self._updated(issue, "issue_generic", actor, [item for item in items if item], metadata)

    def move(self, issue: Issue, project: Project, actor: User) -> None:
        """Move an issue to another project: it gets a new key, keeps its id, and is still found by the old key."""
        old_key, old = issue.key, issue.project
        project.count += 1
        issue.project, issue.key = project, f"{project.key}-{project.count}"
        del self._jira.issues[old_key]
        self._jira.issues[issue.key] = issue
        self._jira.moved[old_key] = issue
        items = [
            self._jira.fields.item("project", (old.id, old.name), (project.id, project.name)),
            {
                "field": "Key",
                "fieldtype": "jira",
                "from": None,
                "fromString": old_key,
                "to": None,
                "toString": issue.key,
            },
        ]
        self._updated(issue, "issue_moved", actor, [item for item in items if item])

    def delete(self, issue: Issue, actor: User) -> None:
        """Delete an issue."""
        del self._jira.issues[issue.key]
        self._jira.announcements.issue("jira:issue_deleted", "", issue, actor, [])

    def attach(self, issue: Issue, attachment: Attachment) -> None:
        """Attach a file to an issue."""
        issue.attachments.append(attachment)
        self._tell_of_file(issue, attachment.author, {"to": attachment.id, "toString": attachment.name})

    def detach(self, issue: Issue, attachment: Attachment, actor: User) -> None:
        """Remove a file from an issue."""
        issue.attachments.remove(attachment)
        self._tell_of_file(issue, actor, {"from": attachment.id, "fromString": attachment.name})

    def _tell_of_file(self, issue: Issue, actor: User, ends: Json) -> None:
        item: Json = {"field": "Attachment", "fieldtype": "jira", "from": None, "fromString": None, "to": None}
        item |= {"toString": None, **ends}
        self._updated(issue, "issue_updated", actor, [item | ({"fieldId": "attachment"} if self._jira.cloud else {})])

    def comment(self, issue: Issue, body: Any, actor: User, visibility: Json | None, properties: Json) -> Comment:
        """Comment on an issue."""
        now = self._jira.now()
        public = not properties.get("sd.public.comment", {}).get("internal", False)
        number = str(10000 + self._jira.next_id())
        comment = Comment(number, actor, body, now, now, actor, visibility, public, properties)
        issue.comments.append(comment)
        issue.updated = now
        self._jira.announcements.comment("comment_created", comment, issue, actor)
        return comment

    def edit_comment(self, issue: Issue, comment: Comment, body: Any, actor: User) -> None:
        """Change a comment's text."""
        comment.body, comment.update_author = body, actor
        comment.updated = issue.updated = self._jira.now()
        self._jira.announcements.comment("comment_updated", comment, issue, actor)

    def delete_comment(self, issue: Issue, comment: Comment, actor: User) -> None:
        """Delete a comment."""
        issue.comments.remove(comment)
        issue.updated = self._jira.now()
        self._jira.announcements.comment("comment_deleted", comment, issue, actor)

    def log_work(self, issue: Issue, worklog: Worklog) -> None:
        """Note time that was spent; Jira tells of it as a change of the issue."""
        before = sum(each.seconds for each in issue.worklogs)
        issue.worklogs.append(worklog)
        spent = (str(before) if before else None, str(before + worklog.seconds))
        item = self._jira.fields.item("timespent", (spent[0], spent[0]), (spent[1], spent[1]))
        self._updated(issue, "issue_work_logged", worklog.author, [item] if item else [])

    def _updated(self, issue: Issue, kind: str, actor: User, items: list[Json], metadata: Json | None = None) -> None:
        if items:
            issue.updated = self._jira.now()
            issue.history.append(self._jira.views.change(issue, actor, items, metadata))
            self._jira.announcements.issue(UPDATED, kind, issue, actor, items)
