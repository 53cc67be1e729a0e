"""`conversations.*` and `users.*`: what connect reads."""

import base64
from typing import Any

from sandbox.slack.chat import Arguments, invalid, readable
from sandbox.slack.wire import BOT_USER, Conversation, Json, Refusal
from sandbox.slack.workspace import Workspace

KINDS = {
    "channel": ("public_channel", "channels:read"),
    "group": ("private_channel", "groups:read"),
    "im": ("im", "im:read"),
}
"""Kinds of conversations, with their word in `types` and the scope that it takes to list them."""


def history(slack: Workspace, arguments: Arguments) -> Json:
    """`conversations.history`: newest first, without the replies of threads unless they were broadcast."""
    place = _read(slack, arguments)
    messages = [message for message in _span(slack, place, arguments) if _at_top(message)]
    page, more = _page(messages[::-1], arguments, 100)
    return {"messages": page, "pin_count": 0, "channel_actions_ts": None, "channel_actions_count": 0} | more


def replies(slack: Workspace, arguments: Arguments) -> Json:
    """`conversations.replies`: oldest first; the parent comes whatever the span, a reply's own `ts` gives it alone."""
    place, ts = _read(slack, arguments), arguments.text("ts")
    everything = slack.visible(place, metadata=arguments.flag("include_all_metadata"))
    asked = next((message for message in everything if message["ts"] == ts), None)
    if asked is None:
        raise Refusal("thread_not_found")
    inside = [message for message in _span(slack, place, arguments) if message.get("thread_ts") == ts != message["ts"]]
    page, more = _page([asked, *inside], arguments, 1000)
    return {"messages": page} | more


def info(slack: Workspace, arguments: Arguments) -> Json:
    """`conversations.info`."""
    return {"channel": readable(slack, arguments.text("channel")).info(slack.team)}


def listed(slack: Workspace, arguments: Arguments) -> Json:
    """`conversations.list`."""
    kinds = arguments.text("types", "public_channel").split(",")
    seen = [place for place in slack.channels.values() if place.kind == "channel" or BOT_USER in place.members]
    wanted = [place for place in seen if KINDS[place.kind][0] in kinds]
    if arguments.flag("exclude_archived"):
        wanted = [place for place in wanted if not place.archived]
    page, more = _page([place.info(slack.team) for place in wanted], arguments, 100)
    return {"channels": page} | more


def own(slack: Workspace, arguments: Arguments) -> Json:
    """`users.conversations`, of the app's own user."""
    kinds = set(arguments.text("types", "public_channel").split(","))
    wanted: set[str] = set()
    for kind, (name, scope) in KINDS.items():
        if name in kinds and scope not in slack.scopes:
            raise Refusal("missing_scope", needed=scope, provided=",".join(sorted(slack.scopes)))
        wanted |= {kind} if name in kinds else set()
    found = [place for place in slack.channels.values() if place.kind in wanted and BOT_USER in place.members]
    if arguments.flag("exclude_archived"):
        found = [place for place in found if not place.archived]
    page, more = _page([place.info(slack.team) for place in found], arguments, 100)
    return {"channels": page} | more


def opened(slack: Workspace, arguments: Arguments) -> Json:
    """`conversations.open`, for one user."""
    user = arguments.text("users")
    if user not in slack.users:
        raise Refusal("user_not_found")
    fresh = "D" + user[1:] not in slack.channels
    place = slack.direct(user)
    shown: Json = place.info(slack.team) if arguments.flag("return_im") else {"id": place.id}
    return {"channel": shown} | ({} if fresh else {"no_op": True, "already_open": True})


def members(slack: Workspace, arguments: Arguments) -> Json:
    """`conversations.members`."""
    page, more = _page(readable(slack, arguments.text("channel")).members, arguments, 100)
    return {"members": page} | more


def join(slack: Workspace, arguments: Arguments) -> Json:
    """`conversations.join`."""
    place = readable(slack, arguments.text("channel"))
    if place.kind != "channel":
        raise Refusal("method_not_supported_for_channel_type")
    if place.archived:
        raise Refusal("is_archived")
    if BOT_USER in place.members:
        warning = "already_in_channel"
        return {"channel": place.info(slack.team), "warning": warning, "response_metadata": {"warnings": [warning]}}
    add_member(slack, place, BOT_USER)
    return {"channel": place.info(slack.team)}


def add_member(slack: Workspace, place: Conversation, user: str, inviter: str = "") -> None:
    """Add someone to a channel and tell the app."""
    place.members.append(user)
    event: Json = {"type": "member_joined_channel", "user": user, "channel": place.id, "team": slack.team}
    event |= {"channel_type": "G" if place.kind == "group" else "C", "event_ts": slack.next_ts()}
    slack.emit(event | ({"inviter": inviter} if inviter else {}))


def user_info(slack: Workspace, arguments: Arguments) -> Json:
    """`users.info`."""
    found = slack.users.get(arguments.text("user"))
    if found is None:
        raise Refusal("user_not_found")
    return {"user": _shown(slack, found)}


def user_by_email(slack: Workspace, arguments: Arguments) -> Json:
    """`users.lookupByEmail`."""
    email = arguments.text("email").lower()
    for found in slack.users.values():
        if found["profile"]["email"].lower() == email and not found["deleted"]:
            return {"user": _shown(slack, found)}
    raise Refusal("users_not_found")


def user_list(slack: Workspace, arguments: Arguments) -> Json:
    """`users.list`."""
    page, more = _page([_shown(slack, found) for found in slack.users.values()], arguments, 1000)
    return {"members": page, "cache_ts": int(slack.now())} | more


def _shown(slack: Workspace, user: Json) -> Json:
    profile = dict(user["profile"])
    if "users:read.email" not in slack.scopes:
        del profile["email"]
    return user | {"profile": profile}


def _read(slack: Workspace, arguments: Arguments) -> Conversation:
    place = readable(slack, arguments.text("channel"))
    scope = {"channel": "channels:history", "group": "groups:history", "im": "im:history"}[place.kind]
    if scope not in slack.scopes:
        raise Refusal("missing_scope", needed=scope, provided=",".join(sorted(slack.scopes)))
    if BOT_USER not in place.members:
        raise Refusal("not_in_channel")
    return place


def _at_top(message: Json) -> bool:
    is_reply = message.get("thread_ts", message["ts"]) != message["ts"]
    return not is_reply or message.get("subtype") == "thread_broadcast"


def _span(slack: Workspace, place: Conversation, arguments: Arguments) -> list[Json]:
    oldest, latest = _micros(arguments, "oldest", 0), _micros(arguments, "latest", 1 << 62)
    ends = 0 if arguments.flag("inclusive") else 1
    messages = slack.visible(place, metadata=arguments.flag("include_all_metadata"))
    # Without an explicit bound nothing is excluded, and 0 is not the time of any message.
    return [message for message in messages if oldest + ends <= _as_micros(message["ts"]) <= latest - ends]


def _micros(arguments: Arguments, name: str, default: int) -> int:
    given = arguments.text(name, "")
    try:
        return _as_micros(given) if given else default
    except ValueError:
        raise Refusal(f"invalid_ts_{name}") from None


def _as_micros(ts: str) -> int:
    seconds, _, fraction = ts.partition(".")
    return int(seconds) * 1_000_000 + int(fraction.ljust(6, "0")[:6] or 0)


def _page(items: list[Any], arguments: Arguments, default: int) -> tuple[list[Any], Json]:
    limit = arguments.number("limit", default)
    if not 1 <= limit <= 1000:
        raise invalid("invalid limit [json-pointer:/limit]")
    cursor = arguments.text("cursor", "")
    try:
        start = int(base64.b64decode(cursor, validate=True).removeprefix(b"next:")) if cursor else 0
    except ValueError:
        raise Refusal("invalid_cursor") from None
    end = start + limit
    following = base64.b64encode(f"next:{end}".encode()).decode() if end < len(items) else ""
    return items[start:end], {"has_more": bool(following), "response_metadata": {"next_cursor": following}}
