"""`/jira search` and `/jira mine`, whose answer comes a moment later, through a row; and `/jira default`."""

from bot.flows import defaults, searching
from bot.flows.subscribing import say
from bot.listeners.typed import Command, Typed, jira_off
from bot.message import Message, escape
from bot.operations.looking import NO_WORDS

AWAY = ":hourglass_flowing_sand: Jira does not answer just now. Your answer comes here as soon as it does."


def _search(typed: Typed) -> Message | None:
    return _ask(typed, typed.text) if typed.text else say(NO_WORDS)


def _mine(typed: Typed) -> Message | None:
    site = typed.words[0] if typed.words else ""
    return _ask(typed, site if site.endswith("/") else "")


def _ask(typed: Typed, query: str) -> Message | None:
    off = jira_off(typed.services) or _no_site(typed, query)
    if off:
        return say(off)
    typed.plan.add(searching.request(typed.plan.key, typed.plan.event, typed.asked, query))
    away = typed.services.watch.paused_until("jira", typed.services.now())
    return say(AWAY) if away else None


def _no_site(typed: Typed, query: str) -> str:
    """Why the site that a query begins with cannot be asked (empty: it can, or none is named)."""
    site, slash, _ = query.partition(" ")[0].rpartition("/")
    named = slash and query.partition(" ")[0].endswith("/")
    if not named or site.lower() in typed.services.settings.jira_sites:
        return ""
    return f"I know no Jira named {escape(site, 40)}."


def _default(typed: Typed) -> Message:
    off = jira_off(typed.services)
    return say(off) if off else defaults.choose(typed.services, typed.asker, typed.text)


COMMANDS: dict[str, Command] = {"default": _default, "mine": _mine, "search": _search}
