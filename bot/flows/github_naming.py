"""What people write for an issue or a pull request in a channel: `#7` and `web#7` beside `acme/web#7` and a link.

A short name means one of the repositories that everybody in the channel can list: its default and those it hears of.
Of others nobody is told anything by it.
"""

import re
from urllib.parse import urlsplit

from adapters.github.session import is_repository
from bot.flows.github_defaults import chosen_by, for_channel, heard_of
from bot.flows.subscribing import OWNER, address_of, elsewhere
from bot.message import escape
from bot.reminding import Unclear
from bot.services import Services
from bot.settings import Settings

SHORT = re.compile(r"([\w.-]*)#([1-9][0-9]{0,14})")
_LINK = re.compile(r"https?://[^/\s]+/([\w.-]+/[\w.-]+)/(?:issues|pull|discussions)/([0-9]{1,15})(?:[/?#].*)?")
_FULL = re.compile(r"([\w.-]+/[\w.-]+)#([0-9]{1,15})")
_OPEN = re.compile(r"([\w.-]+/[\w.-]+)[#/]\S*")
NO_DEFAULT = (
    "This channel has no repository of its own, so I do not know which `{0}` you mean: type `{1} owner/repo{0}`, or "
    "choose one with `/github default owner/repo`."
)
WHOSE = "I do not know whose `{0}` that is: type `{1} owner/{0}`."
REPOSITORY = (
    "`/github subscribe {0}` lets this channel hear of {0}, `/github open {0} Title` opens an issue there, and "
    "`/github {0}#{1}` shows one."
)
UNNAMED = (
    "A repository is named `owner/repo`, an issue or a pull request `owner/repo#1`: `/github owner/repo#1` shows it."
)
OWNERS = "`/github subscribe {0}` lets this channel hear of all repositories of {0}; `/github subscribe {0}/…` of one."


def resource_of(text: str) -> str:
    """The issue, pull request or discussion that a link or `acme/web#7` names; empty if it names none."""
    word = text.strip().strip("<>").partition("|")[0]
    found = _LINK.fullmatch(word) or _FULL.fullmatch(word)
    return f"{found[1]}#{int(found[2])}" if found else ""


def ticket_named(settings: Settings, word: str) -> str:
    """The issue or pull request that `acme/web#7`, or a link to it on connect's GitHub, names; empty if none."""
    address = address_of(settings, word)
    return "" if "/discussions/" in address else resource_of(address)


def repository_named(settings: Settings, word: str) -> str:
    """The repository that `acme/web`, or a link to something in it, names; empty if none."""
    address = address_of(settings, word)
    name = "/".join(urlsplit(address).path.split("/")[1:3]) if "://" in address else address
    return name if is_repository(name) else ""


def in_full(services: Services, channel: str, word: str) -> str:
    """The issue or pull request that a word names in a channel (`team/channel`); empty if it names none for sure."""
    named, short = ticket_named(services.settings, word), SHORT.fullmatch(word)
    if named or not short:
        return named
    repositories = _meant(services, channel, short[1])
    return f"{repositories[0]}#{short[2]}" if len(repositories) == 1 else ""


def _meant(services: Services, channel: str, bare: str) -> list[str]:
    """The repositories of a channel that have this name, whoever owns them; without one, the channel's own."""
    if not bare:
        own = for_channel(services, channel)
        return [own] if own else []
    there = [chosen_by(services, channel), *heard_of(services, channel)]
    known = {name.lower(): name for name in there if name.partition("/")[2].lower() == bare.lower()}
    return list(known.values())


def unclear(services: Services, channel: str, word: str, command: str = "/github") -> str:
    """What to say of a short name that is not clear, or of a link to elsewhere; empty if it is neither."""
    short = SHORT.fullmatch(word)
    if short and not short[1]:
        return NO_DEFAULT.format(escape(word), command)
    if short:
        several = " or ".join(f"`{command} {escape(name)}#{short[2]}`" for name in _meant(services, channel, short[1]))
        return f"Which one: {several}?" if several else WHOSE.format(escape(word), command)
    if "://" in word and not address_of(services.settings, word):
        return f"{escape(elsewhere(services.settings, word))} Name what you mean like this: `{command} owner/repo#1`."
    return ""


def instead(services: Services, word: str, rest: str) -> str:
    """What can be done with a repository or an owner that was named alone; empty if the word names none."""
    settings = services.settings
    address, inside = address_of(settings, word), _OPEN.fullmatch(word)
    name = repository_named(settings, word) or (inside[1] if inside and is_repository(inside[1]) else "")
    number = rest.removeprefix("#")
    if name:
        return REPOSITORY.format(escape(name), number if number.isdecimal() and number.isascii() else "1")
    owner = address.rstrip("/").rpartition("/")[2] if "://" in address else ""
    if "://" in address and not OWNER.fullmatch(owner):
        owner = ""
    if owner:
        return OWNERS.format(escape(owner))
    return UNNAMED if "#" in word or ("/" in word and "://" not in word) else ""


def without_link(services: Services, word: str) -> str:
    """The repository that a link leads to, as `acme/web`, and any other word as it is; raises `Unclear`."""
    name = repository_named(services.settings, word) if "://" in word else word
    if not name:
        far = elsewhere(services.settings, word) or "That is no link to a repository."
        raise Unclear(f"{far} Name repositories like this: `/github remind me weekdays 09:00 owner/repo`.")
    return name
