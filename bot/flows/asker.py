"""Who asks, from where: what every command, shortcut and form carries."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from adapters.errors import AdapterError
from adapters.slack.client import Person
from bot.payload import text
from bot.people import FOREIGN, is_foreign, refusal
from bot.services import Services


@dataclass(frozen=True)
class Asker:
    """A person in a place; ids are qualified by the workspace."""

    team: str
    user: str
    channel: str

    @property
    def channel_id(self) -> str:
        """The channel as Slack's API wants it."""
        return self.channel.partition("/")[2]


def of_command(body: Mapping[str, Any]) -> Asker:
    """Who typed a slash command."""
    team = text(body, "team_id")
    return Asker(team, f"{team}/{text(body, 'user_id')}", f"{team}/{text(body, 'channel_id')}")


def of_interaction(body: Mapping[str, Any]) -> Asker:
    """Who pressed, chose or submitted something; the channel is empty where there is none."""
    team = text(body, "team", "id") or text(body, "user", "team_id")
    channel = text(body, "channel", "id")
    return Asker(team, f"{team}/{text(body, 'user', 'id')}", f"{team}/{channel}" if channel else "")


def may_not(services: Services, asker: Asker) -> str:
    """Why this person may not do what members may (empty: they may). Slack is asked, within what a person waits for."""
    return _asked(services, asker, refusal)


def may_not_look(services: Services, asker: Asker) -> str:
    """Why this person may not see what a channel hears of (empty: they may): it is nothing for other workspaces."""
    return _asked(services, asker, lambda person, team: FOREIGN if is_foreign(person, team) else "")


def _asked(services: Services, asker: Asker, why_not: Callable[[Person, str], str]) -> str:
    if services.urgent.slack is None:
        return "Slack is off: SLACK_BOT_TOKEN is not set."
    try:
        person = services.people.person(services.urgent.slack, asker.user)
    except AdapterError:
        return "Slack did not tell me who you are. Try again in a moment."
    return why_not(person, asker.team)
