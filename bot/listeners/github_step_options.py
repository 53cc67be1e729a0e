"""What the steps about GitHub offer to choose from: what is there, as far as whoever builds the workflow may see it."""

from collections.abc import Callable

from adapters.errors import NotFound
from adapters.github.client import GitHubClient
from adapters.github.repositories import Listed as Repository
from bot.choices import Listed
from bot.flows.github_naming import repository_named
from bot.listeners.step_asked import Asked, Offers
from bot.listeners.typed import github_off
from bot.operations.github import github_of
from bot.operations.github_accounts import readable
from bot.operations.github_links import own_github

PAGES = 3
STARTER = (("Whoever started the workflow", "me"),)
METHODS = (("Merge commit", "merge"), ("Squash and merge", "squash"), ("Rebase and merge", "rebase"))


def _repositories(asked: Asked) -> list[tuple[str, str]]:
    """Those that connect works in: public ones, and private ones that the person sees by an account they linked."""

    def read() -> Listed:
        own = own_github(asked.services, asked.builder, urgent=True)
        theirs = {each.full_name for each in _all(own.github)} if own else set[str]()
        listed = _all(github_of(asked.services, urgent=True))
        return tuple(
            (each.full_name, each.full_name) for each in listed if not each.private or each.full_name in theirs
        )

    return asked.fitting(asked.read(("github repositories", asked.builder), read) or ()) or asked.as_typed


def _all(github: GitHubClient) -> list[Repository]:
    found = list[Repository]()
    for page in range(1, PAGES + 1):
        listed = github.repositories(page)
        found += listed
        if not listed:
            break
    return found


def _workflows(asked: Asked) -> list[tuple[str, str]]:
    def read(github: GitHubClient, repository: str) -> Listed:
        return tuple((f"{each.name} ({each.file})", each.file) for each in github.workflows(repository) if each.active)

    return _of_repository(asked, "github workflows", read)


def _labels(asked: Asked) -> list[tuple[str, str]]:
    def read(github: GitHubClient, repository: str) -> Listed:
        return tuple((name, name) for name in github.labels(repository))

    return _of_repository(asked, "github labels", read)


def _milestones(asked: Asked) -> list[tuple[str, str]]:
    def read(github: GitHubClient, repository: str) -> Listed:
        return tuple((each.title, f"number:{each.number}") for each in github.milestones(repository))

    return _of_repository(asked, "github milestones", read)


def _people(asked: Asked) -> list[tuple[str, str]]:
    def read(github: GitHubClient, repository: str) -> Listed:
        return tuple((login, login) for login in github.people(repository))

    return [*asked.fitting(STARTER), *_of_repository(asked, "github people", read)]


def _of_repository(asked: Asked, what: str, read: Callable[[GitHubClient, str], Listed]) -> list[tuple[str, str]]:
    """What is there in the repository that they chose, if they may see it; else what they typed."""
    services, name = asked.services, repository_named(asked.services.settings, asked.given("repository"))

    def readable_only() -> Listed:
        if not readable(services, asked.builder, name, urgent=True):
            raise NotFound(f"GitHub has no {name} that you and I can see.", "404")
        return read(github_of(services, urgent=True), name)

    known = asked.read((what, name, asked.builder), readable_only) if name else None
    return asked.fitting(known or ()) or asked.as_typed


def _methods(asked: Asked) -> list[tuple[str, str]]:
    return asked.fitting(METHODS)


OFFERS = Offers(github_off, {
    "github_repositories": _repositories,
    "github_merge_methods": _methods,
    "github_workflows": _workflows,
    "github_labels": _labels,
    "github_milestones": _milestones,
    "github_people": _people,
})  # fmt: skip
