"""Who a Slack person is, remembered for five minutes: asked before anything is done in their name."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from adapters.slack.client import Person, SlackClient

REMEMBERED = timedelta(minutes=5)


class People:
    """Slack's people by qualified id (`T0DEV00001/U0DEV00001`), shared by the threads of a process."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._known: dict[str, tuple[datetime, Person]] = {}

    def person(self, slack: SlackClient, qualified: str) -> Person:
        """The person, from memory or from Slack; raises an `AdapterError` if Slack does not say."""
        now = self._clock()
        with self._lock:
            known = self._known.get(qualified)
        if known is not None and now - known[0] < REMEMBERED:
            return known[1]
        person = slack.user(qualified.partition("/")[2] or qualified)
        with self._lock:
            self._known[qualified] = (now, person)
            for old in [name for name, (at, _) in self._known.items() if now - at >= REMEMBERED]:
                del self._known[old]
        return person


def refusal(person: Person, team: str) -> str:
    """Why this person may not create, change or subscribe (empty: they may)."""
    if person.bot:
        return "Apps cannot do this through connect."
    if person.guest:
        return "Guests of this workspace cannot do this. Ask a full member to do it for you."
    if person.stranger or (person.team_id and team and person.team_id != team):
        return "Only members of this workspace can do this."
    if person.deleted:
        return "This account is deactivated."
    return ""
