"""GitHub's repositories."""

from dataclasses import dataclass

import github.Repository

from adapters.github.reading import known
from adapters.github.session import GitHubSession


@dataclass(frozen=True)
class Repository:
    """A repository; `url` is its page."""

    id: int
    full_name: str
    private: bool
    archived: bool
    default_branch: str
    url: str


class Repositories(GitHubSession):
    """The part of the client that is about repositories."""

    def repository(self, full_name: str) -> Repository:
        """Read a repository (`octo/app`), under its present name if it was renamed."""
        return self._in(full_name, _repository, write=False)


def _repository(given: github.Repository.Repository) -> Repository:
    return Repository(
        known(given.id),
        known(given.full_name),
        known(given.private),
        known(given.archived),
        known(given.default_branch),
        known(given.html_url),
    )
