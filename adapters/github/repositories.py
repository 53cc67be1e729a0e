"""GitHub's repositories, and what an issue of one may have: milestones, templates."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import github.Repository

from adapters.errors import NotFound
from adapters.github.reading import known
from adapters.github.session import PER_PAGE, GitHubSession


@dataclass(frozen=True)
class Repository:
    """A repository; `url` is its page."""

    id: int
    full_name: str
    private: bool
    archived: bool
    default_branch: str
    url: str


@dataclass(frozen=True)
class Listed:
    """A repository in a list; `issues` says whether new issues can be opened in it."""

    full_name: str
    private: bool
    issues: bool


@dataclass(frozen=True)
class Milestone:
    """A milestone, by its number in its repository."""

    number: int
    title: str


class Repositories(GitHubSession):
    """The part of the client that is about repositories."""

    def repository(self, full_name: str) -> Repository:
        """Read a repository (`octo/app`), under its present name if it was renamed."""
        return self._in(full_name, _repository, write=False)

    def repositories(self, page: int = 1) -> list[Listed]:
        """A page (100) of the repositories that this account has a part in, those that changed last first.

        https://docs.github.com/en/rest/repos/repos#list-repositories-for-the-authenticated-user
        """
        return self._at("GET", "user", "repos", read=_listed, sort="pushed", per_page=PER_PAGE, page=page)

    def installed(self, owner: str, page: int = 1) -> list[Listed]:
        """A page of those of an owner for which connect's GitHub App is installed.

        https://docs.github.com/en/rest/apps/installations#list-repositories-accessible-to-the-app-installation
        """

        def read(raw: Any) -> list[Listed]:
            return _listed(raw["repositories"])

        return self._at("GET", "installation", "repositories", read=read, place=owner, per_page=PER_PAGE, page=page)

    def milestones(self, repository: str) -> list[Milestone]:
        """The open milestones of a repository, the first that are due."""
        return self._of(repository, "GET", "milestones", read=_milestones, per_page=PER_PAGE)

    def folder(self, repository: str, path: str) -> list[str]:
        """The names of the files in a folder of the default branch (empty: its root); none if it is not there.

        https://docs.github.com/en/rest/repos/contents#get-repository-content
        """
        try:
            return self._of(repository, "GET", "contents", *filter(None, path.split("/")), read=_files)
        except NotFound:
            return []


def _repository(given: github.Repository.Repository) -> Repository:
    return Repository(
        known(given.id),
        known(given.full_name),
        known(given.private),
        known(given.archived),
        known(given.default_branch),
        known(given.html_url),
    )


def _listed(raw: Iterable[Mapping[str, Any]]) -> list[Listed]:
    return [
        Listed(str(each["full_name"]), bool(each["private"]), bool(each.get("has_issues")) and not each.get("archived"))
        for each in raw
    ]


def _milestones(raw: Iterable[Mapping[str, Any]]) -> list[Milestone]:
    return [Milestone(int(each["number"]), str(each["title"])) for each in raw]


def _files(raw: object) -> list[str]:
    # One file's path answers with that file instead of a list.
    listed: list[Mapping[str, Any]] = raw if isinstance(raw, list) else []  # pyright: ignore[reportUnknownVariableType]
    return [str(each["name"]) for each in listed if each["type"] == "file"]
