"""GitHub behind one type: github.com and Enterprise Server, by a token, as a GitHub App, or as a person.

The promise kept here: each method makes the calls it names and no others, a write is sent once, and it carries a marker
by which it can be found again when its answer was lost.
"""

import time
from collections.abc import Callable

from github import Github

from adapters.account import Account
from adapters.errors import Rejected, Unauthorized
from adapters.github.apps import AppKey, AppTokens
from adapters.github.checks import Checks
from adapters.github.deployments import Deployments
from adapters.github.discussions import Discussions
from adapters.github.doing import Doing
from adapters.github.issues import Issues
from adapters.github.looking import Looks
from adapters.github.members import Members
from adapters.github.people import People
from adapters.github.previews import Previews
from adapters.github.pulls import Pulls
from adapters.github.repositories import Listed, Repositories
from adapters.github.reviews import Reviews
from adapters.github.runs import Runs
from adapters.github.searching import Searching
from adapters.github.session import OneToken, Tokens, Way
from adapters.github.teams import Teams
from adapters.github.workflows import Workflows


class GitHubClient(
    Issues, Repositories, People, Members, Teams, Looks, Doing, Pulls, Checks, Runs, Deployments, Previews, Searching,
    Reviews, Workflows, Discussions,
):  # fmt: skip
    """One account on one GitHub; safe to share between threads. Every method raises `AdapterError`s only."""

    def __init__(
        self, token: str | AppKey, api_url: str, timeout: float, clock: Callable[[], float] = time.time
    ) -> None:
        """`timeout` is in seconds, for a whole call; `clock` gives seconds since 1970."""
        tokens = AppTokens(token) if isinstance(token, AppKey) else OneToken(token)
        super().__init__(tokens, Way(api_url, timeout, clock))

    def within(self, timeout: float) -> "GitHubClient":
        """The same account for who has less time: tokens, limits and what is remembered are shared."""
        other = GitHubClient("", self._way.api_url, timeout)
        other._tokens, other._way = self._tokens, self._way.within(timeout)
        return other

    def for_person(self, tokens: Tokens) -> "PersonalGitHub":
        """The same GitHub, with another's rights."""
        return PersonalGitHub(tokens, self._way)

    @property
    def tokens(self) -> Tokens:
        """Where the tokens of its calls come from."""
        return self._tokens

    def myself(self) -> Account:
        """Read whose token this is; of a GitHub App, the App."""
        if not isinstance(self._tokens, AppTokens):
            return super().myself()
        app = self._tokens.app(self._way)
        return Account("", f"{app.slug}[bot]", app.name)

    def install_page(self) -> str:
        """The address at which a GitHub App is installed; empty if this is no App."""
        return self._tokens.install_page(self._way) if isinstance(self._tokens, AppTokens) else ""

    def owners(self) -> list[str]:
        """Whose repositories a GitHub App is installed for; none if this is no App."""
        return self._tokens.owners(self._way) if isinstance(self._tokens, AppTokens) else []

    def repositories(self, page: int = 1) -> list[Listed]:
        """A page of the repositories that this account, or the App's installations, have a part in."""
        if not isinstance(self._tokens, AppTokens):
            return super().repositories(page)
        return [each for owner in self.owners() for each in self.installed(owner, page)]

    def remaining(self) -> dict[str, int]:
        """How many calls GitHub still allows before its next reset, by resource (`core`, `search`), as last heard."""
        return self._way.limits.least()


class PersonalGitHub(GitHubClient):
    """GitHub as one person. A refused token never is `Unauthorized` here: connect's own account still works."""

    def __init__(self, tokens: Tokens, way: Way) -> None:
        super().__init__("", way.api_url, way.timeout)
        self._tokens, self._way = tokens, way

    def _as[T](self, place: str, use: Callable[[Github], T], *, write: bool) -> T:
        try:
            return super()._as(place, use, write=write)
        except Unauthorized as refused:
            raise Rejected(f"GitHub does not accept your linked account any more. {refused}", "401") from refused
