"""The stand-in's doors to comments that exist: their text is changed and they are deleted, by their author or a writer.

https://docs.github.com/en/rest/issues/comments
"""

from flask import Response, g

from sandbox.github import ticket_shapes
from sandbox.github.access import ROLES
from sandbox.github.answers import Refused, body_given, json_answer
from sandbox.github.hook_rest import HookRest
from sandbox.github.shapes import Json
from sandbox.github.state import Comment, Person, Repo, Ticket


class CommentRest(HookRest):
    """The API, with comments of issues and pull requests."""

    def __init__(self, webhook_secret: str, token: str = "ghp-sandbox") -> None:
        super().__init__(webhook_secret, token)
        for prefix in ("/repos/<owner>/<name>", "/repositories/<int:repo_id>"):
            path = f"{prefix}/issues/comments/<int:ident>"
            self._route("issues/update-comment", "PATCH", path, self._in_repo(self._update_comment))
            self._route("issues/delete-comment", "DELETE", path, self._in_repo(self._delete_comment))

    def reword(self, repo: Repo, ticket: Ticket, comment: Comment, body: str, sender: Person) -> None:
        """`issue_comment.edited`."""
        with self.lock:
            changes = {"changes": {"body": {"from": comment.body}}}
            comment.body, comment.edited_at = body, self.now()
            self._tell_comment(repo, ticket, "edited", comment, sender, changes)

    def unsay(self, repo: Repo, ticket: Ticket, comment: Comment, sender: Person) -> None:
        """`issue_comment.deleted`."""
        with self.lock:
            ticket.comments.remove(comment)
            self._tell_comment(repo, ticket, "deleted", comment, sender, {})

    def _tell_comment(
        self, repo: Repo, ticket: Ticket, action: str, comment: Comment, sender: Person, more: Json
    ) -> None:
        ticket.updated_at = self.now()
        shown = {
            "issue": ticket_shapes.issue(self.url, repo, ticket),
            "comment": ticket_shapes.comment(self.url, repo, ticket, comment),
        }
        self.announce("issue_comment", repo, sender, {"action": action} | shown | more)

    def _update_comment(self, repo: Repo, ident: int) -> Response:
        ticket, comment = self._mine(repo, ident)
        body = body_given().get("body")
        if not isinstance(body, str) or not body.strip():
            error = {"resource": "IssueComment", "code": "unprocessable", "field": "data"}
            raise Refused(422, "Validation Failed", errors=[error | {"message": "Body cannot be blank"}])
        self.reword(repo, ticket, comment, body, g.asker)
        return json_answer(ticket_shapes.comment(self.url, repo, ticket, comment))

    def _delete_comment(self, repo: Repo, ident: int) -> Response:
        self.unsay(repo, *self._mine(repo, ident), g.asker)
        return Response(status=204)

    def _mine(self, repo: Repo, ident: int) -> tuple[Ticket, Comment]:
        """A comment that whoever asks may change."""
        if repo.archived:
            raise Refused(403, "Repository was archived so is read-only.")
        every = ((ticket, comment) for ticket in repo.tickets.values() for comment in ticket.comments)
        found = next((pair for pair in every if pair[1].id == ident), None)
        if found is None:
            raise Refused(404, "Not Found")
        role = self._base(self.role_of(repo, g.asker))
        if found[1].author is not g.asker and ROLES.index(role) < ROLES.index("write"):
            raise Refused(403, "Must have admin rights to Repository.")
        return found
