"""A digest: the pull requests that wait for a review, with their age. Pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.message import BlockDict, Message, context, escape, link, one_line, section
from bot.renderers.github_parts import moment
from bot.renderers.parts import listing, person, phrase, plural

SHOWN = 20
_IN_A_BLOCK = 2900
"""In characters; Slack takes 3000."""
DAY = 24 * 3600


def digest(
    waiting: Sequence[Mapping[str, Any]], *, mine: bool, target: int, now: datetime, missed: Sequence[str] = ()
) -> Message:
    """What waits, what waits the longest first; what has waited for longer than `target` days (0: no matter) is marked.

    `waiting` holds what `adapters.github.reviews.Waiting` does, `missed` is what could not be asked, in words.
    """
    ordered = sorted(waiting, key=lambda one: (_since(one), one["repository"], one["number"]))
    late = [one for one in ordered if target and _age(one, now) > target * DAY]
    heading = _heading(len(ordered), len(late), mine=mine, target=target)
    lines = [_line(one, now, late=one in late) for one in ordered[:SHOWN]]
    blocks: list[BlockDict] = [section(heading), *_sections(lines)]
    small = [f"and {len(ordered) - SHOWN} more"] if len(ordered) > SHOWN else []
    small += missed
    return Message("\n".join([heading, *lines]), [*blocks, *([context(*small)] if small else [])])


def missed(unseen: Sequence[str], left_out: int, *, sure: bool) -> list[str]:
    """What was not looked at, for the small print; unless `sure`, some of it may be secret, and is not counted."""
    said = [f"I could not look at {listing(unseen, escape)}."] if unseen else []
    many = f"{left_out:,}" if sure else "some"
    rest = (
        f"There were {many} more repositories than I can look at: name the ones that matter, `/github remind here …`."
    )
    return [*said, rest] if left_out else said


def nothing(*, mine: bool, missed: Sequence[str] = ()) -> Message:
    """What a weekly digest says where nothing waits."""
    said = "Nothing waits for your review. :tada:" if mine else "No pull request waits for a review. :tada:"
    return Message(said, [section(said), *([context(*missed)] if missed else [])])


def _sections(lines: Sequence[str]) -> list[BlockDict]:
    """The lines in as few blocks as Slack takes them."""
    parts: list[list[str]] = []
    for line in lines:
        if not parts or sum(len(each) + 1 for each in (*parts[-1], line)) > _IN_A_BLOCK:
            parts.append([])
        parts[-1].append(line)
    return [section("\n".join(part)) for part in parts]


def _heading(count: int, late: int, *, mine: bool, target: int) -> str:
    verb = "waits" if count == 1 else "wait"
    said = f"*{plural(count, 'pull request')} {verb} for {'your' if mine else 'a'} review*"
    return said + (f", {late:,} of them for more than {plural(target, 'day')}" if late else "")


def _line(one: Mapping[str, Any], now: datetime, *, late: bool) -> str:
    label = f"{one['repository']}#{one['number']} {one['title'] or 'Untitled'}".replace("*", "∗")
    by = phrase(" by", person(one["author"]))
    asked = phrase(", waits for", listing(one["reviewers"], lambda name: one_line(name, 40)))
    begun = "review asked for" if one["asked"] else "opened"
    return f"{':alarm_clock:' if late else '•'} {link(one['url'], label, 150)}{by}, {begun} {_ago(one, now)}{asked}"


def _age(one: Mapping[str, Any], now: datetime) -> float:
    """In seconds."""
    begun = moment(_since(one))
    return max(now.timestamp() - begun, 0) if begun is not None else 0


def _since(one: Mapping[str, Any]) -> str:
    """When the review was asked for, or else when the pull request was opened: it did not wait for longer."""
    return one["asked"] or one["opened"]


def _ago(one: Mapping[str, Any], now: datetime) -> str:
    hours = int(_age(one, now) // 3600)
    if hours < 1:
        return "within the last hour"
    return f"{plural(hours, 'hour')} ago" if hours < 24 else f"{plural(hours // 24, 'day')} ago"
