"""By which names a subscription may select what happened to an issue: one event of Jira may go by several of them."""

from adapters.jira.event import Change, changes
from bot.message import clean
from bot.payload import Payload, text

COMMENTED = {"created": "comment_created", "edited": "comment_edited"}
_PLAIN = {"status": "status", "assignee": "assignee", "priority": "priority"}
_FIELDS = {
    "attachment": "attachments", "sprint": "sprints", "fixversions": "versions", "versions": "versions",
    "fix version": "versions", "version": "versions", "timespent": "worklogs", "worklogtimespent": "worklogs",
}  # fmt: skip
_NAMED = {"issue_resolved": "resolved", "issue_closed": "resolved", "issue_reopened": "reopened"}
"""What Data Center says besides in `issue_event_type_name`, also where a workflow sets no resolution."""


def topics(payload: Payload, feature: str, commented: str = "") -> frozenset[str]:
    """The names of an event, in lower case: its feature, what changed (`status`, `status:done`, `field:labels`), …

    `commented` says what happened to a comment: `created`, `edited`.
    """
    names = {feature}
    if commented:
        names |= {"commented", COMMENTED[commented]}
    if feature != "updated":
        return frozenset(names)
    for change in changes(payload):
        names |= _of(change)
    if text(payload, "issue_event_type_name") in _NAMED:
        names.add(_NAMED[text(payload, "issue_event_type_name")])
    return frozenset(names)


def _of(change: Change) -> set[str]:
    ident, name = clean(change.id).casefold(), clean(change.field).casefold()
    found = {f"field:{ident}", f"field:{name}"}
    for known in (ident, name):
        found |= {table[known] for table in (_PLAIN, _FIELDS) if known in table}
    if ident == "status":
        found.add(f"status:{clean(change.after).strip().casefold()}")
    if ident == "resolution" and bool(change.before) != bool(change.after):
        found.add("resolved" if change.after else "reopened")
    return found
