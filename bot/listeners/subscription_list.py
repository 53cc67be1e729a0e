"""The buttons of the list of subscriptions: edit, pause, resume, remove, test."""

# Bolt annotates its decorators with bare `Pattern` and `Callable`.
# pyright: reportUnknownMemberType=false

from collections.abc import Callable
from typing import Any

from slack_bolt import Ack, App

from bot.flows import asker as who
from bot.flows import github_pausing, github_trying
from bot.flows import github_subscription_form as github_form
from bot.flows import subscription_forms as forms
from bot.flows.asker import Asker
from bot.flows.plan import Plan, to_slack
from bot.flows.subscribing import seen_channel
from bot.flows.trying import tried
from bot.flows.views import open_view
from bot.message import escape
from bot.modals.subscription import form_view
from bot.modals.subscription_parts import said_view
from bot.payload import objects, text
from bot.renderers.subscriptions import action, listing
from bot.services import Services
from storage import subscriptions
from storage.subscriptions import Kept

GONE = "That subscription is gone."
PAUSED = "somebody pressed Pause"

type Pressed = Callable[[Services, Asker, Kept, dict[str, Any]], str | None]
"""Does what a button says; returns what came of it for the list, or None if a window shows it."""


def register(app: App, services: Services) -> None:
    """Listen to the buttons."""
    for name, press in PRESSED.items():
        app.action(action(name))(_listener(services, press))


def _listener(services: Services, press: Pressed) -> Callable[..., None]:
    def pressed(ack: Ack, body: dict[str, Any], context: dict[str, Any]) -> None:
        ack()
        asker = who.of_interaction(body)
        kept = _kept(services, asker, body)
        said = who.may_not(services, asker) or (press(services, asker, kept, body) if kept else GONE)
        if said:
            service = kept.source_service if kept else "jira"
            _list_again(services, context["plan"], asker, text(body, "response_url"), said, service)

    return pressed


def _kept(services: Services, asker: Asker, body: dict[str, Any]) -> Kept | None:
    """The subscription of the button, if it is one of the channel in which it was pressed."""
    number = next((text(one, "value") for one in objects(body, "actions")), "")
    with services.database.read() as connection:
        kept = subscriptions.one(connection, int(number)) if number.isdecimal() and len(number) < 19 else None
    return kept if kept and kept.channel == asker.channel else None


def _list_again(services: Services, plan: Plan, asker: Asker, response_url: str, said: str, service: str) -> None:
    with services.database.read() as connection:
        kept = subscriptions.of_channel(connection, asker.channel, service)
    shown = listing(kept, said)
    cause = {"source_service": "slack", "event_type": plan.event, "source_id": asker.channel}
    answer = {"response_url": response_url, "replace": True}
    plan.add(to_slack("respond", f"{plan.key}:list", f"{plan.key}:list", cause, asker.channel, answer, shown))


def _edit(services: Services, asker: Asker, kept: Kept, body: dict[str, Any]) -> str | None:
    if kept.source_service == "github":
        long = github_form.too_long(kept)
        return long or _open(services, body, github_form.view_for(services, asker, kept))
    warning = seen_channel(services, asker).outside
    meta = {"source": kept.source, "channel": kept.channel, "private": kept.private, "id": kept.id}
    return _open(services, body, form_view(forms.draft_of(kept), kept.source, meta, warning))


def _test(services: Services, asker: Asker, kept: Kept, body: dict[str, Any]) -> str | None:
    named = f" ({escape(kept.name)})" if kept.name else ""
    head = f"What *{escape(kept.source)}*{named} makes of the latest events:"
    lines = github_trying.tried(services, asker, kept) if kept.source_service == "github" else tried(services, kept)
    return _open(services, body, said_view("Test", head, *lines))


def _pause(services: Services, asker: Asker, kept: Kept, _: dict[str, Any]) -> str:
    services.database.run(
        lambda connection: subscriptions.change(connection, kept.id, services.now(), paused=PAUSED, by=asker.user)
    )
    return f":double_vertical_bar: *{escape(kept.source)}* is paused. Nothing is told here by it until it goes on."


def _resume(services: Services, asker: Asker, kept: Kept, _: dict[str, Any]) -> str:
    if kept.source_service == "github":
        return " ".join(github_pausing.again(services, asker, [kept]))
    services.database.run(lambda connection: subscriptions.change(connection, kept.id, services.now(), paused=""))
    return f":arrow_forward: *{escape(kept.source)}* goes on."


def _remove(services: Services, _: Asker, kept: Kept, __: dict[str, Any]) -> str:
    services.database.run(lambda connection: subscriptions.remove_id(connection, kept.id))
    return f"This subscription to *{escape(kept.source)}* has ended."


def _open(services: Services, body: dict[str, Any], view: dict[str, Any]) -> str | None:
    _, unopened = open_view(services, text(body, "trigger_id"), view, "window")
    return unopened.text if unopened else None


PRESSED: dict[str, Pressed] = {
    "edit": _edit, "pause": _pause, "resume": _resume, "test": _test, "remove": _remove,
}  # fmt: skip
"""By the name of the button."""
