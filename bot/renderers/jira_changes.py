"""What changed in an issue, in words: Jira's changelog without the entries that mean nothing to a reader."""

from collections.abc import Callable, Mapping, Sequence

from adapters.jira.event import Change, actor, changes
from bot.message import link, one_line, strong
from bot.payload import Payload, number, objects, text
from bot.renderers.news import Attached
from bot.renderers.parts import phrase, who

VALUE_LIMIT = 100
CHANGES_SHOWN = 10

MARKER_PREFIX = "connect-"
"""Labels that connect sets to find its own issues again; they are shown nowhere."""

KEY, DOER, WHY = "connect", "doer", "why"
"""What connect itself knows is beneath this key of a payload: the name of the person in Slack at whose wish its account
did what the event tells of, and why it did."""

NOISE = frozenset({"comment", "issueparentassociation", "project", "timeestimate", "worklogtimespent"})
"""Fields, in lower case, that a reader of the changes does not miss: `comment` quotes comments that may be restricted,
the new key of a moved issue names its project, the remaining time goes down as time is logged, and the parent is told
by `Parent` or `Epic Link`; where it is not, see `_matters`."""
PARENTS = frozenset({"parent", "epic link", "parent link"})

TITLES = {
    "issuetype": "Type",
    "duedate": "Due date",
    "fixVersions": "Fix version",
    "versions": "Affects version",
    "fix version": "Fix version",
    "version": "Affects version",
    "issueparentassociation": "Parent",
    "timeoriginalestimate": "Original estimate",
}

PERSONS = frozenset({"assignee", "reporter"})
TEXTS = frozenset({"description", "environment"})
TIMES = frozenset({"timeoriginalestimate"})


def change_sentence(payload: Payload, by: str) -> str:
    """Who changed what from what to what: a sentence for one change, a list for several, empty for none."""
    shown, files = shown_changes(payload), {file.id: file.url for file in attachments(payload)}
    why = phrase(",", one_line(text(payload, KEY, WHY), 200))
    if not shown:
        return ""
    if len(shown) == 1:
        return f"{by} {_did(shown[0], files)}{why}"
    if all(change.id in DEEDS for change in shown):
        return "\n".join(f"{by} {_did(change, files)}" for change in shown[:CHANGES_SHOWN])
    lines = [f"• {_did(change, files) if change.id in DEEDS else _words(change)}" for change in shown[:CHANGES_SHOWN]]
    more = len(shown) - CHANGES_SHOWN
    return "\n".join([f"{by} changed{why}:", *lines, *([f"and {more:,} more"] if more > 0 else [])])


def doer(payload: Payload) -> str:
    """Who did it, in bold: the person in Slack at whose wish connect's account did, if it is known."""
    return who(text(payload, KEY, DOER) or actor(payload)[0])


def shown_changes(payload: Payload) -> list[Change]:
    """The changes that mean something to a reader."""
    found = changes(payload)
    return [change for change in found if _matters(change, found)]


def moved(payload: Payload) -> bool:
    """Whether the issue got another key."""
    return any(change.id == "key" for change in changes(payload))


def attachments(payload: Payload) -> tuple[Attached, ...]:
    """The files that were added, as the issue shows them: its changelog tells their ids."""
    added = {change.new for change in changes(payload) if change.id == "attachment" and change.new}
    return tuple(file for file in all_attachments(payload) if file.id in added) if added else ()


def all_attachments(payload: Payload) -> tuple[Attached, ...]:
    """All files of an issue, as a new one shows those that it was created with."""
    return tuple(
        Attached(
            text(each, "id"), text(each, "filename"), number(each, "size") or 0, text(each, "content"),
            text(each, "mimeType"),
        )
        for each in objects(payload, "issue", "fields", "attachment")
        if text(each, "id")
    )  # fmt: skip


def _matters(change: Change, among: Sequence[Change]) -> bool:
    if change.id == "issueparentassociation":
        # The values are keys on some servers and bare numbers on others, which say nothing.
        told = any(other.field.lower() in PARENTS for other in among)
        return not told and not (change.before + change.after).isdecimal()
    if {change.field.lower(), change.id.lower()} & NOISE:
        return False
    if change.id == "timespent":
        return _seconds(change.old) != _seconds(change.new)
    return change.id != "labels" or _labels(change.before) != _labels(change.after)


def _did(change: Change, files: Mapping[str, str]) -> str:
    """What somebody did, as the rest of a sentence that begins with them; `files` are the addresses of new files."""
    if change.id in DEEDS:
        return DEEDS[change.id](change, files)
    return f"changed the {change.id}" if change.id in TEXTS else f"changed {_words(change)}"


def _attached(change: Change, files: Mapping[str, str]) -> str:
    if change.after or change.new:
        return f"attached {link(files.get(change.new, ''), change.after or 'a file', VALUE_LIMIT)}"
    return f"removed the attachment {one_line(change.before, VALUE_LIMIT) or 'a file'} from Jira"


def _linked(change: Change, _: Mapping[str, str]) -> str:
    """`This issue blocks OPS-2` is how Jira says it."""
    said = one_line(change.after or change.before, VALUE_LIMIT) or "another issue"
    return f"added the link “{said}”" if change.after else f"removed the link “{said}”"


def _logged(change: Change, _: Mapping[str, str]) -> str:
    spent = _seconds(change.new) - _seconds(change.old)
    total = f" ({duration(_seconds(change.new))} in all)" if _seconds(change.old) else ""
    return f"logged {duration(spent)}{total}" if spent > 0 else f"took back {duration(-spent)} of logged work{total}"


DEEDS: dict[str, Callable[[Change, Mapping[str, str]], str]] = {
    "attachment": _attached,
    "link": _linked,
    "timespent": _logged,
}
"""Changes that are told by what somebody did, by the field's id."""


def duration(seconds: int) -> str:
    """`1h 30m`; Jira's own days and weeks depend on its settings."""
    hours, minutes = divmod(max(seconds, 0) // 60, 60)
    return " ".join(part for part in (f"{hours:,}h" if hours else "", f"{minutes}m" if minutes else "") if part) or "0m"


def _seconds(value: str) -> int:
    return int(value) if value.isascii() and value.isdecimal() and len(value) < 15 else 0


def _words(change: Change) -> str:
    before, after = _value(change, change.before), _value(change, change.after)
    title = strong(TITLES.get(change.id) or change.field[:1].upper() + change.field[1:], 60) or "a field"
    if change.id in TEXTS or _long(before) or _long(after) or before == after:
        return title
    nothing = "_nobody_" if change.id in PERSONS else "_none_"
    return f"{title}: {one_line(before, VALUE_LIMIT) or nothing} → {one_line(after, VALUE_LIMIT) or nothing}"


def _value(change: Change, value: str) -> str:
    if change.id in TIMES:
        return duration(_seconds(value)) if value else ""
    return " ".join(_labels(value)) if change.id == "labels" else value.strip()


def _labels(value: str) -> list[str]:
    return [label for label in value.split() if not label.startswith(MARKER_PREFIX)]


def _long(value: str) -> bool:
    return len(value) > VALUE_LIMIT or "\n" in value
