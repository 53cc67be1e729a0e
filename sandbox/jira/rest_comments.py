"""The stand-in's REST resources of comments and their properties."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from flask import request

from sandbox.jira.adf import plain_text
from sandbox.jira.model import Json, Refusal
from sandbox.jira.rest_issues import properties_of
from sandbox.jira.rest_site import json_body, page

if TYPE_CHECKING:
    from sandbox.jira.standin import JiraStandIn

type Route = tuple[str, str, str, Callable[..., tuple[Any, int]]]


def routes(jira: "JiraStandIn") -> list[Route]:
    """What this module serves."""
    comments = CommentRoutes(jira)
    shared: list[Route] = [
        ("/issue/<key>/comment", "GET", "getComments", comments.list),
        ("/issue/<key>/comment", "POST", "addComment", comments.add),
        ("/issue/<key>/comment/<number>", "GET", "getComment", comments.get),
        ("/issue/<key>/comment/<number>", "PUT", "updateComment", comments.update),
        ("/issue/<key>/comment/<number>", "DELETE", "deleteComment", comments.delete),
        ("/comment/<number>/properties/<name>", "GET", "getCommentProperty", comments.get_property),
        ("/comment/<number>/properties/<name>", "PUT", "setCommentProperty", comments.set_property),
    ]
    return [*shared, ("/comment/list", "POST", "getCommentsByIds", comments.by_ids)] if jira.cloud else shared


class CommentRoutes:
    def __init__(self, jira: "JiraStandIn") -> None:
        self._jira = jira

    def list(self, key: str) -> tuple[Json, int]:
        issue = self._jira.find(key)
        order = request.args.get("orderBy", "created")
        if order not in ("created", "+created", "-created"):
            raise Refusal(400, f"'{order}' is not a valid order.")
        ordered = sorted(issue.comments, key=lambda each: (each.created, int(each.id)), reverse=order.startswith("-"))
        expanded = "properties" in request.args.get("expand", "").split(",")
        shown = [self._jira.views.comment(each, issue, expanded=expanded) for each in ordered]
        return page("comments", shown, standard=5000, most=5000), 200

    def add(self, key: str) -> tuple[Json, int]:
        issue = self._jira.find(key)
        if "ADD_COMMENTS" in self._jira.denied:
            raise Refusal(403, "You do not have the permission to comment on this issue.")
        body = json_body()
        text = self._text(body)
        visibility = body.get("visibility")
        comment = self._jira.changes.comment(issue, text, self._jira.me, visibility, properties_of(body))
        return self._jira.views.comment(comment, issue), 201

    def get(self, key: str, number: str) -> tuple[Json, int]:
        issue, comment = self._jira.find_comment(number, key)
        return self._jira.views.comment(comment, issue), 200

    def update(self, key: str, number: str) -> tuple[Json, int]:
        issue, comment = self._jira.find_comment(number, key)
        body = json_body()
        text = self._text(body)
        comment.properties.update(properties_of(body))
        self._jira.changes.edit_comment(issue, comment, text, self._jira.me)
        return self._jira.views.comment(comment, issue), 200

    def delete(self, key: str, number: str) -> tuple[None, int]:
        issue, comment = self._jira.find_comment(number, key)
        self._jira.changes.delete_comment(issue, comment, self._jira.me)
        return None, 204

    def by_ids(self) -> tuple[Json, int]:
        wanted = {str(number) for number in json_body().get("ids", [])}
        shown: list[Json] = []
        for issue in self._jira.issues.values():
            for comment in (each for each in issue.comments if each.id in wanted):
                properties = [{"key": key, "value": value} for key, value in comment.properties.items()]
                expanded = {"properties": properties} if "properties" in request.args.get("expand", "") else {}
                shown.append(self._jira.views.comment(comment, issue) | expanded)
        return page("values", shown, standard=1000, most=1000) | {"isLast": True}, 200

    def get_property(self, number: str, name: str) -> tuple[Json, int]:
        held = self._jira.find_comment(number)[1].properties
        if name not in held:
            raise Refusal(404, f"The property with key '{name}' does not exist.")
        return {"key": name, "value": held[name]}, 200

    def set_property(self, number: str, name: str) -> tuple[None, int]:
        held = self._jira.find_comment(number)[1].properties
        known = name in held
        held[name] = request.get_json(silent=True)
        return None, 200 if known else 201

    def _text(self, body: Json) -> Any:
        try:
            text = self._jira.fields.body(body.get("body"))
        except ValueError as error:
            raise Refusal(400, errors={"comment": str(error)}) from None
        if not plain_text(text).strip():
            raise Refusal(400, errors={"comment": "Comment body can not be empty!"})
        return text
