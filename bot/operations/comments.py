"""Calls by which a comment and its reply follow each other's edits and deletions. All of them may simply be repeated.

Each looks up at the last moment what belongs together and which state the far side shows, and leaves a newer one alone.
"""

from typing import Any

from adapters.errors import NotFound
from adapters.jira.client import JiraClient
from bot.comment_ids import service_of
from bot.operations.accounts import entitled
from bot.operations.base import Effect, Operation
from bot.operations.hearers import withheld
from bot.operations.links import own_jira
from bot.operations.mentions import for_jira
from bot.operations.outsiders import kept_in_slack
from bot.operations.room import within
from bot.operations.sites import jira_of
from bot.operations.slack import bare, is_withdrawn, slack_of
from bot.operations.words import signed_words
from bot.services import Services
from storage import history, mappings
from storage.integrations import Integration

_NOT_MIRRORED = "nothing over there belongs to it"
_NEWER = "a newer state is shown already"
_GONE = "it was deleted"
THERE = "there"
"""What is noted of a comment as `deleted` if it was not connect that deleted it."""


def _edit_comment(services: Services, row: Integration) -> Effect:
    """Set the text of the comment that a reply became."""
    payload = row.payload
    comment = comment_of(services, payload["place"], "jira")
    skipped = skip(comment, "edited", payload["version"])
    if comment is None or skipped:
        return not_edited(comment, skipped)
    if nothing := kept_in_slack(services, payload):
        return nothing
    issue = comment.extra.get("issue") or payload["issue"]
    jira, key = jira_of(services, issue)
    writer = _writer(services, payload, comment, jira)
    words = within(services, jira, payload, signed_words(services, payload, named=not comment.extra.get("own")))
    mentions = for_jira(services, jira, words, payload["team"])
    try:
        if writer is jira:
            entitled(services, payload["author"], issue, "ADD_COMMENTS")
        written = writer.edit_comment(key, bare_id(comment), words, mentions)
    except NotFound:
        return Effect(comment.id, data={**note(comment, deleted=THERE), "gone": True})
    return Effect(comment.id, data=note(comment, edited=payload["version"], updated=written.updated))


def _delete_comment(services: Services, row: Integration) -> Effect:
    """Delete the comment that a reply became."""
    comment = comment_of(services, row.payload["place"], "jira")
    skipped = skip(comment)
    if comment is None or skipped:
        return Effect("", data={"skipped": skipped})
    jira, key = jira_of(services, comment.extra.get("issue") or row.payload["issue"])
    _writer(services, row.payload, comment, jira).delete_comment(key, bare_id(comment))
    return Effect(comment.id, data=note(comment, deleted="yes"))


def _writer(services: Services, payload: dict[str, Any], comment: mappings.Found, jira: JiraClient) -> JiraClient:
    """Whoever wrote the comment: its author by an account of their own, as long as it is linked, or connect."""
    own = own_jira(services, payload["author"], comment.extra["issue"]) if comment.extra.get("own") else None
    return own.jira if own else jira


def _edit_reply(services: Services, row: Integration) -> Effect:
    """Set the text of the reply that shows a comment."""
    payload = row.payload
    reply = _reply_of(services, payload)
    skipped = skip(reply, "version", payload["version"])
    if reply is None or skipped:
        return Effect("", data={"skipped": skipped})
    silent = withheld(services, slack_of(services), row)
    if silent is not None:
        return silent
    channel, ts = _where(reply)
    try:
        slack_of(services).update_message(channel, ts, payload["text"], payload["blocks"])
    except NotFound as error:
        if error.code != "message_not_found":
            raise
        return Effect(ts, reply.id, note(reply, deleted="yes"))
    return Effect(ts, reply.id, note(reply, version=payload["version"]))


def _delete_reply(services: Services, row: Integration) -> Effect:
    """Delete the reply that shows a comment, or its words where a thread begins with it."""
    reply = _reply_of(services, row.payload)
    skipped = skip(reply)
    if reply is None or skipped:
        return Effect("", data={"skipped": skipped})
    channel, ts = _where(reply)
    if reply.extra.get("instead"):
        slack_of(services).update_message(channel, ts, reply.extra["instead"], [])
    else:
        slack_of(services).delete_message(channel, ts)
    return Effect(ts, reply.id, note(reply, deleted="yes"))


def post_key(comment_id: str, channel: str) -> str:
    """The key of the row that brings a comment into a channel, in whichever state."""
    return f"{post_prefix(comment_id)}{channel}"


def post_prefix(comment_id: str) -> str:
    """What the keys of the rows that bring a comment into channels begin with."""
    return f"comment:{comment_id}:created:post_message:"


def is_told(services: Services, comment_id: str, channel: str) -> bool:
    """Whether a channel (`team/channel`) is or will be told of a comment of Jira's."""
    with services.database.read() as connection:
        post = history.with_key(connection, post_key(comment_id, channel))
        known = mappings.other_ends(connection, "comment", "jira", comment_id, "slack")
        gone = is_withdrawn(connection, comment_id, channel)
    told = [one for one in known if one.id.startswith(f"{channel}/") and not one.extra.get("deleted")]
    return not gone and (bool(told) or (post is not None and post.status == "pending"))


def comment_of(services: Services, place: str, service: str) -> mappings.Found | None:
    """The comment that a reply (`team/channel/ts`) became in this service."""
    with services.database.read() as connection:
        found = mappings.other_ends(connection, "comment", "slack", place, service)
    # A reply that was private for a while has two comments behind it; the first of them is deleted.
    return next((comment for comment in reversed(found) if comment.source_service == "slack"), None)


def _reply_of(services: Services, payload: dict[str, Any]) -> mappings.Found | None:
    service = service_of(payload["comment"])
    with services.database.read() as connection:
        found = mappings.other_ends(connection, "comment", service, payload["comment"], "slack")
    return next(
        (one for one in found if one.source_service == service and one.id.startswith(f"{payload['channel']}/")), None
    )


def skip(there: mappings.Found | None, name: str = "", version: str = "") -> str:
    """Why there is nothing to do (empty: there is)."""
    if there is None:
        return _NOT_MIRRORED
    if there.extra.get("deleted"):
        return _GONE
    return _NEWER if name and there.extra.get(name, "") >= version else ""


def not_edited(comment: mappings.Found | None, why: str) -> Effect:
    """The effect of an edit that sets no text; `gone` in it says that others deleted the comment before."""
    gone = comment is not None and comment.extra.get("deleted") == THERE
    return Effect("", data={"skipped": why} | ({"gone": True} if gone else {}))


def bare_id(comment: mappings.Found) -> str:
    """The comment's id as its service knows it: a row has its site's or series' name before it."""
    return comment.id.rpartition("/")[2]


def _where(reply: mappings.Found) -> tuple[str, str]:
    """Channel and ts of a reply."""
    channel, _, ts = reply.id.rpartition("/")
    return bare(channel), ts


def note(there: mappings.Found, **extra: str) -> dict[str, Any]:
    """What an effect says that is to be noted of what belongs together."""
    return {"mapping": there.row_id, "note": extra}


IN_JIRA = {
    "edit_comment": Operation(_edit_comment, idempotent=True),
    "delete_comment": Operation(_delete_comment, idempotent=True),
}
IN_SLACK = {
    "edit_reply": Operation(_edit_reply, idempotent=True),
    "delete_reply": Operation(_delete_reply, idempotent=True),
}
