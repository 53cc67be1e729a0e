"""Acting in Jira as the person themselves, by the account that they have linked at the main site.

Their access token is renewed shortly before it expires, or once when Jira refuses it, by one worker at a time: the
refresh token is good for one exchange. What they allowed may end at any time; then it is forgotten, they are told so
once, and connect acts for them by its own account again, after asking Jira whether they may.

Where a worker dies between the exchange and its note of it, the new tokens are lost. The next worker then sends the
same refresh token again: Cloud takes it for ten minutes, and elsewhere the person is asked to link their account anew.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from adapters.errors import AdapterError, Rejected, Unavailable
from adapters.jira.accounts import Account
from adapters.jira.client import JiraClient
from adapters.jira.oauth import Grant, GrantEnded, JiraOAuth
from adapters.jira.personal import PersonalJira
from bot.message import section
from bot.services import Linking, Services
from bot.vault import Unreadable, Vault
from storage import integrations, tokens
from storage.integrations import NewIntegration
from storage.tokens import Kept, Sealed

log = logging.getLogger(__name__)

SERVICE = "jira"
EARLY = timedelta(minutes=2)
"""How long before its end an access token is renewed: longer than a call may take."""
LONGEST = timedelta(days=365)
"""What is believed of how long an access token is good."""
ENDED = (
    "Your Jira account is no longer linked: Jira ended what you had allowed. I now act for you by my own account and "
    "name you in the text. To link yours again, type `/jira login`."
)


@dataclass(frozen=True)
class Own:
    """A person's own way into Jira."""

    jira: JiraClient
    account: Account


def own_jira(services: Services, user: str, resource: str, *, urgent: bool = False) -> Own | None:
    """The client that acts as this person (`team/user`) on an issue or project of the main site.

    None if they have linked no account, or no longer, and for every other site. Raises `Unavailable` if their access
    cannot be renewed now. `urgent` is for when the person waits.
    """
    elsewhere = "/" in resource
    kept, linking = linked(services, user), services.linking
    if linking is None or kept is None or elsewhere:
        return None
    server = linking.urgent if urgent else linking.oauth
    renewal = _Renewal(services, linking, server)
    ready = renewal.usable(kept, urgent=urgent)
    if ready is None:
        return None
    kept, access = ready
    api_url = server.api_url(kept.whose.cloud_id)

    def renew(refused: str) -> str:
        return renewal.instead_of(refused, user)

    return Own(PersonalJira(server.site, api_url, access, server.timeout, renew), account_of(kept, server))


def linked(services: Services, user: str) -> Kept | None:
    """What this person has allowed at connect's Jira; None if nothing."""
    if services.linking is None or not user:
        return None
    with services.database.read() as connection:
        return tokens.get(connection, SERVICE, services.linking.oauth.site, user)


def account_of(kept: Kept, server: JiraOAuth) -> Account:
    """The account that somebody has linked."""
    return Account(kept.whose.account_id, "" if server.cloud else kept.whose.account_id, kept.whose.display)


def sealed(vault: Vault, grant: Grant, now: datetime) -> Sealed:
    """A grant as it is stored."""
    until = now + min(timedelta(seconds=grant.seconds), LONGEST)
    return Sealed(vault.seal(grant.access), vault.seal(grant.refresh), grant.scope, until)


# --- renewing --------------------------------------------------------------------------------------------------------


type Ready = tuple[Kept, str]
"""A row, and the access token in it."""


class _Renewal:
    """Keeps one person's access good for as long as a call or two take."""

    def __init__(self, services: Services, linking: Linking, server: JiraOAuth) -> None:
        self._services = services
        self._vault = linking.vault
        self._server = server

    def instead_of(self, refused: str, user: str) -> str:
        """Another access token for one that Jira refused."""
        kept = linked(self._services, user)
        ready = kept and self.usable(kept, refused=refused)
        if not ready:
            raise Unavailable("Your Jira account is no longer linked. Try again: I then act for you by my own.")
        return ready[1]

    def usable(self, kept: Kept, *, refused: str = "", urgent: bool = False) -> Ready | None:
        """An access token that should work, `refused` being one that does not; None if there is none any more."""
        try:
            access, refresh = self._vault.open(kept.sealed.access), self._vault.open(kept.sealed.refresh)
        except Unreadable as error:
            log.error("%s Who linked an account before has to do it again.", error)  # noqa: TRY400
            return None
        left = kept.sealed.expires_at - self._services.now()
        works = (kept, access) if left > timedelta(0) and access != refused else None
        if works and (urgent or left > EARLY):  # nobody waits for what a worker will do in time
            return works
        holder = self._run(lambda connection, now: tokens.hold(connection, kept, now, self._lease))
        if not holder:
            return works or self._of_another(kept)
        try:
            grant = self._server.refresh(refresh)
        except GrantEnded:
            return self._ended(kept, holder)
        except AdapterError as error:
            self._run(lambda connection, _: tokens.let_go(connection, kept, holder))
            return works or _not_renewed(error)
        new = sealed(self._vault, grant, self._services.now())
        if self._run(lambda connection, now: tokens.renew(connection, kept, holder, new, now)):
            return kept, grant.access
        return self._of_another(kept)

    def _of_another(self, kept: Kept) -> Ready | None:
        """What somebody else has just put in the place of these tokens."""
        whose = kept.whose
        with self._services.database.read() as connection:
            newer = tokens.get(connection, whose.service, whose.site, whose.subject)
        if newer is None:
            return None
        if (newer.id, newer.generation) == (kept.id, kept.generation):
            raise Unavailable("Your access to Jira is being renewed at this very moment.")
        return self.usable(newer)

    def _ended(self, kept: Kept, holder: str) -> Ready | None:
        """Forget what holds no longer, and tell the person, in one transaction: they hear of it once."""

        def forget(connection: Connection, now: datetime) -> bool:
            gone = tokens.drop(connection, kept, holder)
            if gone:
                integrations.add(connection, [_told(kept, holder)], None, now)
            return gone

        if not self._run(forget):
            return self._of_another(kept)
        log.info("Jira ended what somebody had allowed; they are told")
        self._services.work.ring()
        return None

    def _run[T](self, write: Callable[[Connection, datetime], T]) -> T:
        return self._services.database.run(lambda connection: write(connection, self._services.now()))

    @property
    def _lease(self) -> float:
        return self._services.settings.connect_lease_seconds


def _not_renewed(error: AdapterError) -> None:
    """Nothing, if it is connect's own registration that is refused: its own account still works. Else raises."""
    if not isinstance(error, Rejected):
        # Never `Unreachable`: it is the sign-in that is away, and Jira itself may well be there.
        raise Unavailable(f"Your access to Jira could not be renewed. {error}") from error
    log.error("JIRA_OAUTH_CLIENT_ID or JIRA_OAUTH_CLIENT_SECRET is wrong, or no longer: %s", error)


def _told(kept: Kept, holder: str) -> NewIntegration:
    user, key = kept.whose.subject, f"unlinked:{holder}"
    return NewIntegration(
        operation="post_message", key=key, ordering_key=f"slack:{key}", source_service="jira", target_service="slack",
        event_type="unlinked", source_id=kept.whose.account_id, target_id=user,
        payload={"channel": user, "text": ENDED, "blocks": [section(f":warning: {ENDED}")]},
    )  # fmt: skip
