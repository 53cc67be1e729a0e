"""`/jira previews`: a channel chooses what is previewed in it, a person whether what they share is."""

from collections.abc import Sequence

from bot.flows.asker import Asker, may_not
from bot.flows.subscribing import say
from bot.message import Message, code
from bot.operations.viewing import CHOICES, chosen
from bot.services import Services
from storage import preferences

CHANNEL = {
    "on": "In this channel I now preview links to Jira issues, and the keys of issues in a reply.",
    "links": "In this channel I now preview links to Jira issues; their keys alone I leave as they are.",
    "off": "In this channel I no longer preview Jira issues. `/jira previews on` starts it again.",
}
PERSON = {
    "on": "I preview the Jira issues that you share again, where the channel wants it.",
    "off": "I no longer preview the Jira issues that you share anywhere. `/jira previews me on` starts it again.",
}
NOW = {
    "": "I preview links to Jira issues here, and keys of the projects that this channel is subscribed to.",
    "on": "I preview links to Jira issues here, and the keys of issues in a reply.",
    "links": "I preview links to Jira issues here; their keys alone I leave as they are.",
    "off": "I do not preview Jira issues here.",
}
HOW = (
    "`/jira previews on`, `links` or `off` changes it for this channel; `/jira previews me off` for what you share, "
    "everywhere. A channel shared with another organization has no previews until it is set to `on` or `links`."
)


def choose(services: Services, asker: Asker, words: Sequence[str]) -> Message:
    """Note the choice that the words name; without one, say what holds now and how to change it."""
    given = [word.lower() for word in words]
    if given[:1] == ["me"]:
        return _person(services, asker, given[1:])
    if len(given) != 1 or given[0] not in CHANNEL:
        unknown = f"I do not know {code(' '.join(words))} there. " if words else ""
        return say(f"{unknown}{NOW.get(chosen(services, asker.channel, 'jira'), NOW[''])} {HOW}")
    refusal = may_not(services, asker)
    if refusal:
        return say(refusal)
    _put(services, asker.channel, given[0])
    return say(f":white_check_mark: {CHANNEL[given[0]]}")


def _person(services: Services, asker: Asker, given: Sequence[str]) -> Message:
    if len(given) != 1 or given[0] not in PERSON:
        return say("Type `/jira previews me on` or `/jira previews me off`.")
    _put(services, asker.user, given[0])
    return say(f":white_check_mark: {PERSON[given[0]]}")


def _put(services: Services, subject: str, choice: str) -> None:
    now = services.now()
    services.database.run(lambda connection: preferences.put(connection, subject, CHOICES["jira"], choice, now))
