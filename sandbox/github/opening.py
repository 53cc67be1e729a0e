"""The stand-in's doors to what an issue is opened with: repositories, templates, milestones, people.

https://docs.github.com/en/rest/issues/issues#create-an-issue, https://docs.github.com/en/rest/issues/milestones,
https://docs.github.com/en/rest/repos/contents#get-repository-content
"""

from flask import Response, g, request

from sandbox.github import shapes, ticket_shapes
from sandbox.github.access import RIGHTS, ROLES
from sandbox.github.answers import Refused, json_answer, labels_of, wrong
from sandbox.github.doing import DoingRest
from sandbox.github.shapes import Json
from sandbox.github.single_rest import SingleRest
from sandbox.github.state import Milestone, Person, Repo, Ticket


class OpeningRest(SingleRest, DoingRest):
    """The API, with folders of files, milestones, and lists of repositories and of people."""

    def __init__(self, webhook_secret: str, token: str = "ghp-sandbox") -> None:
        super().__init__(webhook_secret, token)
        self._route("repos/list-for-authenticated-user", "GET", "/user/repos", self._own_repos)
        self._route("apps/list-repos-accessible-to-installation", "GET", "/installation/repositories", self._installed)
        for prefix in ("/repos/<owner>/<name>", "/repositories/<int:repo_id>"):
            self._route("issues/list-milestones", "GET", f"{prefix}/milestones", self._in_repo(self._milestones))

    def add_milestone(self, repo: str, title: str) -> Milestone:
        """Somebody makes a milestone."""
        there = self.repo(repo)
        if there is None:
            raise ValueError(f"there is no {repo}")
        number = len(there.milestones) + 1
        made = Milestone(self.next_id(), number, title, self.person("octocat"), self.now())
        there.milestones[number] = made
        return made

    # --- opening an issue --------------------------------------------------------------------------------------------

    def opening(self, repo: Repo, given: Json) -> Json:
        """What somebody without the right asks for besides title and body is silently left out."""
        if not self.may(repo, g.asker, "triage"):
            return {name: value for name, value in given.items() if name in ("title", "body")}
        self._wanted_people(repo, labels_of(given.get("assignees")))
        if given.get("milestone") and given["milestone"] not in repo.milestones:
            invalid = wrong("Issue", "milestone", "invalid") | {"value": given["milestone"]}
            raise Refused(422, "Validation Failed", errors=[invalid])
        if given.get("type") and given["type"] not in repo.types:
            raise Refused(422, "Validation Failed", errors=[wrong("Issue", "type", "invalid")])
        return given

    def opened(self, repo: Repo, ticket: Ticket, given: Json) -> None:
        """The milestone, the type, and to whom it is assigned."""
        ticket.type = given.get("type") or ""
        ticket.milestone = repo.milestones.get(given.get("milestone", 0))
        for person in self._wanted_people(repo, labels_of(given.get("assignees"))):
            self.assign(repo, ticket, person, g.asker)

    def _wanted_people(self, repo: Repo, logins: list[str]) -> list[Person]:
        found: list[Person] = []
        for login in logins:
            person = self._can_have(repo, login)
            if person is None:
                raise Refused(
                    422, "Validation Failed", errors=[wrong("Issue", "assignees", "invalid") | {"value": login}]
                )
            found.append(person)
        return found

    def _milestones(self, repo: Repo) -> Response:
        state = request.args.get("state", "open")
        shown = [each for each in repo.milestones.values() if state in ("all", "closed" if each.closed_at else "open")]
        return self._page([ticket_shapes.milestone(self.url, repo, each) for each in shown])

    # --- repositories -----------------------------------------------------------------------------------------------

    def _own_repos(self) -> Response:
        found = [repo for repo in self.repos if self._has_part(repo, g.asker)]
        found.sort(key=lambda repo: -repo.pushed_at)
        return self._page([self._listed_repo(repo, g.asker) for repo in found])

    def _has_part(self, repo: Repo, who: Person) -> bool:
        return who in (self.connect, repo.owner) or who.login in repo.roles

    def _installed(self) -> Response:
        granted = self.granted.get(g.token)
        if granted is None or granted.installation is None:
            raise Refused(403, "You must authenticate with an installation access token in order to list repositories "
                               "for an installation.")  # fmt: skip
        found = [repo for repo in self.repos if granted.installation.covers(repo)]
        shown = [self._listed_repo(repo, g.asker) for repo in found]
        return json_answer({"total_count": len(shown), "repository_selection": "selected", "repositories": shown})

    def _listed_repo(self, repo: Repo, who: Person) -> Json:
        held = ROLES.index(self._base(self.role_of(repo, who)))
        rights = {right: held >= ROLES.index(least) for right, least in RIGHTS.items()}
        return shapes.repository(self.url, repo) | {"permissions": rights}
