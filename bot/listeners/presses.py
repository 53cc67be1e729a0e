"""Presses of a card's buttons, and choices behind its `More`: answered at once, told privately."""

# Bolt annotates its decorators with bare `Pattern` and `Callable`.
# pyright: reportUnknownMemberType=false

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from slack_bolt import Ack, App

from bot.flows import asker as who
from bot.flows.asker import Asker
from bot.flows.plan import Plan
from bot.flows.tell import tell_asker
from bot.message import Message
from bot.payload import mapping, text
from bot.services import Services


@dataclass(frozen=True)
class Press:
    """A button that was pressed, or what was chosen behind `More`; `value` says what the card is about."""

    services: Services
    plan: Plan
    asker: Asker
    value: str
    body: Mapping[str, Any]

    @property
    def message(self) -> str:
        """The message (`team/channel/ts`) that the button is in; empty if it is in none."""
        ts = text(self.body, "container", "message_ts")
        return f"{self.asker.channel}/{ts}" if ts and self.asker.channel else ""

    @property
    def thread(self) -> str:
        """The thread (`team/channel/ts`) that the card stands in as a reply; empty if it stands in none."""
        container = mapping(self.body, "container")
        ts = text(container, "thread_ts")
        return f"{self.asker.channel}/{ts}" if ts not in ("", text(container, "message_ts")) else ""

    @property
    def response_url(self) -> str:
        """Where an answer beneath the card goes."""
        return text(self.body, "response_url")

    @property
    def trigger_id(self) -> str:
        """What opens a form, for three seconds."""
        return text(self.body, "trigger_id")


type Answer[Deed] = Callable[[Press, Deed], Message | None]
"""Does what a button stands for; a message for whoever pressed it, None if there is nothing to say."""


def listen[Deed](
    app: App, services: Services, answer: Answer[Deed], buttons: Mapping[str, Deed], more: str, menu: Mapping[str, Deed]
) -> None:
    """Listen to `buttons`, by action id, and to the menu behind `more`, by the first word of what is chosen there."""

    def pressed(ack: Ack, body: dict[str, Any], action: dict[str, Any], context: dict[str, Any]) -> None:
        ack()
        name, value = text(action, "action_id"), text(action, "value")
        if name == more:
            name, _, value = text(action, "selected_option", "value").partition(" ")
        deed = buttons.get(name) or menu.get(name)
        if deed is not None:
            press = Press(services, context["plan"], who.of_interaction(body), value, body)
            message = answer(press, deed)
            if message:
                tell_asker(press.plan, press.asker, press.response_url, message)

    for action_id in (*buttons, more):
        app.action(action_id)(pressed)
