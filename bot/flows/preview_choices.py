"""`/jira previews` and `/github previews`: a channel chooses what is previewed in it, a person whether what they share
is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.flows.asker import Asker, may_not
from bot.flows.subscribing import say
from bot.message import Message, code
from bot.operations.identities import Service
from bot.operations.viewing import CHOICES, chosen
from bot.services import Services
from bot.spelling import meant
from storage import preferences


@dataclass(frozen=True)
class _Words:
    """What is said of the choices: of a channel's and a person's when they are made, and of what holds now."""

    channel: Mapping[str, str]
    person: Mapping[str, str]
    now: Mapping[str, str]


_WORDS: dict[Service, _Words] = {
    "jira": _Words(
        channel={
            "on": "In this channel I now preview links to Jira issues, and the keys of issues in a reply.",
            "links": "In this channel I now preview links to Jira issues; their keys alone I leave as they are.",
            "off": "In this channel I no longer preview Jira issues. `/jira previews on` starts it again.",
        },
        person={
            "on": "I preview the Jira issues that you share again, where the channel wants it.",
            "off": "I no longer preview the Jira issues that you share anywhere. `/jira previews me on` starts it "
            "again.",
        },
        now={
            "": "I preview links to Jira issues here, and keys of the projects that this channel is subscribed to.",
            "on": "I preview links to Jira issues here, and the keys of issues in a reply.",
            "links": "I preview links to Jira issues here; their keys alone I leave as they are.",
            "off": "I do not preview Jira issues here.",
        },
    ),
    "github": _Words(
        channel={
            "on": "In this channel I now preview links to GitHub, and names such as `owner/repo#1` in a reply.",
            "links": "In this channel I now preview links to GitHub; names such as `owner/repo#1` I leave as they are.",
            "off": "In this channel I no longer preview anything of GitHub. `/github previews on` starts it again.",
        },
        person={
            "on": "I preview what you share of GitHub again, where the channel wants it.",
            "off": "I no longer preview what you share of GitHub anywhere. `/github previews me on` starts it again.",
        },
        now={
            "": "I preview links to GitHub here, and names such as `owner/repo#1` of the repositories that this "
            "channel is subscribed to.",
            "on": "I preview links to GitHub here, and names such as `owner/repo#1` in a reply.",
            "links": "I preview links to GitHub here; names such as `owner/repo#1` I leave as they are.",
            "off": "I preview nothing of GitHub here.",
        },
    ),
}
_HOW = (
    "`/{0} previews on`, `links` or `off` changes it for this channel; `/{0} previews me off` for what you share, "
    "everywhere. A channel shared with another organization has no previews until it is set to `on` or `links`."
)


def choose(services: Services, asker: Asker, service: Service, words: Sequence[str]) -> Message:
    """Note the choice that the words name; without one, say what holds now and how to change it."""
    given, say_of = [word.lower() for word in words], _WORDS[service]
    if given[:1] == ["me"]:
        return _person(services, asker, service, given[1:])
    if len(given) != 1 or given[0] not in say_of.channel:
        near = meant(words[-1], (*say_of.channel, "me"), "`{}`") if words else ""
        unknown = f"I do not know {code(' '.join(words))} there.{near} " if words else ""
        now = say_of.now.get(chosen(services, asker.channel, service), say_of.now[""])
        return say(f"{unknown}{now} {_HOW.format(service)}")
    refusal = may_not(services, asker)
    if refusal:
        return say(refusal)
    _put(services, asker.channel, service, given[0])
    return say(f":white_check_mark: {say_of.channel[given[0]]}")


def _person(services: Services, asker: Asker, service: Service, given: Sequence[str]) -> Message:
    if len(given) != 1 or given[0] not in _WORDS[service].person:
        unknown = f"I do not know {code(' '.join(given))} there. " if given else ""
        return say(f"{unknown}Type `/{service} previews me on` or `/{service} previews me off`.")
    _put(services, asker.user, service, given[0])
    return say(f":white_check_mark: {_WORDS[service].person[given[0]]}")


def _put(services: Services, subject: str, service: Service, choice: str) -> None:
    now = services.now()
    services.database.run(lambda connection: preferences.put(connection, subject, CHOICES[service], choice, now))
