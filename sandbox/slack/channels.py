"""`conversations.*` that change a channel: who makes one, describes it, invites people and archives it.

https://docs.slack.dev/reference/methods/conversations.create (each method has its list of errors)
"""

import re
from collections.abc import Callable

from sandbox.slack.chat import Arguments, readable
from sandbox.slack.conversations import add_member
from sandbox.slack.wire import BOT_USER, Conversation, Json, Refusal
from sandbox.slack.workspace import Workspace

NAME_LIMIT = 80
WORDS_LIMIT = 250
NAME = re.compile(r"[a-z0-9_-]+")


def create(slack: Workspace, arguments: Arguments) -> Json:
    """`conversations.create`: whoever calls is its first member; an archived channel keeps its name."""
    name, private = arguments.text("name", ""), arguments.flag("is_private")
    _permitted(slack, "group" if private else "channel")
    _check_name(name)
    if any(place.name == name for place in slack.channels.values()):
        raise Refusal("name_taken")
    channel = f"C0MADE{slack.next_id():05d}"
    slack.add_channel(channel, name, members=(BOT_USER,), private=private)
    place = slack.channels[channel]
    place.creator, place.created = BOT_USER, int(slack.now())
    return {"channel": place.info(slack.team)}


def invite(slack: Workspace, arguments: Arguments) -> Json:
    """`conversations.invite`: all of them, or nobody with the reason of each."""
    place = _own(slack, arguments)
    users = [user for user in arguments.text("users", "").split(",") if user]
    if not users:
        raise Refusal("no_user")
    errors = [{"user": user, "ok": False, "error": why} for user in users if (why := _uninvitable(slack, place, user))]
    if errors:
        raise Refusal(str(errors[0]["error"]), errors=errors)
    for user in users:
        add_member(slack, place, user, BOT_USER)
    return {"channel": place.info(slack.team)}


def set_topic(slack: Workspace, arguments: Arguments) -> Json:
    """`conversations.setTopic`."""
    place, topic = _own(slack, arguments), arguments.text("topic", "")
    if len(topic) > WORDS_LIMIT:
        raise Refusal("too_long")
    place.topic = topic
    return {"channel": place.info(slack.team)}


def set_purpose(slack: Workspace, arguments: Arguments) -> Json:
    """`conversations.setPurpose`."""
    place, purpose = _own(slack, arguments), arguments.text("purpose", "")
    if len(purpose) > WORDS_LIMIT:
        raise Refusal("too_long")
    place.purpose = purpose
    return {"purpose": purpose}


def archive(slack: Workspace, arguments: Arguments) -> Json:
    """`conversations.archive`."""
    place = readable(slack, arguments.text("channel"))
    _permitted(slack, place.kind)
    if place.archived:
        raise Refusal("already_archived")
    if place.name == "general":
        raise Refusal("cant_archive_general")
    if BOT_USER not in place.members:
        raise Refusal("not_in_channel")
    place.archived = True
    kind = "group_archive" if place.kind == "group" else "channel_archive"
    slack.emit({"type": kind, "channel": place.id, "user": BOT_USER, "event_ts": slack.next_ts()})
    return {}


def _own(slack: Workspace, arguments: Arguments) -> Conversation:
    place = readable(slack, arguments.text("channel"))
    _permitted(slack, place.kind)
    if place.archived:
        raise Refusal("is_archived")
    if BOT_USER not in place.members:
        raise Refusal("not_in_channel")
    return place


def _permitted(slack: Workspace, kind: str) -> None:
    if kind == "im":
        raise Refusal("method_not_supported_for_channel_type")
    scope = "groups:write" if kind == "group" else "channels:manage"
    if scope not in slack.scopes:
        raise Refusal("missing_scope", needed=scope, provided=",".join(sorted(slack.scopes)))


def _check_name(name: str) -> None:
    if not name:
        raise Refusal("invalid_name_required")
    if len(name) > NAME_LIMIT:
        raise Refusal("invalid_name_maxlength")
    if not NAME.fullmatch(name):
        raise Refusal("invalid_name_specials")
    if not name.strip("-_"):
        raise Refusal("invalid_name_punctuation")


def _uninvitable(slack: Workspace, place: Conversation, user: str) -> str:
    person = slack.users.get(user)
    if person is None:
        return "user_not_found"
    reasons: dict[str, Callable[[], bool]] = {
        "cant_invite_self": lambda: user == BOT_USER,
        "already_in_channel": lambda: user in place.members,
        "cant_invite": lambda: bool(person["deleted"]),
        "ura_max_channels": lambda: bool(person.get("is_ultra_restricted") or person.get("is_restricted")),
        "no_external_invite_permission": lambda: person["team_id"] != slack.team,
    }
    return next((code for code, holds in reasons.items() if holds()), "")
