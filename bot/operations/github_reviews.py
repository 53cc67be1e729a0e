"""What waits for a review, as GitHub says it at the moment: a person's, or that in the repositories of a channel."""

import time
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from adapters.errors import AdapterError, Invalid, NotFound, Rejected
from adapters.github.client import GitHubClient
from adapters.github.reviews import Waiting
from bot.operations.accounts import member
from bot.operations.base import Effect, Operation
from bot.operations.github import github_of
from bot.operations.github_accounts import NO_ACCOUNT, on_github
from bot.operations.github_links import own_github
from bot.services import Services
from storage import subscriptions
from storage.integrations import Integration

MOST = 100
"""Repositories that are looked at for one digest of a channel, each by a call or two; in half a lease at most.

A search over many of them would not tell who is asked, takes 256 characters, and is one of 30 in a minute.
https://docs.github.com/en/search-github/getting-started-with-searching-on-github/troubleshooting-search-queries
"""


def _read_reviews(services: Services, row: Integration) -> Effect:
    """What waits for the person, or in the channel, that is to be reminded."""
    payload, unseen, left_out = row.payload, list[str](), 0
    if payload["mine"]:
        waiting = [asdict(one) for one in _of_person(services, payload["subject"], payload["repositories"])]
        found: list[Any] = [{"repository": "", "private": False, "waiting": waiting}]
    else:
        found, unseen, left_out = _of_channel(services, payload["repositories"], payload["owners"])
    at = services.now().isoformat()
    return Effect("", data={"found": found, "unseen": unseen, "left_out": left_out, "now": at})


def _of_person(services: Services, user: str, repositories: Sequence[str]) -> list[Waiting]:
    """By their own account where they have linked one; else by connect's, which sees no more than they do of these."""
    person, own = member(services, user), own_github(services, user)
    account = own.account if own else on_github(services, person, user)
    if account is None:
        raise Rejected(NO_ACCOUNT, "no_account")
    github = own.github if own else github_of(services)
    places = [""] if own or not services.settings.github_app_id else _owners(services)
    found: dict[str, Waiting] = {}
    for place in places:
        inside = [name for name in repositories if not place or name.lower().startswith(f"{place}/")]
        if repositories and not inside:
            continue
        try:
            waiting = github.waiting_for(account.name, inside, place)
            found |= {one.resource: one for one in _with_times(github, waiting, place, account.name)}
        except (Invalid, NotFound):
            continue  # nothing there that can be seen
    return list(found.values())


def _owners(services: Services) -> list[str]:
    """Whose installations are asked: of everybody to whose repositories a channel is subscribed."""
    with services.database.read() as connection:
        sources = subscriptions.sources(connection, "github")
    return sorted({source.partition("/")[0] for source in sources}) or [""]


def _of_channel(services: Services, named: Sequence[str], owners: Sequence[str]) -> tuple[list[Any], list[str], int]:
    """What waits in these repositories and these owners', each with whether it is private; what is not seen; and how
    many there were no time for.
    """
    github, names, found, unseen = github_of(services), list(named), list[Any](), list[str]()
    end = time.monotonic() + services.settings.connect_lease_seconds / 2
    for owner in owners:
        try:
            names += github.repositories_with_pulls(owner)
        except (Invalid, NotFound):
            unseen.append(owner)
    wanted = list({name.lower(): name for name in names}.values())
    for nth, name in enumerate(wanted):
        if nth == MOST or time.monotonic() > end:
            return found, unseen, len(wanted) - nth
        try:
            there = github.repository(name)
            name_now = there.full_name
            waiting = [asdict(one) for one in _with_times(github, github.waiting_in(name_now), name_now)]
        except NotFound:
            unseen.append(name)
        else:
            found.append({"repository": there.full_name, "private": there.private, "waiting": waiting, "asked": name})
    return found, unseen, 0


def _with_times(github: GitHubClient, waiting: Sequence[Waiting], place: str, login: str = "") -> Sequence[Waiting]:
    """With when each was asked for; where GitHub does not say that, what waits is told all the same."""
    try:
        return github.when_asked(waiting, login, place)
    except AdapterError:
        return waiting


OPERATIONS = {"read_reviews": Operation(_read_reviews, idempotent=True)}
