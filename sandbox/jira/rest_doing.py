"""The stand-in's REST resources of what is done to an issue: assign, move through the workflow, watch, log work."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from flask import request

from sandbox.jira.model import STATUSES, TRANSITIONS, Issue, Json, Refusal, User, Worklog, as_object
from sandbox.jira.rest_issues import properties_of
from sandbox.jira.rest_site import json_body, page

if TYPE_CHECKING:
    from sandbox.jira.standin import JiraStandIn

type Route = tuple[str, str, str, Callable[..., tuple[Any, int]]]

UNITS = {"w": 5 * 8 * 3600, "d": 8 * 3600, "h": 3600, "m": 60}
SPENT = re.compile(r"(\d+(?:\.\d+)?)\s*([wdhm])\s*")


def routes(jira: "JiraStandIn") -> list[Route]:
    """What this module serves."""
    doing, work = DoingRoutes(jira), WorkRoutes(jira)
    shared: list[Route] = [
        ("/issue/<key>/assignee", "PUT", "assignIssue", doing.assign),
        ("/issue/<key>/editmeta", "GET", "getEditIssueMeta", doing.editable),
        ("/issue/<key>/transitions", "GET", "getTransitions", doing.transitions),
        ("/issue/<key>/transitions", "POST", "doTransition", doing.transition),
        ("/issue/<key>/watchers", "GET", "getIssueWatchers", doing.watchers),
        ("/issue/<key>/watchers", "POST", "addWatcher", doing.watch),
        ("/issue/<key>/watchers", "DELETE", "removeWatcher", doing.unwatch),
        ("/issue/<key>/worklog", "GET", "getIssueWorklog", work.list),
        ("/issue/<key>/worklog", "POST", "addWorklog", work.add),
        ("/user/assignable/search", "GET", "findAssignableUsers", doing.assignable),
    ]
    kept = "/issue/<key>/worklog/<number>/properties/<name>"
    return [*shared, (kept, "GET", "getWorklogProperty", work.get_property)] if jira.cloud else shared


class DoingRoutes:
    def __init__(self, jira: "JiraStandIn") -> None:
        self._jira = jira

    def assign(self, key: str) -> tuple[None, int]:
        issue = self._jira.find(key)
        permitted(self._jira, "ASSIGN_ISSUES", "assign this issue")
        given = json_body()
        person = None if set(given.values()) == {None} else given
        values = self._jira.fields.read({"assignee": person}, issue.project, new=False)
        self._jira.changes.edit(issue, values, self._jira.me)
        return None, 204

    def assignable(self) -> tuple[Any, int]:
        if not {"issueKey", "project"} & set(request.args):
            raise Refusal(400, "The project or issue key must be provided.")
        if "issueKey" in request.args:
            self._jira.find(request.args["issueKey"])
        elif all(request.args["project"] not in (each.id, each.key) for each in self._jira.projects.values()):
            raise Refusal(404, f"No project could be found with key '{request.args['project']}'.")
        wanted = request.args.get("query" if self._jira.cloud else "username", "")
        found = [
            self._jira.views.user(user, email=True)
            for user in self._jira.users
            if user.is_called(wanted) and user.display not in self._jira.unassignable
        ]
        return found[: int(request.args.get("maxResults", 50))], 200

    def editable(self, key: str) -> tuple[Json, int]:
        return {"fields": self._jira.fields.editable(self._jira.find(key))}, 200

    def transitions(self, key: str) -> tuple[Json, int]:
        fields = "transitions.fields" in request.args.get("expand", "")
        shown = self._jira.views.transitions(self._jira.find(key), fields=fields)
        return {"expand": "transitions", "transitions": shown}, 200

    def transition(self, key: str) -> tuple[None, int]:
        issue, body = self._jira.find(key), json_body()
        wanted = str(as_object(body.get("transition")).get("id"))
        permitted(self._jira, "TRANSITION_ISSUES", "transition this issue")
        step = next((each for each in TRANSITIONS if each.id == wanted and issue.status.name in each.start), None)
        if step is None:
            raise Refusal(400, f"Transition id '{wanted}' is not valid for this issue.")
        given, screen = as_object(body.get("fields")), dict(step.screen)
        unknown = {
            name: f"Field '{name}' cannot be set. It is not on the appropriate screen, or unknown."
            for name in given
            if name not in screen
        }
        missing = {
            name: f"{self._jira.fields.screen(step)[name]['name']} is required."
            for name, required in screen.items()
            if required and not given.get(name)
        }
        if unknown or missing:
            raise Refusal(400, errors=unknown | missing)
        values = self._jira.fields.read(given, issue.project, new=False)
        status = next(each for each in STATUSES if each.name == step.to)
        self._jira.changes.transition(issue, status, self._jira.me, values, as_object(body.get("historyMetadata")))
        return None, 204

    def watchers(self, key: str) -> tuple[Json, int]:
        issue = self._jira.find(key)
        return {
            "self": self._jira.views.link("issue", issue.key, "watchers"),
            "isWatching": self._jira.me in issue.watchers,
            "watchCount": len(issue.watchers),
            "watchers": [self._jira.views.user(user) for user in issue.watchers],
        }, 200

    def watch(self, key: str) -> tuple[None, int]:
        issue = self._jira.find(key)
        permitted(self._jira, "MANAGE_WATCHERS", "manage the watcher list")
        user = self._user(request.get_json(silent=True))
        issue.watchers += [] if user in issue.watchers else [user]
        return None, 204

    def unwatch(self, key: str) -> tuple[None, int]:
        issue = self._jira.find(key)
        permitted(self._jira, "MANAGE_WATCHERS", "manage the watcher list")
        user = self._user(request.args.get("accountId" if self._jira.cloud else "username"))
        issue.watchers = [each for each in issue.watchers if each != user]
        return None, 204

    def _user(self, named: object) -> User:
        for user in self._jira.users:
            if named == (user.account_id if self._jira.cloud else user.name):
                return user
        raise Refusal(404, f"The user named '{named}' does not exist")


class WorkRoutes:
    def __init__(self, jira: "JiraStandIn") -> None:
        self._jira = jira

    def list(self, key: str) -> tuple[Json, int]:
        """Cloud knows `startedAfter` (milliseconds); Data Center shows everything at once."""
        issue = self._tracked(key)
        after = float(request.args.get("startedAfter", 0)) / 1000 if self._jira.cloud else 0.0
        shown = [self._jira.views.worklog(each, issue) for each in issue.worklogs if each.started >= after]
        return page("worklogs", shown, standard=5000, most=5000), 200

    def add(self, key: str) -> tuple[Json, int]:
        issue = self._tracked(key)
        permitted(self._jira, "WORK_ON_ISSUES", "log work on this issue")
        body, now = json_body(), self._jira.now()
        if "properties" in body and not self._jira.cloud:
            raise Refusal(400, 'Unrecognized field "properties" (Class com.atlassian.jira.issue.fields.rest.json.beans'
                          ".WorklogJsonBean), not marked as ignorable")  # fmt: skip
        properties = properties_of(body)
        spent = self._spent(str(body.get("timeSpent", "")))
        comment = self._jira.fields.body(body["comment"]) if body.get("comment") else None
        number = str(10000 + self._jira.next_id())
        worklog = Worklog(number, self._jira.me, comment, _started(body, now), spent, now, properties)
        self._jira.changes.log_work(issue, worklog)
        return self._jira.views.worklog(worklog, issue), 201

    def get_property(self, key: str, number: str, name: str) -> tuple[Json, int]:
        worklog = next((each for each in self._jira.find(key).worklogs if each.id == number), None)
        if worklog is None:
            raise Refusal(404, f"Cannot find worklog with id: '{number}'.")
        if name not in worklog.properties:
            raise Refusal(404, f"The property with key '{name}' does not exist.")
        return {"key": name, "value": worklog.properties[name]}, 200

    def _tracked(self, key: str) -> Issue:
        if not self._jira.time_tracking:
            raise Refusal(404, "Time Tracking is not enabled.")
        return self._jira.find(key)

    def _spent(self, text: str) -> int:
        parts = SPENT.findall(text.strip())
        if not parts or SPENT.sub("", text.strip()):
            raise Refusal(400, "Worklog must not be null.", errors={"timeLogged": "Invalid time duration entered."})
        return int(sum(float(number) * UNITS[unit] for number, unit in parts))


def _started(body: Json, now: float) -> float:
    given = body.get("started")
    if given is None:
        return now
    # Anything but Jira's own way to write a time ends in an error of its own there.
    if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d{4}", str(given)):
        raise Refusal(400, f"Invalid date format: '{given}'.")
    return datetime.fromisoformat(str(given)).timestamp()


def permitted(jira: "JiraStandIn", permission: str, deed: str) -> None:
    """Refuse what connect's own account may not do."""
    if permission in jira.denied:
        raise Refusal(403, f"You do not have permission to {deed}.")
