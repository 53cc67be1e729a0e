"""Comments of Jira and GitHub in threads of Slack: one reply for each comment and channel.

It follows edits and deletion. The promise kept here: whatever the order in which events come, and however often, a
thread ends with the comment's last text, or without it. So an edit that comes before the creation posts the reply,
under the creation's key; a deletion is remembered by its own row; and a reply that shows a newer state is left alone.
"""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from sqlalchemy import Connection

from bot.comment_ids import service_of
from bot.flows import talking
from bot.flows.plan import Consequences, NotYet, to_slack
from bot.message import Message, section, strong
from bot.operations.comments import post_key, post_prefix
from bot.renderers.news import CommentNews, News
from storage import history, mappings
from storage.integrations import Integration, NewIntegration
from storage.mappings import NewMapping

AUTHOR = "author"
"""The type of the mapping between a comment that connect wrote for somebody and that person; `name` is what they are
called in Slack."""


def shown_by(news: News, instead: str = "") -> dict[str, Any]:
    """What the row carries that posts the reply: the comment, and which state of it the reply shows.

    `instead` is what is left where the comment is gone and its message has to stay, since a thread begins with it.
    """
    comment = news.comment
    if comment is None or comment.kind == "deleted":
        return {}
    # Files wait for a comment that only some may see, and so for one that all may see since an edit.
    awaited = {"awaited": True} if news.facts.restricted or comment.kind == "edited" else {}
    return {"comment": {"id": comment.id, "version": comment.version, "instead": instead, **awaited}}


def told(
    connection: Connection, comment: CommentNews, line: NewIntegration, *, begun_by: str, written_here: bool
) -> list[NewIntegration]:
    """The row that shows this state of a comment in a thread: `line`, which posts it, or an edit of what is posted.

    Where the comment was written as a reply, nothing more shows it, unless somebody has edited it over there since;
    what shows that says so once the reply's own words have taken its place.
    `begun_by` is the key of the row that began the thread, if that was with this comment.
    """
    order = _order(connection, comment.id, line.payload["channel"], begun_by)
    if order is None:
        return [] if written_here else [line]
    if comment.kind == "created":
        return [] if begun_by else [line]
    return [_edit(comment, _replaced(connection, comment, line) if written_here else line, order)]


def followed(connection: Connection, comment: CommentNews, line: NewIntegration) -> list[NewIntegration]:
    """The edit of the reply that shows a comment, if there is one."""
    order = _order(connection, comment.id, line.payload["channel"])
    return [_edit(comment, line, order)] if order and comment.kind == "edited" else []


def _replaced(connection: Connection, comment: CommentNews, line: NewIntegration) -> NewIntegration:
    """The words that stand where an edit by others was shown, once the author has edited the reply itself."""
    name = next((one.extra["name"] for one in written_as(connection, comment.id) if one.extra.get("name")), "Somebody")
    there = "on GitHub" if service_of(comment.id) == "github" else "in Jira"
    text = f"{strong(name, 60)} has edited their reply: it replaced what others had made of the comment {there}."
    return replace(line, payload={**line.payload, "text": text, "blocks": [section(text)]})


def _edit(comment: CommentNews, line: NewIntegration, order: str) -> NewIntegration:
    channel = line.payload["channel"]
    payload = {"channel": channel, "comment": comment.id, "version": comment.version}
    key = f"comment:{comment.id}:edited:{comment.version}:{channel}"
    cause = {"source_service": line.source_service, "event_type": line.event_type, "source_id": line.source_id}
    words = Message(line.payload["text"], line.payload["blocks"])
    return to_slack("edit_reply", key, order, cause, channel, payload, words)


def hidden(
    connection: Connection, comment: CommentNews, channel: str, issue: str, cause: Mapping[str, str]
) -> list[NewIntegration]:
    """A comment that only some may see from now on leaves the channel with its files; one never there stays out."""
    if _order(connection, comment.id, channel) is None:
        return []
    gone = _withdrawn(connection, comment.id, channel, cause, f"restricted:{comment.version}")
    key, order = f"comment:{comment.id}:hides:{comment.version}:{channel}", f"{channel}:{issue}:files"
    return [gone, to_slack("hide_files", key, order, cause, channel, {"channel": channel, "issue": issue})]


def deleted(connection: Connection, comment_id: str, cause: Mapping[str, str]) -> tuple[NewIntegration, ...]:
    """Delete the replies that show a comment; where there are none, the row that says so is what is remembered."""
    channels = sorted(shown_in(connection, comment_id)) or [""]
    return tuple(_withdrawn(connection, comment_id, channel, cause, "deleted") for channel in channels)


def shown_in(connection: Connection, comment_id: str) -> set[str]:
    """The channels (`team/channel`) in which a reply shows the comment, or is about to.

    Raises `NotYet` while Jira is asked whether some channel is told of the comment: it may be posted after that.
    """
    asked = history.with_prefix(connection, f"comment:{comment_id}:")
    if any(row.operation in ("read_issue", "tell") and row.status == "pending" for row in asked):
        raise NotYet("Jira is just being asked about the comment's issue")
    start = post_prefix(comment_id)
    posts = {row.key.removeprefix(start) for row in asked if row.key.startswith(start)}
    return posts | {reply.id.rpartition("/")[0] for reply in replies_of(connection, comment_id)}


def _withdrawn(
    connection: Connection, comment_id: str, channel: str, cause: Mapping[str, str], why: str
) -> NewIntegration:
    key = f"comment:{comment_id}:{why}:{channel}"
    order = _order(connection, comment_id, channel) or key
    return to_slack("delete_reply", key, order, cause, channel, {"channel": channel, "comment": comment_id})


def is_deleted(connection: Connection, comment_id: str) -> bool:
    """Whether Jira told already that the comment is gone: what comes after that came too late."""
    return bool(history.with_prefix(connection, f"comment:{comment_id}:deleted:"))


def replies_of(connection: Connection, comment_id: str) -> list[mappings.Found]:
    """The replies of connect's that show a comment written in Jira or on GitHub."""
    service = service_of(comment_id)
    found = mappings.other_ends(connection, "comment", service, comment_id, "slack")
    return [reply for reply in found if reply.source_service == service]


def written_as(connection: Connection, comment_id: str) -> list[mappings.Found]:
    """The replies of people that became this comment."""
    ends = mappings.other_ends(connection, "comment", service_of(comment_id), comment_id, "slack")
    return [reply for reply in ends if reply.source_service == "slack"]


def wrote(row: Integration, resource: str, comment_id: str, name: str, told: Consequences) -> Consequences:
    """Besides what else follows: a comment is the person's who asked for it, whichever account wrote it.

    Threads show it under their name, and the one in the channel that they asked in hears the answers.
    """
    by, extra = row.payload["requester"] or row.payload["team"], {"issue": resource, "name": name}
    made = NewMapping(AUTHOR, "slack", by, row.target_service, comment_id, "", extra)
    joined = partial(talking.join, row, resource)
    return replace(told, mappings=(*told.mappings, made), later=joined)


def author_of(connection: Connection, comment_id: str, resource: str, *, may_be_ours: bool = True) -> str:
    """The name of the person in Slack who wrote a comment by way of connect; empty if nobody did.

    Raises `NotYet` while it `may_be_ours` and connect is just writing one.
    """
    service = service_of(comment_id)
    # Asked before the mapping is looked for: that is written when the call is judged.
    unjudged = may_be_ours and any(
        history.in_flight(connection, f"{service}:{resource}", operation) for operation in ("add_comment", "comment")
    )
    found = mappings.other_ends(connection, AUTHOR, service, comment_id, "slack")
    found = found or written_as(connection, comment_id)
    if unjudged and not found:
        raise NotYet("a comment of connect's on this issue is not judged yet")
    return str(found[0].extra.get("name", "")) if found else ""


def _order(connection: Connection, comment_id: str, channel: str, begun_by: str = "") -> str | None:
    """The ordering key behind which the reply is posted, without `slack:`; None if nothing shows the comment."""
    post = history.with_key(connection, begun_by or post_key(comment_id, channel))
    if post is not None:
        return str(post.ordering_key).removeprefix("slack:")
    # Rows are forgotten after a time, what belongs together is not.
    replies = [reply for reply in replies_of(connection, comment_id) if reply.id.startswith(f"{channel}/")]
    return f"comment:{comment_id}:{channel}" if replies else None
