"""`/github`: one function for each first word."""

from bot.flows import github_identity, github_subscribing, github_trying, subscribing
from bot.flows.subscribing import say
from bot.listeners import github_doing_commands, github_open_commands
from bot.listeners.typed import Command, Typed, github_off, split
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
    **github_doing_commands.COMMANDS,
    **github_open_commands.COMMANDS,
    "list": _subscriptions,
    "login": _login,
    "logout": _logout,
    "me": _me,
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
