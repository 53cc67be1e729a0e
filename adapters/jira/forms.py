"""What forms need to know of a Jira site: projects, types and their fields, and what people search in those."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from adapters.jira.accounts import Account, read_account
from adapters.jira.fields import OWN, FieldSpec, read_field
from adapters.jira.reading import mapping, objects, string
from adapters.jira.site import PAGE, JiraSite

META_PAGE = 200
MOST_FIELDS = 600
MOST_BOARDS = 5


@dataclass(frozen=True)
class Project:
    id: str
    key: str
    name: str


@dataclass(frozen=True)
class IssueType:
    """`epic` says that it stands above ordinary issues, by whatever name; Data Center has the name alone."""

    id: str
    name: str
    subtask: bool
    epic: bool = False


@dataclass(frozen=True)
class Sprint:
    id: str
    name: str
    state: str


class Forms(JiraSite):
    """The part of the client that forms ask."""

    def projects(self, query: str = "", limit: int = 100) -> list[Project]:
        """Projects whose name or key contains `query`, at most `limit`."""
        if self.cloud:
            return [_project(raw) for raw in self._search_projects(query, limit)]
        found = [_project(raw) for raw in objects(self._session.get("project"))]
        wanted = query.casefold()
        return [each for each in found if wanted in each.name.casefold() or wanted in each.key.casefold()][:limit]

    def project(self, key: str) -> Project:
        """A project by its key or id. Raises `NotFound`."""
        return _project(mapping(self._session.get("project", key)))

    def issue_types(self, project: str) -> list[IssueType]:
        """The types of issue that may be created in a project (key or id). Raises `NotFound`."""
        answer = mapping(self._session.get("issue", "createmeta", project, "issuetypes", maxResults=META_PAGE))
        return [_issue_type(raw) for raw in objects(answer.get("issueTypes" if self.cloud else "values"))]

    def create_fields(self, project: str, issue_type: str) -> list[FieldSpec]:
        """The fields of the create screen of a type (id) in a project (key or id). Raises `NotFound`."""
        found: list[Mapping[str, Any]] = []
        while len(found) < MOST_FIELDS:
            answer = mapping(
                self._session.get(
                    "issue", "createmeta", project, "issuetypes", issue_type, startAt=len(found), maxResults=META_PAGE
                )
            )
            page = objects(answer.get("fields" if self.cloud else "values"))
            found += page
            if len(page) < META_PAGE:
                break
        named = [(string(raw.get("fieldId")) or string(raw.get("key")), raw) for raw in found]
        return [read_field(raw, ident) for ident, raw in named if ident and ident not in OWN]

    def create_page(self, project: str, issue_type: str) -> str:
        """The address of Jira's own form for a type (id) in a project (key); fields may be added as parameters.

        https://confluence.atlassian.com/jirakb/how-to-create-issues-using-direct-html-links-in-jira-server-159474.html
        """
        chosen = f"pid={self.project(project).id}&issuetype={issue_type}"
        return f"{self._site.url}/secure/CreateIssueDetails!init.jspa?{chosen}"

    def people(self, query: str, assignable_in: str = "") -> list[Account]:
        """Active users whose name or e-mail begins with `query`; with a project (key), those to whom it may assign."""
        named: dict[str, str | int] = {"query" if self.cloud else "username": query, "maxResults": PAGE}
        if assignable_in:
            raw = self._session.get("user", "assignable", "search", project=assignable_in, **named)
        elif query:
            raw = self._session.get("user", "search", **named)
        else:
            return []  # Jira's search of all users wants a word
        people = [each for each in objects(raw) if each.get("accountType", "atlassian") == "atlassian"]
        return [read_account(each) for each in people if each.get("active") is not False]

    def labels(self, query: str, field: str = "labels") -> list[str]:
        """Labels in use that begin with `query`, in a field (id)."""
        clause = f"cf[{field.removeprefix('customfield_')}]" if field.startswith("customfield_") else field
        answer = self._session.get("jql", "autocompletedata", "suggestions", fieldName=clause, fieldValue=query)
        return [string(raw.get("value")).strip('"') for raw in objects(mapping(answer).get("results"))]

    def sprints(self, project: str) -> list[Sprint]:
        """The sprints of a project's (key) boards that are not over, the active ones first."""
        boards = objects(mapping(self._session.agile("board", projectKeyOrId=project, type="scrum")).get("values"))
        found: dict[str, Sprint] = {}
        for board in boards[:MOST_BOARDS]:
            answer = self._session.agile("board", string(board.get("id")), "sprint", state="active,future")
            for raw in objects(mapping(answer).get("values")):
                sprint = Sprint(string(raw.get("id")), string(raw.get("name")), string(raw.get("state")))
                found[sprint.id] = sprint
        return sorted(found.values(), key=lambda sprint: sprint.state != "active")

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


def _issue_type(raw: Mapping[str, Any]) -> IssueType:
    name, level = string(raw.get("name")), raw.get("hierarchyLevel")
    epic = level >= 1 if isinstance(level, int) else name == "Epic"
    return IssueType(string(raw.get("id")), name, raw.get("subtask") is True, epic)
