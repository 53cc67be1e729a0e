"""The stand-in's discussions: what people begin, and the one question of GraphQL that connect asks about them.

https://docs.github.com/en/graphql/guides/using-the-graphql-api-for-discussions
"""

import re
from collections.abc import Iterator
from typing import Any

from flask import Response

from sandbox.github.answers import body_given, json_answer
from sandbox.github.graphql import GraphQL
from sandbox.github.shapes import Json, stamp, user
from sandbox.github.state import Discussion, Repo
from sandbox.github.ticket_shapes import reactions
from sandbox.github.world import next_number

_TOKEN = re.compile(r"[A-Za-z_]\w*|[{}]|\([^)]*\)")


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
            "state": "open", "locked": False, "comments": 0, "created_at": at, "updated_at": at,
            "author_association": "MEMBER", "active_lock_reason": None, "body": given.body,
            "reactions": reactions(url), "timeline_url": f"{url}/timeline",
        }  # fmt: skip

    def _page_of(self, repo: Repo, given: Discussion) -> str:
        return f"{self.url}/{repo.full_name}/discussions/{given.number}"

    def _discussion(self) -> Response:
        """One query, `repository { discussion { … } }`; a field that there is not is refused."""
        body = body_given()
        variables: Json = body["variables"]
        tokens = iter(_TOKEN.findall(str(body["query"]).partition("{")[2]))
        wanted = _selected(tokens)["repository"]["discussion"]
        there = self.repo(f"{variables['owner']}/{variables['name']}")
        if there is None or not self.sees(there):
            return _missing(["repository"], "Could not resolve to a Repository")
        given = there.discussions.get(variables["number"])
        if given is None:
            return _missing(["repository", "discussion"], "Could not resolve to a Discussion")
        shown: Json = {
            "databaseId": given.id, "number": given.number, "title": given.title, "url": self._page_of(there, given),
            "body": given.body, "closed": False, "answerChosenAt": None, "updatedAt": stamp(given.created_at),
            "author": {"login": given.author.login}, "category": {"name": given.category}, "labels": {"nodes": []},
        }  # fmt: skip
        unknown = [name for name in wanted if name not in shown]
        if unknown:
            return json_answer({"errors": [{"message": f"Field '{unknown[0]}' doesn't exist on type 'Discussion'"}]})
        return json_answer({"data": {"repository": {"discussion": {name: shown[name] for name in wanted}}}})


def _selected(tokens: Iterator[str]) -> dict[str, Any]:
    """The fields that a query names, each with those beneath it."""
    found: dict[str, Any] = {}
    last = ""
    for token in tokens:
        if token == "}":
            break
        if token == "{":
            found[last] = _selected(tokens)
        elif not token.startswith("("):
            found[token], last = {}, token
    return found


def _missing(path: list[str], message: str) -> Response:
    data: Json = {"repository": None if len(path) == 1 else {"discussion": None}}
    return json_answer({"data": data, "errors": [{"type": "NOT_FOUND", "path": path, "message": message}]})
