"""The catch-up: GitHub never sends a webhook again by itself, so after downtime it is asked for those that failed.

The promise kept here: what GitHub could not deliver in the last three days, for whatever reason, is asked for until it
arrives, and what has arrived is not asked for. Which hooks to look at, connect knows from their own deliveries.
https://docs.github.com/en/webhooks/using-webhooks/handling-failed-webhook-deliveries
"""

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from adapters.errors import AdapterError, OutcomeUnknown, Rejected, Unavailable, Unreachable
from adapters.github.apps import AppKey
from adapters.github.hooks import KEPT_SECONDS, Attempt, Hook, HookClient
from bot.services import Services
from bot.settings import missing, needed, words
from storage import hooks
from storage.engine import DatabaseUnavailable
from storage.hooks import Known

log = logging.getLogger(__name__)

KEPT = timedelta(seconds=KEPT_SECONDS)
MARGIN = timedelta(hours=1)
"""For how long a delivery may still turn up in a list behind others; also covers clocks that differ."""
SPACING = timedelta(minutes=4)
"""Between a first and a second wish for the same event; doubled each time."""
MOST = 150
"""Wishes in one run: GitHub counts 5 points for each, and allows 900 in a minute.

https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#about-secondary-rate-limits
"""
LONGEST = timedelta(minutes=1)
"""A run that takes longer, because GitHub is slow, leaves the rest to the next one."""
REFUSED_FOR = timedelta(hours=1)
SILENT_FOR = timedelta(minutes=6)
"""For how long a hook is left alone that GitHub refuses to show, or that it gave no answer about."""

_RIGHTS = {
    "repository": "connect's token or App needs the repository permission 'Webhooks: read and write', "
    "given by one of its admins",
    "organization": "connect's token or App needs the organization permission 'Webhooks: read and write', "
    "given by an owner",
    "integration": "GITHUB_APP_ID and GITHUB_APP_PRIVATE_KEY must be those of this App",
}


@dataclass(frozen=True)
class Look:
    """What GitHub lists of a hook; `whole` if it goes back as far as anything can be missing."""

    hook: Known
    attempts: list[Attempt]
    whole: bool


@dataclass(frozen=True)
class Failed:
    """An event of which every attempt that GitHub lists, through whichever hook, failed; the oldest attempt first."""

    guid: str
    attempts: tuple[tuple[Known, Attempt], ...]

    @property
    def first(self) -> Attempt:
        return self.attempts[0][1]

    @property
    def last(self) -> Attempt:
        return self.attempts[-1][1]


@dataclass(frozen=True)
class Asked:
    """What this process asked for already, since GitHub takes a while to show it."""

    times: int
    at: datetime


class CatchUp:
    """Looks through the hooks' deliveries and asks for what is missing; for one thread, and one process at a time."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._client = _client(services)
        self._asked: dict[str, Asked] = {}
        self._left_alone: dict[int, datetime] = {}
        """Hooks (by row) that are not asked about before this time."""
        self._told: dict[tuple[int, str], str] = {}
        """What the log says already of a hook (by row), in looking and in asking."""
        self._shallow: dict[int, tuple[datetime, datetime]] = {}
        """Hooks (by row) with nothing old to ask for before the first time: till then, look back to the second."""
        self._not_before: datetime | None = None

    def run(self) -> bool:
        """Ask for what is missing, the oldest first; True if there was more than GitHub takes at once. Never raises."""
        now = self._services.now()
        if self._client is None or (self._not_before is not None and now < self._not_before):
            return False
        try:
            return self._run(self._client, now)
        except (Unavailable, OutcomeUnknown) as error:
            self._not_before = now + timedelta(seconds=error.retry_after or 0)
            log.warning("the catch-up waits for GitHub: %s", error)
        except (AdapterError, DatabaseUnavailable) as error:
            log.warning("the catch-up goes on later: %s", error)
        except Exception:
            log.exception("the catch-up broke; it is tried again at its next turn")
        return False

    def _run(self, client: HookClient, now: datetime) -> bool:
        with self._services.database.read() as connection:
            known = hooks.known(connection)
        looks = [look for hook in known if (look := self._look(client, hook, now))]
        lost = self._lost(looks)
        self._remember(looks, lost, now)
        return self._ask_for(client, lost, now)

    # --- looking -----------------------------------------------------------------------------------------------------

    def _look(self, client: HookClient, hook: Known, now: datetime) -> Look | None:
        if self._alone(hook, now):
            return None
        since = max(now - KEPT, hook.looked_to or now - KEPT)
        until, floor = self._shallow.get(hook.id, (now, since))
        whole = now >= until or floor <= since
        pointing = hook.pointing
        if pointing.target_type == "integration" and str(pointing.target_id) != self._services.settings.github_app_id:
            return self._refused(hook, "look", "It belongs to a GitHub App.", now)
        try:
            attempts = client.deliveries(_place(hook), since if whole else floor)
        except Rejected as error:
            return self._refused(hook, "look", str(error), now)
        except Unavailable as error:
            # It may be because of this hook: the others get their turn. Not if GitHub as a whole is away.
            if error.retry_after is None and not isinstance(error, Unreachable):
                self._left_alone[hook.id] = now + SILENT_FOR
            raise
        self._told.pop((hook.id, "look"), None)
        return Look(hook, attempts, whole)

    def _alone(self, hook: Known, now: datetime) -> bool:
        return now < self._left_alone.get(hook.id, now)

    def _refused(self, hook: Known, step: str, why: str, now: datetime) -> None:
        why = why.rstrip(".")
        self._left_alone[hook.id] = now + REFUSED_FOR
        if self._told.get((hook.id, step)) != why:
            self._told[hook.id, step] = why
            rights = _RIGHTS.get(hook.pointing.target_type, "connect knows no way to ask")
            log.warning("%s: what failed of it cannot be asked for. %s. Perhaps %s.", _named(hook), why, rights)

    def _lost(self, looks: Iterable[Look]) -> list[Failed]:
        """What did not arrive and can still be had, the oldest first."""
        candidates = [each for each in failed(looks) if not each.first.redelivery]
        with self._services.database.read() as connection:
            here = hooks.arrived(connection, [each.guid for each in candidates])
        return [each for each in candidates if each.guid not in here]

    def _remember(self, looks: Sequence[Look], lost: Iterable[Failed], now: datetime) -> None:
        """Note how far back the next look has to go."""
        oldest: dict[int, datetime] = {}
        next_due: dict[int, datetime] = {}
        for each in lost:
            for hook, attempt in each.attempts:
                oldest[hook.id] = min(attempt.delivered_at, oldest.get(hook.id, now - MARGIN))
                next_due[hook.id] = min(self._due(each, now), next_due.get(hook.id, now + KEPT))
        for look in looks:
            before = now + KEPT if look.whole else self._shallow[look.hook.id][0]
            self._shallow[look.hook.id] = (min(before, next_due.get(look.hook.id, before)), now - MARGIN)

        def store(connection: Connection) -> None:
            for look in whole:
                hooks.looked(connection, look.hook.id, oldest.get(look.hook.id, now - MARGIN))

        if whole := [look for look in looks if look.whole]:
            self._services.database.run(store)

    # --- asking ------------------------------------------------------------------------------------------------------

    def _due(self, each: Failed, now: datetime) -> datetime:
        """When to ask for it: at once the first time, then at growing distances from the last attempt."""
        times = self._times(each)
        last = max(each.last.delivered_at, self._asked[each.guid].at if each.guid in self._asked else now - KEPT)
        return last + SPACING * 2 ** (times - 1) if times else now

    def _times(self, each: Failed) -> int:
        """How often it was asked for: what GitHub shows outlives this process, and may be a moment behind it."""
        shown = sum(attempt.redelivery for _, attempt in each.attempts)
        return max(shown, self._asked[each.guid].times if each.guid in self._asked else 0)

    def _ask_for(self, client: HookClient, lost: Iterable[Failed], now: datetime) -> bool:
        self._asked = {guid: asked for guid, asked in self._asked.items() if asked.at > now - KEPT}
        wishes = 0
        for each in lost:
            if self._due(each, now) > now:
                continue
            through = next(((hook, last) for hook, last in reversed(each.attempts) if not self._alone(hook, now)), None)
            if through is None:
                continue
            if wishes == MOST or self._services.now() - now > LONGEST:
                return True
            wishes += 1
            self._ask(client, each, *through, now)
        return False

    def _ask(self, client: HookClient, each: Failed, hook: Known, attempt: Attempt, now: datetime) -> None:
        asked = Asked(self._times(each) + 1, now)
        try:
            client.redeliver(_place(hook), attempt.id)
        except OutcomeUnknown:
            self._asked[each.guid] = asked
            raise
        except Rejected as error:
            if error.code in ("401", "403"):
                return self._refused(hook, "ask", str(error), now)
            log.warning("%s: GitHub does not send %s again: %s", _named(hook), each.guid, error)
        else:
            self._told.pop((hook.id, "ask"), None)
            log.info("%s: asked GitHub to send %s (%s) again", _named(hook), each.guid, attempt.event)
        self._asked[each.guid] = asked
        return None


def failed(looks: Iterable[Look]) -> list[Failed]:
    """The events that arrived through no hook, the oldest first."""
    by_guid: dict[str, list[tuple[Known, Attempt]]] = {}
    for hook, attempt in _attempts(looks):
        by_guid.setdefault(attempt.guid, []).append((hook, attempt))
    found = [
        Failed(guid, tuple(sorted(attempts, key=lambda each: (each[1].delivered_at, each[1].id))))
        for guid, attempts in by_guid.items()
        if not any(attempt.arrived for _, attempt in attempts)
    ]
    return sorted(found, key=lambda each: (each.first.delivered_at, each.first.id))


def _attempts(looks: Iterable[Look]) -> Iterator[tuple[Known, Attempt]]:
    for look in looks:
        for attempt in look.attempts:
            yield look.hook, attempt


def _client(services: Services) -> HookClient | None:
    settings = services.settings
    if missing(settings, needed(settings, "github")):
        return None
    key = settings.github_app_private_key.get_secret_value()
    app = AppKey(settings.github_app_id, key) if settings.github_app_id and key else None
    token = "".join(words(settings.github_token)[:1])
    timeout = settings.connect_http_timeout
    return HookClient(token, settings.github_api_url, timeout, app, lambda: services.now().timestamp())


def _place(hook: Known) -> Hook:
    return Hook(hook.pointing.target_type, hook.pointing.name, hook.pointing.hook_id)


def _named(hook: Known) -> str:
    pointing = hook.pointing
    return f"hook {pointing.hook_id} of {pointing.target_type} {pointing.name or pointing.target_id}"
