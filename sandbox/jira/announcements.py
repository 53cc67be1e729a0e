"""The stand-in's webhooks: Jira's envelopes, its headers and its signature over the raw body."""

import hashlib
import hmac
import uuid
from typing import TYPE_CHECKING

from sandbox.jira.model import Comment, Issue, Json, Project, User
from sandbox.standin import Outgoing, compact

if TYPE_CHECKING:
    from sandbox.jira.standin import JiraStandIn


class Announcements:
    """Puts into the outbox what changed."""

    def __init__(self, jira: "JiraStandIn") -> None:
        self._jira = jira
        self._last: tuple[str, bytes, str] | None = None

    def issue(
        self, event: str, kind: str, issue: Issue, user: User, items: list[Json], comment: Comment | None = None
    ) -> None:
        """`jira:issue_created`, `…_updated` or `…_deleted`, with the changelog's items and the comment, if any."""
        payload: Json = {"timestamp": self._now(), "webhookEvent": event}
        if kind:
            payload["issue_event_type_name"] = kind
        payload |= {"user": self._jira.views.user(user), "issue": self._jira.views.webhook_issue(issue)}
        if items:
            payload["changelog"] = {"id": str(10000 + self._jira.next_id()), "items": items}
        if comment is not None:
            payload["comment"] = self._jira.views.comment(comment, issue, rich=False)
        self._queue(event, payload)

    def comment(self, event: str, comment: Comment, issue: Issue, user: User) -> None:
        """`comment_created`, `_updated` or `_deleted`, without the issue on Data Center, and then the issue's own."""
        shown = self._jira.views.comment(comment, issue, rich=False)
        payload: Json = {"timestamp": self._now(), "webhookEvent": event, "comment": shown}
        if self._jira.cloud:
            payload["issue"] = self._jira.views.part(issue)
        self._queue(event, payload)
        names = {"comment_created": "issue_commented", "comment_updated": "issue_comment_edited"}
        deleted = event == "comment_deleted"
        kind = names.get(event, "issue_comment_deleted")
        self.issue("jira:issue_updated", kind, issue, user, [], None if deleted else comment)

    def version(self, did: str, project: Project, name: str) -> None:
        """`jira:version_created`, `…_released`, …: who did it is not said, nor the project's key."""
        ident = str(10000 + self._jira.next_id())
        version: Json = {
            "self": self._jira.views.link("version", ident), "id": ident, "name": name, "archived": False,
            "released": did == "released", "overdue": False, "projectId": int(project.id),
        }  # fmt: skip
        event = f"jira:version_{did}"
        self._queue(event, {"timestamp": self._now(), "webhookEvent": event, "version": version})

    def sprint(self, did: str, project: Project, name: str, goal: str) -> None:
        """`sprint_started` or `sprint_closed`, with the board that it was made on."""
        ident = self._jira.next_id()
        sprint: Json = {
            "id": ident, "self": f"{self._jira.url}/rest/agile/1.0/sprint/{ident}", "name": name, "goal": goal,
            "state": "closed" if did == "closed" else "active", "originBoardId": int(project.id),
            "startDate": "2026-10-05T07:00:00.000Z", "endDate": "2026-10-19T07:00:00.000Z",
        }  # fmt: skip
        event = f"sprint_{did}"
        self._queue(event, {"timestamp": self._now(), "webhookEvent": event, "sprint": sprint})

    def again(self, times: int) -> None:
        """Queue the last webhook once more, as Jira repeats one: the same identifier, and the number of the retry."""
        if self._last is None:
            raise RuntimeError("no webhook was sent yet")
        for number in range(1, times + 1):
            self._send(*self._last, retry=number)

    def _queue(self, event: str, payload: Json) -> None:
        self._last = (event, compact(payload), str(uuid.uuid4()))
        self._send(*self._last)

    def _send(self, event: str, body: bytes, identifier: str, retry: int = 0) -> None:
        def sign(raw: bytes) -> dict[str, str]:
            digest = hmac.new(self._jira.webhook_secret.encode(), raw, hashlib.sha256).hexdigest()
            headers = {"Content-Type": "application/json; charset=UTF-8", "User-Agent": "Atlassian Webhook HTTP Client"}
            if self._jira.cloud:
                headers |= {"X-Atlassian-Webhook-Identifier": identifier, "X-Atlassian-Webhook-Flow": "Primary"}
                headers |= {"X-Atlassian-Webhook-Retry": str(retry)} if retry else {}
            return headers | {"X-Hub-Signature": f"sha256={digest}"}

        self._jira.send(Outgoing(self._jira.webhook_path, body, sign, event))

    def _now(self) -> int:
        return int(self._jira.now() * 1000)
