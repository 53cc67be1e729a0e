"""What is said of words that begin no command, but show what somebody wanted: a repository, a project, a link, `#1`."""

import re

from bot.flows import github_naming as naming
from bot.flows.defaults import defaults_of
from bot.flows.github_naming import ticket_named
from bot.listeners.typed import Typed
from bot.message import escape
from bot.operations.sites import issue_named, no_issue_link, resource_of
from storage import subscriptions

_NUMBER = re.compile(r"#?([1-9][0-9]{0,8})")
_MESSAGE = re.compile(r"https://[\w.-]+\.slack\.com/archives/\S+")
A_PROJECT = (
    "`/jira subscribe {0}` lets this channel hear of the project {0}, `/jira search project = {1}` finds its issues, "
    "and `/jira {0}-1` shows one."
)
NO_LINK = (
    "I do not know what this link leads to. `/connect OPS-1` shows an issue of Jira, `/connect owner/repo#1` one of "
    "GitHub."
)
MESSAGE = "That is a link to a message: *Create {} issue* in the menu of that message makes an issue of it."
ALONE = "A link alone says little. Say in words what is to be done, and put the link behind them: `{} … {}`"


def github(typed: Typed, word: str) -> str:
    """A sentence for a word behind `/github`; empty if it says nothing."""
    services = typed.services
    return naming.unclear(services, typed.asker.channel, word) or naming.instead(services, word, typed.text)


def jira(typed: Typed, word: str) -> str:
    """A sentence for a word behind `/jira`; empty if it says nothing."""
    if "://" in word:
        return f"{no_issue_link(typed.services.settings, word)} `/jira OPS-1` shows an issue."
    if name := ticket_named(typed.services.settings, word):
        return f"That is on GitHub: `/github {escape(name)}` shows it."
    number = _NUMBER.fullmatch(word)
    projects = _projects(typed)
    if number and projects:
        return f"An issue is named with its project: `/jira {escape(projects[0])}-{number[1]}`."
    if number:
        return f"An issue is named with its project: `/jira OPS-{number[1]}`, say."
    if project := _begun(word, projects):
        return f"An issue is named with its number: `/jira {escape(project)}-1`."
    named = resource_of(typed.services.settings, word)
    return A_PROJECT.format(escape(named), escape(named.rpartition("/")[2])) if named in projects else ""


def either(typed: Typed, word: str) -> str:
    """A sentence for a word behind `/connect` or `@connect`; empty if it says nothing."""
    if "://" in word:
        return naming.instead(typed.services, word, typed.text) or NO_LINK
    return jira(typed, word) or github(typed, word)


def _begun(word: str, projects: list[str]) -> str:
    """The project of an issue's key that has no number; empty if it is none of these."""
    return next((name for name in projects if word.upper().startswith(f"{name}-")), "")


def _projects(typed: Typed) -> list[str]:
    """The projects that a channel has to do with, the one in which its issues are made first."""
    services, channel = typed.services, typed.asker.channel
    with services.database.read() as connection:
        heard = [one.source for one in subscriptions.of_channel(connection, channel, "jira")]
    usual = resource_of(services.settings, defaults_of(services, channel).project)
    return list(dict.fromkeys([*([usual] if usual else []), *heard]))


def only_a_link(typed: Typed, words: str, command: str) -> str:
    """What to say where an issue was to be made of a link and nothing else; empty if there are words to it."""
    link, *rest = words.split() or [""]
    if rest or "://" not in link:
        return ""
    settings = typed.services.settings
    if key := issue_named(settings, link):
        return f"That is {escape(key)}, an issue that there is already: `/jira {escape(key)}` shows it."
    if name := ticket_named(settings, link):
        return f"That is {escape(name)}, which there is already: `/github {escape(name)}` shows it."
    service = "GitHub" if command.endswith("open") else "Jira"
    if _MESSAGE.match(link.strip("<>")):
        return MESSAGE.format(service)
    return ALONE.format(command, escape(link.strip("<>").partition("|")[0], 200))
