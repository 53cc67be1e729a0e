"""`/jira assign`, `unassign`, `transition`, `comment`, `watch`, `unwatch`: what people do to an issue by typing."""

from collections.abc import Callable
from typing import Any

from bot.flows import asker as who
from bot.flows import doing
from bot.flows.doing import Wish
from bot.flows.subscribing import say
from bot.listeners.doing import open_form
from bot.listeners.typed import Command, Typed, jira_off, whom
from bot.message import Message, escape
from bot.modals import doing as modal
from bot.operations.sites import issue_named, no_issue_link
from bot.payload import text

_NOBODY = ("nobody", "none")

type Deed = Callable[[Typed, Wish, str], Message | None]
"""Does what was typed behind the key."""


def _command(usage: str, deed: Deed) -> Command:
    """`deed` for who may; in a message, where no form can be opened, everything has to be said."""

    def command(typed: Typed) -> Message | None:
        refusal = jira_off(typed.services) or who.may_not(typed.services, typed.asker)
        if refusal:
            return say(refusal)
        key, *rest = typed.text.split(maxsplit=1) or [""]
        issue = issue_named(typed.services.settings, key)
        if not issue:
            far = no_issue_link(typed.services.settings, key)
            return say(f"{escape(far)} Say which issue: `/jira {usage}`.".strip())
        if typed.mentioned and deed in _ASKING and not rest:
            return say(f"I cannot open a form from a message. Say all of it: `@connect {usage}`.")
        wish = Wish(typed.asker, issue, typed.thread, text(typed.body, "response_url"))
        return deed(typed, wish, rest[0].strip() if rest else "")

    return command


def _assign(typed: Typed, wish: Wish, rest: str) -> Message | None:
    if not rest:
        return _form(typed, wish, modal.ASSIGN)
    doing.ask(typed.plan, "assign", wish, to={} if rest.casefold() in _NOBODY else whom(typed, rest, "name"))
    return _under_way(f"Assigning {wish.issue}")


def _transition(typed: Typed, wish: Wish, rest: str) -> Message | None:
    if not rest:
        return _form(typed, wish, modal.STATUS)
    doing.ask(typed.plan, "transition", wish, to=rest)
    return _under_way(f"Moving {wish.issue}")


def _comment(typed: Typed, wish: Wish, rest: str) -> Message | None:
    if not rest:
        return _form(typed, wish, modal.COMMENT)
    doing.ask(typed.plan, "comment", wish, text=rest)
    return _under_way(f"Commenting on {wish.issue}")


def _plain(operation: str, saying: str, **payload: Any) -> Deed:
    def deed(typed: Typed, wish: Wish, _: str) -> Message:
        doing.ask(typed.plan, operation, wish, **payload)
        return _under_way(saying.format(wish.issue))

    return deed


def _form(typed: Typed, wish: Wish, callback: str) -> Message | None:
    return open_form(typed.services, typed.plan, callback, wish, typed.trigger_id)


def _under_way(what: str) -> Message:
    return say(f":hourglass_flowing_sand: {what}…")


_ASKING = (_assign, _transition, _comment)
"""What opens a form if nothing stands behind the key."""

COMMANDS: dict[str, Command] = {
    "assign": _command("assign OPS-1 @somebody", _assign),
    "comment": _command("comment OPS-1 what you want to say", _comment),
    "transition": _command("transition OPS-1 Done", _transition),
    "unassign": _command("unassign OPS-1", _plain("assign", "Taking {} from whoever has it", to={})),
    "unwatch": _command("unwatch OPS-1", _plain("unwatch", "Ending your watch of {}")),
    "watch": _command("watch OPS-1", _plain("watch", "Watching {}")),
}
"""By the first word."""
