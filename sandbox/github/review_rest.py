"""The stand-in's REST API for who reviews a pull request, whether it is a draft, and how its checks are.

https://docs.github.com/en/rest/pulls/review-requests, https://docs.github.com/en/graphql/reference/mutations
"""

from functools import partial
from typing import Any

from flask import Response, g

from sandbox.github import check_shapes, shapes, ticket_shapes
from sandbox.github.answers import Refused, body_given, json_answer, labels_of, ticket_of, writable
from sandbox.github.graphql import GraphQL, chosen, mistake, selected
from sandbox.github.pull_rest import PullRest
from sandbox.github.shapes import Json, stamp
from sandbox.github.state import Person, Repo, Ticket

_MUTATIONS = {"markPullRequestReadyForReview": False, "convertPullRequestToDraft": True}
_STRANGER = (
    "Reviews may only be requested from collaborators. One or more of the users or teams you specified is not a "
    "collaborator of the {} repository."
)


class ReviewRest(PullRest, GraphQL):
    """The API, with requested reviewers, drafts, and the checks of a commit."""

    def __init__(self, webhook_secret: str, token: str = "ghp-sandbox") -> None:
        super().__init__(webhook_secret, token)
        for name, method, path, view in (
            ("pulls/request-reviewers", "POST", "/pulls/<int:number>/requested_reviewers", self._request_reviewers),
            ("issues/list-assignees", "GET", "/assignees", self._list_assignees),
            ("repos/list-teams", "GET", "/teams", self._list_teams),
            ("checks/list-for-ref", "GET", "/commits/<path:ref>/check-runs", self._check_runs),
            ("repos/get-combined-status-for-ref", "GET", "/commits/<path:ref>/status", self._combined_status),
        ):
            for prefix in ("/repos/<owner>/<name>", "/repositories/<int:repo_id>"):
                self._route(name, method, f"{prefix}{path}", self._in_repo(view))
        self._asked["REVIEW_REQUESTED_EVENT"] = self._requests
        self._asked |= {name: partial(self._draft_changed, name) for name in _MUTATIONS}

    # --- reviewers ---------------------------------------------------------------------------------------------------

    def _request_reviewers(self, repo: Repo, number: int) -> Response:
        writable(repo)
        ticket, body = ticket_of(repo, number), body_given()
        pull = self._change(ticket)
        self._need(repo, "triage")
        people, teams = labels_of(body.get("reviewers")), labels_of(body.get("team_reviewers"))
        found = [person for login in people if (person := self._can_have(repo, login))]
        if ticket.author in found:
            raise Refused(422, "Review cannot be requested from pull request author.")
        if len(found) < len(people) or not {*teams} <= {*self._team_slugs(repo)}:
            raise Refused(422, _STRANGER.format(repo.full_name))
        for person in found:
            self.request_review(repo.full_name, number, person.login, g.asker.login)
        for slug in teams:
            if slug not in pull.teams:
                pull.teams.append(slug)
                pull.asked.append((self.now(), None))
                asked = {"requested_team": ticket_shapes.team(self.url, repo, slug)}
                self._tell(repo, ticket, "review_requested", g.asker, asked)
        return json_answer(ticket_shapes.pull_request(self.url, repo, ticket), 201)

    def _list_assignees(self, repo: Repo) -> Response:
        people = sorted(self.people.values(), key=lambda person: person.login)
        return self._page([shapes.user(self.url, person) for person in people if self._can_have(repo, person.login)])

    def _team_slugs(self, repo: Repo) -> list[str]:
        there = [name for name, repos in self.team_repositories.items() if repo.full_name in repos]
        return [slug for name in there for owner, _, slug in [name.partition("/")] if owner == repo.owner.login]

    def _list_teams(self, repo: Repo) -> Response:
        return self._page([ticket_shapes.team(self.url, repo, slug) for slug in self._team_slugs(repo)])

    def _requests(self) -> Response:
        """The last thirty requests for a review of each pull request (`ids`); who may not see one is refused."""
        body = body_given()
        found = [(ident, self._node(ident)) for ident in body["variables"]["ids"]]
        for ident, there in found:
            if there is None:
                return mistake(["nodes"], "NOT_FOUND", f"Could not resolve to a node with the global id of '{ident}'")
        shown = [_asked_of(ident, there[1]) for ident, there in found if there]
        return json_answer({"data": chosen({"nodes": shown}, selected(str(body["query"])))})

    # --- checks ------------------------------------------------------------------------------------------------------

    def _check_runs(self, repo: Repo, ref: str) -> Response:
        sha = repo.heads.get(ref, ref)
        shown = [check_shapes.check_run(self.url, repo, run) for run in repo.runs.values() if run.sha == sha]
        return json_answer({"total_count": len(shown), "check_runs": shown[:100]})

    def _combined_status(self, repo: Repo, ref: str) -> Response:
        return json_answer(check_shapes.combined_status(self.url, repo, repo.heads.get(ref, ref)))

    # --- drafts ------------------------------------------------------------------------------------------------------

    def _draft_changed(self, mutation: str) -> Response:
        """One of the two mutations of drafts: `pullRequestId` is a pull request's `node_id`.

        GraphQL answers a refusal with 200.
        """
        given = body_given().get("variables") or dict[str, Any]()
        ident = str((given.get("input") or given).get("pullRequestId") or given.get("id") or "")
        with self.lock:
            found = self._node(ident)
            if found is None:
                return mistake([mutation], "NOT_FOUND", f"Could not resolve to a node with the global id of '{ident}'")
            repo, ticket = found
            if ticket.author is not g.asker and not self.may(repo, g.asker, "write"):
                return mistake([mutation], "FORBIDDEN", f"{g.asker.login} does not have the correct permissions to "
                                f"execute `{mutation[0].upper()}{mutation[1:]}`")  # fmt: skip
            return self._drafted(mutation, repo, ticket, g.asker)

    def _node(self, ident: str) -> tuple[Repo, Ticket] | None:
        known = [(repo, ticket) for repo in self.repos if self.sees(repo) for ticket in repo.tickets.values()]
        return next((pair for pair in known if pair[1].pull and f"PR_{pair[1].pull.id}" == ident), None)

    def _drafted(self, mutation: str, repo: Repo, ticket: Ticket, asker: Person) -> Response:
        wanted, pull = _MUTATIONS[mutation], self._change(ticket)
        if ticket.state == "closed" or pull.draft == wanted:
            word = "already in draft state" if wanted else "not in draft state"
            return mistake([mutation], "UNPROCESSABLE", f"Pull request is {word}.")
        (self.draft_again if wanted else self.ready)(repo, ticket, asker)
        return json_answer({"data": {mutation: {"pullRequest": {"isDraft": wanted}}}})


def _asked_of(ident: str, ticket: Ticket) -> Json:
    events = [
        {
            "__typename": "ReviewRequestedEvent", "createdAt": stamp(at),
            "requestedReviewer": {"__typename": "User", "login": who.login} if who else {"__typename": "Team"},
        }
        for at, who in (ticket.pull.asked if ticket.pull else ())[-30:]
    ]  # fmt: skip
    return {"__typename": "PullRequest", "id": ident, "timelineItems": {"nodes": events}}
