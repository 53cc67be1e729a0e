"""The stand-in's REST API for what people do to issues and pull requests, with GitHub's rules of who may.

https://docs.github.com/en/rest/issues/assignees, https://docs.github.com/en/rest/issues/labels
"""

from typing import Any

from flask import Response, g

from sandbox.github import shapes, ticket_shapes
from sandbox.github.access import ROLES
from sandbox.github.answers import Refused, body_given, json_answer, text_of, ticket_of, writable, wrong
from sandbox.github.looks import LooksRest
from sandbox.github.state import Person, Repo, Ticket

REASONS = ("completed", "not_planned", "duplicate", "reopened")
MOST_ASSIGNEES = 10


class DoingRest(LooksRest):
    """The API, with assignees, labels and states."""

    def __init__(self, webhook_secret: str, token: str = "ghp-sandbox") -> None:
        super().__init__(webhook_secret, token)
        issue = "/issues/<int:number>"
        for name, method, path, view in (
            ("issues/add-assignees", "POST", f"{issue}/assignees", self._add_assignees),
            ("issues/remove-assignees", "DELETE", f"{issue}/assignees", self._remove_assignees),
            ("issues/check-user-can-be-assigned", "GET", "/assignees/<login>", self._assignable),
            ("issues/remove-label", "DELETE", f"{issue}/labels/<label>", self._remove_label),
        ):
            for prefix in ("/repos/<owner>/<name>", "/repositories/<int:repo_id>"):
                self._route(name, method, f"{prefix}{path}", self._in_repo(view))

    def may(self, repo: Repo, who: Person, role: str) -> bool:
        """Whether somebody has this role, or a higher one."""
        return ROLES.index(self._base(self.role_of(repo, who))) >= ROLES.index(role)

    def _update_issue(self, repo: Repo, number: int) -> Response:
        ticket, body = ticket_of(repo, number), body_given()
        theirs = ticket.author is g.asker and ticket.closed_by in (None, g.asker)
        if not theirs and not self.may(repo, g.asker, "triage"):
            raise Refused(403, "Must have admin rights to Repository.")
        if text_of(body, "state_reason") not in (None, *REASONS):
            raise Refused(422, "Validation Failed", errors=[wrong("Issue", "state_reason", "invalid")])
        if body.get("state") == "open" and ticket.pull and ticket.pull.merged_at is not None:
            cannot = wrong("Issue", "state", "invalid", "The pull request cannot be reopened.")
            raise Refused(422, "Validation Failed", errors=[cannot])
        return super()._update_issue(repo, number)

    def _add_labels(self, repo: Repo, number: int) -> Response:
        self._need(repo, "triage")
        return super()._add_labels(repo, number)

    def _need(self, repo: Repo, role: str) -> None:
        if not self.may(repo, g.asker, role):
            raise Refused(403, "Must have admin rights to Repository.")

    def _can_have(self, repo: Repo, login: object) -> Person | None:
        found = next((each for each in self.people.values() if each.login.lower() == str(login).lower()), None)
        listed = found is not None and (found is repo.owner or repo.roles.get(found.login, "none") != "none")
        return found if listed else None

    def _assignable(self, repo: Repo, login: str) -> Response:
        if self._can_have(repo, login) is None:
            raise Refused(404, "Not Found")
        return Response(status=204)

    def _add_assignees(self, repo: Repo, number: int) -> Response:
        writable(repo)
        ticket = ticket_of(repo, number)
        for person in self._named(repo, body_given().get("assignees")):
            # Whom it cannot be assigned to, and all that somebody without the right asks for, is silently left out.
            if len(ticket.assignees) < MOST_ASSIGNEES and self.may(repo, g.asker, "triage"):
                self.assign(repo, ticket, person, g.asker)
        return json_answer(self._shown_issue(repo, ticket), 201)

    def _remove_assignees(self, repo: Repo, number: int) -> Response:
        writable(repo)
        ticket = ticket_of(repo, number)
        for person in self._named(repo, body_given().get("assignees")):
            if self.may(repo, g.asker, "triage"):
                self.assign(repo, ticket, person, g.asker, to=False)
        return json_answer(self._shown_issue(repo, ticket))

    def _named(self, repo: Repo, names: list[str] | None) -> list[Person]:
        return [person for name in names or [] if (person := self._can_have(repo, name))]

    def _remove_label(self, repo: Repo, number: int, label: str) -> Response:
        writable(repo)
        self._need(repo, "triage")
        ticket = ticket_of(repo, number)
        found = next((name for name in ticket.labels if name.lower() == label.lower()), None)
        if found is None:
            raise Refused(404, "Label does not exist")
        self.take_label(repo, ticket, found, g.asker)
        return json_answer([shapes.label(self.url, repo, repo.labels[name]) for name in ticket.labels])

    def _shown_issue(self, repo: Repo, ticket: Ticket) -> Any:
        return ticket_shapes.issue(self.url, repo, ticket)
