"""The stand-in's resources of Jira Software: one board for each project that has sprints, under the project's id."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from flask import request

from sandbox.jira.model import Json, Project, Refusal
from sandbox.jira.rest_site import page

if TYPE_CHECKING:
    from sandbox.jira.standin import JiraStandIn

type Route = tuple[str, str, str, Callable[..., tuple[Any, int]]]


def routes(jira: "JiraStandIn") -> list[Route]:
    """What this module serves."""
    agile = AgileRoutes(jira)
    return [
        ("/board", "GET", "getAllBoards", agile.boards),
        ("/board/<number>/sprint", "GET", "getAllSprints", agile.sprints),
        ("/board/<number>/project", "GET", "getProjects", agile.projects),
    ]


class AgileRoutes:
    def __init__(self, jira: "JiraStandIn") -> None:
        self._jira = jira

    def boards(self) -> tuple[Json, int]:
        wanted = request.args.get("projectKeyOrId", "")
        found = [each for each in self._jira.projects.values() if wanted in ("", each.key, each.id)]
        if wanted and not found:
            raise Refusal(400, f"No project could be found with key or id '{wanted}'")
        with_sprints = {sprint["project"] for sprint in self._jira.sprints}
        shown = [self._board(each) for each in found if each.key in with_sprints]
        return self._last(page("values", shown)), 200

    def sprints(self, number: str) -> tuple[Json, int]:
        project = self._project_of(number)
        states = set(filter(None, request.args.get("state", "").split(",")))
        found = [each for each in self._jira.sprints if each["project"] == project.key]
        shown = [
            {"id": each["id"], "self": f"{self._jira.url}/rest/agile/1.0/sprint/{each['id']}", "name": each["name"],
             "state": each["state"], "originBoardId": int(number)}
            for each in found
            if not states or each["state"] in states
        ]  # fmt: skip
        return self._last(page("values", shown)), 200

    def projects(self, number: str) -> tuple[Json, int]:
        return self._last(page("values", [self._jira.views.project(self._project_of(number))])), 200

    def _project_of(self, board: str) -> Project:
        project = next((each for each in self._jira.projects.values() if each.id == board), None)
        if project is None:
            raise Refusal(404, "Board does not exist or you do not have permission to view it.")
        return project

    def _board(self, project: Project) -> Json:
        page = f"{self._jira.url}/rest/agile/1.0/board/{project.id}"
        return {"id": int(project.id), "self": page, "name": f"{project.key} board", "type": "scrum"}

    def _last(self, shown: Json) -> Json:
        return shown | {"isLast": shown["startAt"] + len(shown["values"]) >= shown["total"]}
