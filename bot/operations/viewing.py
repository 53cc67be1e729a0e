"""Who may show what to whom by sharing a link, as far as that is the same for Jira and GitHub.

Members of the workspace show something, guests and others nothing; in a channel that is shared with another
organisation nothing is shown unless the channel asks for previews, and in none the same thing twice in half an hour.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from adapters.errors import NotFound
from adapters.slack.client import Person
from bot.operations.identities import Service
from bot.operations.slack import bare, slack_of
from bot.people import refusal
from bot.services import Services
from storage import preferences
from storage.integrations import Integration

TWICE = timedelta(minutes=30)
"""Within this a thing is previewed once in a channel; and nobody waits for a preview any longer."""
CHOICES: dict[Service, str] = {"jira": "previews", "github": "github previews"}
"""The preference of a channel (`on`, `links`, `off`) or of a person (`off`), by what is previewed."""
SHOWN = "preview"
"""The preference that remembers when and where (`at`, `place`) a channel saw a thing; its subject is both."""
PANEL = {"details": "present_details", "comments": "present_comments"}
"""The parts of a Work Object's panel, with the operation that fills each."""
NOT_FOUND, RESTRICTED = "not_found", "restricted"
"""Why a thing is not shown, in the words of Slack's panel."""


@dataclass(frozen=True)
class Viewing:
    """Somebody (`user`, qualified) who shows things to a channel (qualified; empty: to nobody but themselves)."""

    person: Person
    user: str
    channel: str
    external: bool
    """Whether people of other organisations read along."""
    private: bool
    """Whether the channel is not open to the whole workspace, and to nobody beyond it."""


def is_late(services: Services, row: Integration) -> bool:
    """Whether nobody waits for it any more."""
    return services.now() - row.accepted_at > TWICE


def viewing(services: Services, payload: Mapping[str, Any], service: Service) -> Viewing | None:
    """Who shows things where; None if they may not, or if connect cannot see the channel."""
    user, channel = payload["user"], payload["channel"]
    person = services.people.person(slack_of(services), user)
    seen = _audience(services, payload)
    if seen is None or refusal(person, user.partition("/")[0]):
        return None
    external, private = seen
    if external and not chosen(services, channel, service):
        return None
    return Viewing(person, user, channel, external, private)


def _audience(services: Services, payload: Mapping[str, Any]) -> tuple[bool, bool] | None:
    """Whether people of other organisations read along in the channel, and whether it is private; None: unseen."""
    channel = bare(payload["channel"])
    if payload["external"]:
        return True, False
    if not channel:
        return False, True
    try:
        seen = slack_of(services).channel(channel)
    except NotFound:
        # A direct message between two people, which the event says is not shared; a private channel else.
        return (False, True) if channel.startswith("D") else None
    return seen.external, (seen.private or seen.direct) and not seen.shared


def chosen(services: Services, subject: str, service: Service) -> str:
    """What a channel or a person (qualified) has chosen of previews; empty if nothing."""
    with services.database.read() as connection:
        return str(preferences.get(connection, subject, CHOICES[service]) or "")


def first_in_a_while(services: Services, seen: Viewing, resource: str, place: str) -> bool:
    """Whether the channel has not just seen a thing; if so, it has now. Rows of one channel take their turns."""
    now, subject = services.now(), f"{seen.channel}/{resource}"

    def note(connection: Connection) -> bool:
        last: dict[str, str] = preferences.get(connection, subject, SHOWN) or {}
        recent = bool(last) and now - datetime.fromisoformat(last["at"]) < TWICE
        if not recent:
            preferences.put(connection, subject, SHOWN, {"at": now.isoformat(), "place": place}, now)
        return not recent or last["place"] == place

    return services.database.run(note)
