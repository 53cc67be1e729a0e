"""What may be chosen in the form "Create GitHub issue", as somebody types: of what they may see, in the time they wait.

What does not come in that time is left out; a repository that was typed is always offered, and judged in the end.
"""

import time
from collections.abc import Callable, Iterator

from adapters.errors import AdapterError, Rejected
from adapters.github.repositories import Listed
from adapters.github.session import is_repository
from bot.create_screens import PATIENCE
from bot.flows.github_defaults import for_channel, heard_of
from bot.issue_templates import Choice
from bot.message import BlockDict
from bot.modals.elements import Values, option
from bot.modals.open_issue import ASSIGNEES, LABELS, MILESTONE, template_of
from bot.modals.template_form import options
from bot.operations.github import github_of
from bot.operations.github_accounts import readable
from bot.operations.github_searching import seen
from bot.services import Services

MOST = 100
"""Slack takes no more options."""
LOOKED_AT = 10
"""Private repositories of which GitHub is asked whether the person may read them."""


def repositories(services: Services, user: str, channel: str, typed: str) -> list[BlockDict]:
    """Repositories that connect can open issues in and the person may read, those of the channel first."""
    begun, wanted = time.monotonic(), typed.strip().removeprefix("https://github.com/").strip("/")
    here = [for_channel(services, channel), *heard_of(services, channel)] if channel else []
    try:
        listed = seen(services, urgent=True)
    except AdapterError:
        listed = []
    rank = {name.lower(): number for number, name in reversed([*enumerate(here)])}
    fitting = [each for each in listed if each.issues and wanted.casefold() in each.full_name.casefold()]
    fitting.sort(key=lambda each: rank.get(each.full_name.lower(), len(rank)))
    names = [each.full_name for each in _seen(services, user, fitting, begun)]
    known = {each.full_name.lower() for each in listed}
    if is_repository(wanted) and wanted.lower() not in known:
        names.insert(0, wanted)
    return [option(name, name) for name in names[:MOST]]


def _seen(services: Services, user: str, listed: list[Listed], begun: float) -> Iterator[Listed]:
    """Those that the person may read; of private ones GitHub is asked, as far as there is time."""
    asked = 0
    for each in listed:
        if not each.private:
            yield each
        elif asked < LOOKED_AT and time.monotonic() - begun < PATIENCE:
            asked += 1
            if may_read(services, user, each.full_name):
                yield each


def may_read(services: Services, user: str, repository: str) -> bool:
    """Whether the person may read a repository, remembered for a minute; no, where GitHub does not say."""
    asked, now = ("github", user, "options", repository.lower()), services.now()
    known = services.rights.get(asked, now)
    if known is not None:
        return known.value
    try:
        may = readable(services, user, repository, urgent=True)
    except Rejected:
        may = False
    except AdapterError:
        return False
    services.rights.put(asked, may, now)
    return may


def of_repository(services: Services, user: str, repository: str, action: str, typed: str) -> list[BlockDict]:
    """Labels, people or milestones of a repository, for who may read it."""
    begun = time.monotonic()
    if not is_repository(repository) or not may_read(services, user, repository):
        return []
    if time.monotonic() - begun > PATIENCE:
        return []
    try:
        found = services.people.recall(
            "github", f"{action} of {repository}", lambda: _LISTS[action](services, repository)
        )
    except AdapterError:
        return []
    return [option(name, value) for name, value in found if typed.strip().casefold() in name.casefold()][:MOST]


def of_template(choice: Choice | None, values: Values, action: str, typed: str) -> list[BlockDict]:
    """The options of a dropdown of a template, which is known already."""
    template, number = template_of(choice, values), action.rpartition(":")[2]
    if template is None or not number.isdecimal() or int(number) >= len(template.parts):
        return []
    return options(template.parts[int(number)], typed.strip())


def _labels(services: Services, repository: str) -> list[tuple[str, str]]:
    return [(name, name) for name in github_of(services, urgent=True).labels(repository)]


def _people(services: Services, repository: str) -> list[tuple[str, str]]:
    return [(login, login) for login in github_of(services, urgent=True).people(repository)]


def _milestones(services: Services, repository: str) -> list[tuple[str, str]]:
    return [(each.title, str(each.number)) for each in github_of(services, urgent=True).milestones(repository)]


_LISTS: dict[str, Callable[[Services, str], list[tuple[str, str]]]] = {
    LABELS: _labels, ASSIGNEES: _people, MILESTONE: _milestones,
}  # fmt: skip
"""By the action id of the select."""
