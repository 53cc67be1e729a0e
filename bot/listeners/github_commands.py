"""`/github`: one function for each first word."""

from bot.flows import github_identity, subscribing
from bot.flows.subscribing import say
from bot.listeners.typed import Command, Typed, github_off
from bot.message import Message


def _subscribe(typed: Typed) -> Message:
    if typed.words[:1] == ["list"]:
        return _subscriptions(typed)
    return subscribing.subscribe(typed.services, typed.asker, "github", typed.words)


def _subscriptions(typed: Typed) -> Message:
    return subscribing.listed(typed.services, typed.asker, "github")


def _unsubscribe(typed: Typed) -> Message:
    return subscribing.unsubscribe(typed.services, typed.asker, "github", typed.words)


def _me(typed: Typed) -> Message:
    off = github_off(typed.services)
    command = "/connect github" if typed.body.get("command") == "/connect" else "/github"
    return say(off) if off else github_identity.me(typed.services, typed.asker, command)


def _login(typed: Typed) -> Message:
    if typed.mentioned:
        # What is said to a person by a message is kept in a row; the answer to a command is not.
        return say(github_identity.NO_CODES_HERE)
    off = github_off(typed.services)
    return say(off) if off else github_identity.login(typed.services, typed.asker, typed.plan)


def _logout(typed: Typed) -> Message:
    return github_identity.logout(typed.services, typed.asker)


COMMANDS: dict[str, Command] = {
    "list": _subscriptions,
    "login": _login,
    "logout": _logout,
    "me": _me,
    "subscribe": _subscribe,
    "subscriptions": _subscriptions,
    "unsubscribe": _unsubscribe,
}
"""By the first word."""
