"""What somebody changed of a subscription to GitHub by typing, and how the events add up. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot import github_words as words
from bot.filters import DEFAULTS
from bot.grammar import USUAL_WORKFLOWS, Written
from bot.message import code, escape

PROGRAMS = ("dependabot", "renovate", "github-actions", "mergify")
"""Programs that people call so; on GitHub `[bot]` stands behind their names."""
STYLES = {
    "full": "Cards are shown whole.", "compact": "Cards are short.", "line": "Each thing is one line.",
}  # fmt: skip
THREADS = {
    "only": "What happens later is told in the thread.",
    "on": "What happens later is told in the thread, and its end in the channel too.",
    "off": "What happens later is told in the channel.",
}
FLAGS = {
    ("reactions", True): "What happens later is shown by reactions to the card, and by nothing else.",
    ("reactions", False): "What happens later is told in words.",
    ("replies", True): "Replies beneath a card become comments on GitHub.",
    ("replies", False): "Replies beneath a card stay in Slack.",
}


def events(written: Written, before: Sequence[str]) -> tuple[str, ...]:
    """A first `pulls releases` is those alone; `reviews` is that and what a subscription has anyway.

    `commits:release/*` takes the place of all `commits`, as `workflows:{name:"CI"}` does of all workflows.
    """
    usual = DEFAULTS["github"]
    exact = written.only or words.ALL in written.events or not set(usual).isdisjoint(written.events)
    if written.events and (written.only or (exact and not before)):
        return written.events
    narrowed = {event.partition(":")[0] for event in written.events if _limited(event)}
    kept = [event for event in before or usual if _limited(event) or event.partition(":")[0] not in narrowed]
    return tuple(dict.fromkeys((*kept, *written.events)))


def _limited(event: str) -> bool:
    wanted = words.asked(event)
    return wanted is not None and (wanted.pattern not in ("", "*") or bool(wanted.where)) and event != USUAL_WORKFLOWS


def told(written: Written, before: Sequence[str], after: Sequence[str]) -> str:
    """Sentences on what was typed besides the events that are told, and on what it takes the place of."""
    return " ".join(part for part in (_instead(written, before, after), *_manner(written), _bots(written)) if part)


def _instead(written: Written, before: Sequence[str], after: Sequence[str]) -> str:
    gone = [event for event in before if event not in after]
    if written.only or not gone:
        return ""
    return f"That takes the place of {', '.join(code(event, 100) for event in gone)}."


def _manner(written: Written) -> list[str]:
    flags = {"reactions": written.reactions, "replies": written.replies}
    said = [STYLES.get(written.style, ""), THREADS.get(written.thread, "")]
    said += [FLAGS[name, on] for name, on in flags.items() if on is not None]
    if written.broadcast:
        said.append(f"Told in the channel besides the thread: {escape(', '.join(written.broadcast), 300)}.")
    if written.quiet_hours:
        said.append("Quiet from {from} to {to} ({timezone}).".format(**written.quiet_hours))
    return said


def _bots(written: Written) -> str:
    authors: Mapping[str, Any] = written.filters.get("authors") or {}
    for how, sign in (("none", "-"), ("any", "+"), ("all", "++")):
        for name in authors.get(how) or ():
            if name.lower() in PROGRAMS:
                right = code(f'{sign}author:"{name.lower()}[bot]"')
                return f"GitHub calls that program `{name.lower()}[bot]`: type {right}, or `-bots` for all programs."
    return ""
