"""Who is to be told of a pull request or an issue: asked of GitHub where its webhook does not say.

That is who may see a private repository, who is in a team, and for whom connect's own account did it.
"""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from adapters.account import Account
from adapters.errors import NotFound, Rejected, Unauthorized, Unavailable
from bot.operations import identities
from bot.operations.base import Effect, Operation
from bot.operations.github import github_of
from bot.operations.github_accounts import role_of
from bot.operations.slack import slack_of
from bot.services import Services
from storage import history, mappings, preferences
from storage.integrations import Integration

PREFERENCE = "github notices"
"""By this name a person's choice is kept: a list of kinds."""
MENTIONS = "github mentions"
"""By this name it is kept whether a mention of somebody may become one in Slack: `on` if it may."""
MOST = 50
"""People asked about for one event; nobody's day is better for more."""
COMMENTS = ("add_comment", "comment")
BEFORE, AFTER = timedelta(minutes=10), timedelta(minutes=2)
"""How long before a change its call left at most, and how much later than GitHub's own clock ours may be."""
SURE = ("review_requested", "assigned")
"""GitHub asks these of nobody who cannot see the repository."""


def people_of(connection: Connection, login: str, number: str) -> list[str]:
    """The people in Slack (`team/user`) who have an account: by its login, in any case of letters, or its number."""
    found = identities.people_of(connection, login, number)
    if found or number:
        return found
    everybody = mappings.of_type(connection, "user", "slack", "github")
    return [user for user, each in everybody if each.id.casefold() == login.casefold()]


def wanted_by(connection: Connection, login: str, number: str, kind: str) -> list[str]:
    """Those of them who want to be told of this kind."""
    people = people_of(connection, login, number)
    return [user for user in people if kind in (preferences.get(connection, user, PREFERENCE) or ())]


def _read_audience(services: Services, row: Integration) -> Effect:
    """Who of those concerned, and of those who have the card, may be told; and who in Slack had connect do it."""
    payload = row.payload
    own = _asker(services, row)
    people = {**_members(services, payload), **payload["people"]}
    asked = list({**payload["cards"], **people}.items())[-MOST:]
    seen = [user for user, found in asked if not payload["hidden"] or _may_read(services, payload, found)]
    told = {user: found for user, found in people.items() if user in seen and user != own}
    by = services.people.person(slack_of(services), own).name if told and own else payload["by"]
    return Effect(payload["resource"], data={"people": told, "seen": seen, "by": by})


def _members(services: Services, payload: Mapping[str, Any]) -> dict[str, Any]:
    """The members of the teams that it concerns who want to be told.

    But for whoever did it, for who is asked for a review besides (that is told them by itself), and for who is in a
    channel that mentions the team's group.
    """
    found, there = dict[str, Any](), _called(services, payload["called"]) if payload["teams"] else set[str]()
    for team, kind in payload["teams"].items():
        try:
            members = github_of(services).team_members(team)
        except NotFound:
            continue  # a team that connect cannot see
        with services.database.read() as connection:
            for account in members:
                for user in wanted_by(connection, account.name, account.id, kind):
                    if account.name not in (payload["by"], *(payload["asked"] if kind == "review_requested" else ())):
                        found[user] = {"account": account.name, "kind": kind, "team": team}
    return {user: one for user, one in found.items() if user not in there or one["kind"] != "review_requested"}


def _called(services: Services, channels: Iterable[str]) -> set[str]:
    """Who (`team/user`) is in one of these channels."""
    found = set[str]()
    for channel in channels:
        team, _, ident = channel.partition("/")
        with suppress(NotFound):
            found |= {f"{team}/{user}" for user in slack_of(services).members(ident)}
    return found


def _may_read(services: Services, payload: Mapping[str, Any], found: Mapping[str, str]) -> bool:
    """GitHub says; where it does not tell connect, it counts as no unless the event itself says that they may."""
    repository, login = payload["repository"], found["account"]
    asked, now = ("github", login, "read", repository), services.now()
    if services.rights.get(asked, now) is not None:
        return True
    try:
        if role_of(github_of(services), repository, Account("", login, login)) == "none":
            return False
    except NotFound:
        return False
    except Unauthorized:
        raise
    except Rejected:
        return found["kind"] in SURE and not found.get("team")
    services.rights.put(asked, True, now)
    return True


def own_login(services: Services) -> str:
    """The login of connect's own account on GitHub."""
    github = github_of(services)
    return services.people.recall("github account", "", lambda: github.myself().name)


def _asker(services: Services, row: Integration) -> str:
    """Who (`team/user`) had connect's own account do what a webhook tells of; empty if nobody in Slack did.

    Of the calls that connect made to it about that time the last one before did it. Raises `Unavailable` while a call
    may have made the comment whose id connect does not know yet.
    """
    payload = row.payload
    if payload["by"] != own_login(services):
        return ""
    resource, comment = payload["resource"], payload["comment"]
    with services.database.read() as connection:
        if comment:
            wrote = history.askers(connection, "github", COMMENTS, [comment])
            if not wrote and any(history.in_flight(connection, f"github:{resource}", one) for one in COMMENTS):
                raise Unavailable("A comment of connect's on this is not judged yet.")
            return next(iter(wrote), "")
        at = datetime.fromisoformat(payload["at"]) if payload["at"] else row.accepted_at
        return last_asker(history.written_about(connection, "github", resource, at - BEFORE, at + AFTER), at)


def last_asker(calls: Iterable[Any], at: datetime) -> str:
    """Who asked for the last of these calls that left before something happened; else for the first after it."""
    found = [(call.sent_at, str(history.payload_of(call).get("requester") or "")) for call in calls]
    earlier = [asker for sent_at, asker in found if sent_at <= at + timedelta(seconds=1)]
    return earlier[-1] if earlier else next((asker for _, asker in found), "")


OPERATIONS = {"read_audience": Operation(_read_audience, idempotent=True)}
