"""`/github close`, `reopen`, `assign`, `unassign`, `label`, `comment` and `/github acme/web#7`: what people type to do
something to an issue or a pull request, or to see it. All of it is done by rows, and told a moment later."""

from collections.abc import Callable

from bot.flows import asker as who
from bot.flows import github_doing as doing
from bot.flows import github_naming as naming
from bot.flows.away import wait_for
from bot.flows.github_doing import Wish
from bot.flows.subscribing import say
from bot.listeners.typed import Command, Typed, github_off, whom
from bot.message import Message, escape
from bot.payload import text
from bot.spelling import meant, plain, signed, words
from storage.integrations import NewIntegration

REASONS = {
    "": "", "completed": "completed", "done": "completed", "not planned": "not_planned", "not_planned": "not_planned",
    "wontfix": "not_planned", "duplicate": "duplicate",
}  # fmt: skip
"""What may be typed as the reason of a close, and GitHub's word for it."""

type Deed = Callable[[Typed, Wish, str], Message | None]
"""Does what was typed behind the issue's or pull request's name."""


def _command(word: str, deed: Deed) -> Command:
    def command(typed: Typed) -> Message | None:
        refusal = github_off(typed.services) or who.may_not(typed.services, typed.asker)
        if refusal:
            return say(refusal)
        name, *rest = typed.text.split(maxsplit=1) or [""]
        resource = naming.in_full(typed.services, typed.asker.channel, name)
        if not resource:
            sentence = naming.unclear(typed.services, typed.asker.channel, name, f"/github {word}")
            return say(sentence) if sentence else _like(word, "Say which issue or pull request")
        wish = Wish(typed.asker, resource, typed.thread, text(typed.body, "response_url"))
        return deed(typed, wish, rest[0].strip() if rest else "")

    return command


def show(typed: Typed, resource: str) -> Message | None:
    """`/github acme/web#7`: its card for the person alone; with `share` for all, live from then on."""
    refusal = github_off(typed.services) or who.may_not(typed.services, typed.asker)
    if refusal:
        return say(refusal)
    if typed.text.lower() not in ("", "share"):
        return say(
            f"I do not know `{escape(typed.text, 50)}` there: `/github {escape(resource)} share` shows it to all."
        )
    wish = Wish(typed.asker, resource, typed.thread, text(typed.body, "response_url"))
    asked = doing.ask(typed.plan, "read_ticket", wish, form="share" if typed.text else "alone")
    wait = wait_for(typed.services, typed.plan, asked)
    return say(wait.kept()) if wait else None


def _close(typed: Typed, wish: Wish, rest: str) -> Message:
    reason = plain(rest).strip("\"'").casefold().removeprefix("as ").strip()
    if reason not in REASONS:
        near = meant(reason, filter(None, REASONS), "`{}`")
        return _like("close", f"{near} I know the reasons `completed`, `not planned` and `duplicate`".strip())
    asked = doing.ask(typed.plan, "set_state", wish, state="closed", reason=REASONS[reason])
    return _under_way(typed, asked, f"Closing {wish.resource}")


def _reopen(typed: Typed, wish: Wish, _: str) -> Message:
    asked = doing.ask(typed.plan, "set_state", wish, state="open")
    return _under_way(typed, asked, f"Reopening {wish.resource}")


def _assign(typed: Typed, wish: Wish, rest: str) -> Message:
    if not rest:
        return _like("assign", "Say to whom")
    asked = doing.ask(typed.plan, "assign", wish, to=whom(typed, rest, "login"))
    return _under_way(typed, asked, f"Assigning {wish.resource}")


def _unassign(typed: Typed, wish: Wish, rest: str) -> Message:
    asked = doing.ask(typed.plan, "unassign", wish, to=whom(typed, rest, "login") if rest else {})
    return _under_way(typed, asked, f"Taking {wish.resource} from {'them' if rest else 'whoever has it'}")


def _label(typed: Typed, wish: Wish, rest: str) -> Message:
    names = [signed(name) for name in words(rest) if signed(name).strip("+-")]
    if not names:
        return _like("label", "Say which labels; a minus in front takes one off")
    add = [name.removeprefix("+") for name in names if not name.startswith("-")]
    asked = doing.ask(typed.plan, "label", wish, add=add, remove=[name[1:] for name in names if name.startswith("-")])
    return _under_way(typed, asked, f"Labelling {wish.resource}")


def _comment(typed: Typed, wish: Wish, rest: str) -> Message:
    if not rest:
        return _like("comment", "Say what")
    asked = doing.ask(typed.plan, "comment", wish, text=rest)
    return _under_way(typed, asked, f"Commenting on {wish.resource}")


def _like(word: str, what: str) -> Message:
    return say(f"{what}: `/github {word} {USAGE[word]}`.")


def _under_way(typed: Typed, asked: NewIntegration, what: str) -> Message:
    wait = wait_for(typed.services, typed.plan, asked)
    return say(wait.kept() if wait else f":hourglass_flowing_sand: {escape(what)}…")


USAGE = {
    "assign": "owner/repo#1 @somebody", "close": "owner/repo#1 not planned", "reopen": "owner/repo#1",
    "comment": "owner/repo#1 what you want to say", "label": 'owner/repo#1 bug "help wanted" -wip',
    "unassign": "owner/repo#1",
}  # fmt: skip
_DEEDS: dict[str, Deed] = {
    "assign": _assign, "close": _close, "comment": _comment, "label": _label, "reopen": _reopen, "unassign": _unassign,
}  # fmt: skip
COMMANDS: dict[str, Command] = {word: _command(word, deed) for word, deed in _DEEDS.items()}
"""By the first word."""
