"""The stand-in's REST resources about the site: who am I, users, projects, what may be created, fields and the like."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

from flask import request

from sandbox.jira.fields import CUSTOM_FIELDS, NAMES
from sandbox.jira.model import PRIORITIES, STATUSES, Json, Project, Refusal, User

if TYPE_CHECKING:
    from sandbox.jira.standin import JiraStandIn

type Route = tuple[str, str, str, Callable[..., tuple[Any, int]]]

PERMISSIONS = (
    "BROWSE_PROJECTS CREATE_ISSUES EDIT_ISSUES ADD_COMMENTS TRANSITION_ISSUES DELETE_ISSUES MODIFY_REPORTER "
    "ASSIGN_ISSUES ASSIGNABLE_USER WORK_ON_ISSUES LINK_ISSUES SCHEDULE_ISSUES MANAGE_WATCHERS CREATE_ATTACHMENTS "
    "EDIT_ALL_COMMENTS EDIT_OWN_COMMENTS DELETE_ALL_COMMENTS DELETE_OWN_COMMENTS ADMINISTER_PROJECTS"
)


def routes(jira: "JiraStandIn") -> list[Route]:
    """What this module serves."""
    site = SiteRoutes(jira)
    shared: list[Route] = [
        ("/serverInfo", "GET", "getServerInfo", site.server_info),
        ("/myself", "GET", "getCurrentUser", site.myself),
        ("/user", "GET", "getUser", site.user),
        ("/user/search", "GET", "findUsers", site.find_users),
        ("/user/viewissue/search", "GET", "findUsersWithBrowsePermission", site.find_viewers),
        ("/user/permission/search", "GET", "findUsersWithAllPermissions", site.find_permitted),
        ("/mypermissions", "GET", "getMyPermissions", site.permissions),
        ("/project", "GET", "getAllProjects", site.all_projects),
        ("/project/<key>", "GET", "getProject", site.project),
        ("/project/<key>/components", "GET", "getProjectComponents", site.components),
        ("/issue/createmeta/<key>/issuetypes", "GET", "getCreateIssueMetaIssueTypes", site.issue_types),
        ("/issue/createmeta/<key>/issuetypes/<kind>", "GET", "getCreateIssueMetaIssueTypeId", site.create_fields),
        ("/field", "GET", "getFields", site.all_fields),
        ("/jql/autocompletedata/suggestions", "GET", "getFieldAutoCompleteForQueryString", site.suggestions),
        ("/priority", "GET", "getPriorities", site.priorities),
        ("/status", "GET", "getStatuses", site.statuses),
    ]
    if not jira.cloud:
        return shared
    return [
        *shared,
        ("/project/search", "GET", "searchProjects", site.search_projects),
        ("/permissions/check", "POST", "getBulkPermissions", site.check_permissions),
    ]


def json_body() -> Json:
    """The request's JSON object, or a refusal."""
    given: object = request.get_json(silent=True)
    if not isinstance(given, dict):
        raise Refusal(400, "Invalid request payload. Refer to the REST API documentation and try again.")
    return cast("Json", given)


def _custom_of(clause: str) -> str:
    """The field that JQL calls `cf[10210]`."""
    return f"customfield_{clause.removeprefix('cf[').removesuffix(']')}"


def page(name: str, items: list[Any], standard: int = 50, most: int = 100) -> Json:
    """A page of a list under `name`, as startAt and maxResults ask for it."""
    start = int(request.args.get("startAt", 0))
    size = min(int(request.args.get("maxResults", standard)), most)
    shown = items[start : start + size]
    return {"startAt": start, "maxResults": size, "total": len(items), name: shown}


class SiteRoutes:
    def __init__(self, jira: "JiraStandIn") -> None:
        self._jira = jira

    def server_info(self) -> tuple[Json, int]:
        cloud = self._jira.cloud
        version = [1001, 0, 0] if cloud else [10, 3, 1]
        named = {"baseUrl": self._jira.url, "version": ".".join(map(str, version)), "versionNumbers": version}
        return named | {
            "deploymentType": "Cloud" if cloud else "Server",
            "serverTitle": "Jira",
            "buildNumber": 100273,
        }, 200

    def myself(self) -> tuple[Any, int]:
        return self._jira.views.user(self._jira.me, email=True), 200

    def find_users(self) -> tuple[Any, int]:
        wanted = request.args.get("query" if self._jira.cloud else "username", "").casefold()
        if not wanted:
            raise Refusal(400, "The query parameter was not provided.")
        return [self._jira.views.user(user, email=True) for user in self._jira.users if user.is_called(wanted)], 200

    def user(self) -> tuple[Any, int]:
        named = request.args.get("accountId" if self._jira.cloud else "username", "")
        for user in self._jira.users:
            if named and named == (user.account_id if self._jira.cloud else user.name):
                return self._jira.views.user(user, email=True), 200
        raise Refusal(404, "Specified user does not exist or you do not have required permissions")

    def find_viewers(self) -> tuple[Any, int]:
        """Without the permission "Browse users and groups" Jira answers with nobody, not with a refusal."""
        issue = self._jira.find(request.args["issueKey"])
        found = [
            self._jira.views.user(user, email=True)
            for user in self._jira.users
            if self._asked_for(user) and self._jira.may_see(user, issue)
        ]
        return found if self._jira.rights_shown else [], 200

    def check_permissions(self) -> tuple[Json, int]:
        """Of another user than oneself only an administrator may ask. Ids that there are not are ignored."""
        asked = json_body()
        user = next((each for each in self._jira.users if each.account_id == asked.get("accountId")), self._jira.me)
        if user is not self._jira.me and not self._jira.administers:
            raise Refusal(403, "You do not have permission to view this resource.")
        granted: list[Json] = []
        for wanted in cast("list[Json]", asked.get("projectPermissions") or []):
            ids = {str(each) for each in cast("list[object]", wanted.get("issues") or [])}
            seen = [int(issue.id) for issue in self._jira.issues.values()
                    if issue.id in ids and self._jira.may_see(user, issue)]  # fmt: skip
            granted += [
                {"permission": name, "issues": seen, "projects": []}
                for name in cast("list[str]", wanted["permissions"])
            ]
        return {"globalPermissions": [], "projectPermissions": granted}, 200

    def find_permitted(self) -> tuple[Any, int]:
        """Cloud finds one by accountId; Data Center by the beginning of the user name, so it may find more."""
        if not self._jira.rights_shown:
            raise Refusal(403, "You are not authorized to perform this operation.")
        asked = set(filter(None, request.args.get("permissions", "").split(",")))
        if not asked or asked - set(PERMISSIONS.split()):
            raise Refusal(400, "The permissions are not valid.")
        issue = self._jira.find(request.args["issueKey"]) if "issueKey" in request.args else None
        if issue is None:
            self._project(request.args.get("projectKey", ""))
        found = [
            self._jira.views.user(user, email=True)
            for user in self._jira.users
            if self._asked_for(user)
            and not asked & self._jira.denied_to.get(user.display, set())
            and (issue is None or "BROWSE_PROJECTS" not in asked or self._jira.may_see(user, issue))
        ]
        return found, 200

    def _asked_for(self, user: User) -> bool:
        if self._jira.cloud:
            return user.account_id == request.args.get("accountId")
        return user.name.startswith(request.args.get("username", ""))

    def permissions(self) -> tuple[Json, int]:
        asked = [each for each in request.args.get("permissions", "").split(",") if each]
        known = PERMISSIONS.split()
        if self._jira.cloud and not asked:
            raise Refusal(400, "The 'permissions' query parameter is required.")
        if set(asked) - set(known):
            raise Refusal(400, "Unrecognized permission")
        shown = {key: {"key": key, "havePermission": key not in self._jira.denied} for key in asked or known}
        return {"permissions": shown}, 200

    def all_projects(self) -> tuple[Any, int]:
        return [self._jira.views.project(project) for project in self._jira.projects.values()], 200

    def search_projects(self) -> tuple[Json, int]:
        wanted = request.args.get("query", "").casefold()
        found = [
            each
            for each in self._jira.projects.values()
            if wanted in each.name.casefold() or wanted in each.key.casefold()
        ]
        shown = page("values", [self._jira.views.project(project) for project in found])
        return shown | {"isLast": shown["startAt"] + len(shown["values"]) >= shown["total"]}, 200

    def project(self, key: str) -> tuple[Json, int]:
        project = self._project(key)
        kinds = [self._jira.views.issue_type(kind) for kind in project.types]
        return self._jira.views.project(project) | {"issueTypes": kinds}, 200

    def components(self, key: str) -> tuple[Any, int]:
        project = self._project(key)
        used = {name for issue in self._jira.issues.values() if issue.project is project for name in issue.components}
        names = [*project.components, *sorted(used.difference(project.components))]
        return [
            {"self": self._jira.views.link("component", str(10300 + number)), "id": str(10300 + number), "name": name}
            for number, name in enumerate(names)
        ], 200

    def issue_types(self, key: str) -> tuple[Json, int]:
        kinds = [self._jira.views.issue_type(kind) for kind in self._project(key).types]
        return self._meta("issueTypes", kinds), 200

    def create_fields(self, key: str, kind: str) -> tuple[Json, int]:
        project = self._project(key)
        wanted = next((each for each in project.types if each.id == kind), None)
        if wanted is None:
            raise Refusal(404, "Issue type does not exist in the project.")
        return self._meta("fields", self._jira.fields.metadata(project, wanted)), 200

    def all_fields(self) -> tuple[Any, int]:
        return [
            {
                "id": name,
                "key": name,
                "name": title,
                "custom": name in CUSTOM_FIELDS,
                "orderable": True,
                "navigable": True,
                "searchable": True,
                "clauseNames": [name],
            }
            for name, title in NAMES.items()
        ], 200

    def suggestions(self) -> tuple[Json, int]:
        """Labels that begin with what was typed, in the marks that the editor of JQL shows."""
        name, typed = request.args.get("fieldName", ""), request.args.get("fieldValue", "")
        known = {
            label
            for issue in self._jira.issues.values()
            for label in (issue.labels if name == "labels" else issue.custom.get(_custom_of(name)) or [])
        }
        found = sorted(label for label in known if label.casefold().startswith(typed.casefold()))[:15]
        marked = [f"<b>{label[: len(typed)]}</b>{label[len(typed) :]}" if typed else label for label in found]
        return {
            "results": [{"value": label, "displayName": shown} for label, shown in zip(found, marked, strict=True)]
        }, 200

    def priorities(self) -> tuple[Any, int]:
        return [self._jira.views.priority(name) for name in PRIORITIES.values()], 200

    def statuses(self) -> tuple[Any, int]:
        return [self._jira.views.status(status) for status in STATUSES], 200

    def _project(self, key: str) -> Project:
        for project in self._jira.projects.values():
            if key in (project.id, project.key):
                return project
        raise Refusal(404, f"No project could be found with key '{key}'.")

    def _meta(self, name: str, items: list[Any]) -> Json:
        """Both kinds of Jira have the resource, under another key each."""
        if int(request.args.get("maxResults", 50)) > 200:
            raise Refusal(400, "Parameter 'maxResults' must not exceed the limit '200'")
        if self._jira.cloud:
            return page(name, items, most=200)
        shown = page("values", items, most=200)
        return shown | {"isLast": shown["startAt"] + len(shown["values"]) >= shown["total"]}
