"""Slack's answers as frozen dataclasses. An answer without the field that a caller needs counts as unreadable."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from slack_sdk.web import SlackResponse

from adapters.slack.http import AnswerLost

type Json = dict[str, Any]


@dataclass(frozen=True)
class Identity:
    """Who connect is in the workspace."""

    team_id: str
    bot_user_id: str
    bot_id: str
    url: str


@dataclass(frozen=True)
class Posted:
    """A message in Slack. `channel` is the conversation it went to, also when it was addressed to a user."""

    channel: str
    ts: str


@dataclass(frozen=True)
class Person:
    """A Slack user. `stranger`: from another organisation, through Slack Connect."""

    id: str
    team_id: str
    name: str
    email: str
    bot: bool
    guest: bool
    admin: bool
    deleted: bool
    timezone: str
    stranger: bool


@dataclass(frozen=True)
class Channel:
    """A conversation. `private`: not open to the whole workspace (direct messages too); `shared`: beyond it.

    `external`: with another organisation, or about to be.
    """

    id: str
    name: str
    private: bool
    shared: bool
    archived: bool
    direct: bool
    member: bool
    external: bool = False


def data_of(response: SlackResponse) -> Json:
    """The JSON object of a successful answer."""
    return cast("Json", response.data)  # pyright: ignore[reportUnknownMemberType]


def text_of(container: object, key: str) -> str:
    """A string that must be there; raises `AnswerLost` if it is not."""
    value: object = cast("Json", container).get(key) if isinstance(container, dict) else None
    if not isinstance(value, str):
        raise AnswerLost(f"Slack's answer lacks {key!r}.")
    return value


def messages_of(answer: Json) -> list[Json]:
    """The messages of a page; raises `AnswerLost` if one is no message."""
    given: object = answer.get("messages")
    if not isinstance(given, list):
        raise AnswerLost("Slack's answer lacks 'messages'.")
    messages = cast("list[Json]", given)
    for message in messages:
        text_of(message, "ts")
    return messages


def cursor_of(answer: Json) -> str:
    """Where the next page begins; empty on the last one."""
    return str(_object(answer, "response_metadata").get("next_cursor") or "")


def marker_of(message: Json, event_type: str) -> str:
    """The marker in a message's metadata; empty if it has none."""
    metadata = _object(message, "metadata")
    if metadata.get("event_type") != event_type:
        return ""
    return str(_object(metadata, "event_payload").get("marker") or "")


def identity_of(answer: Json) -> Identity:
    """Read `auth.test`."""
    return Identity(
        team_id=text_of(answer, "team_id"),
        bot_user_id=text_of(answer, "user_id"),
        bot_id=str(answer.get("bot_id") or ""),
        url=text_of(answer, "url"),
    )


def person_of(answer: Json) -> Person:
    """Read `users.info`. The e-mail is empty without the scope `users:read.email`."""
    user, user_id = _object(answer, "user"), text_of(answer.get("user"), "id")
    profile = _object(user, "profile")
    # The real name first: it is what people on the other services know someone by.
    names = (user.get("real_name"), profile.get("real_name"), profile.get("display_name"), user.get("name"), user_id)
    return Person(
        id=user_id,
        team_id=str(user.get("team_id") or ""),
        name=next(str(name) for name in names if name),
        email=str(profile.get("email") or ""),
        # Slackbot is the one bot that Slack does not mark as such.
        bot=_any(user, "is_bot", "is_workflow_bot", "is_connector_bot") or user_id == "USLACKBOT",
        guest=_any(user, "is_restricted", "is_ultra_restricted"),
        admin=_any(user, "is_admin", "is_owner", "is_primary_owner"),
        deleted=_any(user, "deleted"),
        timezone=str(user.get("tz") or ""),
        stranger=_any(user, "is_stranger"),
    )


def channel_of(answer: Json) -> Channel:
    """Read `conversations.info`."""
    channel = _object(answer, "channel")
    return Channel(
        id=text_of(channel, "id"),
        name=str(channel.get("name") or ""),
        private=_any(channel, "is_private", "is_im", "is_mpim", "is_group"),
        shared=_any(channel, "is_shared", "is_ext_shared", "is_org_shared", "is_pending_ext_shared"),
        archived=_any(channel, "is_archived"),
        direct=_any(channel, "is_im", "is_mpim"),
        member=_any(channel, "is_member", "is_im"),
        external=_any(channel, "is_ext_shared", "is_pending_ext_shared"),
    )


def response_url_answer(text: str) -> Json:
    """What a `response_url` answered: JSON if it refuses, and otherwise JSON or the bare word `ok`."""
    try:
        parsed: object = json.loads(text)
    except (ValueError, RecursionError):
        return {"ok": text.strip() == "ok", "error": text.strip()[:100] or "no_answer"}
    return cast("Json", parsed) if isinstance(parsed, dict) else {"ok": False, "error": "no_answer"}


def _object(container: Mapping[str, Any], key: str) -> Json:
    value: object = container.get(key)
    return cast("Json", value) if isinstance(value, dict) else {}


def _any(container: Json, *keys: str) -> bool:
    return any(container.get(key) is True for key in keys)
