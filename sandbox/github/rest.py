"""The stand-in's REST API: GitHub's paths, answers and refusals for what connect calls.

Operations have the names of GitHub's own description (`issues/create`), for faults and recorded calls.
https://docs.github.com/en/rest
"""

import hashlib
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlencode

from flask import Request, Response, g, request
from werkzeug.exceptions import HTTPException

from sandbox.github import shapes, ticket_shapes
from sandbox.github.answers import (
    DOCS,
    Refused,
    body_given,
    hold_limits,
    json_answer,
    labels_of,
    text_of,
    ticket_of,
    writable,
    wrong,
)
from sandbox.github.quota import Quotas
from sandbox.github.shapes import Json
from sandbox.github.state import Person, Repo, Ticket
from sandbox.github.world import World


class Rest(World):
    """State and the API to it."""

    def __init__(self, webhook_secret: str, token: str = "ghp-sandbox") -> None:
        super().__init__(webhook_secret, token)
        self.quotas = Quotas()
        self.app.before_request(self._authenticate)
        self.app.after_request(self._with_headers)
        self.app.register_error_handler(Refused, lambda error: json_answer(error.body, error.status))
        self.app.register_error_handler(404, lambda _: json_answer(Refused(404, "Not Found").body, 404))
        self._route("users/get-authenticated", "GET", "/user", self._me)
        self._route("users/get-by-username", "GET", "/users/<login>", self._user)
        self._route("rate-limit/get", "GET", "/rate_limit", self._rate_limit)
        issue = "/issues/<int:number>"
        for name, method, path, view in (
            ("repos/get", "GET", "", self._get_repo),
            ("issues/list-for-repo", "GET", "/issues", self._list_issues),
            ("issues/create", "POST", "/issues", self._create_issue),
            ("issues/get", "GET", issue, self._get_issue),
            ("issues/update", "PATCH", issue, self._update_issue),
            ("issues/list-comments", "GET", f"{issue}/comments", self._list_comments),
            ("issues/create-comment", "POST", f"{issue}/comments", self._create_comment),
            ("issues/list-labels-on-issue", "GET", f"{issue}/labels", self._list_issue_labels),
            ("issues/add-labels", "POST", f"{issue}/labels", self._add_labels),
            ("issues/list-labels-for-repo", "GET", "/labels", self._list_labels),
            ("pulls/get", "GET", "/pulls/<int:number>", self._get_pull),
        ):
            self._route(name, method, f"/repos/<owner>/<name>{path}", self._in_repo(view))
            self._route(name, method, f"/repositories/<int:repo_id>{path}", self._in_repo(view))

    def operation(self, given: Request) -> str:
        """GitHub's own name of the operation, or method and path if there is none."""
        try:
            return str(self.app.url_map.bind_to_environ(given.environ).match()[0])
        except HTTPException:
            return super().operation(given)

    def operations(self) -> set[str]:
        """GitHub's names of all that it serves."""
        return {*self.app.view_functions}

    # --- around every request ----------------------------------------------------------------------------------------

    def _route(self, operation: str, method: str, path: str, view: Callable[..., Response]) -> None:
        self.app.add_url_rule(path, operation, self.app.view_functions.get(operation, view), methods=[method])

    def _authenticate(self) -> Response | None:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if not token:
            return json_answer(Refused(401, "Requires authentication").body, 401)
        who = self.who(token) if scheme.lower() in ("token", "bearer") else None
        if who is None:
            return json_answer(Refused(401, "Bad credentials").body, 401)
        g.asker, g.token, resource = who, token, self.quotas.resource(request.path)
        if self.quotas.spent(token, resource, self.now()):
            g.refused = True
            return json_answer(Refused(403, f"API rate limit exceeded for user ID {who.id}.").body, 403)
        return None

    def who(self, token: str) -> Person | None:
        """Whose token it is; None if it is nobody's."""
        return self.connect if token == self.token else None

    def sees(self, repo: Repo) -> bool:  # noqa: ARG002
        """Whether the one who asks may know of a repository."""
        return True

    def _with_headers(self, response: Response) -> Response:
        response.headers["x-github-media-type"] = "github.v3; format=json"
        if request.method == "GET" and response.status_code == 200:
            response.headers["ETag"] = tag = f'W/"{hashlib.sha256(response.get_data()).hexdigest()}"'
            if request.headers.get("If-None-Match") == tag:
                response.status_code = 304
                response.set_data(b"")
        token, resource = g.get("token", ""), self.quotas.resource(request.path)
        if token and response.status_code != 304 and not g.get("refused"):
            self.quotas.spend(token, resource, self.now())
        if token:
            response.headers.extend(self.quotas.headers(token, resource, self.now()))
        return response

    def _in_repo(self, view: Callable[..., Response]) -> Callable[..., Response]:
        def found(owner: str = "", name: str = "", repo_id: int = 0, **parts: Any) -> Response:
            asked = f"{owner}/{name}".lower()
            with self.lock:
                repo = self.repo(asked) or next((repo for repo in self.repos if repo.id == repo_id), None)
                if repo is not None and self.sees(repo):
                    there = repo.moved.get(parts.get("number", 0))
                    return self._transferred(*there) if there else view(repo, **parts)
                if asked in self.former_names:
                    return self._elsewhere(self.former_names[asked])
            raise Refused(404, "Not Found")

        return found

    def _transferred(self, repo: Repo, number: int) -> Response:
        """Where it is now; a 404 for who may not read there: https://docs.github.com/en/rest/issues/issues."""
        if not self.sees(repo):
            raise Refused(404, "Not Found")
        rest = request.path.partition("/issues/")[2].partition("/")[2]
        url = f"{self.url}/repositories/{repo.id}/issues/{number}" + (f"/{rest}" if rest else "")
        return json_answer({"message": "Moved Permanently", "url": url}, 301, {"Location": url})

    def _elsewhere(self, repo: Repo) -> Response:
        path = "/".join(request.full_path.rstrip("?").split("/")[4:])
        url = f"{self.url}/repositories/{repo.id}" + (f"/{path}" if path else "")
        status, word = (301, "Moved Permanently") if request.method == "GET" else (307, "Temporary Redirect")
        return json_answer({"message": word, "url": url, "documentation_url": DOCS}, status, {"Location": url})

    # --- accounts and repositories -----------------------------------------------------------------------------------

    def _me(self) -> Response:
        return json_answer(shapes.profile(self.url, g.asker, self.born))

    def _user(self, login: str) -> Response:
        found = next((each for each in self.people.values() if each.login.lower() == login.lower()), None)
        if found is None:
            raise Refused(404, "Not Found")
        return json_answer(shapes.profile(self.url, found, self.born))

    def _rate_limit(self) -> Response:
        core = {"limit": 5000, "used": 0, "remaining": 5000, "reset": int(self.now()) + 3600}
        search = core | {"limit": 30, "remaining": 30}
        return json_answer({"resources": {"core": core, "search": search}, "rate": core})

    def _get_repo(self, repo: Repo) -> Response:
        counts = {"network_count": 0, "subscribers_count": 0}
        rights = {"admin": False, "maintain": False, "push": True, "triage": True, "pull": True}
        owner = {"organization": shapes.user(self.url, repo.owner)}
        names = {"merge": "merge_commit", "squash": "squash_merge", "rebase": "rebase_merge"}
        ways = {f"allow_{name}": way in repo.merge_methods for way, name in names.items()}
        return json_answer(shapes.repository(self.url, repo) | counts | {"permissions": rights} | owner | ways)

    def _list_labels(self, repo: Repo) -> Response:
        return self._page([shapes.label(self.url, repo, label) for label in repo.labels.values()])

    # --- issues and pull requests ------------------------------------------------------------------------------------

    def _list_issues(self, repo: Repo) -> Response:
        state, sort = request.args.get("state", "open"), request.args.get("sort", "created")
        if state not in ("open", "closed", "all") or sort not in ("created", "updated", "comments"):
            raise Refused(422, "Validation Failed", errors=[{"resource": "Issue", "code": "invalid"}])
        order: dict[str, Callable[[Ticket], tuple[float, int]]] = {
            "created": lambda ticket: (ticket.created_at, ticket.number),
            "updated": lambda ticket: (ticket.updated_at, ticket.number),
            "comments": lambda ticket: (len(ticket.comments), ticket.number),
        }
        since = request.args.get("since", "")
        found = [
            ticket
            for ticket in repo.tickets.values()
            if state in (ticket.state, "all")
            and str(shapes.stamp(ticket.updated_at)) >= since
            and self._listed(ticket.created_at)
        ]
        found.sort(key=order[sort], reverse=request.args.get("direction", "desc") == "desc")
        return self._page([ticket_shapes.issue(self.url, repo, ticket) for ticket in found])

    def _create_issue(self, repo: Repo) -> Response:
        writable(repo)
        if not repo.has_issues:
            raise Refused(410, "Issues has been disabled in this repository.")
        given = self.opening(repo, body_given())
        title, body, labels = text_of(given, "title"), text_of(given, "body"), labels_of(given.get("labels"))
        if title is None:
            raise Refused(422, 'Invalid request.\n\n"title" wasn\'t supplied.')
        hold_limits("Issue", title, body)
        ticket = self.file(repo, title.strip(), body, g.asker, labels)
        self.opened(repo, ticket, given)
        return self._created(ticket_shapes.issue(self.url, repo, ticket))

    def opening(self, repo: Repo, given: Json) -> Json:  # noqa: ARG002
        """What the one who asks may open an issue with, of what they have given."""
        return given

    def opened(self, repo: Repo, ticket: Ticket, given: Json) -> None:
        """What else becomes of an issue that has just been opened."""

    def _get_issue(self, repo: Repo, number: int) -> Response:
        return json_answer(ticket_shapes.issue(self.url, repo, ticket_of(repo, number)))

    def _update_issue(self, repo: Repo, number: int) -> Response:
        writable(repo)
        ticket, given = ticket_of(repo, number), body_given()
        title, body, state = (text_of(given, key) for key in ("title", "body", "state"))
        if state not in (None, "open", "closed"):
            raise Refused(422, "Validation Failed", errors=[wrong("Issue", "state", "invalid")])
        hold_limits("Issue", ticket.title if title is None else title, body)
        wanted = {key: value for key, value in (("title", title), ("body", body)) if value is not None}
        self.edit(repo, ticket, g.asker, wanted)
        for name in labels_of(given.get("labels")):
            self.put_label(repo, ticket, name, g.asker)
        if state == "closed":
            reason = None if ticket.pull else text_of(given, "state_reason") or "completed"
            self.close(repo, ticket, g.asker, reason)
        elif state == "open":
            self.reopen(repo, ticket, g.asker)
        return json_answer(ticket_shapes.issue(self.url, repo, ticket))

    def _list_comments(self, repo: Repo, number: int) -> Response:
        ticket, since = ticket_of(repo, number), request.args.get("since", "")
        found = [each for each in ticket.comments if self._listed(each.created_at)]
        shown = [ticket_shapes.comment(self.url, repo, ticket, each) for each in found]
        return self._page([each for each in shown if each["updated_at"] >= since])

    def _create_comment(self, repo: Repo, number: int) -> Response:
        writable(repo)
        ticket, body = ticket_of(repo, number), text_of(body_given(), "body")
        if not (body or "").strip():
            error = wrong("IssueComment", "data", "unprocessable", "Body cannot be blank")
            raise Refused(422, "Validation Failed", errors=[error])
        hold_limits("IssueComment", "-", body)
        comment = self.say(repo, ticket, g.asker, str(body))
        return self._created(ticket_shapes.comment(self.url, repo, ticket, comment))

    def _list_issue_labels(self, repo: Repo, number: int) -> Response:
        names = ticket_of(repo, number).labels
        return self._page([shapes.label(self.url, repo, repo.labels[name]) for name in names])

    def _add_labels(self, repo: Repo, number: int) -> Response:
        writable(repo)
        ticket = ticket_of(repo, number)
        for name in labels_of(body_given().get("labels")):
            self.put_label(repo, ticket, name, g.asker)
        return json_answer([shapes.label(self.url, repo, repo.labels[name]) for name in ticket.labels])

    def _get_pull(self, repo: Repo, number: int) -> Response:
        ticket = ticket_of(repo, number)
        if ticket.pull is None:
            raise Refused(404, "Not Found")
        return json_answer(ticket_shapes.pull_request(self.url, repo, ticket))

    # --- answers -----------------------------------------------------------------------------------------------------

    def _listed(self, created_at: float) -> bool:
        return created_at + self.list_lag <= self.now()

    def _created(self, shown: Json) -> Response:
        return json_answer(shown, 201, {"Location": shown["url"]})

    def _page(self, found: Sequence[Json]) -> Response:
        """One page, with a `Link` header to the others: https://docs.github.com/en/rest/using-the-rest-api/using-pagination-in-the-rest-api."""
        size = min(max(request.args.get("per_page", 30, int), 1), 100)
        number, last = max(request.args.get("page", 1, int), 1), max(-(-len(found) // size), 1)
        pages = {"prev": number - 1, "next": number + 1, "last": last, "first": 1}
        shown = ["prev", "first"] if number > 1 else []
        shown = ["next", "last", *shown] if number < last else shown
        links = [
            f'<{request.base_url}?{urlencode(request.args.to_dict() | {"page": str(pages[name])})}>; rel="{name}"'
            for name in shown
        ]
        return json_answer(
            list(found[(number - 1) * size : number * size]), 200, {"Link": ", ".join(links)} if links else {}
        )
