"""What changed in an issue, in words: Jira's changelog without the entries that mean nothing to a reader."""

from adapters.jira.event import Change, changes
from bot.message import one_line, strong
from bot.payload import Payload

VALUE_LIMIT = 100
CHANGES_SHOWN = 10

MARKER_PREFIX = "connect-"
"""Labels that connect sets to find its own issues again; they are shown nowhere."""

NOISE = frozenset({
    "comment", "issueparentassociation", "project", "timeestimate", "timeoriginalestimate", "timespent",
    "worklogtimespent",
})  # fmt: skip
"""Fields, in lower case, that a reader of the changes does not miss: `comment` quotes comments that may be restricted,
the new key of a moved issue names its project, times are bare seconds."""

TITLES = {
    "issuetype": "Type",
    "duedate": "Due date",
    "fixVersions": "Fix version",
    "versions": "Affects version",
    "fix version": "Fix version",
    "version": "Affects version",
}

PERSONS = frozenset({"assignee", "reporter"})
TEXTS = frozenset({"description", "environment"})


def change_sentence(payload: Payload, by: str) -> str:
    """Who changed what from what to what: a sentence for one change, a list for several, empty for none."""
    shown = shown_changes(payload)
    if not shown:
        return ""
    if len(shown) == 1:
        return f"{by} changed the {shown[0].id}" if shown[0].id in TEXTS else f"{by} changed {_words(shown[0])}"
    lines = [f"• {_words(change)}" for change in shown[:CHANGES_SHOWN]]
    more = len(shown) - CHANGES_SHOWN
    return "\n".join([f"{by} changed:", *lines, *([f"and {more:,} more"] if more > 0 else [])])


def work_sentence(payload: Payload, by: str) -> str:
    """Who logged how much time; empty if nobody did. Jira tells of it as of a change of the time spent, in seconds."""
    for change in changes(payload):
        if change.id.casefold() == "timespent":
            seconds = _seconds(change.after) - _seconds(change.before)
            return f"{by} {'logged' if seconds > 0 else 'took back'} {duration(abs(seconds))}" if seconds else ""
    return ""


def duration(seconds: int) -> str:
    """`1h 30m`."""
    minutes = seconds // 60
    parts = [f"{minutes // 60}h" if minutes >= 60 else "", f"{minutes % 60}m" if minutes % 60 or minutes < 60 else ""]
    return " ".join(part for part in parts if part)


def _seconds(value: str) -> int:
    return int(value) if value.isascii() and value.isdecimal() and len(value) < 12 else 0


def shown_changes(payload: Payload) -> list[Change]:
    """The changes that mean something to a reader."""
    return [change for change in changes(payload) if _matters(change)]


def _matters(change: Change) -> bool:
    if {change.field.lower(), change.id.lower()} & NOISE:
        return False
    return change.id != "labels" or _labels(change.before) != _labels(change.after)


def _words(change: Change) -> str:
    before, after = _value(change, change.before), _value(change, change.after)
    title = strong(TITLES.get(change.id) or change.field[:1].upper() + change.field[1:], 60) or "a field"
    if change.id in TEXTS or _long(before) or _long(after) or before == after:
        return title
    nothing = "_nobody_" if change.id in PERSONS else "_none_"
    return f"{title}: {one_line(before, VALUE_LIMIT) or nothing} → {one_line(after, VALUE_LIMIT) or nothing}"


def _value(change: Change, value: str) -> str:
    return " ".join(_labels(value)) if change.id == "labels" else value.strip()


def _labels(value: str) -> list[str]:
    return [label for label in value.split() if not label.startswith(MARKER_PREFIX)]


def _long(value: str) -> bool:
    return len(value) > VALUE_LIMIT or "\n" in value
