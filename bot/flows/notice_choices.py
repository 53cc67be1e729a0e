"""What a person wants to be told of in direct messages: of Jira and of GitHub, each by its own kinds.

Whoever chooses has an account there that connect knows: else nothing would ever concern them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

from adapters.errors import AdapterError, Rejected
from bot.flows import quiet_hours
from bot.flows.asker import Asker, may_not
from bot.flows.away import again
from bot.flows.subscribing import say
from bot.message import Message, code, escape
from bot.operations.accounts import NO_ACCOUNT as NOT_IN_JIRA
from bot.operations.accounts import account_of
from bot.operations.github_accounts import NO_ACCOUNT as NOT_ON_GITHUB
from bot.operations.github_accounts import on_github
from bot.operations.github_notices import PREFERENCE as OF_GITHUB
from bot.operations.notices import PREFERENCE as OF_JIRA
from bot.operations.sites import urgent_jiras
from bot.renderers import github_notices, notices
from bot.services import Services
from bot.spelling import meant
from storage import preferences


@dataclass(frozen=True)
class Choice:
    """What there is to choose from about one service."""

    service: str
    command: str
    preference: str
    """The name by which what somebody chose is kept: a list of kinds."""
    kinds: Mapping[str, str]
    """What each kind is, as the end of a sentence that begins with "when"."""
    usual: tuple[str, ...]
    """What `on` means."""
    unknown: Callable[[Services, Asker], str]
    """Why it is not known whose account the person's is (empty: it is known, and remembered)."""


def choose(services: Services, asker: Asker, words: Sequence[str], choice: Choice) -> Message:
    """`notify`, `notify on|off`, `notify assigned …`, `notify quiet …`: what they are told of directly, and when."""
    if words and words[0].lower() == "quiet":
        return quiet_hours.choose(services, asker, words[1:], choice.command)
    named = [word.strip(",").lower() for word in words if word.strip(",")]
    unknown = [word for word in named if word not in (*choice.kinds, "on", "off", "all")]
    if unknown:
        near = meant(unknown[0], (*choice.kinds, "on", "off", "all", "quiet"), "`{}`")
        return say(f"I do not know {code(unknown[0])}.{near} Choose from: {', '.join(choice.kinds)}, `all` or `off`.")
    if not named:
        return _shown(services, asker, choice)
    if named == ["off"]:
        set_kinds(services, asker, (), choice)
        return say(
            f"I send you no direct messages about {choice.service} any more. `{choice.command} notify on` starts them "
            "again."
        )
    kinds = list(choice.kinds) if "all" in named else [kind for kind in choice.kinds if kind in named]
    kinds = kinds or list(choice.usual)
    refusal = set_kinds(services, asker, kinds, choice)
    if refusal:
        return say(refusal)
    return say(
        f":bell: From now on I tell you here when {_listed(kinds, choice)}. `{choice.command} notify off` ends it."
    )


def set_kinds(services: Services, asker: Asker, kinds: Sequence[str], choice: Choice) -> str:
    """Tell a person of these kinds from now on, of nothing if there are none; why that cannot be (empty: it can)."""
    if not kinds:
        services.database.run(lambda connection: preferences.remove(connection, asker.user, choice.preference))
        return ""
    refusal = may_not(services, asker) or choice.unknown(services, asker)
    chosen = [kind for kind in choice.kinds if kind in kinds]
    if not refusal:
        services.database.run(
            lambda connection: preferences.put(connection, asker.user, choice.preference, chosen, services.now())
        )
    return refusal


def _shown(services: Services, asker: Asker, choice: Choice) -> Message:
    names = ", ".join(f"`{kind}`" for kind in choice.kinds)
    with services.database.read() as connection:
        kinds = preferences.get(connection, asker.user, choice.preference)
    if not kinds:
        return say(
            f"I send you no direct messages about {choice.service}. `{choice.command} notify on` starts them; or name "
            f"some: {names}."
        )
    return say(
        f":bell: I tell you here when {_listed(kinds, choice)}. Name any of {names}, `all` or `off` to change it."
    )


def _listed(kinds: Sequence[str], choice: Choice) -> str:
    """The kinds in one sentence; those that begin alike say it once: "an issue that you reported or watch"."""
    ways = [choice.kinds[kind].rpartition(" ")[::2] for kind in kinds if kind in choice.kinds]
    alike = [(opening, [end for _, end in found]) for opening, found in groupby(ways, key=itemgetter(0))]
    *first, last = [f"{opening} {' or '.join(ends)}" for opening, ends in alike]
    return f"{', '.join(first)}, or {last}" if first else last


def _not_in_jira(services: Services, asker: Asker) -> str:
    known = False
    try:
        person = services.people.person(services.urgent.slack, asker.user) if services.urgent.slack else None
        for _, jira in urgent_jiras(services):
            known = bool(person and account_of(services, jira, person, asker.user)) or known
    except Rejected as error:
        return "" if known else escape(error)
    except AdapterError as error:  # the person waits: no site is asked after one that does not answer
        return "" if known else again(services, "Jira", error, _unknown("Jira", error))
    return "" if known else NOT_IN_JIRA.format("Jira")


def not_on_github(services: Services, asker: Asker) -> str:
    """Why it is not known whose account on GitHub the person's is (empty: it is known, and remembered)."""
    if services.urgent.slack is None:
        return "Slack is off: SLACK_BOT_TOKEN is not set."
    try:
        person = services.people.person(services.urgent.slack, asker.user)
        known = on_github(services, person, asker.user, urgent=True)
    except Rejected as error:
        return escape(error)
    except AdapterError as error:
        return again(services, "GitHub", error, _unknown("GitHub", error))
    return "" if known else NOT_ON_GITHUB


def _unknown(service: str, error: AdapterError) -> str:
    return f"I could not ask {service} for your account. Try again in a moment. ({escape(error, 200)})"


JIRA = Choice("Jira", "/jira", OF_JIRA, notices.KINDS, ("assigned", "mentioned"), _not_in_jira)
GITHUB = Choice("GitHub", "/github", OF_GITHUB, github_notices.KINDS, tuple(github_notices.KINDS), not_on_github)
