"""`/github`: one function for each first word."""

from bot.flows import subscribing
from bot.listeners.typed import Command, Typed
from bot.message import Message


def _subscribe(typed: Typed) -> Message:
    if typed.words[:1] == ["list"]:
        return _subscriptions(typed)
    return subscribing.subscribe(typed.services, typed.asker, "github", typed.words)


def _subscriptions(typed: Typed) -> Message:
    return subscribing.listed(typed.services, typed.asker, "github")


def _unsubscribe(typed: Typed) -> Message:
    return subscribing.unsubscribe(typed.services, typed.asker, "github", typed.words)


COMMANDS: dict[str, Command] = {
    "list": _subscriptions,
    "subscribe": _subscribe,
    "subscriptions": _subscriptions,
    "unsubscribe": _unsubscribe,
}
"""By the first word."""
