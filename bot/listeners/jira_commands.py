"""`/jira`: one function for each first word."""

from adapters.errors import AdapterError, NotFound
from bot.flows import asker as who
from bot.flows import notices, subscribing, tickets
from bot.flows.sharing import share
from bot.flows.subscribing import say
from bot.listeners import doing_commands
from bot.listeners.opening import open_form
from bot.listeners.typed import Command, Typed, jira_off
from bot.message import Message, escape, link
from bot.operations.sites import urgent_jira
from bot.operations.words import first_line
from bot.renderers.jira import card


def _create(typed: Typed) -> Message | None:
    services, asker, plan, text = typed.services, typed.asker, typed.plan, typed.text
    refusal = jira_off(services) or who.may_not(services, asker)
    if refusal:
        return say(refusal)
    if not text:
        meta = {"origin": "command", "channel": asker.channel, "requester": asker.user}
        return open_form(services, str(typed.body.get("trigger_id")), meta)
    project = services.settings.jira_default_project
    if not project:
        return say("There is no default project: use `/jira create` for the form, or set JIRA_DEFAULT_PROJECT.")
    payload = {
        "origin": "command", "summary": first_line(text), "text": text, "channel": asker.channel,
        "requester": asker.user, "team": asker.team, "response_url": typed.body.get("response_url") or "",
    }  # fmt: skip
    plan.add(tickets.request_issue(f"{plan.key}:create_issue", plan.event, payload))
    return say(f":hourglass_flowing_sand: Creating *{escape(first_line(text), 255)}* in {escape(project)}…")


def show(typed: Typed, key: str) -> Message | None:
    """`/jira OPS-1`: the issue's card, unless only some may see it; with `share` for all, live from then on."""
    refusal = jira_off(typed.services) or who.may_not(typed.services, typed.asker)
    if refusal:
        return say(refusal)
    try:
        jira, bare = urgent_jira(typed.services, key)
        issue = jira.issue(bare)
    except NotFound:
        return say(f"Jira has no issue {key} that I can see.")
    except AdapterError as error:
        return say(f"I could not read {key}: {escape(error)}")
    if issue.secured:
        return say(f"{link(issue.url, key)} is restricted in Jira. Open it there to see it.")
    if typed.words[-1:] != ["share"]:
        return card(issue)
    return share(typed.services, typed.plan, typed.asker, issue, str(typed.body.get("response_url") or ""))


def _subscribe(typed: Typed) -> Message:
    if typed.words[:1] == ["list"]:
        return _subscriptions(typed)
    return subscribing.subscribe(typed.services, typed.asker, "jira", typed.words)


def _unsubscribe(typed: Typed) -> Message:
    return subscribing.unsubscribe(typed.services, typed.asker, "jira", typed.words)


def _subscriptions(typed: Typed) -> Message:
    return subscribing.listed(typed.services, typed.asker, "jira")


def _notify(typed: Typed) -> Message:
    return notices.choose(typed.services, typed.asker, typed.words)


COMMANDS: dict[str, Command] = {
    **doing_commands.COMMANDS,
    "create": _create,
    "notify": _notify,
    "subscribe": _subscribe,
    "subscriptions": _subscriptions,
    "unsubscribe": _unsubscribe,
}
"""By the first word."""
