"""`/github`: one function for each first word."""

from bot.flows import github_subscribing, github_trying, subscribing
from bot.listeners.typed import Command, Typed, split
from bot.message import Message


def _subscribe(typed: Typed) -> Message:
    """`subscribe list features`, as GitHub's app has it, is the list: it shows the features."""
    first, _ = split(typed.text)
    if first == "list":
        return _subscriptions(typed)
    return github_subscribing.subscribe(typed.services, typed.asker, typed.text)


def _subscriptions(typed: Typed) -> Message:
    return subscribing.listed(typed.services, typed.asker, "github")


def _unsubscribe(typed: Typed) -> Message:
    return github_subscribing.unsubscribe(typed.services, typed.asker, typed.text)


def _pause(typed: Typed) -> Message:
    return github_subscribing.pause(typed.services, typed.asker, typed.text)


def _resume(typed: Typed) -> Message:
    return github_subscribing.resume(typed.services, typed.asker, typed.text)


def _settings(typed: Typed) -> Message:
    return github_subscribing.settings(typed.services, typed.asker, typed.text)


def _test(typed: Typed) -> Message:
    return github_trying.test(typed.services, typed.asker, typed.text)


def _why(typed: Typed) -> Message:
    return github_trying.why(typed.services, typed.asker, typed.text)


COMMANDS: dict[str, Command] = {
    "list": _subscriptions,
    "pause": _pause,
    "resume": _resume,
    "settings": _settings,
    "subscribe": _subscribe,
    "subscriptions": _subscriptions,
    "test": _test,
    "unsubscribe": _unsubscribe,
    "why": _why,
}
"""By the first word."""
