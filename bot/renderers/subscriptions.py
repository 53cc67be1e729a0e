"""A channel's subscriptions as a list with buttons, and what a test of one shows. Pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.message import BlockDict, Message, actions, button, context, escape, section
from storage.lanes import Pause
from storage.subscriptions import Kept

MOST = 16
"""A message takes 50 blocks, and each subscription is three."""
SPELLED = {"slack": "Slack", "jira": "Jira", "github": "GitHub"}
SLACK = ("slack", "")
"""Slack as a whole: the limit of another channel delays nothing here."""


def action(name: str) -> str:
    """The action id of a button."""
    return f"subscription_{name}"


def entries(kept: Sequence[Kept]) -> list[BlockDict]:
    """The blocks that list subscriptions."""
    blocks = [block for one in kept[:MOST] for block in _entry(one)]
    more = len(kept) - MOST
    return [*blocks, *([context(f"and {more} more, which the REST API lists")] if more > 0 else [])]


def waits(service: str, paused: Sequence[Pause]) -> list[BlockDict]:
    """What delays a channel's news of a service, if anything does."""
    late = [one for one in paused if one.service.partition("@")[0] == service or (one.service, one.calls) == SLACK]
    return [context(*(f":hourglass: {_late(one)}" for one in late[:5]))] if late else []


def _late(pause: Pause) -> str:
    name, _, site = pause.service.partition("@")
    who = SPELLED[name] + (f" ({escape(site)})" if site else "")
    why = "does not answer" if pause.silent else "asked me to wait"
    return f"{who} {why}. I ask again {_when(pause.until)}; what needs it comes afterwards."


def listing(kept: Sequence[Kept], said: str = "") -> Message:
    """The list anew after a button was pressed; `said` is what came of that."""
    text = said or "This channel hears of:"
    nothing = [section("This channel has no subscriptions. `/jira subscribe …` or `/github subscribe …` adds one.")]
    return Message(text, [*([section(said)] if said else []), *(entries(kept) or nothing)])


def _entry(kept: Kept) -> list[BlockDict]:
    named = f"  ·  _{escape(kept.name).replace('_', ' ')}_" if kept.name else ""
    head = f"*{escape(kept.source)}*{named}\n{escape(_events(kept), 600)}{_terms(kept)}"
    again = "resume" if kept.paused else "pause"
    removal = button("Remove", action("remove"), str(kept.id), style="danger") | {"confirm": _sure(kept)}
    return [
        section(head),
        context(*_facts(kept)),
        actions(
            button("Edit", action("edit"), str(kept.id)),
            button(again.title(), action(again), str(kept.id)),
            button("Test", action("test"), str(kept.id)),
            removal,
        ),
    ]


def _events(kept: Kept) -> str:
    return "everything" if "all" in kept.events else ", ".join(kept.events)


def _terms(kept: Kept) -> str:
    said = [_term(name, value) for name, value in kept.filters.items() if value not in ([], {})]
    manner = kept.manner
    said += [f"style: {manner.style}"] if manner.style != "full" else []
    said += ["told in the channel"] if manner.thread in ("channel", "off") else []
    said += ["what ends it is told in the channel too"] if manner.thread == "on" else []
    said += ["shown by reactions only"] if manner.reactions else []
    said += [] if manner.replies else ["replies stay in Slack"]
    said += [f"also in the channel: {', '.join(manner.broadcast)}"] if manner.broadcast else []
    if manner.quiet_hours:
        said.append("quiet {from}-{to} {timezone}".format(**manner.quiet_hours))
    return "".join(f"\n• {escape(line, 300)}" for line in said)


def _term(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return _FLAGS.get((name, value)) or f"{name.replace('_', ' ')}: {'yes' if value else 'no'}"
    name = _NAMES.get(name) or name.replace("_", " ")
    if isinstance(value, list):
        return f"{name}: {', '.join(map(str, value))}"  # pyright: ignore[reportUnknownArgumentType]
    if not isinstance(value, Mapping):
        return f"{name}: {value}"
    given: Mapping[str, Any] = value  # pyright: ignore[reportUnknownVariableType]
    words = {"any": "one of", "all": "all of", "none": "none of"}
    parts = [f"{words[how]} {', '.join(map(str, given[how]))}" for how in words if given.get(how)]
    if given.get("empty") is not None:
        parts.append("empty" if given["empty"] else "not empty")
    return f"{name}: {', '.join(parts)}"


_FLAGS = {
    ("bots", False): "nothing that programs do", ("bots", True): "what programs do too",
    ("draft", False): "no drafts", ("draft", True): "drafts too",
    ("only_changes", True): "runs and checks only when red follows green, or green red",
    ("only_changes", False): "runs and checks however the one before ended",
}  # fmt: skip
_NAMES = {
    "teams": "author's team", "repository_teams": "team of the repository",
    "base": "into the branches", "head": "from the branches", "paths": "files", "owners": "owners of the files",
    "actions": "only when it is", "conclusions": "runs and checks that end as", "states": "states of deployments",
    "jql": "JQL",
}  # fmt: skip
"""What people call the filters; those that are not here go by their own names."""


def _facts(kept: Kept) -> list[str]:
    maker = _person(kept.created_by)
    said = [f"made by {maker}", _passed(kept.last_passed_at)]
    if kept.paused:
        by = f" by {_person(kept.paused_by)}" if kept.paused_by else ""
        said.append(f":double_vertical_bar: paused{by}: {escape(kept.paused, 255)}")
    if kept.trouble:
        said.append(f":warning: {escape(kept.trouble, 255)}")
    if kept.last_held_at is not None and (kept.last_passed_at is None or kept.last_held_at > kept.last_passed_at):
        said.append(f"last held back {_when(kept.last_held_at)}: {escape(kept.last_held, 255)}")
    return said


def _passed(moment: datetime | None) -> str:
    return f"last passed something {_when(moment)}" if moment else "has passed nothing yet"


def _person(who: str) -> str:
    return f"<@{who.rpartition('/')[2]}>" if "/" in who else "the REST API"


def _when(moment: datetime | None) -> str:
    if moment is None:
        return ""
    return f"<!date^{int(moment.timestamp())}^{{date_short_pretty}} {{time}}|{moment:%Y-%m-%d %H:%M} UTC>"


def _sure(kept: Kept) -> BlockDict:
    def plain(words: str) -> BlockDict:
        return {"type": "plain_text", "text": words}

    return {
        "title": plain("Remove this subscription?"),
        "text": plain(f"This channel will not hear of {kept.source[:100]} by it any more."),
        "confirm": plain("Remove"), "deny": plain("Keep"),
    }  # fmt: skip
