"""Somebody deleted the comment, in Jira or on GitHub, that a reply in Slack had become.

The promise kept here: neither that nor an edit of the reply that therefore reaches nobody is passed over in silence. No
new comment is made of it, since whoever deleted the first one meant to; its author may write a new reply.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from bot.comment_ids import service_of
from bot.flows import comments, posted, replies
from bot.flows.plan import Consequences, to_slack
from bot.flows.tell import tell
from bot.flows.tickets import cause_of
from bot.message import Message, escape, section, strong
from bot.operations.comments import THERE
from bot.renderers.news import News
from storage import history, mappings
from storage.integrations import Integration, NewIntegration


def told(connection: Connection, comment_id: str, news: News, cause: Mapping[str, str]) -> list[NewIntegration]:
    """Tell the threads in which a deleted comment stands as somebody's reply, unless connect deleted it for them."""
    rows = list[NewIntegration]()
    for reply in comments.written_as(connection, comment_id):
        if reply.extra.get("deleted") or _asked_for(connection, reply.id, service_of(comment_id)):
            continue
        mappings.add_extra(connection, reply.row_id, {"deleted": THERE})
        rows += _told(connection, reply, news, cause)
    return rows


def _asked_for(connection: Connection, place: str, service: str) -> bool:
    """Whether connect was to delete the comment, since its author deleted the reply or marked it as private."""
    deletion = history.with_key(connection, replies.key_of(service, place, "delete_comment"))
    edits = history.with_prefix(connection, replies.key_of(service, place, "edit_comment:"))
    asked = [row for row in (deletion, *edits) if row is not None and row.operation == "delete_comment"]
    return any(row.status != "failed" for row in asked)


def _told(connection: Connection, reply: mappings.Found, news: News, cause: Mapping[str, str]) -> list[NewIntegration]:
    service, channel = cause["source_service"], reply.id.rpartition("/")[0]
    thread = _thread_of(connection, reply, service)
    if not thread:
        return []
    whose = f"{strong(reply.extra.get('name') or 'Somebody', 60)}’s reply here"
    # Jira tells whose comment it was, and not who deleted it.
    known = news.actor if service == "github" else ""
    by = f"{strong(known, 60)} deleted it there" if known else "it was deleted there"
    text = f"{whose} is no comment {replies.SERVICES[service]} any more: {by}."
    where = {"channel": channel, "thread_ts": thread.rpartition("/")[2]}
    key, order = f"{reply.id}:{service}:gone", f"{channel}:{news.resource}"
    said = Message(text, [section(f":wastebasket: {text}")])
    return [to_slack("post_message", key, order, cause, channel, where, said)]


def _thread_of(connection: Connection, reply: mappings.Found, service: str) -> str:
    """The thread (`team/channel/ts`) that a reply stands in; empty if it is closed, or not known any more."""
    channel = reply.id.rpartition("/")[0]
    known = mappings.threads_of(connection, service, str(reply.extra.get("issue", "")), "")
    here = [one.id for one in known if one.id.startswith(f"{channel}/") and not one.extra.get("closed")]
    written = history.with_key(connection, replies.key_of(service, reply.id, "add_comment"))
    thread = history.payload_of(written).get("thread", "") if written is not None else ""
    return thread if thread in here else next(iter(here), "")


def edit_made(row: Integration, data: Mapping[str, Any]) -> Consequences:
    """The comment says what its reply says by now; if it is gone, the reply's author learns it."""
    if not data.get("gone"):
        return posted.edited(row, data)
    there, key = replies.SERVICES[row.target_service], f"{row.payload['place']}:{row.target_service}:edited in vain"
    text = (
        f"Your edit stays in Slack: the comment {there} that your reply had become, in {escape(row.payload['issue'])}, "
        "was deleted there. Write a new reply to say it again."
    )
    answer = tell(row.payload, key, cause_of(row), Message(text, [section(f":information_source: {text}")]))
    made = posted.edited(row, data)
    return Consequences(integrations=(answer,) if answer else (), notes=made.notes)
