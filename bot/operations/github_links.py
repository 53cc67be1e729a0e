"""Acting on GitHub as the person themselves, by the account that they have linked."""

from collections.abc import Callable
from dataclasses import dataclass

from adapters.account import Account
from adapters.github.client import GitHubClient
from adapters.github.session import Way
from bot.operations.github import github_of
from bot.operations.renewal import Renewal, Words
from bot.services import Services
from storage import tokens
from storage.tokens import Kept

SERVICE = "github"
ENDED = (
    "Your GitHub account is no longer linked: GitHub ended what you had allowed. I now act for you by my own account "
    "and name you in the text. To link yours again, type `/github login`."
)
_WORDS = Words("GitHub", ENDED, "GITHUB_OAUTH_CLIENT_ID")


@dataclass(frozen=True)
class Own:
    """A person's own way to GitHub."""

    github: GitHubClient
    account: Account


def own_github(services: Services, user: str, *, urgent: bool = False) -> Own | None:
    """The client that acts as this person (`team/user`); None if they have linked no account, or no longer.

    Raises `Unavailable` if their access cannot be renewed now. `urgent` is for when the person waits.
    """
    linking, kept = services.signing_in, linked(services, user)
    if linking is None or kept is None:
        return None
    renewal = Renewal(services, linking.vault, linking.urgent if urgent else linking.device, _WORDS)
    ready = renewal.usable(kept, urgent=urgent)
    if ready is None:
        return None
    row, access = ready
    given = _Renewed(access, lambda refused: renewal.instead_of(refused, row))
    return Own(github_of(services, urgent=urgent).for_person(given), account_of(row))


def linked(services: Services, user: str) -> Kept | None:
    """What this person has allowed on connect's GitHub; None if nothing."""
    if services.signing_in is None or not user:
        return None
    with services.database.read() as connection:
        return tokens.get(connection, SERVICE, services.signing_in.device.site, user)


def account_of(kept: Kept) -> Account:
    """The account that somebody has linked; `display` is its login, which is how people know each other there."""
    return Account(kept.whose.account_id, kept.whose.display, kept.whose.display)


class _Renewed:
    """One person's token, and the next one when it is refused."""

    def __init__(self, token: str, renew: Callable[[str], str]) -> None:
        self._token = token
        self._renew = renew

    def of(self, place: str, way: Way) -> str:  # noqa: ARG002
        return self._token

    def instead_of(self, refused: str, place: str, way: Way) -> str:  # noqa: ARG002
        self._token = self._renew(refused)
        return self._token
