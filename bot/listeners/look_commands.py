"""`/jira search`, `mine` and `OPS-1`, whose answer comes a moment later, through a row; and `/jira default`."""

from bot.flows import asker as who
from bot.flows import defaults, searching
from bot.flows.subscribing import say
from bot.listeners.help import beyond
from bot.listeners.typed import Command, Typed, if_waiting, jira_off
from bot.message import Message, escape
from bot.operations.looking import NO_WORDS
from bot.operations.sites import no_site
from bot.spelling import query


def _search(typed: Typed) -> Message | None:
    return _ask(typed, query(typed.text)) if typed.text else say(NO_WORDS)


def _mine(typed: Typed) -> Message | None:
    site = typed.words[0] if typed.words else ""
    if typed.words[1:] or (site and not site.endswith("/")):
        return beyond("mine", next(word for word in typed.words if not word.endswith("/")))
    return _ask(typed, site)


def show(typed: Typed, issue: str) -> Message | None:
    """`/jira OPS-1`: the issue's card, unless only some may see it; with `share` for all, live from then on."""
    refusal = jira_off(typed.services) or who.may_not(typed.services, typed.asker)
    if refusal:
        return say(refusal)
    if typed.text and typed.text.lower() != "share":
        return beyond("OPS-1", typed.text)
    form: searching.Form = "share" if typed.text else "alone"
    return if_waiting(typed, searching.request_show(typed.plan.key, typed.plan.event, typed.asked, issue, form))


def _ask(typed: Typed, wanted: str) -> Message | None:
    off = jira_off(typed.services) or _no_site(typed, wanted)
    if off:
        return say(off)
    return if_waiting(typed, searching.request(typed.plan.key, typed.plan.event, typed.asked, wanted))


def _no_site(typed: Typed, wanted: str) -> str:
    """Why the site that a query begins with cannot be asked (empty: it can, or none is named)."""
    site, slash, _ = wanted.partition(" ")[0].rpartition("/")
    named = slash and wanted.partition(" ")[0].endswith("/")
    sites = typed.services.settings.jira_sites
    return escape(no_site(sites, site)) if named and site.lower() not in sites else ""


def _default(typed: Typed) -> Message:
    off = jira_off(typed.services)
    return say(off) if off else defaults.choose(typed.services, typed.asker, typed.text)


COMMANDS: dict[str, Command] = {"default": _default, "mine": _mine, "search": _search}
