"""`chat.*` and `reactions.*`: what connect writes, and what Slack refuses to write."""

import copy
import json
from collections.abc import Iterator
from typing import Any, cast

from sandbox import blocks as kit
from sandbox.slack import wire
from sandbox.slack.wire import BOT_ID, BOT_USER, Conversation, Json, Refusal
from sandbox.slack.workspace import Workspace

MAX_TEXT = 40_000
# Not documented; measured by others: https://github.com/slackapi/bolt-js/issues/2509
MAX_BLOCK_TEXT = 13_200


class Arguments:
    """The arguments of a call, from a JSON body (typed) or a form (all strings)."""

    def __init__(self, given: Json) -> None:
        self.given = given

    def text(self, name: str, default: str | None = None) -> str:
        """A string; required if there is no default."""
        value = self.given.get(name)
        if value is None or value == "":
            if default is None:
                raise invalid(f"missing required field: {name}")
            return default
        return str(value)

    def flag(self, name: str) -> bool:
        """A boolean, which forms spell `1` or `true`."""
        return str(self.given.get(name, "")).lower() in ("1", "true")

    def number(self, name: str, default: int) -> int:
        """A whole number."""
        try:
            return int(self.given.get(name, default))
        except ValueError:
            raise invalid(f"must be an integer [json-pointer:/{name}]") from None

    def value(self, name: str) -> Any:
        """An object or array, which forms spell as JSON; None if it is missing."""
        given = self.given.get(name)
        if not isinstance(given, str):
            return given
        try:
            return json.loads(given) if given else None
        except ValueError:
            raise invalid(f"must be JSON [json-pointer:/{name}]") from None


def invalid(*messages: str) -> Refusal:
    """`invalid_arguments` with its reasons."""
    reasons = [f"[ERROR] {message}" for message in messages]
    return Refusal("invalid_arguments", response_metadata={"messages": reasons})


def readable(slack: Workspace, channel_id: str) -> Conversation:
    """A conversation that connect can see; what it cannot see does not exist for it."""
    place = slack.channels.get(channel_id)
    if place is None or (place.kind != "channel" and BOT_USER not in place.members):
        raise Refusal("channel_not_found")
    return place


def writable(slack: Workspace, channel: str) -> Conversation:
    """A conversation that connect may post to, by id, name or (direct message) user."""
    if channel in slack.users:
        if channel == BOT_USER or slack.users[channel]["deleted"]:
            raise Refusal("channel_not_found")
        return slack.direct(channel)
    named = (place.id for place in slack.channels.values() if place.name and place.name == channel.removeprefix("#"))
    place = readable(slack, channel if channel in slack.channels else next(named, ""))
    if place.archived:
        raise Refusal("is_archived")
    if BOT_USER not in place.members and "chat:write.public" not in slack.scopes:
        raise Refusal("not_in_channel")
    return place


def content_of(arguments: Arguments) -> Json:
    """What a message shows, checked as Slack checks it."""
    text, blocks = arguments.text("text", ""), arguments.value("blocks")
    if not text.strip() and not blocks and not arguments.value("attachments"):
        raise Refusal("no_text")
    if len(text) > MAX_TEXT:
        raise Refusal("msg_too_long")
    content: Json = {"text": text}
    if blocks is not None:
        content["blocks"] = checked(blocks)
    if arguments.value("metadata") is not None:
        content["metadata"] = _metadata(arguments.value("metadata"))
    return content


def checked(blocks: Any) -> list[Json]:
    """A message's blocks as Slack keeps them; raises `Refusal`."""
    if not isinstance(blocks, list):
        raise Refusal("invalid_blocks_format")
    found = kit.problems(cast("object", blocks), "message")
    if found:
        messages = [f"[ERROR] {problem}" for problem in found]
        raise Refusal("invalid_blocks", errors=found, response_metadata={"messages": messages})
    if sum(map(len, _texts(cast("object", blocks)))) > MAX_BLOCK_TEXT:
        raise Refusal("msg_blocks_too_long")
    return wire.identified(cast("list[Json]", blocks))


def _texts(node: object) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in cast("Json", node).items():
            if key == "text" and isinstance(value, str):
                yield value
            else:
                yield from _texts(value)
    elif isinstance(node, list):
        for child in cast("list[object]", node):
            yield from _texts(child)


def _metadata(given: Any) -> Json:
    metadata = cast("Json", given) if isinstance(given, dict) else {}
    if not isinstance(metadata.get("event_type"), str) or not isinstance(metadata.get("event_payload"), dict):
        raise Refusal("invalid_metadata_format")
    if len(json.dumps(metadata)) > 16_000:
        raise Refusal("metadata_too_large")
    return metadata


def post_message(slack: Workspace, arguments: Arguments) -> Json:
    """`chat.postMessage`."""
    place = writable(slack, arguments.text("channel"))
    content = content_of(arguments)
    thread_ts, broadcast = arguments.text("thread_ts", ""), arguments.flag("reply_broadcast")
    message = slack.store(place, wire.bot_fields(slack.team) | content, thread_ts, broadcast=broadcast)
    return {"channel": place.id, "ts": message["ts"], "message": copy.deepcopy(message)}


def post_ephemeral(slack: Workspace, arguments: Arguments) -> Json:
    """`chat.postEphemeral`."""
    place = writable(slack, arguments.text("channel"))
    user = arguments.text("user")
    if user not in place.members:
        raise Refusal("user_not_in_channel")
    shown = show(slack, place, user, content_of(arguments), arguments.text("thread_ts", ""))
    return {"message_ts": shown["ts"]}


def show(slack: Workspace, place: Conversation, user: str, content: Json, thread_ts: str = "") -> Json:
    """Show a message to one user only."""
    message: Json = {"type": "message", **wire.bot_fields(slack.team), **content, "ts": slack.next_ts()}
    message |= {"is_ephemeral": True, "channel": place.id, "shown_to": user}
    message |= {"thread_ts": thread_ts} if thread_ts else {}
    slack.ephemerals.append(message)
    return message


def _own(slack: Workspace, arguments: Arguments, refusal: str) -> tuple[Conversation, Json]:
    place = readable(slack, arguments.text("channel"))
    message = slack.message(place, arguments.text("ts"))
    if message is None:
        raise Refusal("message_not_found")
    if message.get("bot_id") != BOT_ID:
        raise Refusal(refusal)
    return place, message


def update(slack: Workspace, arguments: Arguments) -> Json:
    """`chat.update`: blocks and metadata stay unless they are given."""
    place, message = _own(slack, arguments, "cant_update_message")
    if place.archived:
        raise Refusal("is_archived")
    slack.change(place, message, content_of(arguments), BOT_USER)
    return {"channel": place.id, "ts": message["ts"], "text": message["text"], "message": copy.deepcopy(message)}


def delete(slack: Workspace, arguments: Arguments) -> Json:
    """`chat.delete`."""
    place, message = _own(slack, arguments, "cant_delete_message")
    slack.remove(place, message)
    return {"channel": place.id, "ts": message["ts"]}


def permalink(slack: Workspace, arguments: Arguments) -> Json:
    """`chat.getPermalink`."""
    place = readable(slack, arguments.text("channel"))
    message = slack.message(place, arguments.text("message_ts"))
    if message is None:
        raise Refusal("message_not_found")
    link = f"https://sandbox.slack.com/archives/{place.id}/p{message['ts'].replace('.', '')}"
    if message.get("thread_ts", message["ts"]) != message["ts"]:
        link += f"?thread_ts={message['thread_ts']}&cid={place.id}"
    return {"channel": place.id, "permalink": link}


def react(slack: Workspace, arguments: Arguments) -> Json:
    """`reactions.add`."""
    reactions, reaction = _reaction(slack, arguments)
    if BOT_USER in reaction["users"]:
        raise Refusal("already_reacted")
    reaction["users"].append(BOT_USER)
    reaction["count"] = len(reaction["users"])
    if reaction not in reactions:
        reactions.append(reaction)
    return {}


def unreact(slack: Workspace, arguments: Arguments) -> Json:
    """`reactions.remove`."""
    reactions, reaction = _reaction(slack, arguments)
    if BOT_USER not in reaction["users"]:
        raise Refusal("no_reaction")
    reaction["users"].remove(BOT_USER)
    reaction["count"] = len(reaction["users"])
    if not reaction["users"]:
        reactions.remove(reaction)
    return {}


def _reaction(slack: Workspace, arguments: Arguments) -> tuple[list[Json], Json]:
    place = readable(slack, arguments.text("channel"))
    message = slack.message(place, arguments.text("timestamp"))
    if message is None:
        raise Refusal("message_not_found")
    reactions: list[Json] = message.setdefault("reactions", [])
    name = arguments.text("name")
    fresh: Json = {"name": name, "users": [], "count": 0}
    return reactions, next((reaction for reaction in reactions if reaction["name"] == name), fresh)
