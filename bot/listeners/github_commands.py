"""`/github`: one function for each first word."""

from bot.flows import (
    github_identity,
    github_mentions,
    github_pausing,
    github_subscribing,
    github_subscription_form,
    github_trying,
    notice_choices,
    preview_choices,
    reminders,
    subscribing,
)
from bot.flows.asker import may_not
from bot.flows.subscribing import say
from bot.flows.views import open_view
from bot.listeners import github_doing_commands, github_open_commands, github_search_commands
from bot.listeners.typed import Command, Typed, github_off, split
from bot.message import Message


def _subscribe(typed: Typed) -> Message | None:
    """`subscribe list features`, as GitHub's app has it, is the list: it shows the features. Alone it is the form."""
    first, _ = split(typed.text)
    if first == "list":
        return _subscriptions(typed)
    if not typed.text and not typed.mentioned:
        return _form(typed)
    return github_subscribing.subscribe(typed.services, typed.asker, typed.text)


def _form(typed: Typed) -> Message | None:
    services, asker = typed.services, typed.asker
    reason = may_not(services, asker)
    if reason:
        return say(reason)
    return open_view(services, typed.trigger_id, github_subscription_form.view_for(services, asker, None))[1]


def _subscriptions(typed: Typed) -> Message:
    return subscribing.listed(typed.services, typed.asker, "github")


def _unsubscribe(typed: Typed) -> Message:
    return github_subscribing.unsubscribe(typed.services, typed.asker, typed.text)


def _pause(typed: Typed) -> Message:
    return github_pausing.pause(typed.services, typed.asker, typed.text)


def _resume(typed: Typed) -> Message:
    return github_pausing.resume(typed.services, typed.asker, typed.text)


def _settings(typed: Typed) -> Message:
    return github_subscribing.settings(typed.services, typed.asker, typed.text)


def _test(typed: Typed) -> Message:
    return github_trying.test(typed.services, typed.asker, typed.text)


def _why(typed: Typed) -> Message:
    return github_trying.why(typed.services, typed.asker, typed.text)


def _previews(typed: Typed) -> Message:
    return preview_choices.choose(typed.services, typed.asker, "github", typed.words)


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


def _mentions(typed: Typed) -> Message:
    return github_mentions.choose(typed.services, typed.asker, typed.words)


def _notify(typed: Typed) -> Message:
    off = github_off(typed.services)
    return say(off) if off else notice_choices.choose(typed.services, typed.asker, typed.words, notice_choices.GITHUB)


def _remind(typed: Typed) -> Message:
    off = github_off(typed.services)
    return say(off) if off else reminders.choose(typed.services, typed.asker, typed.words)


COMMANDS: dict[str, Command] = {
    **github_doing_commands.COMMANDS,
    **github_open_commands.COMMANDS,
    **github_search_commands.COMMANDS,
    "list": _subscriptions,
    "login": _login,
    "logout": _logout,
    "me": _me,
    "mentions": _mentions,
    "notify": _notify,
    "pause": _pause,
    "previews": _previews,
    "remind": _remind,
    "resume": _resume,
    "settings": _settings,
    "subscribe": _subscribe,
    "subscriptions": _subscriptions,
    "test": _test,
    "unsubscribe": _unsubscribe,
    "why": _why,
}
"""By the first word."""
