"""What forms need to know of a Jira site: its projects and the types of issue in them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from adapters.jira.reading import mapping, objects, string
from adapters.jira.site import PAGE, JiraSite


@dataclass(frozen=True)
class Project:
    id: str
    key: str
    name: str


@dataclass(frozen=True)
class IssueType:
    id: str
    name: str
    subtask: bool


class Forms(JiraSite):
    """The part of the client that forms ask."""

    def projects(self, query: str = "", limit: int = 100) -> list[Project]:
        """Projects whose name or key contains `query`, at most `limit`."""
        if self.cloud:
            return [_project(raw) for raw in self._search_projects(query, limit)]
        found = [_project(raw) for raw in objects(self._session.get("project"))]
        wanted = query.casefold()
        return [each for each in found if wanted in each.name.casefold() or wanted in each.key.casefold()][:limit]

    def issue_types(self, project: str) -> list[IssueType]:
        """The types of issue that may be created in a project (key or id). Raises `NotFound`."""
        answer = mapping(self._session.get("issue", "createmeta", project, "issuetypes", maxResults=200))
        types = objects(answer.get("issueTypes" if self.cloud else "values"))
        return [IssueType(string(raw.get("id")), string(raw.get("name")), raw.get("subtask") is True) for raw in types]

    def components(self, project: str) -> list[str]:
        """The names of a project's (key or id) components. Raises `NotFound`."""
        return [string(raw.get("name")) for raw in objects(self._session.get("project", project, "components"))]

    def _search_projects(self, query: str, limit: int) -> list[Mapping[str, Any]]:
        found: list[Mapping[str, Any]] = []
        while len(found) < limit:
            named: dict[str, str] = {"query": query} if query else {}
            answer = mapping(self._session.get("project", "search", startAt=len(found), maxResults=PAGE, **named))
            page = objects(answer.get("values"))
            found += page
            if not page or answer.get("isLast") is not False:
                break
        return found[:limit]


def _project(raw: Mapping[str, Any]) -> Project:
    return Project(string(raw.get("id")), string(raw.get("key")), string(raw.get("name")))
