"""Keeping up what people allowed connect to do as them in another service.

Their access token is renewed shortly before it expires, or once when the service refuses it, by one worker at a time:
the refresh token is good for one exchange. What they allowed may end at any time; then it is forgotten, they are told
so once, and connect acts for them by its own account again, after asking the service whether they may.

Where a worker dies between the exchange and its note of it, the new tokens are lost. The next worker then sends the
same refresh token again: Jira Cloud takes it for ten minutes, and elsewhere the person is asked to link anew.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy import Connection

from adapters.errors import AdapterError, Rejected, Unavailable
from adapters.oauth import Grant, GrantEnded
from bot.message import section
from bot.services import Services
from bot.vault import Unreadable, Vault
from storage import integrations, tokens
from storage.integrations import NewIntegration
from storage.tokens import Kept, Sealed

log = logging.getLogger(__name__)

EARLY = timedelta(minutes=2)
"""How long before its end an access token is renewed: longer than a call may take."""
LONGEST = timedelta(days=365)
"""What is believed of how long an access token is good."""


class Server(Protocol):
    """Who renews tokens."""

    def refresh(self, refresh: str) -> Grant:
        """New tokens; raises `GrantEnded` if there are none to be had any more."""
        ...


@dataclass(frozen=True)
class Words:
    """What is said of a service whose tokens these are."""

    name: str
    ended: str
    """To the person, when the service ended what they had allowed."""
    registration: str
    """The settings that may be wrong if the service refuses connect itself."""


def sealed(vault: Vault, grant: Grant, now: datetime) -> Sealed:
    """A grant as it is stored."""
    until = now + min(timedelta(seconds=grant.seconds), LONGEST)
    return Sealed(vault.seal(grant.access), vault.seal(grant.refresh), grant.scope, until)


type Ready = tuple[Kept, str]
"""A row, and the access token in it."""


class Renewal:
    """Keeps one person's access good for as long as a call or two take."""

    def __init__(self, services: Services, vault: Vault, server: Server, words: Words) -> None:
        self._services = services
        self._vault = vault
        self._server = server
        self._words = words

    def instead_of(self, refused: str, kept: Kept) -> str:
        """Another access token for one that the service refused."""
        ready = self._of_another(kept, refused)
        if not ready:
            raise Unavailable(
                f"Your {self._words.name} account is no longer linked. Try again: I then act for you by my own."
            )
        return ready[1]

    def usable(self, kept: Kept, *, refused: str = "", urgent: bool = False) -> Ready | None:
        """An access token that should work, `refused` being one that does not; None if there is none any more."""
        try:
            access, refresh = self._vault.open(kept.sealed.access), self._vault.open(kept.sealed.refresh)
        except Unreadable as error:
            log.error("%s Who linked an account before has to do it again.", error)  # noqa: TRY400
            return None
        left = kept.sealed.expires_at - self._services.now()
        works = (kept, access) if (left > timedelta(0) or not refresh) and access != refused else None
        if works and (urgent or left > EARLY or not refresh):  # nobody waits for what a worker will do in time
            return works
        holder = self._run(lambda connection, now: tokens.hold(connection, kept, now, self._lease))
        if not holder:
            return works or self._newer(kept)
        try:
            if not refresh:
                return self._ended(kept, holder)
            grant = self._server.refresh(refresh)
        except GrantEnded:
            return self._ended(kept, holder)
        except AdapterError as error:
            self._run(lambda connection, _: tokens.let_go(connection, kept, holder))
            return works or self._not_renewed(error)
        new = sealed(self._vault, grant, self._services.now())
        if self._run(lambda connection, now: tokens.renew(connection, kept, holder, new, now)):
            return kept, grant.access
        return self._newer(kept)

    def _of_another(self, kept: Kept, refused: str) -> Ready | None:
        """A token that works out of what is there by now."""
        newer = self._look(kept)
        return self.usable(newer, refused=refused) if newer else None

    def _newer(self, kept: Kept) -> Ready | None:
        """What somebody else has just put in the place of these tokens."""
        newer = self._look(kept)
        if newer is None:
            return None
        if (newer.id, newer.generation) == (kept.id, kept.generation):
            raise Unavailable(f"Your access to {self._words.name} is being renewed at this very moment.")
        return self.usable(newer)

    def _look(self, kept: Kept) -> Kept | None:
        whose = kept.whose
        with self._services.database.read() as connection:
            return tokens.get(connection, whose.service, whose.site, whose.subject)

    def _ended(self, kept: Kept, holder: str) -> Ready | None:
        """Forget what holds no longer, and tell the person, in one transaction: they hear of it once."""

        def forget(connection: Connection, now: datetime) -> bool:
            gone = tokens.drop(connection, kept, holder)
            if gone:
                integrations.add(connection, [self._told(kept, holder)], None, now)
            return gone

        if not self._run(forget):
            return self._newer(kept)
        log.info("%s ended what somebody had allowed; they are told", self._words.name)
        self._services.work.ring()
        return None

    def _not_renewed(self, error: AdapterError) -> None:
        """Nothing, if it is connect's own registration that is refused: its own account still works. Else raises."""
        if not isinstance(error, Rejected):
            # Never `Unreachable`: it is the sign-in that is away, and the service itself may well be there.
            raise Unavailable(f"Your access to {self._words.name} could not be renewed. {error}") from error
        log.error("%s is wrong, or no longer: %s", self._words.registration, error)

    def _run[T](self, write: Callable[[Connection, datetime], T]) -> T:
        return self._services.database.run(lambda connection: write(connection, self._services.now()))

    @property
    def _lease(self) -> float:
        return self._services.settings.connect_lease_seconds

    def _told(self, kept: Kept, holder: str) -> NewIntegration:
        user, key, text = kept.whose.subject, f"unlinked:{holder}", self._words.ended
        return NewIntegration(
            operation="post_message", key=key, ordering_key=f"slack:{key}", source_service=kept.whose.service,
            target_service="slack", event_type="unlinked", source_id=kept.whose.account_id, target_id=user,
            payload={"channel": user, "text": text, "blocks": [section(f":warning: {text}")]},
        )  # fmt: skip
