"""The stand-in's discussions: what people begin, and what connect asks GraphQL about them.

https://docs.github.com/en/graphql/guides/using-the-graphql-api-for-discussions
"""

from flask import Response

from sandbox.github.answers import body_given, json_answer
from sandbox.github.graphql import GraphQL, chosen, mistake, selected
from sandbox.github.shapes import Json, stamp, user
from sandbox.github.state import Comment, Discussion, Repo
from sandbox.github.ticket_shapes import reactions
from sandbox.github.world import next_number

PAGE = 100


class Discussions(GraphQL):
    """The API, with discussions."""

    def __init__(self, webhook_secret: str, token: str = "ghp-sandbox") -> None:
        super().__init__(webhook_secret, token)
        self._asked["discussion("] = self._discussion

    def discuss(self, repo: str, title: str, author: str = "octocat", body: str = "", category: str = "Ideas") -> int:
        """`discussion.created`; returns the number."""
        there, by = self.repo(repo), self.person(author)
        if there is None:
            raise KeyError(repo)
        with self.lock:
            given = Discussion(self.next_id(), next_number(there), title, body, category, by, self.now())
            there.discussions[given.number] = given
            self.announce("discussion", there, by, {"action": "created", "discussion": self.as_told(there, given)})
            return given.number

    def as_told(self, repo: Repo, given: Discussion) -> Json:
        """As webhooks tell of one."""
        at, url = stamp(given.created_at), f"{self.url}/repos/{repo.full_name}/discussions/{given.number}"
        category = {
            "id": 1, "node_id": "DIC_1", "repository_id": repo.id, "emoji": ":bulb:", "name": given.category,
            "description": "", "slug": given.category.lower(), "is_answerable": False,
            "created_at": at, "updated_at": at,
        }  # fmt: skip
        return {
            "repository_url": f"{self.url}/repos/{repo.full_name}", "category": category,
            **dict.fromkeys(("answer_html_url", "answer_chosen_at", "answer_chosen_by", "state_reason")),
            "html_url": self._page_of(repo, given), "id": given.id, "node_id": f"D_{given.id}",
            "number": given.number, "title": given.title, "user": user(self.url, given.author), "labels": [],
            "state": "open", "locked": False, "comments": len(given.comments), "created_at": at, "updated_at": at,
            "author_association": "MEMBER", "active_lock_reason": None, "body": given.body,
            "reactions": reactions(url), "timeline_url": f"{url}/timeline",
        }  # fmt: skip

    def _page_of(self, repo: Repo, given: Discussion) -> str:
        return f"{self.url}/{repo.full_name}/discussions/{given.number}"

    def _discussion(self) -> Response:
        """One query, `repository { discussion { … } }`; a field that there is not is refused."""
        body = body_given()
        variables: Json = body["variables"]
        there = self.repo(f"{variables['owner']}/{variables['name']}")
        if there is None or not self.sees(there):
            return mistake(["repository"], "NOT_FOUND", "Could not resolve to a Repository")
        given = there.discussions.get(variables["number"])
        if given is None:
            data: Json = {"repository": {"discussion": None}}
            return mistake(["repository", "discussion"], "NOT_FOUND", "Could not resolve to a Discussion", data)
        shown: Json = {
            "id": f"D_{given.id}", "databaseId": given.id, "number": given.number, "title": given.title,
            "url": self._page_of(there, given), "body": given.body, "closed": False, "answerChosenAt": None,
            "updatedAt": stamp(given.created_at), "author": {"login": given.author.login},
            "category": {"name": given.category}, "labels": {"nodes": []},
            "comments": self._comments(there, given, variables.get("before")),
        }  # fmt: skip
        try:
            found = chosen({"repository": {"discussion": shown}}, selected(str(body["query"])))
        except KeyError as error:
            return json_answer({"errors": [{"message": f"Field {error} doesn't exist on type 'Discussion'"}]})
        return json_answer({"data": found})

    def _comments(self, repo: Repo, given: Discussion, before: str | None) -> Json:
        """The last hundred, or those before a cursor, the oldest first."""
        end = len(given.comments) if before is None else int(before)
        start = max(end - PAGE, 0)
        return {
            "pageInfo": {"hasPreviousPage": start > 0, "startCursor": str(start)},
            "nodes": [self.comment_shown(repo, given, each) for each in given.comments[start:end]],
        }

    def comment_shown(self, repo: Repo, given: Discussion, comment: Comment) -> Json:
        """As GraphQL tells of one."""
        by = comment.author
        return {
            "id": f"DC_{comment.id}", "databaseId": comment.id, "body": comment.body,
            "url": f"{self._page_of(repo, given)}#discussioncomment-{comment.id}",
            "author": {"__typename": by.type, "login": by.login, "databaseId": by.id},
            "createdAt": stamp(comment.created_at), "updatedAt": stamp(comment.updated_at),
        }  # fmt: skip
