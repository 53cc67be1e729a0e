"""`/connect` and `@connect`: every command of Jira and GitHub, for where `/jira` is taken, and who is who.

A mention is answered by a message that only the asker sees, in the thread where they wrote. It cannot open a window:
that needs a trigger, which only commands, buttons and menus have.
"""

from bot.flows import identity, moves
from bot.listeners.help import beyond
from bot.listeners.typed import Command, Typed, github_off, jira_off, unescaped
from bot.message import Message, actions, button, section

OPEN_FORM = "jira_open_form"


def _map(typed: Typed) -> Message:
    on_github = any(word.startswith("github:") for word in typed.words)
    off = github_off(typed.services) if on_github else jira_off(typed.services)
    return _said(off) or identity.name_account(typed.services, typed.asker, typed.words)


def _unmap(typed: Typed) -> Message:
    return identity.unname(typed.services, typed.asker, typed.words)


def _people(typed: Typed) -> Message:
    return identity.listed(typed.services, typed.asker)


def _transitions(typed: Typed) -> Message:
    return _said(jira_off(typed.services)) or moves.choose(typed.services, typed.asker, unescaped(typed.text))


def _said(off: str) -> Message | None:
    return Message(off, [section(off)]) if off else None


def me(typed: Typed) -> Message:
    """`/jira me` and `/jira me claim`."""
    off = _said(jira_off(typed.services))
    if off:
        return off
    if typed.words and typed.words[0].lower() != "claim":
        return beyond("me", typed.words[0])
    if not typed.words:
        return identity.me(typed.services, typed.asker, typed.command)
    if typed.mentioned:
        # What is said to a person by a message is kept in a row; the answer to a command is not.
        text = "For your safety I show a code to a command only: type `/jira me claim`, or `/connect jira me claim`."
        return Message(text, [section(text)])
    return identity.claim(typed.services, typed.asker)


def form_button() -> Message:
    """What a mention gets instead of a window."""
    text = "I cannot open the form from a message. This button does:"
    return Message(text, [section(text), actions(button("Create an issue", OPEN_FORM, style="primary"))])


COMMANDS: dict[str, Command] = {
    "map": _map, "people": _people, "transitions": _transitions, "unmap": _unmap,
}  # fmt: skip
"""By the first word."""
