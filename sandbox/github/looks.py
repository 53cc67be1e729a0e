"""The stand-in's REST API for what webhooks do not tell: the files of pull requests, topics, teams.

https://docs.github.com/en/rest/pulls/pulls#list-pull-requests-files, https://docs.github.com/en/rest/teams/members
"""

import hashlib
from typing import Any

from flask import Response, request

from sandbox.github import shapes, ticket_shapes
from sandbox.github.access import AccessRest
from sandbox.github.answers import Refused, json_answer
from sandbox.github.state import Repo


class LooksRest(AccessRest):
    """The API, with changed files, topics and teams."""

    def __init__(self, webhook_secret: str, token: str = "ghp-sandbox") -> None:
        super().__init__(webhook_secret, token)
        self.changed: dict[tuple[str, int], list[str]] = {}
        """The files that a pull request (`acme/web`, 7) changes."""
        self.teams: dict[str, set[str]] = {}
        """By `acme/core`: the logins of a team's members."""
        self.team_repositories: dict[str, set[str]] = {}
        for name, path, view in (
            ("pulls/list", "/pulls", self._pulls),
            ("pulls/list-files", "/pulls/<int:number>/files", self._files),
            ("repos/get-all-topics", "/topics", self._topics),
        ):
            self._route(name, "GET", f"/repos/<owner>/<name>{path}", self._in_repo(view))
            self._route(name, "GET", f"/repositories/<int:repo_id>{path}", self._in_repo(view))
        team = "/orgs/<org>/teams/<slug>"
        self._route("teams/get-by-name", "GET", team, self._team)
        self._route("teams/get-membership-for-user-in-org", "GET", f"{team}/memberships/<login>", self._membership)
        self._route("teams/list-members-in-org", "GET", f"{team}/members", self._team_members)
        path = f"{team}/repos/<owner>/<name>"
        self._route("teams/check-permissions-for-repo-in-org", "GET", path, self._team_repository)

    def _pulls(self, repo: Repo) -> Response:
        """The pull requests of a state, by when they were opened; those of a list show less than one by itself."""
        state, per_page = request.args.get("state", "open"), int(request.args.get("per_page", 30))
        found = [one for one in repo.tickets.values() if one.pull is not None and state in (one.state, "all")]
        found.sort(key=lambda one: (one.created_at, one.number), reverse=request.args.get("direction") != "asc")
        start = (int(request.args.get("page", 1)) - 1) * per_page
        return json_answer([ticket_shapes.listed_pull(self.url, repo, one) for one in found[start : start + per_page]])

    def _files(self, repo: Repo, number: int) -> Response:
        ticket = repo.tickets.get(number)
        if ticket is None or ticket.pull is None:
            raise Refused(404, "Not Found")
        per_page, page = int(request.args.get("per_page", 30)), int(request.args.get("page", 1))
        names = self.changed.get((repo.full_name, number), ["README.md"])[(page - 1) * per_page : page * per_page]
        counts = {"additions": 1, "deletions": 0, "changes": 1}
        found = [
            {"sha": hashlib.sha1(name.encode(), usedforsecurity=False).hexdigest(), "filename": name} | counts
            | {"status": "modified", "blob_url": "", "raw_url": "", "contents_url": "", "patch": "@@"}
            for name in names
        ]  # fmt: skip
        return json_answer(found)

    def _topics(self, repo: Repo) -> Response:
        return json_answer({"names": repo.topics})

    def _known(self, org: str, slug: str) -> str:
        if f"{org}/{slug}" not in self.teams:
            raise Refused(404, "Not Found")
        return f"{org}/{slug}"

    def _team(self, org: str, slug: str) -> Response:
        return json_answer({"id": 1, "slug": self._known(org, slug).partition("/")[2], "name": slug})

    def _membership(self, org: str, slug: str, login: str) -> Response:
        if login not in self.teams[self._known(org, slug)]:
            raise Refused(404, "Not Found")
        return json_answer({"state": "active", "role": "member", "url": request.url})

    def _team_members(self, org: str, slug: str) -> Response:
        per_page, page = int(request.args.get("per_page", 30)), int(request.args.get("page", 1))
        logins = sorted(self.teams[self._known(org, slug)])[(page - 1) * per_page : page * per_page]
        role = {"role": "member", "inherited": False}
        return json_answer([shapes.user(self.url, self.person(login)) | role for login in logins])

    def _team_repository(self, org: str, slug: str, **repository: Any) -> Response:
        full_name = f"{repository['owner']}/{repository['name']}"
        if full_name not in self.team_repositories.get(self._known(org, slug), set()):
            raise Refused(404, "Not Found")
        return Response(status=204)
