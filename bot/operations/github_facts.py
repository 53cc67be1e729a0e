"""Asking GitHub what its webhooks do not tell, for the filters of subscriptions."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from adapters.errors import NotFound, Rejected
from bot.operations.base import Effect, NotYet, Operation
from bot.operations.github import github_of
from bot.paths import LOCATIONS, owners_of, read_codeowners
from bot.services import Services
from storage.integrations import Integration

LAG = timedelta(seconds=30)
"""For so long GitHub's answers may be behind its webhooks: what it does not know of yet is asked again."""
AGAIN = 5.0
_BEHIND = frozenset({"403", "404", "422"})
"""What GitHub answers to a question about something that its other machines have not heard of."""


class _Asking:
    """The questions of one row; what was read for another channel of this very state is not read again."""

    def __init__(self, services: Services, payload: dict[str, Any]) -> None:
        self._github = github_of(services)
        self._people = services.people
        self._payload = payload
        self.repository: str = payload["repository"]
        self.number: int = payload["number"]
        self.base: str = payload["base"]
        self.paths: list[str] = payload["paths"]

    def pull(self) -> dict[str, Any]:
        pull = self._once("pull", lambda: self._github.pull(self.repository, self.number))
        self.base = pull.base
        return {"base": pull.base, "head": pull.head, "draft": pull.draft, "reviewers": list(pull.asked)}

    def files(self) -> dict[str, Any]:
        self.paths = self._once("files", lambda: self._github.changed_files(self.repository, self.number))
        return {"paths": self.paths}

    def owners(self) -> dict[str, Any]:
        text = self._once(
            f"owners of {self.base}", lambda: self._github.first_text(self.repository, LOCATIONS, self.base)
        )
        return {"owners": sorted(owners_of(self.paths, read_codeowners(text)))}

    def topics(self) -> dict[str, Any]:
        return {"topics": self._once("topics", lambda: self._github.topics(self.repository))}

    def teams(self) -> dict[str, Any]:
        author = self._payload["author"]

        def there(team: str) -> bool:
            return self._once(f"{author} in {team}", lambda: self._github.in_team(self.repository, team, author))

        return {"teams": [team for team in self._payload["teams"] if there(team)]}

    def keepers(self) -> dict[str, Any]:
        def has(team: str) -> bool:
            return self._once(f"of {team}", lambda: self._github.has_repository(self.repository, team))

        return {"keepers": [team for team in self._payload["keepers"] if has(team)]}

    def _once(self, what: str, look: Callable[[], Any]) -> Any:
        ident = f"{self.repository}#{self.number} {self._payload['version']} {what}"
        return self._people.recall("github", ident, look)


def _read_facts(services: Services, row: Integration) -> Effect:
    """Read what is `asked`, each as the filters name it; a team that is refused is no matter of time."""
    asking, asked = _Asking(services, row.payload), row.payload["asked"]
    looks = {
        "pull": asking.pull, "paths": asking.files, "owners": asking.owners, "topics": asking.topics,
    }  # fmt: skip
    found: dict[str, Any] = {}
    try:
        for name, look in looks.items():
            found |= look() if name in asked else {}
    except Rejected as error:
        if error.code in _BEHIND and services.now() - row.accepted_at < LAG:
            raise NotYet(str(error), AGAIN) from error
        raise
    found |= asking.teams() if "teams" in asked else {}
    found |= asking.keepers() if "keepers" in asked else {}
    return Effect("", data={"facts": found})


def _find_private(services: Services, row: Integration) -> Effect:
    """Which of the `repositories` are private; what connect cannot see may be."""
    github = github_of(services)

    def hidden(repository: str) -> bool:
        try:
            return github.repository(repository).private
        except NotFound:
            return True

    return Effect("", data={"private": [each for each in row.payload["repositories"] if hidden(each)]})


OPERATIONS = {
    "read_facts": Operation(_read_facts, idempotent=True),
    "find_private": Operation(_find_private, idempotent=True),
}
