"""The stand-in's REST resources about JQL, and what can be chosen from when one filters issues."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

from flask import request

from sandbox.jira import jql
from sandbox.jira.model import STATUSES, Issue, Json, Project, Refusal
from sandbox.jira.rest_site import json_body, page

if TYPE_CHECKING:
    from sandbox.jira.standin import JiraStandIn

type Route = tuple[str, str, str, Callable[..., tuple[Any, int]]]


def routes(jira: "JiraStandIn") -> list[Route]:
    """What this module serves; Data Center has neither `/jql` nor a list of labels."""
    queries = QueryRoutes(jira)
    shared: list[Route] = [
        ("/project/<key>/statuses", "GET", "getAllStatuses", queries.statuses),
    ]
    cloud: list[Route] = [
        ("/jql/match", "POST", "matchIssues", queries.match),
        ("/jql/parse", "POST", "parseJqlQueries", queries.parse),
        ("/label", "GET", "getAllLabels", queries.labels),
    ]
    return [*shared, *cloud] if jira.cloud else shared


class QueryRoutes:
    def __init__(self, jira: "JiraStandIn") -> None:
        self._jira = jira

    def match(self) -> tuple[Json, int]:
        """Ids of issues that are not there match nothing."""
        body = json_body()
        ids, queries = body.get("issueIds"), body.get("jqls")
        if not isinstance(ids, list) or not isinstance(queries, list):
            raise Refusal(400, "issueIds and jqls must be provided.")
        asked = cast("list[object]", ids)
        if any(not isinstance(each, int) for each in asked):
            raise Refusal(400, "Invalid request payload. Refer to the REST API documentation and try again.")
        issues = [issue for issue in self._jira.issues.values() if int(issue.id) in asked]
        return {"matches": [self._matches(str(each), issues) for each in cast("list[object]", queries)]}, 200

    def _matches(self, query: str, issues: list[Issue]) -> Json:
        try:
            found = self._select(query, issues)
        except Refusal as refusal:
            return {"matchedIssues": [], "errors": refusal.messages}
        return {"matchedIssues": [int(issue.id) for issue in found], "errors": []}

    def parse(self) -> tuple[Json, int]:
        if request.args.get("validation") not in ("strict", "warn", "none"):
            raise Refusal(400, "The validation is not valid.")
        queries = cast("list[object]", json_body().get("queries") or [])
        if not queries:
            raise Refusal(400, "The list of queries must not be empty.")
        return {"queries": [self._parsed(str(each)) for each in queries]}, 200

    def _parsed(self, query: str) -> Json:
        try:
            self._select(query, list(self._jira.issues.values()))
        except Refusal as refusal:
            return {"query": query, "errors": refusal.messages}
        return {"query": query, "structure": {}}

    def _select(self, query: str, issues: list[Issue]) -> list[Issue]:
        # A field that no issue is there to be asked for is unknown all the same.
        parsed = jql.parse(query)
        parsed.check()
        return parsed.select(issues, self._jira.me, self._jira.now())

    def statuses(self, key: str) -> tuple[Any, int]:
        shown = [self._jira.views.status(status) for status in STATUSES]
        kinds = [self._jira.views.issue_type(kind) for kind in self._project(key).types]
        named = ("self", "id", "name", "subtask")
        return [{name: kind[name] for name in named} | {"statuses": shown} for kind in kinds], 200

    def labels(self) -> tuple[Json, int]:
        names = sorted({label for issue in self._jira.issues.values() for label in issue.labels})
        shown = page("values", names, standard=1000, most=1000)
        return shown | {"isLast": shown["startAt"] + len(shown["values"]) >= shown["total"]}, 200

    def _project(self, key: str) -> Project:
        for project in self._jira.projects.values():
            if key in (project.id, project.key):
                return project
        raise Refusal(404, f"No project could be found with key '{key}'.")
