"""Calls to Slack. What one person alone sees (`post_ephemeral`, `respond`) cannot be looked up: sent at most once."""

from dataclasses import replace
from typing import Any

from sqlalchemy import Connection

from adapters.errors import NotFound, Rejected, Unauthorized
from adapters.slack.client import Posted, SlackClient
from bot.operations.base import Effect, Operation, before_sending
from bot.operations.hearers import withheld
from bot.operations.sites import resource_of
from bot.services import Services
from storage import history, mappings, preferences
from storage.integrations import Integration


def slack_of(services: Services) -> SlackClient:
    """The Slack client, or `Unauthorized` if Slack is off: the row then waits until it is on."""
    if services.slack is None:
        raise Unauthorized("Slack is off: SLACK_BOT_TOKEN is not set.")
    return services.slack


def bare(qualified: str) -> str:
    """The Slack id behind its workspace: `C0DEV00001` of `T0DEV00001/C0DEV00001`."""
    return qualified.partition("/")[2] or qualified


def card_in(services: Services, card_of: dict[str, Any], channel: str) -> mappings.Found | None:
    """The mapping of a resource's thread in one channel, if there is one by now; an open one before one that ended.

    A person's id stands for their direct message.
    """
    with services.database.read() as connection:
        threads = mappings.threads_of(connection, card_of["service"], card_of["resource"], card_of.get("uid", ""))
    here = [one for one in threads if one.id.startswith(f"{channel}/") or one.extra.get("notice") == channel]
    return next((thread for thread in here if not _ended(thread)), here[0] if here else None)


def _ended(thread: mappings.Found | None) -> bool:
    """Whether people have deleted what the thread began with."""
    return thread is not None and bool(thread.extra.get("closed"))


def _post_message(services: Services, row: Integration) -> Effect:
    payload, (channel, thread_ts) = row.payload, _where(services, row.payload)
    if thread_ts is None and "notice" not in payload:
        return Effect("", data={"skipped": "the thread was deleted"})
    words = payload if not _withdrawn(services, payload) else {"text": payload["comment"]["instead"]}
    if not words["text"]:
        return Effect("", data={"skipped": "the comment is not for this channel any more"})
    silent = withheld(services, slack_of(services), row)
    if silent is not None:
        return silent
    before_sending(services, row)
    try:
        posted = slack_of(services).post_message(
            channel, words["text"], words.get("blocks") or [],
            thread_ts=thread_ts or "", marker=row.marker, broadcast=payload.get("broadcast", False),
        )  # fmt: skip
    except NotFound as error:
        return _thread_gone(services, row, error)
    return _posted(services, payload, posted)


def _withdrawn(services: Services, payload: dict[str, Any]) -> bool:
    """Whether the comment that is to be shown was deleted, or hidden from some, while this waited."""
    if "comment" not in payload:
        return False
    with services.database.read() as connection:
        return is_withdrawn(connection, payload["comment"]["id"], payload["channel"])


def is_withdrawn(connection: Connection, comment_id: str, channel: str) -> bool:
    """Whether a comment was deleted, or hidden from those in a channel (`team/channel`), as far as is known by now."""
    hidden = history.with_prefix(connection, f"comment:{comment_id}:restricted:")
    gone = history.with_prefix(connection, f"comment:{comment_id}:deleted:")
    return bool(gone) or any(row.key.endswith(f":{channel}") for row in hidden)


def _thread_gone(services: Services, row: Integration, error: NotFound) -> Effect:
    """People deleted the thread of a resource: that ends it, and nobody is told what they did themselves.

    What a person asked to be told they are told all the same, outside it.
    """
    payload = row.payload
    thread = card_in(services, payload["card_of"], payload["channel"]) if "card_of" in payload else None
    if thread is None or error.code != "thread_not_found":
        raise error
    if "notice" not in payload:
        return Effect("", data={"skipped": "the thread was deleted", "closed": thread.row_id})
    user = bare(payload["channel"])
    posted = slack_of(services).post_message(user, payload["text"], payload["blocks"], marker=row.marker)
    return replace(_posted(services, payload, posted), data={"closed": thread.row_id})


def _find_message(services: Services, row: Integration) -> Effect | None:
    since = row.sent_at or row.created_at
    channel, thread_ts = _where(services, row.payload)
    posted = slack_of(services).find_message(channel, row.marker, since=since.timestamp(), thread_ts=thread_ts or "")
    if posted is None and thread_ts and "notice" in row.payload:  # its thread may have been deleted before it was sent
        posted = slack_of(services).find_message(channel, row.marker, since=since.timestamp())
    return _posted(services, row.payload, posted) if posted else None


def thread_of(services: Services, payload: dict[str, Any]) -> str | None:
    """The thread to post in: a given one, or that of the resource's card as it is known by now; None if it ended."""
    return _where(services, payload)[1]


def _where(services: Services, payload: dict[str, Any]) -> tuple[str, str | None]:
    """The channel, by Slack's id, and the thread in it; a person's direct message has an id of its own."""
    channel = bare(payload["channel"])
    if payload.get("thread_ts") or "card_of" not in payload:
        return channel, payload.get("thread_ts") or ""
    thread = card_in(services, payload["card_of"], payload["channel"])
    if thread is None or _ended(thread):
        return channel, None if thread else ""
    return thread.id.split("/")[1], thread.id.rpartition("/")[2]


def _posted(services: Services, payload: dict[str, Any], posted: Posted) -> Effect:
    team = payload["channel"].partition("/")[0] if "/" in payload["channel"] else services.workspace.identity().team_id
    place = f"{team}/{posted.channel}/{posted.ts}"
    return Effect(posted.ts, place, {"place": place})


def _update_message(services: Services, row: Integration) -> Effect:
    """Edit a resource's card, unless there is none or it shows a newer state; what stands above it stays."""
    payload = row.payload
    thread = card_in(services, payload["card_of"], payload["channel"])
    card_ts = thread.extra.get("card_ts", "") if thread else ""
    if thread is None or not card_ts or _ended(thread):
        return Effect("", data={"skipped": "there is no card to edit"})
    if thread.extra.get("version", "") > payload["version"]:
        return Effect(card_ts, data={"skipped": "the card shows a newer state"})
    silent = withheld(services, slack_of(services), row)
    if silent is not None:
        return silent
    above = () if payload.get("bare") else thread.extra.get("above", ())
    channel, blocks = thread.id.rpartition("/")[0], [*above, *payload["blocks"]]
    try:
        slack_of(services).update_message(bare(channel), card_ts, payload["text"], blocks)
    except NotFound as error:
        if error.code != "message_not_found":
            raise
        over = {"closed": "yes"} if "notice" in thread.extra else {}  # a person's next notice begins a new one
        gone = {"skipped": "the card was deleted", "mapping": thread.row_id, "note": {"card_ts": "", **over}}
        return Effect(card_ts, data=gone)
    return Effect(card_ts, f"{channel}/{card_ts}", {"mapping": thread.row_id})


def _react(services: Services, row: Integration) -> Effect:
    """Show by a reaction to the card, and to nothing else, what became of its resource."""
    payload = row.payload
    thread = card_in(services, payload["card_of"], payload["channel"])
    card_ts = thread.extra.get("card_ts", "") if thread else ""
    if not card_ts or _ended(thread):
        return Effect("", data={"skipped": "there is no card to react to"})
    slack, channel = slack_of(services), bare(payload["channel"])
    try:
        for name in payload["instead_of"]:
            slack.remove_reaction(channel, card_ts, name)
        slack.add_reaction(channel, card_ts, payload["name"])
    except NotFound as error:
        if error.code != "message_not_found":
            raise
        return Effect("", data={"skipped": "the card was deleted"})
    return Effect(card_ts, f"{payload['channel']}/{card_ts}")


def _replace_message(services: Services, row: Integration) -> Effect:
    """Let a message say something else; one that is gone needs to say nothing."""
    payload = row.payload
    try:
        slack_of(services).update_message(bare(payload["channel"]), payload["ts"], payload["text"], payload["blocks"])
    except NotFound:
        return Effect("", data={"skipped": "the message is gone"})
    return Effect(payload["ts"])


def _post_ephemeral(services: Services, row: Integration) -> Effect:
    payload = row.payload
    slack_of(services).post_ephemeral(
        bare(payload["channel"]), bare(payload["user"]), payload["text"], payload.get("blocks") or [],
        thread_ts=payload.get("thread_ts", ""),
    )  # fmt: skip
    return Effect("")


def _respond(services: Services, row: Integration) -> Effect:
    payload = row.payload
    slack_of(services).respond(
        payload["response_url"], payload["text"], payload.get("blocks") or [], thread_ts=payload.get("thread_ts", ""),
        in_channel=payload.get("in_channel", False), replace_original=payload.get("replace", False),
    )  # fmt: skip
    return Effect("")


def _update_view(services: Services, row: Integration) -> Effect:
    try:
        slack_of(services).update_view(row.payload["view_id"], row.payload["view"])
    except NotFound:
        return Effect("", data={"closed": True})
    return Effect(row.payload["view_id"])


def _publish_home(services: Services, row: Integration) -> Effect:
    """Show a person their home; where it says that an answer is late, only `over` what still waits for that."""
    payload, over = row.payload, ""
    if "over" in payload:
        over = _waiting(services, payload["over"])
        if not over:
            return Effect("", data={"skipped": "the answer is there"})
    try:
        shown = slack_of(services).publish_home(bare(payload["user"]), payload["view"], over)
    except Rejected as refused:
        if refused.code != "hash_conflict":
            raise
        return Effect("", data={"skipped": "something newer is shown"})
    return Effect(shown)


def _waiting(services: Services, over: dict[str, str]) -> str:
    """The hash of the home that waits for the row `asked`: given, or what the row `shown` came to; empty if none is."""
    with services.database.read() as connection:
        asked = history.with_key(connection, over["asked"])
        shown = None if "hash" in over else history.with_key(connection, over["shown"])
    if asked is None or asked.status != "pending":
        return ""
    return over.get("hash") or (shown.remote_id if shown is not None else "") or ""


def _tell(_services: Services, _row: Integration) -> Effect:
    """Nothing is called: the row holds a place in the order of its key, and what it tells is planned as it ends."""
    return Effect("")


def _read_message(services: Services, row: Integration) -> Effect:
    """Read a message (`place`) with its author's name."""
    team, channel, ts = row.payload["place"].split("/")
    message = slack_of(services).message(channel, ts)
    author = str((message or {}).get("username") or "")
    if message and message.get("user"):
        author = services.people.person(slack_of(services), f"{team}/{message['user']}").name
    return Effect(ts, data={"message": message, "author": author})


def _find_threads(services: Services, row: Integration) -> Effect:
    """The threads of an issue that hear of it: none that ended, is silent, or whose issue is hidden from some."""
    issue = resource_of(services.settings, row.payload["issue"])
    with services.database.read() as connection:
        found = mappings.threads_of(connection, "jira", issue, "")
        heard = [one.id for one in found if not _deaf(one) and preferences.get(connection, one.id, "sync") not in DEAF]
    if not heard:
        raise NotFound(f"{issue} has no thread in Slack that could be told.", "no_thread")
    return Effect("", issue, {"threads": heard})


DEAF = ("to_jira", "off")
"""What a thread has chosen in which nothing is told (`bot.flows.syncing`)."""


def _deaf(thread: mappings.Found) -> bool:
    return any(thread.extra.get(name) for name in ("closed", "gone", "private", "notice"))


def _complete_step(services: Services, row: Integration) -> Effect:
    slack_of(services).complete_step(row.payload["execution_id"], row.payload["outputs"])
    return Effect(row.payload["execution_id"])


def _fail_step(services: Services, row: Integration) -> Effect:
    slack_of(services).fail_step(row.payload["execution_id"], row.payload["error"])
    return Effect(row.payload["execution_id"])


OPERATIONS = {
    "post_message": Operation(_post_message, find=_find_message),
    "update_message": Operation(_update_message, idempotent=True),
    "react": Operation(_react, idempotent=True),
    "replace_message": Operation(_replace_message, idempotent=True),
    "post_ephemeral": Operation(_post_ephemeral),
    "respond": Operation(_respond),
    "update_view": Operation(_update_view, idempotent=True),
    "publish_home": Operation(_publish_home, idempotent=True),
    "tell": Operation(_tell, idempotent=True),
    "read_message": Operation(_read_message, idempotent=True),
    "find_threads": Operation(_find_threads, idempotent=True),
    "complete_step": Operation(_complete_step, idempotent=True),
    "fail_step": Operation(_fail_step, idempotent=True),
}
