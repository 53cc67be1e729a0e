"""`/github search` and `/github todo`, whose answers come a moment later, through a row; and the controls of these."""

# Bolt annotates its decorators with bare `Pattern` and `Callable`.
# pyright: reportUnknownMemberType=false

from typing import Any

from slack_bolt import Ack, App

from bot.flows import asker as who
from bot.flows import github_defaults, github_doing, github_searching
from bot.flows.github_doing import Wish
from bot.flows.github_naming import ticket_named
from bot.flows.subscribing import say
from bot.listeners.pages import action_of, asked
from bot.listeners.typed import Command, Typed, github_off, if_waiting, nothing_more
from bot.message import Message
from bot.payload import text
from bot.services import Services
from bot.spelling import query
from storage.integrations import NewIntegration


def _search(typed: Typed) -> Message | None:
    if not typed.text:
        return say(github_searching.NO_WORDS)
    near = near_of(typed.services, typed.asker.channel)
    return _ask(typed, github_searching.request(typed.plan.key, typed.plan.event, typed.asked, query(typed.text), near))


def _todo(typed: Typed) -> Message | None:
    if typed.text:
        return nothing_more(typed, "todo")
    return _ask(typed, github_searching.request_todo(typed.plan.key, typed.plan.event, typed.asked))


def _ask(typed: Typed, wanted: NewIntegration) -> Message | None:
    refusal = github_off(typed.services) or who.may_not(typed.services, typed.asker)
    if refusal:
        return say(refusal)
    return if_waiting(typed, wanted)


def near_of(services: Services, channel: str) -> list[str]:
    """The repositories that a channel has to do with, its default first."""
    named = github_defaults.chosen_by(services, channel)
    return [*([named] if named else []), *(github_defaults.heard_of(services, channel) if channel else [])]


def register(app: App, services: Services) -> None:
    """Listen to the controls of a table."""

    def turn(ack: Ack, body: dict[str, Any], context: dict[str, Any]) -> None:
        ack()
        wanted, page = github_searching.read_state(text(action_of(body), "value"))
        near, plan = near_of(services, who.of_interaction(body).channel), context["plan"]
        plan.add(github_searching.request(plan.key, plan.event, asked(body), wanted, near, page))

    def show(ack: Ack, body: dict[str, Any], context: dict[str, Any]) -> None:
        ack()
        resource, given = text(action_of(body), "selected_option", "value"), asked(body)
        if ticket_named(services.settings, resource):
            wish = Wish(who.of_interaction(body), resource, given["thread"], given["response_url"])
            github_doing.ask(context["plan"], "read_ticket", wish, form="share")

    app.action(github_searching.BACK)(turn)
    app.action(github_searching.NEXT)(turn)
    app.action(github_searching.SHOW)(show)


COMMANDS: dict[str, Command] = {"search": _search, "todo": _todo}
"""By the first word."""
