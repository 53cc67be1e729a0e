"""The stand-in's comments in discussions: said, changed and deleted by people, and by the three mutations of GraphQL.

https://docs.github.com/en/graphql/guides/using-the-graphql-api-for-discussions
"""

from collections.abc import Callable
from functools import partial

from flask import Response, g

from sandbox.github.access import ROLES, AccessRest
from sandbox.github.answers import body_given, json_answer
from sandbox.github.discussions import Discussions
from sandbox.github.graphql import chosen, mistake, selected
from sandbox.github.shapes import Json, stamp, user
from sandbox.github.state import Comment, Discussion, Person, Repo
from sandbox.github.ticket_shapes import reactions

type Place = tuple[Repo, Discussion]
LIMIT = 65536


class DiscussionComments(AccessRest, Discussions):
    """The API, with what is said in discussions."""

    def __init__(self, webhook_secret: str, token: str = "ghp-sandbox") -> None:
        super().__init__(webhook_secret, token)
        self.may_discuss = True
        """Whether the token, or the GitHub App, has the right to write in discussions."""
        mutations: dict[str, Callable[[str, Json], Response]] = {
            "addDiscussionComment": self._add, "updateDiscussionComment": self._update,
            "deleteDiscussionComment": self._delete,
        }  # fmt: skip
        self._asked |= {name: partial(self._changing, name, do) for name, do in mutations.items()}

    # --- what people do ----------------------------------------------------------------------------------------------

    def say_in_discussion(self, repo: str, number: int, author: str, body: str) -> int:
        """`discussion_comment.created`; returns the comment's id."""
        return self._said(self._place(repo, number), self.person(author), body).id

    def reword_in_discussion(self, repo: str, number: int, ident: int, body: str, by: str) -> None:
        """`discussion_comment.edited`."""
        place = self._place(repo, number)
        self._reworded(place, _with_id(place, ident), self.person(by), body)

    def unsay_in_discussion(self, repo: str, number: int, ident: int, by: str) -> None:
        """`discussion_comment.deleted`."""
        place = self._place(repo, number)
        self._unsaid(place, _with_id(place, ident), self.person(by))

    def _place(self, repo: str, number: int) -> Place:
        there = self.repo(repo)
        if there is None:
            raise KeyError(repo)
        return there, there.discussions[number]

    def _said(self, place: Place, author: Person, body: str) -> Comment:
        with self.lock:
            comment = Comment(self.next_id(), author, body, self.now())
            place[1].comments.append(comment)
            self._announced(place, "created", comment, author, {})
            return comment

    def _reworded(self, place: Place, comment: Comment, sender: Person, body: str) -> None:
        with self.lock:
            changes = {"changes": {"body": {"from": comment.body}}}
            comment.body, comment.edited_at = body, self.now()
            self._announced(place, "edited", comment, sender, changes)

    def _unsaid(self, place: Place, comment: Comment, sender: Person) -> None:
        with self.lock:
            place[1].comments.remove(comment)
            self._announced(place, "deleted", comment, sender, {})

    def _announced(self, place: Place, action: str, comment: Comment, sender: Person, more: Json) -> None:
        repo, given = place
        url = f"{self.url}/repos/{repo.full_name}/discussions/comments/{comment.id}"
        shown = {
            "id": comment.id, "node_id": f"DC_{comment.id}", "parent_id": None, "child_comment_count": 0,
            "html_url": self.comment_shown(repo, given, comment)["url"], "repository_url": repo.full_name,
            "discussion_id": given.id, "author_association": "MEMBER", "user": user(self.url, comment.author),
            "created_at": stamp(comment.created_at), "updated_at": stamp(comment.updated_at), "body": comment.body,
            "reactions": reactions(url),
        }  # fmt: skip
        told = {"action": action, "comment": shown, "discussion": self.as_told(repo, given)}
        self.announce("discussion_comment", repo, sender, told | more)

    # --- what GraphQL does -------------------------------------------------------------------------------------------

    def _changing(self, name: str, do: Callable[[str, Json], Response]) -> Response:
        with self.lock:
            if not self.may_discuss:
                return mistake([name], "FORBIDDEN", "Resource not accessible by integration")
            return do(name, body_given()["variables"]["input"])

    def _add(self, name: str, given: Json) -> Response:
        ident, every = given["discussionId"], [(repo, one) for repo in self.repos for one in repo.discussions.values()]
        place = next((pair for pair in every if f"D_{pair[1].id}" == ident and self.sees(pair[0])), None)
        if place is None:
            return _unknown(name, ident)
        refusal = _refusal(name, place[0], given["body"])
        return refusal or self._answer(name, place, self._said(place, g.asker, given["body"]))

    def _update(self, name: str, given: Json) -> Response:
        found = self._with_node(given["commentId"])
        if found is None:
            return _unknown(name, given["commentId"])
        place, comment = found
        refusal = self._not_theirs(name, place, comment) or _refusal(name, place[0], given["body"])
        if refusal is None:
            self._reworded(place, comment, g.asker, given["body"])
        return refusal or self._answer(name, place, comment)

    def _delete(self, name: str, given: Json) -> Response:
        found = self._with_node(given["id"])
        if found is None:
            return _unknown(name, given["id"])
        place, comment = found
        refusal = self._not_theirs(name, place, comment)
        if refusal is None:
            self._unsaid(place, comment, g.asker)
        return refusal or self._answer(name, place, comment)

    def _with_node(self, ident: str) -> tuple[Place, Comment] | None:
        every = [(repo, one) for repo in self.repos if self.sees(repo) for one in repo.discussions.values()]
        known = ((place, comment) for place in every for comment in place[1].comments)
        return next((pair for pair in known if f"DC_{pair[1].id}" == ident), None)

    def _not_theirs(self, name: str, place: Place, comment: Comment) -> Response | None:
        role = self._base(self.role_of(place[0], g.asker))
        if comment.author is g.asker or ROLES.index(role) >= ROLES.index("write"):
            return None
        wanted = f"{name[0].upper()}{name[1:]}"
        return mistake(
            [name], "FORBIDDEN", f"{g.asker.login} does not have the correct permissions to execute `{wanted}`"
        )

    def _answer(self, name: str, place: Place, comment: Comment) -> Response:
        shown = {name: {"comment": self.comment_shown(*place, comment)}}
        try:
            return json_answer({"data": chosen(shown, selected(str(body_given()["query"])))})
        except KeyError as error:
            return json_answer({"errors": [{"message": f"Field {error} doesn't exist on type 'DiscussionComment'"}]})


def _with_id(place: Place, ident: int) -> Comment:
    return next(comment for comment in place[1].comments if comment.id == ident)


def _unknown(name: str, ident: str) -> Response:
    return mistake([name], "NOT_FOUND", f"Could not resolve to a node with the global id of '{ident}'.")


def _refusal(name: str, repo: Repo, body: str) -> Response | None:
    if repo.archived:
        return mistake([name], "UNPROCESSABLE", "Repository was archived so is read-only.")
    if not body.strip():
        return mistake([name], "UNPROCESSABLE", "Body can't be blank")
    too_long = len(body) > LIMIT
    return mistake([name], "UNPROCESSABLE", f"Body is too long (maximum is {LIMIT} characters)") if too_long else None
