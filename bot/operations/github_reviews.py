"""What waits for a review, as GitHub says it at the moment: a person's, or that in the repositories of a channel."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from adapters.errors import Invalid, NotFound, Rejected
from adapters.github.reviews import Waiting
from bot.operations.accounts import member
from bot.operations.base import Effect, Operation
from bot.operations.github import github_of
from bot.operations.github_accounts import NO_ACCOUNT, on_github
from bot.operations.github_links import own_github
from bot.services import Services
from storage import subscriptions
from storage.integrations import Integration

MOST = 30
"""Repositories that are looked at for one digest of a channel."""


def _read_reviews(services: Services, row: Integration) -> Effect:
    """What waits for the person, or in the channel, that is to be reminded."""
    payload, unseen = row.payload, list[str]()
    if payload["mine"]:
        waiting = [asdict(one) for one in _of_person(services, payload["subject"], payload["repositories"])]
        found: list[Any] = [{"repository": "", "private": False, "waiting": waiting}]
    else:
        found, unseen = _of_channel(services, payload["repositories"], payload["owners"])
    return Effect("", data={"found": found, "unseen": unseen, "now": services.now().isoformat()})


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
            found |= {one.resource: one for one in github.waiting_for(account.name, inside, place)}
        except (Invalid, NotFound):
            continue  # nothing there that can be seen
    return list(found.values())


def _owners(services: Services) -> list[str]:
    """Whose installations are asked: of everybody to whose repositories a channel is subscribed."""
    with services.database.read() as connection:
        sources = subscriptions.sources(connection, "github")
    return sorted({source.partition("/")[0] for source in sources}) or [""]


def _of_channel(services: Services, named: Sequence[str], owners: Sequence[str]) -> tuple[list[Any], list[str]]:
    """What waits in these repositories and these owners', each with whether it is private; and what is not seen."""
    github, names, found, unseen = github_of(services), list(named), list[Any](), list[str]()
    for owner in owners:
        try:
            names += github.repositories_with_pulls(owner)
        except (Invalid, NotFound):
            unseen.append(owner)
    for name in list({name.lower(): name for name in names}.values())[:MOST]:
        try:
            there = github.repository(name)
            waiting = [asdict(one) for one in github.waiting_in(there.full_name)]
        except NotFound:
            unseen.append(name)
        else:
            found.append({"repository": there.full_name, "private": there.private, "waiting": waiting})
    return found, unseen


OPERATIONS = {"read_reviews": Operation(_read_reviews, idempotent=True)}
