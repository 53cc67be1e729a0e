"""Events of what becomes of messages and channels later: edits, deletions, archiving, sharing."""

# Bolt annotates its decorators with bare `Pattern` and `Callable`.
# pyright: reportUnknownMemberType=false

from collections.abc import Mapping
from typing import Any

from slack_bolt import App

from bot.flows import replies, shared_channels, threads
from bot.flows.plan import Plan
from bot.listeners.said import Said, is_private
from bot.payload import mapping, text
from bot.services import Services


def register(app: App, services: Services) -> None:
    """Listen to the events of channels in the manifest."""

    def archived(event: dict[str, Any], body: dict[str, Any], context: dict[str, Any]) -> None:
        channel, plan, now = _channel(body, event), context["plan"], services.now()
        for row in services.database.run(lambda connection: threads.archived(connection, channel, plan.event, now)):
            plan.add(row)

    def unarchived(event: dict[str, Any], body: dict[str, Any]) -> None:
        services.database.run(lambda connection: threads.in_use(connection, _channel(body, event)))

    for kind in ("channel", "group"):
        app.event(f"{kind}_archive")(archived)
        app.event(f"{kind}_unarchive")(unarchived)
    _listen_to_sharing(app, services)


def _listen_to_sharing(app: App, services: Services) -> None:
    def shared(event: dict[str, Any], body: dict[str, Any], context: dict[str, Any]) -> None:
        _opened(services, _channel(body, event), "shared", context["plan"])

    def unshared(event: dict[str, Any], body: dict[str, Any], context: dict[str, Any]) -> None:
        if event.get("is_ext_shared"):  # with others still
            return
        _closed(services, _channel(body, event), "shared", context["plan"])

    app.event("channel_shared")(shared)
    app.event("channel_unshared")(unshared)


def _channel(body: Mapping[str, Any], event: Mapping[str, Any]) -> str:
    return f"{text(body, 'team_id')}/{text(event, 'channel')}"


def _opened(services: Services, channel: str, how: str, plan: Plan) -> None:
    """Others may read a channel from now on."""
    now = services.now()
    for row in services.database.run(lambda it: shared_channels.opened(it, channel, how, plan.event, now)):
        plan.add(row)


def _closed(services: Services, channel: str, how: str, plan: Plan) -> None:
    now = services.now()
    for row in services.database.run(lambda it: shared_channels.closed(it, channel, how, plan.event, now)):
        plan.add(row)


def _made_public(services: Services, body: Mapping[str, Any], event: Mapping[str, Any], plan: Plan) -> None:
    _opened(services, _channel(body, event), "public", plan)


def _made_private(services: Services, body: Mapping[str, Any], event: Mapping[str, Any], plan: Plan) -> None:
    _closed(services, _channel(body, event), "public", plan)


def _changed(services: Services, body: Mapping[str, Any], event: Mapping[str, Any], plan: Plan) -> None:
    """A message was edited; a preview that appears beneath one, or a reply that is counted, is no edit."""
    message, before = mapping(event, "message"), mapping(event, "previous_message")
    if text(message, "subtype") == "tombstone":  # what is left of a message with replies when it is deleted
        _deleted(services, body, {**event, "deleted_ts": text(message, "ts")}, plan)
        return
    words = ("text", "blocks")
    same = bool(before) and all(message.get(name) == before.get(name) for name in words)
    if same or message.get("bot_id") or not text(message, "user") or not text(message, "edited", "ts"):
        return
    said, mark = Said(body, {**message, "channel": text(event, "channel")}), services.settings.connect_private_mark
    if not said.in_thread or said.mentions_connect:
        return
    was_private = is_private(before, mark)
    with services.database.read() as session:
        for row in replies.edited(session, said.reply(mark), plan.event, was_private=was_private):
            plan.add(row)


def _deleted(services: Services, body: Mapping[str, Any], event: Mapping[str, Any], plan: Plan) -> None:
    """A person's message was deleted: a reply's comment goes too; the thread that one began ends."""
    before = mapping(event, "previous_message")
    if before.get("bot_id"):
        return
    said = Said(body, {**before, "channel": text(event, "channel"), "ts": text(event, "deleted_ts")})
    if said.own:  # a file that connect showed, and took away or somebody else did
        return
    if said.in_thread:
        with services.database.read() as session:
            rows = replies.deleted(session, said.reply(""), plan.event)
    else:
        rows = services.database.run(
            lambda connection: threads.message_gone(connection, said.place, said.thread, plan.event)
        )
    for row in rows:
        plan.add(row)


CHANGES = {
    "channel_convert_to_private": _made_private,
    "channel_convert_to_public": _made_public,
    "message_changed": _changed,
    "message_deleted": _deleted,
}
"""What becomes of a message or its channel later, by the event's subtype.

https://docs.slack.dev/reference/events/message
"""
