"""What a repository on GitHub offers to whoever opens an issue there: its templates, read file by file."""

from contextlib import suppress
from dataclasses import replace

from adapters.errors import NotFound
from adapters.github.client import GitHubClient
from bot.issue_templates import (
    CONFIG,
    FOLDER,
    LARGEST,
    LEGACY_FOLDERS,
    MOST_TEMPLATES,
    Choice,
    Template,
    Unreadable,
    in_order,
    is_legacy,
    read_config,
    read_legacy,
    read_template,
)


def offered(github: GitHubClient, repository: str) -> Choice:
    """The templates of the repository, or, if it has none, those that its owner has for all of theirs.

    https://docs.github.com/en/communities/setting-up-your-project-for-healthy-contributions/creating-a-default-community-health-file
    """
    common = f"{repository.partition('/')[0]}/.github"
    page, found = github.repository(repository).url, Choice()
    for place in (repository, common):
        with suppress(NotFound):
            found = _read(github, place)
            if found != Choice():
                break
    return replace(found, page=page)


def _read(github: GitHubClient, place: str) -> Choice:
    names = github.folder(place, FOLDER)
    templates, unread = _templates(github, place, in_order(names))
    choice = Choice(tuple(templates), unread=tuple(unread))
    config = next((name for name in names if name.lower() in CONFIG), "")
    if config:
        try:
            blank, links = read_config(github.first_text(place, [f"{FOLDER}/{config}"]))
            choice = replace(choice, blank=blank, links=links)
        except Unreadable as error:
            choice = replace(choice, unread=(*choice.unread, (config, str(error))))
    return replace(choice, legacy=_legacy(github, place)) if choice.blank and not templates else choice


def _templates(github: GitHubClient, place: str, names: list[str]) -> tuple[list[Template], list[tuple[str, str]]]:
    """Those that can be read, and the files that cannot, with the reason."""
    found: list[Template] = []
    unread = [(name, f"I read {MOST_TEMPLATES} at most") for name in names[MOST_TEMPLATES:]]
    for name in names[:MOST_TEMPLATES]:
        try:
            found.append(read_template(name, github.first_text(place, [f"{FOLDER}/{name}"])))
        except Unreadable as error:
            unread.append((name, str(error)))
    return found, unread


def _legacy(github: GitHubClient, place: str) -> Template | None:
    """The one template of old, which a blank issue begins with.

    https://docs.github.com/en/communities/using-templates-to-encourage-useful-issues-and-pull-requests/manually-creating-a-single-issue-template-for-your-repository
    """
    for folder in LEGACY_FOLDERS:
        name = next(filter(is_legacy, github.folder(place, folder)), "")
        path = f"{folder}/{name}".lstrip("/")
        content = github.first_text(place, [path]) if name else ""
        if content.strip() and len(content) <= LARGEST:
            return read_legacy(path, content)
    return None
