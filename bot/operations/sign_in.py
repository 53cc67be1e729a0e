"""Asking GitHub, at the interval that it names, whether a person has typed in the code that `/github login` showed.

One row asks again and again. What is under way is kept as a preference of the person: a newer code, or
`/github logout`, ends the row of an older one.
"""

from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Connection

from adapters.errors import Rejected
from adapters.github.session import OneToken
from adapters.oauth import Grant
from bot.operations.base import Effect, NotYet, Operation
from bot.operations.github import github_of
from bot.operations.github_links import SERVICE
from bot.operations.renewal import sealed
from bot.services import Services, SigningIn
from storage import preferences
from storage.integrations import Integration
from storage.tokens import Holder

PREFERENCE = "github_login"
REPLACED = "replaced"
"""The code of a refusal that nobody needs to hear of: there is a newer code, or none is wanted any more."""


@dataclass(frozen=True)
class Waiting:
    """The code that somebody is asked for: the key of the row that waits for it, and how often GitHub may be asked."""

    key: str
    interval: float


def waiting(connection: Connection, user: str) -> Waiting | None:
    """What is under way for a person; None if nothing is."""
    kept = cast("dict[str, Any] | None", preferences.get(connection, user, PREFERENCE))
    return Waiting(str(kept["key"]), float(kept["interval"])) if kept else None


def _poll(services: Services, row: Integration) -> Effect:
    linking, user = services.signing_in, row.payload["requester"]
    with services.database.read() as connection:
        mine = waiting(connection, user)
    if linking is None or mine is None or mine.key != row.key:
        raise Rejected("Another code was asked for since, or none is wanted any more.", REPLACED)
    found = linking.device.poll(linking.vault.open(row.payload["device_code"]), mine.interval)
    if isinstance(found, Grant):
        return _linked(services, linking, row, found)
    if found > mine.interval:
        value, now = {"key": row.key, "interval": found}, services.now()
        services.database.run(lambda connection: preferences.put(connection, user, PREFERENCE, value, now))
    raise NotYet("GitHub waits for the code.", found)


def _linked(services: Services, linking: SigningIn, row: Integration, grant: Grant) -> Effect:
    me = github_of(services).for_person(OneToken(grant.access)).myself()
    whose = Holder(SERVICE, linking.device.site, row.payload["requester"], me.id, me.name, "")
    return Effect(me.id, data={"whose": whose, "account": me, "sealed": sealed(linking.vault, grant, services.now())})


OPERATIONS = {"sign_in": Operation(_poll, idempotent=True)}
