"""Who a Slack person is, here and in Jira, remembered for five minutes: asked before anything is done in their name."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from adapters.slack.client import Person, SlackClient

REMEMBERED = timedelta(minutes=5)


class People:
    """What is known of people, shared by the threads of a process: who they are, and who they are elsewhere."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._known: dict[tuple[str, str], tuple[datetime, Any]] = {}

    def person(self, slack: SlackClient, qualified: str) -> Person:
        """The person, from memory or from Slack; raises an `AdapterError` if Slack does not say."""
        return self.recall("slack", qualified, lambda: slack.user(qualified.partition("/")[2] or qualified))

    def recall[T](self, kind: str, ident: str, look: Callable[[], T]) -> T:
        """What is known of somebody, from memory or by looking it up; what `look` raises is not remembered."""
        now = self._clock()
        with self._lock:
            known = self._known.get((kind, ident))
        if known is not None and now - known[0] < REMEMBERED:
            return known[1]
        found = look()
        with self._lock:
            self._known[kind, ident] = (now, found)
            for old in [name for name, (at, _) in self._known.items() if now - at >= REMEMBERED]:
                del self._known[old]
        return found


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


def speaking(name: str) -> str:
    """What connect writes in Jira above the words of somebody for whom its own account comments."""
    return f"{name} (in Slack):"
