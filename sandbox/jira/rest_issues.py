"""The stand-in's REST resources of issues: create, read, edit, link and search."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

from flask import request

from sandbox.jira import jql
from sandbox.jira.model import Issue, Json, Refusal, as_object
from sandbox.jira.rest_site import json_body

if TYPE_CHECKING:
    from sandbox.jira.standin import JiraStandIn

type Route = tuple[str, str, str, Callable[..., tuple[Any, int]]]


def routes(jira: "JiraStandIn") -> list[Route]:
    """What this module serves."""
    issues = IssueRoutes(jira)
    search = SearchRoutes(jira)
    return [
        ("/issue", "POST", "createIssue", issues.create),
        ("/issue/<key>", "GET", "getIssue", issues.get),
        ("/issue/<key>", "PUT", "editIssue", issues.edit),
        ("/issue/<key>", "DELETE", "deleteIssue", issues.delete),
        ("/issue/<key>/properties/<name>", "GET", "getIssueProperty", issues.get_property),
        ("/issue/<key>/properties/<name>", "PUT", "setIssueProperty", issues.set_property),
        ("/issue/<key>/remotelink", "GET", "getRemoteIssueLinks", issues.links),
        ("/issue/<key>/remotelink", "POST", "createOrUpdateRemoteIssueLink", issues.link),
        ("/issue/<key>/remotelink", "DELETE", "deleteRemoteIssueLinkByGlobalId", issues.unlink),
        *search.table(),
    ]


def properties_of(body: Json) -> Json:
    """The entity properties that come along with a new issue or comment."""
    given = cast("list[Json]", body.get("properties") or [])
    if any(not isinstance(each.get("key"), str) or "value" not in each for each in given):
        raise Refusal(400, "The property is not valid.")
    return {each["key"]: each["value"] for each in given}


class IssueRoutes:
    def __init__(self, jira: "JiraStandIn") -> None:
        self._jira = jira

    def create(self) -> tuple[Json, int]:
        body = json_body()
        fields = as_object(body.get("fields"))
        project, kind = self._jira.fields.target(fields)
        if "CREATE_ISSUES" in self._jira.denied:
            raise Refusal(400, errors={"project": "You do not have permission to create issues in this project."})
        values = self._jira.fields.read(fields, project, new=True, kind=kind)
        issue = self._jira.changes.create(project, kind, values, self._jira.me, properties_of(body))
        return {"id": issue.id, "key": issue.key, "self": self._jira.views.link("issue", issue.id)}, 201

    def get(self, key: str) -> tuple[Json, int]:
        issue = self._jira.find(key)
        shown = self._jira.views.issue(issue, request.args.get("fields", "*all"), request.args.get("properties", ""))
        if "changelog" in request.args.get("expand", ""):
            shown["changelog"] = self._jira.views.changelog(issue)
        return shown, 200

    def edit(self, key: str) -> tuple[None, int]:
        issue = self._jira.find(key)
        self._permitted("EDIT_ISSUES", "edit issues in this project")
        body = json_body()
        fields = dict(as_object(body.get("fields")))
        for change in cast("list[Json]", as_object(body.get("update")).get("labels", [])):
            labels = cast("list[str]", fields.get("labels", issue.labels))
            kept = [label for label in labels if label not in (change.get("remove"), change.get("add"))]
            fields["labels"] = change.get("set", kept + ([change["add"]] if "add" in change else []))
        values = self._jira.fields.read(fields, issue.project, new=False, kind=issue.type)
        self._jira.changes.edit(issue, values, self._jira.me)
        return None, 204

    def delete(self, key: str) -> tuple[None, int]:
        issue = self._jira.find(key)
        self._permitted("DELETE_ISSUES", "delete issues in this project")
        self._jira.changes.delete(issue, self._jira.me)
        return None, 204

    def get_property(self, key: str, name: str) -> tuple[Json, int]:
        held = self._jira.find(key).properties
        if name not in held:
            raise Refusal(404, f"The property with key '{name}' does not exist.")
        return {"key": name, "value": held[name]}, 200

    def set_property(self, key: str, name: str) -> tuple[Any, int]:
        held = self._jira.find(key).properties
        known = name in held
        held[name] = request.get_json(silent=True)
        return None, 200 if known else 201

    def links(self, key: str) -> tuple[Any, int]:
        wanted = request.args.get("globalId")
        found = [link for link in self._jira.find(key).links if wanted in (None, link.get("globalId"))]
        if wanted is None:
            return found, 200
        if not found:
            raise Refusal(404, f"No remote link with global id '{wanted}' exists for this issue.")
        return found[0], 200

    def unlink(self, key: str) -> tuple[None, int]:
        issue = self._jira.find(key)
        self._permitted("LINK_ISSUES", "link issues in this project")
        wanted = request.args.get("globalId")
        if not wanted:
            raise Refusal(400, "The global id must be provided.")
        kept = [link for link in issue.links if link.get("globalId") != wanted]
        if len(kept) == len(issue.links):
            raise Refusal(404, f"No remote link with global id '{wanted}' exists for this issue.")
        issue.links = kept
        return None, 204

    def link(self, key: str) -> tuple[Json, int]:
        issue = self._jira.find(key)
        self._permitted("LINK_ISSUES", "link issues in this project")
        body = json_body()
        target = as_object(body.get("object"))
        missing = {name: f"'{name}' is required." for name in ("title", "url") if not target.get(name)}
        if missing:
            raise Refusal(400, errors=missing)
        known = next((each for each in issue.links if body.get("globalId") == each.get("globalId")), None)
        if known is not None and body.get("globalId"):
            known.update(body)
            return self._linked(issue, known), 200
        link = {"id": 10000 + self._jira.next_id(), **body}
        issue.links.append(link)
        return self._linked(issue, link), 201

    def _linked(self, issue: Issue, link: Json) -> Json:
        return {"id": link["id"], "self": self._jira.views.link("issue", issue.key, "remotelink", str(link["id"]))}

    def _permitted(self, permission: str, deed: str) -> None:
        if permission in self._jira.denied:
            raise Refusal(403, f"You do not have permission to {deed}.")


class SearchRoutes:
    """Cloud's search knows pages by a token and shows ids unless asked; Data Center's counts and shows everything."""

    def __init__(self, jira: "JiraStandIn") -> None:
        self._jira = jira

    def table(self) -> list[Route]:
        if not self._jira.cloud:
            return [("/search", "GET POST", "searchIssues", self.classic)]
        return [
            ("/search/jql", "GET POST", "searchIssues", self.by_token),
            ("/search", "GET POST", "searchIssuesRemoved", self.removed),
        ]

    def by_token(self) -> tuple[Json, int]:
        asked = self._asked()
        found = self._found(str(asked.get("jql", "")), bounded=True)
        start = int(asked.get("nextPageToken") or 0)
        end = start + min(int(asked.get("maxResults", 50)), 100)
        fields, properties = _comma(asked.get("fields") or "id"), _comma(asked.get("properties") or "")
        issues = [self._jira.views.issue(issue, fields, properties) for issue in found[start:end]]
        last = end >= len(found)
        return {"issues": issues, "isLast": last} | ({} if last else {"nextPageToken": str(end)}), 200

    def classic(self) -> tuple[Json, int]:
        asked = self._asked()
        found = self._found(str(asked.get("jql", "")), bounded=False)
        start, size = int(asked.get("startAt", 0)), min(int(asked.get("maxResults", 50)), 1000)
        fields = _comma(asked.get("fields") or "*navigable")
        issues = [self._jira.views.issue(issue, fields) for issue in found[start : start + size]]
        return {"startAt": start, "maxResults": size, "total": len(found), "issues": issues}, 200

    def removed(self) -> tuple[Json, int]:
        raise Refusal(410, "The requested API has been removed. Please migrate to the /rest/api/3/search/jql API.")

    def _asked(self) -> Json:
        return json_body() if request.method == "POST" else request.args.to_dict()

    def _found(self, text: str, *, bounded: bool) -> list[Issue]:
        query = jql.parse(text)
        if bounded and not query.condition.parts:
            raise Refusal(
                400, "Unbounded JQL queries are not allowed here. Please add a search restriction to your query."
            )
        query.check()
        now = self._jira.now()
        indexed = [issue for issue in self._jira.issues.values() if issue.created + self._jira.search_lag <= now]
        return query.select(indexed, self._jira.me, now)


def _comma(given: Any) -> str:
    return ",".join(str(each) for each in cast("list[object]", given)) if isinstance(given, list) else str(given)
