"""Calls to Slack. What one person alone sees (`post_ephemeral`, `respond`) cannot be looked up: sent at most once."""

from typing import Any

from adapters.errors import NotFound, Unauthorized
from adapters.slack.client import Posted, SlackClient
from bot.operations.base import Effect, Operation, before_sending
from bot.services import Services
from storage import mappings
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
    """The mapping of a resource's thread in one channel, if there is one by now."""
    with services.database.read() as connection:
        threads = mappings.threads_of(connection, card_of["service"], card_of["resource"], card_of.get("uid", ""))
    return next((thread for thread in threads if thread.id.startswith(f"{channel}/")), None)


def _post_message(services: Services, row: Integration) -> Effect:
    payload, thread_ts = row.payload, _thread_ts(services, row.payload)
    before_sending(services, row)
    posted = slack_of(services).post_message(
        bare(payload["channel"]), payload["text"], payload.get("blocks") or [],
        thread_ts=thread_ts, marker=row.marker, broadcast=payload.get("broadcast", False),
    )  # fmt: skip
    return _posted(services, payload, posted)


def _find_message(services: Services, row: Integration) -> Effect | None:
    since = row.sent_at or row.created_at
    posted = slack_of(services).find_message(
        bare(row.payload["channel"]), row.marker, since=since.timestamp(),
        thread_ts=_thread_ts(services, row.payload),
    )  # fmt: skip
    return _posted(services, row.payload, posted) if posted else None


def _thread_ts(services: Services, payload: dict[str, Any]) -> str:
    """The thread to post in: a given one, or that of the resource's card as it is known by now."""
    if payload.get("thread_ts"):
        return payload["thread_ts"]
    if "card_of" not in payload:
        return ""
    thread = card_in(services, payload["card_of"], payload["channel"])
    return thread.id.rpartition("/")[2] if thread else ""


def _posted(services: Services, payload: dict[str, Any], posted: Posted) -> Effect:
    team = payload["channel"].partition("/")[0] if "/" in payload["channel"] else services.workspace.identity().team_id
    place = f"{team}/{posted.channel}/{posted.ts}"
    return Effect(posted.ts, place, {"place": place})


def _update_message(services: Services, row: Integration) -> Effect:
    """Edit a resource's card, unless there is none or it shows a newer state."""
    payload = row.payload
    thread = card_in(services, payload["card_of"], payload["channel"])
    card_ts = thread.extra.get("card_ts", "") if thread else ""
    if thread is None or not card_ts:
        return Effect("", data={"skipped": "there is no card to edit"})
    if thread.extra.get("version", "") > payload["version"]:
        return Effect(card_ts, data={"skipped": "the card shows a newer state"})
    slack_of(services).update_message(bare(payload["channel"]), card_ts, payload["text"], payload["blocks"])
    return Effect(card_ts, f"{payload['channel']}/{card_ts}", {"mapping": thread.row_id})


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


def _complete_step(services: Services, row: Integration) -> Effect:
    slack_of(services).complete_step(row.payload["execution_id"], row.payload["outputs"])
    return Effect(row.payload["execution_id"])


def _fail_step(services: Services, row: Integration) -> Effect:
    slack_of(services).fail_step(row.payload["execution_id"], row.payload["error"])
    return Effect(row.payload["execution_id"])


OPERATIONS = {
    "post_message": Operation(_post_message, find=_find_message),
    "update_message": Operation(_update_message, idempotent=True),
    "post_ephemeral": Operation(_post_ephemeral),
    "respond": Operation(_respond),
    "update_view": Operation(_update_view, idempotent=True),
    "tell": Operation(_tell, idempotent=True),
    "read_message": Operation(_read_message, idempotent=True),
    "complete_step": Operation(_complete_step, idempotent=True),
    "fail_step": Operation(_fail_step, idempotent=True),
}
