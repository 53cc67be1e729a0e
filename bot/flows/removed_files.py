"""Files that leave: what was removed from an issue leaves its threads, and what a reply had brought leaves the issue.

The promise kept here: only what connect itself put somewhere is deleted there. A file that a person shared in Slack
stays in Slack, and what a person attached in Jira stays in Jira.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from adapters.errors import AdapterError
from adapters.jira.issue import Issue, Site
from bot.flows.files import upload_prefix
from bot.flows.plan import Consequences, NotYet, to_slack
from bot.flows.tickets import cause_of
from bot.message import Message, escape, section
from bot.operations.uploads import is_shown_in
from storage import history, mappings
from storage.integrations import Integration, NewIntegration

REMEDY = "An owner or admin of the workspace can delete it."


def from_jira(
    connection: Connection, site: Site, issue: Issue, removed: Mapping[str, str], cause: Mapping[str, str]
) -> list[NewIntegration]:
    """Delete what connect shows of attachments (names by bare ids) that were removed; what people shared stays.

    A file that is not on its way yet finds out for itself that Jira does not have it any more.
    """
    planned: list[NewIntegration] = []
    for ident, name in removed.items():
        attachment = site.qualified(ident)
        known = mappings.other_ends(connection, "file", "jira", attachment, "slack")
        for file in known:
            mappings.add_extra(connection, file.row_id, {"deleted": "yes"})
        shown = [file.extra["place"].rpartition("/")[0] for file in known if file.source_service == "jira"]
        orders = {channel: f"{channel}:{issue.resource}:files" for channel in shown}
        for row in history.with_prefix(connection, upload_prefix(issue.resource, ident)):
            orders[history.payload_of(row)["channel"]] = str(row.ordering_key).removeprefix("slack:")
        about = {"attachment": attachment, "issue": issue.resource, "name": name}
        planned += [
            to_slack(
                "delete_file", f"file:{attachment}:removed:{channel}", order, cause, channel,
                {"channel": channel, **about},
            )
            for channel, order in sorted(orders.items())
        ]  # fmt: skip
    return planned


def is_own(connection: Connection, site: Site, issue: Issue, removed: Mapping[str, str]) -> bool:
    """Whether connect removed these attachments itself; raises `NotYet` while that may be and is not judged yet."""
    ends = [mappings.other_ends(connection, "file", "jira", site.qualified(ident), "slack") for ident in removed]
    ours = [file for known in ends for file in known if file.source_service == "slack"]
    if len(ours) < len(removed):
        return False
    if history.tried(connection, f"jira:{issue.resource}", "delete_attachments"):
        raise NotYet("connect is just removing files from this issue")
    return all(file.extra.get("deleted") for file in ours)


def left_jira(_: Integration, data: Mapping[str, Any]) -> Consequences:
    """A deleted reply brings nothing any more, and what was deleted may be brought anew."""
    notes = tuple((int(file), {"deleted": "yes"}) for file in data["files"])
    return Consequences(notes=notes, ended=tuple(data["shares"]))


def left_slack(_: Integration, data: Mapping[str, Any]) -> Consequences:
    """What was taken away is not shown any more."""
    return Consequences(ended=tuple(data["files"]))


def not_deleted(row: Integration, error: AdapterError) -> Consequences:
    """The thread is told that a file is not in Jira any more, where connect cannot take it away."""
    return Consequences(later=lambda connection, _: _left_behind(connection, row, error))


def _left_behind(connection: Connection, row: Integration, error: AdapterError) -> list[NewIntegration]:
    channel, issue = row.payload["channel"], row.payload["issue"]
    known = mappings.other_ends(connection, "file", "jira", row.payload["attachment"], "slack")
    place = next((file.extra["place"] for file in known if is_shown_in(file, channel)), "")
    if not place:
        return []
    name = escape(row.payload["name"] or "A file", 100)
    text = f"“{name}” was removed from {escape(issue)} in Jira, but it is still here. {escape(error)} {REMEDY}"
    where = {"channel": channel, "thread_ts": place.rpartition("/")[2]}
    said = Message(text, [section(f":warning: {text}")])
    return [to_slack("post_message", f"{row.key}:refused", f"{channel}:{issue}", cause_of(row), channel, where, said)]
