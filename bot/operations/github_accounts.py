"""Whose account on GitHub a person in Slack has, and what they may do there.

What a person asks connect to do on GitHub is done with their rights: by their own account where they have linked it,
else by connect's, once GitHub was asked for their role in the repository.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from adapters.account import Account
from adapters.errors import AdapterError, NotFound, Rejected
from adapters.github.client import GitHubClient
from adapters.github.members import PAGES
from adapters.github.people import ROLES
from adapters.slack.client import Person
from bot.names import like
from bot.operations.accounts import NOBODY, account_of, member
from bot.operations.github import github_of
from bot.operations.github_links import own_github
from bot.operations.slack import slack_of
from bot.people import People
from bot.services import Services
from storage import subscriptions
from storage.integrations import Integration

type Role = Literal["read", "triage", "write", "maintain", "admin"]
"""What GitHub calls the least that somebody must be in a repository: each may do what those before it may."""

NO_ACCOUNT = "I do not know your account on GitHub. Type `/github me` to see how to say which one it is."
CANNOT_ASK = (
    "GitHub does not tell connect what you may do in {}: whoever runs connect can give its account there the right to "
    "push, or its GitHub App to read metadata."
)
UNSEEN = (
    "GitHub has no {} that @{} and I can see, or does not tell me your role there: whoever runs connect can check what "
    "it may do there."
)
UNATTENDED = (
    "Nobody is known who started this workflow, and {} is not among the repositories in which workflows may act all "
    "the same: whoever runs connect names those in GITHUB_WORKFLOW_REPOSITORIES."
)
NO_REPOSITORIES = (
    "Nobody is known who started this workflow, and there are no repositories in which workflows may act all the same: "
    "whoever runs connect names those in GITHUB_WORKFLOW_REPOSITORIES."
)


@dataclass(frozen=True)
class Acting:
    """A person in Slack at work on GitHub: `github` is the client that acts."""

    github: GitHubClient
    account: Account
    person: Person
    own: bool = False
    """Whether it is by their own account: then their name need not stand in the text."""


def acting(services: Services, user: str, repository: str, role: Role, *, urgent: bool = False) -> Acting:
    """The person (`team/user`) about to do in a repository what takes this role, once GitHub says that they may.

    Raises `Rejected` with a sentence for the person if they may not, or an `AdapterError` if somebody does not answer.
    `urgent` is for when the person waits.
    """
    person = member(services, user, urgent=urgent)
    own = own_github(services, user, urgent=urgent)
    if own is not None:  # what they may do there is for GitHub itself to say, when it is done
        return Acting(own.github, own.account, person, own=True)
    github = github_of(services, urgent=urgent)
    account = on_github(services, person, user, urgent=urgent)
    if account is None:
        raise Rejected(NO_ACCOUNT, "no_account")
    has = _role(github, repository, account)
    if ROLES.index(has) < ROLES.index(role):
        raise Rejected(
            f"GitHub does not permit @{account.name} to do this in {repository}: it takes the role “{role}” there, and "
            f"yours is “{has}”.",
            "not_permitted",
        )
    return Acting(github, account, person)


def _role(github: GitHubClient, repository: str, account: Account) -> str:
    """Their role; raises `NotFound` alike where they have none, where connect may not ask for it of a private
    repository, and where there is none.
    """
    unseen = NotFound(UNSEEN.format(repository, account.name), "404")
    try:
        has = role_of(github, repository, account)
    except NotFound as error:
        raise unseen from error
    except Rejected as error:
        raise (unseen if github.repository(repository).private else error) from error
    if has == "none":
        raise unseen
    return has


def acting_for(services: Services, row: Integration, role: Role) -> Acting:
    """Who is about to do what a row asks for: the person it names, or connect for a workflow that nobody started."""
    payload = row.payload
    if payload.get("origin") == "step" and not payload["requester"]:
        return unattended(services, payload["repository"])
    return acting(services, payload["requester"], payload["repository"], role)


def unattended(services: Services, repository: str) -> Acting:
    """Connect itself about to act in a repository, since it is not known who asks for that.

    Raises `Rejected` unless GITHUB_WORKFLOW_REPOSITORIES names it, by the name that it has now.
    """
    github, allowed = github_of(services), workflow_repositories(services)
    named = like(repository.lower(), allowed)
    if not named or not like(github.repository(repository).full_name.lower(), allowed):
        raise Rejected(UNATTENDED.format(repository) if allowed else NO_REPOSITORIES, "not_permitted")
    return Acting(github, github.myself(), NOBODY)


def workflow_repositories(services: Services) -> tuple[str, ...]:
    """What GITHUB_WORKFLOW_REPOSITORIES names: patterns in lower case."""
    return tuple(each for each in services.settings.github_workflow_repositories.lower().split(",") if each)


def readable(services: Services, user: str, repository: str, *, urgent: bool = False, unasked: bool = False) -> bool:
    """Whether a member of the workspace may see a repository: everybody may see a public one.

    Of a private one, no, where connect may not ask GitHub; `unasked` raises `Rejected` then instead, which is for
    whoever runs connect: it would tell the person that there is such a repository. Raises `Rejected` for guests, bots
    and strangers, and `NotFound` if connect itself does not see it.
    """
    person = member(services, user, urgent=urgent)
    github = github_of(services, urgent=urgent)
    if not github.repository(repository).private:
        return True
    own = own_github(services, user, urgent=urgent)
    account = own.account if own else on_github(services, person, user, urgent=urgent)
    try:
        return account is not None and role_of(github, repository, account) != "none"
    except Rejected as error:
        if unasked or error.code != "not_permitted":
            raise
        return False


def may_write(services: Services, user: str, repository: str) -> bool:
    """Whether a member of the workspace may write to a repository, as far as GitHub tells connect."""
    person, own = member(services, user), own_github(services, user)
    account = own.account if own else on_github(services, person, user)
    try:
        has = role_of(github_of(services), repository, account) if account else "none"
    except Rejected as error:
        if error.code != "not_permitted":
            raise
        return False
    return has in ROLES and ROLES.index(has) >= ROLES.index("write")


def owns(services: Services, user: str, owner: str, *, organization: bool, urgent: bool = False) -> bool:
    """Whether a member of the workspace may read all repositories of an owner: it is they, or they own it.

    Raises `Rejected` for guests, bots and strangers.
    """
    person = member(services, user, urgent=urgent)
    own = own_github(services, user, urgent=urgent)
    account = own.account if own else on_github(services, person, user, urgent=urgent)
    if account is None:
        return False
    if not organization:
        return account.name.lower() == owner.lower()
    return github_of(services, urgent=urgent).owns_organization(owner, account.name)


def commenting(services: Services, user: str, repository: str) -> Account | None:
    """The account of a person (`team/user`) who replies to something in a repository, if they may read there.

    Whose account is not known (None) may as GITHUB_WITHOUT_ACCOUNT says; whose rights GitHub does not tell connect is
    no different. Raises `Rejected` with a sentence for the person if they may not, or an `AdapterError` if somebody
    does not answer.
    """
    needed, github = services.settings.github_without_account == "refuse", github_of(services)
    try:
        account = on_github(services, services.people.person(slack_of(services), user), user)
    except NotFound:  # Slack shows nothing of some people of other organisations
        account = None
    if account is None:
        if needed:
            raise Rejected(NO_ACCOUNT, "no_account")
        return None
    asked, now = ("github", account.id, "read", repository), services.now()
    if services.rights.get(asked, now) is None:
        if not _may_read(github, repository, account, sure=needed):
            raise Rejected(f"GitHub does not permit @{account.name} to read {repository}.", "not_permitted")
        services.rights.put(asked, True, now)  # a no is asked anew: who is given a right tries at once
    return account


def _may_read(github: GitHubClient, repository: str, account: Account, *, sure: bool) -> bool:
    if not github.repository(repository).private:
        return True
    try:
        return role_of(github, repository, account) != "none"
    except Rejected as error:
        if error.code != "not_permitted" or sure:
            raise
        return True


def on_github(services: Services, person: Person, user: str, *, urgent: bool = False) -> Account | None:
    """The person's account on GitHub, as it is kept or found by their e-mail address; None if there is none."""
    with services.database.read() as connection:
        owners = {source.partition("/")[0] for source in subscriptions.sources(connection, "github")}
    github = github_of(services, urgent=urgent)
    directory = _Directory(github, services.people, sorted(owners), pages=1 if urgent else PAGES)
    return account_of(services, directory, person, user)


def role_of(github: GitHubClient, repository: str, account: Account) -> str:
    """The highest role of somebody in a repository (see `ROLES`); in a public one everybody may read.

    Raises `Rejected` with a sentence if connect may not ask.
    """
    try:
        return github.role(repository, account.name)
    except AdapterError as error:
        if type(error) is Rejected and error.code == "403":
            raise Rejected(CANNOT_ASK.format(repository), "not_permitted") from error
        raise


class _Directory:
    """GitHub's accounts. A search is remembered for a while: GitHub allows 30 in a minute."""

    def __init__(self, github: GitHubClient, people: People, owners: Sequence[str], pages: int) -> None:
        """`owners` may be organizations whose members have addresses at verified domains; `pages` of them are read."""
        self._github = github
        self._people = people
        self._owners = owners
        self._pages = pages
        self.service: Literal["jira", "github"] = github.service
        self.name = github.name

    def find_account(self, email: str) -> Account | None:
        return self._people.recall("github", email.casefold(), lambda: self._find(email))

    def _find(self, email: str) -> Account | None:
        """By the address that a profile shows to all, or else by one that an organization sees of its members."""
        shown = self._github.find_account(email)
        verified = (self._members(owner).get(email.casefold()) for owner in self._owners if shown is None)
        return shown or next((account for account in verified if account is not None), None)

    def _members(self, owner: str) -> dict[str, Account]:
        def look() -> dict[str, Account]:
            try:
                return self._github.verified_members(owner, self._pages)
            except Rejected:  # no organization, or none that tells connect
                return {}

        return self._people.recall("github members", f"{owner} {self._pages}", look)

    def account(self, ident: str) -> Account | None:
        return self._github.account(ident)
