"""The Jira stand-in: what a test or the demo drives, and what it can look up."""

import base64
import time
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from flask import Request, Response, g, has_request_context, request
from werkzeug.exceptions import HTTPException

from sandbox.jira import adf, rest_agile, rest_comments, rest_doing, rest_files, rest_issues, rest_queries, rest_site
from sandbox.jira.announcements import Announcements
from sandbox.jira.changes import Changes
from sandbox.jira.fields import Fields
from sandbox.jira.model import ADA, GRACE, STATUSES, Comment, Issue, Json, Project, Refusal, User, projects
from sandbox.jira.oauth import OAuthServer
from sandbox.jira.screens import laboratory
from sandbox.jira.views import Views
from sandbox.standin import StandIn, compact

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


class JiraStandIn(StandIn):
    """Cloud (REST v3, ADF, basic auth) or, with `cloud=False`, Data Center (REST v2, wiki text, bearer token).

    Operations are called as in Atlassian's API description (`createIssue`, `addComment`, `getComments`, …); the three
    ways to search are all `searchIssues`.
    """

    service = "jira"
    largest_file = 10 * 1024 * 1024
    """In bytes."""
    time_tracking = True
    reporter_allowed = True
    labels_on_screen = True
    emails_shown = True
    rights_shown = True
    """Whether connect's account may look up what others may do."""
    administers = False
    """Whether connect's account administers this Jira."""

    def __init__(
        self, webhook_secret: str, email: str = "connect@example.com", token: str = "jira-token", *, cloud: bool = True
    ) -> None:
        super().__init__("cloud" if cloud else "data center")
        self.webhook_secret = webhook_secret
        self.webhook_path = "/webhooks/jira"
        self.email = email
        self.token = token
        self.cloud = cloud
        self.now: Callable[[], float] = time.time
        self.search_lag = 0.0
        """Seconds during which search does not show a new issue."""
        self._denied: set[str] = set()
        self.denied_to: dict[str, set[str]] = {}
        """Permissions that a user, by display name, does not have."""
        self.unassignable: set[str] = set()
        """Users, by display name, whom no issue can be assigned to."""
        self._connect = User("712020:c0000000-1111-4222-8333-444455556666", "connect", "connect", email)
        self.users = [ADA, GRACE, self._connect]
        # Issues, by key, that a user, by display name, may not see; and users whose accounts were deactivated.
        self.hidden, self.inactive = dict[str, set[str]](), set[str]()
        self.projects: dict[str, Project] = {project.key: project for project in projects()}
        self.sprints: list[Json] = []
        """As the boards show them: `id`, `name`, `state`, and the project's key as `project`."""
        self.issues: dict[str, Issue] = {}
        """By their present keys; `moved` has those of before."""
        self.moved: dict[str, Issue] = {}
        self.fields, self.views = Fields(self), Views(self)
        self.announcements = Announcements(self)
        self.changes = Changes(self)
        self.oauth = OAuthServer(self)
        self._serve()

    @property
    def me(self) -> User:
        """Who makes the present call: connect's account, or a person who lets connect act as them."""
        return g.get("person") or self._connect if has_request_context() else self._connect

    @property
    def denied(self) -> set[str]:
        """Permissions (`CREATE_ISSUES`, `ADD_COMMENTS`, …) that connect's account (`me`) does not have."""
        return self._denied if self.me is self._connect else self.denied_to.get(self.me.display, set())

    @denied.setter
    def denied(self, permissions: set[str]) -> None:
        self._denied = permissions

    # --- what people do in the browser -------------------------------------------------------------------------------

    def create(
        self,
        project: str,
        type: str,  # noqa: A002
        summary: str,
        actor: str = "Ada Lovelace",
        files: Mapping[str, bytes] | None = None,
        **fields: Any,
    ) -> str:
        """Make an issue, return its key. Fields: description, assignee, reporter, priority, labels, due, security, ….

        Users go by any of their names, texts are plain; `files` are given by name.
        """
        with self.lock:
            home = self.projects[project]
            kind = next(each for each in home.types if each.name == type)
            values = self._values({"summary": summary, **fields})
            by = self.person(actor)
            given = [rest_files.new_file(self, by, name, content) for name, content in (files or {}).items()]
            return self.changes.create(home, kind, values, by, {}, given).key

    def edit(self, key: str, actor: str, **fields: Any) -> None:
        """Change fields, several in one webhook."""
        with self.lock:
            self.changes.edit(self.issues[key], self._values(fields), self.person(actor))

    def transition(self, key: str, status: str, actor: str) -> None:
        """Move an issue to a status by its name."""
        with self.lock:
            wanted = next(each for each in STATUSES if each.name == status)
            self.changes.transition(self.issues[key], wanted, self.person(actor))

    def move(self, key: str, project: str, actor: str = "Ada Lovelace") -> str:
        """Move an issue to another project, return its new key."""
        with self.lock:
            issue = self.issues[key]
            self.changes.move(issue, self.projects[project], self.person(actor))
            return issue.key

    def delete(self, key: str, actor: str) -> None:
        """Delete an issue."""
        with self.lock:
            self.changes.delete(self.issues[key], self.person(actor))

    def comment(self, key: str, author: str, text: Any, *, restricted: bool = False) -> str:
        """Comment on an issue in plain text or ADF, for a role only if `restricted`; returns the comment's id."""
        visibility = {"type": "role", "value": "Administrators", "identifier": "Administrators"} if restricted else None
        with self.lock:
            return self.changes.comment(self.issues[key], self._text(text), self.person(author), visibility, {}).id

    def edit_comment(self, key: str, comment_id: str, text: str, actor: str = "") -> None:
        """Change a comment's text, as its author unless another is named."""
        with self.lock:
            issue, comment = self.find_comment(comment_id, key)
            self.changes.edit_comment(issue, comment, self._text(text), self.person(actor) if actor else comment.author)

    def attach(self, key: str, author: str, name: str, content: bytes) -> str:
        """Attach a file to an issue; returns the attachment's id."""
        with self.lock:
            return rest_files.attach(self, self.issues[key], self.person(author), name, content).id

    def detach(self, number: str, actor: str = "Ada Lovelace") -> None:
        """Remove an attachment from its issue."""
        with self.lock:
            self.changes.detach(*rest_files.find_file(self, number), self.person(actor))

    def delete_comment(self, key: str, comment_id: str, actor: str = "") -> None:
        """Delete a comment, as its author unless another is named."""
        with self.lock:
            issue, comment = self.find_comment(comment_id, key)
            self.changes.delete_comment(issue, comment, self.person(actor) if actor else comment.author)

    def version(self, project: str, name: str, did: str = "released") -> None:
        """Let a version of a project be `created`, `released`, `unreleased` or `deleted`."""
        with self.lock:
            self.projects[project].versions[name] = did
            self.announcements.version(did, self.projects[project], name)

    def sprint(self, project: str, name: str, did: str = "started", goal: str = "") -> None:
        """Let a sprint of a project's board be `started` or `closed`."""
        with self.lock:
            self.projects[project].sprints[name] = did
            self.announcements.sprint(did, self.projects[project], name, goal)

    def redeliver(self, times: int = 1) -> None:
        """Queue the last webhook again, with the same identifier."""
        self.announcements.again(times)

    def add_laboratory(self) -> None:
        """A project whose types have fields of every kind, with a board and its sprints."""
        self.projects["LAB"] = laboratory()
        for number, (name, state) in enumerate(
            [("Sprint 1", "closed"), ("Sprint 2", "active"), ("Later", "future")], 31
        ):
            self.sprints.append({"id": number, "name": name, "state": state, "project": "LAB"})

    # --- looking up --------------------------------------------------------------------------------------------------

    def person(self, name: str) -> User:
        """A user by display name, user name, e-mail address or accountId."""
        for user in self.users:
            if name in (user.display, user.name, user.email, user.account_id):
                return user
        raise KeyError(name)

    def may_see(self, user: User, issue: Issue) -> bool:
        """Whether a user may see an issue."""
        active, denied = user.display not in self.inactive, "BROWSE_PROJECTS" in self.denied_to.get(user.display, set())
        return active and not denied and issue.key not in self.hidden.get(user.display, set())

    def find(self, key: str) -> Issue:
        """An issue by its id, its key or a key it had; refused with 404 if there is none."""
        issue = self.issues.get(key) or self.moved.get(key)
        issue = issue or next((each for each in self.issues.values() if each.id == key), None)
        if issue is None or issue.key not in self.issues:
            raise Refusal(404, "Issue does not exist or you do not have permission to see it.")
        return issue

    def find_comment(self, comment_id: str, key: str = "") -> tuple[Issue, Comment]:
        """A comment with its issue; refused with 404 if there is none."""
        for issue in [self.find(key)] if key else list(self.issues.values()):
            for comment in issue.comments:
                if comment.id == comment_id:
                    return issue, comment
        raise Refusal(404, f"Can not find a comment for the id: {comment_id}.")

    # --- within ------------------------------------------------------------------------------------------------------

    def operation(self, given: Request) -> str:
        """Atlassian's operationId of the request."""
        try:
            endpoint, _ = self.app.url_map.bind("").match(given.path, given.method)
        except HTTPException:
            return super().operation(given)
        return str(endpoint)

    def operations(self) -> set[str]:
        """Atlassian's names of all that it serves."""
        return {*self.app.view_functions}

    def _serve(self) -> None:
        prefix = f"/rest/api/{3 if self.cloud else 2}"
        for module in (rest_site, rest_issues, rest_doing, rest_comments, rest_queries, rest_files):
            for rule, methods, operation, handler in module.routes(self):
                self.app.add_url_rule(prefix + rule, operation, self._guarded(handler), methods=methods.split())
        for path, methods, operation, serve in self.oauth.routes():
            self.app.add_url_rule(path, operation, serve, methods=methods.split())
        for rule, methods, operation, handler in rest_agile.routes(self):
            self.app.add_url_rule("/rest/agile/1.0" + rule, operation, self._guarded(handler), methods=methods.split())
        self.app.add_url_rule("/secure/attachment/<number>/<name>", "downloadAttachment", rest_files.page(self))
        self.app.before_request(self._authenticate)
        self.app.register_error_handler(Refusal, _refused)
        self.app.register_error_handler(404, lambda _: _json({"message": "null for uri", "status-code": 404}, 404))

    def _guarded(self, handler: Callable[..., tuple[Any, int]]) -> Callable[..., Response]:
        def serve(**segments: str) -> Response:
            with self.lock:
                body, status = handler(**segments)
            return body if isinstance(body, Response) else _json(body, status)

        return serve

    def _wsgi(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        self.oauth.mount(environ)
        return super()._wsgi(environ, start_response)

    def _authenticate(self) -> Response | None:
        if request.endpoint in self.oauth.operations:
            return None
        g.person = self.oauth.person(request)
        if g.person:
            return None
        basic = base64.b64encode(f"{self.email}:{self.token}".encode()).decode()
        expected = f"Basic {basic}" if self.cloud else f"Bearer {self.token}"
        if request.headers.get("Authorization") == expected and not request.environ["SCRIPT_NAME"]:
            return None
        return _refused(Refusal(401, "Client must be authenticated to access this resource."))

    def _values(self, fields: Json) -> Json:
        """A driver's plain values as those that the API would have read."""
        people = ("assignee", "reporter")
        values = {"duedate" if name == "due" else name: value for name, value in fields.items()}
        values |= {name: self.person(values[name]) for name in people if values.get(name)}
        return values | ({"description": self._text(values["description"])} if values.get("description") else {})

    def _text(self, text: Any) -> Any:
        return adf.document(text) if self.cloud and isinstance(text, str) else text


def _json(body: Any, status: int) -> Response:
    return Response(compact(body) if status != 204 else b"", status, content_type="application/json;charset=UTF-8")


def _refused(refusal: Refusal) -> Response:
    return _json({"errorMessages": refusal.messages, "errors": refusal.errors}, refusal.status)
