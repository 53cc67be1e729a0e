"""The stand-in's REST resources of files: attach to an issue, look up, download, remove."""

import mimetypes
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from flask import Response, request

from sandbox.jira.model import Attachment, Issue, Json, Refusal, User

if TYPE_CHECKING:
    from sandbox.jira.standin import JiraStandIn

type Route = tuple[str, str, str, Callable[..., tuple[Any, int]]]


def routes(jira: "JiraStandIn") -> list[Route]:
    """What this module serves."""
    files = FileRoutes(jira)
    shared: list[Route] = [
        ("/issue/<key>/attachments", "POST", "addAttachment", files.add),
        ("/attachment/meta", "GET", "getAttachmentMeta", files.limits),
        ("/attachment/<number>", "GET", "getAttachment", files.get),
        ("/attachment/<number>", "DELETE", "removeAttachment", files.remove),
    ]
    content: Route = ("/attachment/content/<number>", "GET", "getAttachmentContent", files.content)
    return [*shared, content] if jira.cloud else shared


def page(jira: "JiraStandIn") -> Callable[..., Response]:
    """The address at which a browser, and Data Center's API, has the content."""

    def serve(number: str, name: str) -> Response:  # noqa: ARG001 - the name is part of the address only
        return _content(find_file(jira, number)[1])

    return serve


def attach(jira: "JiraStandIn", issue: Issue, author: User, name: str, content: bytes, kind: str = "") -> Attachment:
    """Attach a file to an issue."""
    attachment = new_file(jira, author, name, content, kind)
    jira.changes.attach(issue, attachment)
    return attachment


def new_file(jira: "JiraStandIn", author: User, name: str, content: bytes, kind: str = "") -> Attachment:
    """A file that is about to be attached."""
    kind = kind or mimetypes.guess_type(name)[0] or "application/octet-stream"
    return Attachment(str(10000 + jira.next_id()), name, kind, content, author, jira.now())


def find_file(jira: "JiraStandIn", number: str) -> tuple[Issue, Attachment]:
    """A file with its issue; refused with 404 if there is none."""
    for issue in jira.issues.values():
        for attachment in issue.attachments:
            if attachment.id == number:
                return issue, attachment
    raise Refusal(404, f"The attachment with id '{number}' does not exist")


class FileRoutes:
    def __init__(self, jira: "JiraStandIn") -> None:
        self._jira = jira

    def add(self, key: str) -> tuple[Any, int]:
        if request.headers.get("X-Atlassian-Token") != "no-check":
            raise Refusal(403, "XSRF check failed")
        issue = self._jira.find(key)
        if "CREATE_ATTACHMENTS" in self._jira.denied:
            raise Refusal(403, "You do not have permission to create attachments for this issue.")
        made: list[Json] = []
        for given in request.files.getlist("file"):
            content = given.read()
            if len(content) > self._jira.largest_file:
                raise Refusal(413, "The attachment is larger than this site allows.")
            kept = attach(self._jira, issue, self._jira.me, given.filename or "file", content, given.mimetype)
            made.append(self._jira.views.attachment(kept))
        return made, 200

    def limits(self) -> tuple[Json, int]:
        return {"enabled": True, "uploadLimit": self._jira.largest_file}, 200

    def get(self, number: str) -> tuple[Json, int]:
        return self._jira.views.attachment(find_file(self._jira, number)[1]), 200

    def remove(self, number: str) -> tuple[None, int]:
        """Who attached a file needs one permission to remove it, anybody else another."""
        issue, found = find_file(self._jira, number)
        own = found.author == self._jira.me and "DELETE_OWN_ATTACHMENTS" not in self._jira.denied
        if not own and "DELETE_ALL_ATTACHMENTS" in self._jira.denied:
            raise Refusal(403, f"You do not have permission to delete attachment with id: {number}")
        self._jira.changes.detach(issue, found, self._jira.me)
        return None, 204

    def content(self, number: str) -> tuple[Any, int]:
        _, found = find_file(self._jira, number)
        if request.args.get("redirect") != "false":
            return Response(status=303, headers={"Location": f"https://media.example.com/{found.id}"}), 303
        return _content(found), 200


def _content(attachment: Attachment) -> Response:
    return Response(attachment.content, content_type=attachment.mimetype)
