"""The state of one Slack workspace, and the events that its changes cause."""

import copy
import hashlib
import hmac
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from sandbox.slack import wire
from sandbox.slack.wire import BOT_USER, Conversation, Json, Refusal
from sandbox.standin import Outgoing, StandIn, compact

PATH = "/slack/events"
GENERAL, DEV, PRIVATE, OUTSIDE, HIDDEN, OLD, PARTNERS = (f"C0DEV0000{number}" for number in range(1, 8))
"""#general, #dev and private #leads with connect in them; #random and private #board without; archived #old; #partners,
shared with another organisation."""
MEMBER, ADMIN, GUEST, STRANGER = (f"U0DEV0000{number}" for number in range(1, 5))
SCOPES = (
    *("app_mentions:read", "chat:write", "commands", "files:read", "files:write", "team:read"),
    *("channels:history", "channels:join", "channels:manage", "channels:read"),
    *("groups:history", "groups:read", "groups:write"),
    *("im:history", "im:read", "im:write", "links:read", "links:write", "mpim:history", "mpim:read"),
    *("reactions:read", "reactions:write", "users:read", "users:read.email"),
)


@dataclass
class Trigger:
    """The right to open one window for a user, for three seconds; `view` is the window it was got in, if any."""

    user: str
    at: float
    view: str = ""
    used: bool = False


@dataclass
class ResponseUrl:
    """Where an interaction may still be answered; `ts` is the message it was about, if any."""

    user: str
    channel: str
    ts: str
    at: float
    uses: int = 0


@dataclass
class Shown:
    """The windows of one user, as ids: a stack of modals (the last one is seen) and the home tab."""

    modals: list[str] = field(default_factory=list[str])
    home: str = ""


@dataclass
class Links:
    """What the app is told of links, and shows of them: as `unfurl_domains` and Work Object Previews have it."""

    domains: set[str] = field(default_factory=set[str])
    """The hosts whose links the app is told of."""
    work_objects: bool = True
    panels: dict[str, Json] = field(default_factory=dict[str, Json])
    """What the panels of Work Objects show, by trigger: `entity`, `comments`, `cursor`, `error`."""


class Workspace(StandIn):
    """One workspace with connect installed in it."""

    service = "slack"
    functions: Mapping[str, Json] = MappingProxyType({})
    """What the app's manifest declares, by callback id."""
    _last_ts = 0

    def __init__(self, signing_secret: str, token: str, team: str) -> None:
        super().__init__()
        self.signing_secret = signing_secret
        self.tokens = {token}
        self.team = team
        self.scopes = set(SCOPES)
        self.now: Callable[[], float] = time.time
        self.history_lag = 0.0
        """Seconds until a message can be read through `conversations.history` and `.replies`."""
        self.metadata_in_events = False
        """Whether `message` events show the metadata of connect's posts."""
        self.users: dict[str, Json] = {}
        self.channels: dict[str, Conversation] = {}
        self.ephemerals: list[Json] = []
        self.views: dict[str, Json] = {}
        self.shown: dict[str, Shown] = {}
        self.triggers: dict[str, Trigger] = {}
        self.response_urls: dict[str, ResponseUrl] = {}
        self.responses: list[Json] = []
        """What was posted to response URLs: `user`, `channel`, `body`."""
        self.links = Links()
        self.steps: dict[str, Json] = {}
        """Workflow steps by execution id: `state` (`running`, `completed`, `failed`), `outputs`, `error`, …"""
        self.files: dict[str, Json] = {}
        self.contents: dict[str, bytes] = {}
        self.refusals: list[Json] = []
        """What connect sent and Slack did not take: `operation`, `error`, `messages`, and where it was to be seen."""
        self.form_errors: dict[str, dict[str, str]] = {}
        """What a modal says at its fields, by view id."""
        self.last_event: Outgoing | None = None
        self._populate()

    def _populate(self) -> None:
        self.users[BOT_USER] = wire.user(BOT_USER, "connect", self.team, bot=True)
        self.add_user(MEMBER, "Mia Member")
        self.add_user(ADMIN, "Ada Admin", admin=True)
        self.add_user(GUEST, "Gus Guest", guest=True)
        self.add_user(STRANGER, "Sam Stranger", stranger=True)
        everyone = (BOT_USER, MEMBER, ADMIN)
        self.add_channel(GENERAL, "general", members=(*everyone, GUEST))
        self.add_channel(DEV, "dev", members=everyone)
        self.add_channel(PRIVATE, "leads", members=everyone, private=True)
        self.add_channel(OUTSIDE, "random", members=(MEMBER, ADMIN))
        self.add_channel(HIDDEN, "board", members=(ADMIN,), private=True)
        self.add_channel(OLD, "old", members=everyone, archived=True)
        self.add_channel(PARTNERS, "partners", members=(*everyone, STRANGER), shared=True)

    def add_user(self, user_id: str, name: str, *, email: str = "", **flags: bool) -> str:
        """Add a user; `flags` are `admin`, `guest`, `stranger`, `bot`, `deleted`."""
        team = "T0EXTERNAL" if flags.get("stranger") else self.team
        self.users[user_id] = wire.user(user_id, name, team, email=email, **flags)
        return user_id

    def add_channel(
        self,
        channel_id: str,
        name: str,
        *,
        members: tuple[str, ...] = (BOT_USER, MEMBER),
        private: bool = False,
        archived: bool = False,
        shared: bool = False,
    ) -> str:
        """Add a channel; connect is in it if its bot user is among the members."""
        kind = "group" if private else "channel"
        self.channels[channel_id] = Conversation(channel_id, name, kind, list(members), archived, shared)
        return channel_id

    # --- messages ----------------------------------------------------------------------------------------------------

    def direct(self, user_id: str) -> Conversation:
        """The direct message between connect and a user, opened if need be."""
        channel_id = "D" + user_id[1:]
        if channel_id not in self.channels:
            self.channels[channel_id] = Conversation(channel_id, "", "im", [BOT_USER, user_id], user=user_id)
        return self.channels[channel_id]

    def next_ts(self) -> str:
        """A timestamp that is also an id: never the same twice, always growing."""
        self._last_ts = max(int(self.now() * 1_000_000), self._last_ts + 1)
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    def store(self, place: Conversation, message: Json, thread_ts: str = "", *, broadcast: bool = False) -> Json:
        """Add a message to a conversation and tell the app; raises `Refusal` if the thread does not exist."""
        ts = self.next_ts()
        message = {"type": "message", **message, "ts": ts}
        if thread_ts:
            root = self.message(place, thread_ts)
            if root is None:
                raise Refusal("thread_not_found")
            root = self.message(place, root.get("thread_ts", root["ts"])) or root
            message |= {"thread_ts": root["ts"], "parent_user_id": root["user"]}
            if broadcast:
                message |= {"subtype": "thread_broadcast", "root": copy.deepcopy(root)}
            _count_reply(root, message)
        place.messages.append(message)
        self._tell(place, message)
        return message

    def message(self, place: Conversation, ts: str) -> Json | None:
        """A message of the conversation, in a thread or not."""
        return next((message for message in place.messages if message["ts"] == ts), None)

    def located(self, ts: str) -> tuple[Conversation, Json]:
        """Where a message is that a person sees, ephemeral ones included; raises `Refusal`."""
        for place in self.channels.values():
            found = self.message(place, ts)
            if found is not None:
                return place, found
        for shown in self.ephemerals:
            if shown["ts"] == ts:
                return self.channels[shown["channel"]], shown
        raise Refusal("message_not_found")

    def change(self, place: Conversation, message: Json, content: Json, editor: str) -> None:
        """Replace what a message says and tell the app."""
        before = copy.deepcopy(message)
        ts = self.next_ts()
        message |= content | {"edited": {"user": editor, "ts": ts}}
        self._tell_hidden(
            place, ts, "message_changed", {"message": self._public(message), "previous_message": self._public(before)}
        )

    def beneath(self, place: Conversation, message: Json, **shown: list[Json]) -> None:
        """Let a message have other previews (`attachments`) or `files` beneath its words, and tell the app.

        To Slack that is a change too, though nobody edited it.
        """
        before = copy.deepcopy(message)
        message |= shown
        body = {"message": self._public(message), "previous_message": self._public(before)}
        self._tell_hidden(place, self.next_ts(), "message_changed", body)

    def remove(self, place: Conversation, message: Json) -> None:
        """Delete a message and tell the app; a parent of replies leaves a tombstone, as in Slack."""
        before = copy.deepcopy(message)
        if message.get("reply_count"):
            text = "This message was deleted."
            message |= {"subtype": "tombstone", "text": text, "user": "USLACKBOT", "hidden": True, "blocks": []}
        else:
            place.messages.remove(message)
        body = {"deleted_ts": before["ts"], "previous_message": self._public(before)}
        self._tell_hidden(place, self.next_ts(), "message_deleted", body)

    def visible(self, place: Conversation, *, metadata: bool) -> list[Json]:
        """What the app can read of a conversation by now, oldest first."""
        limit = self.now() - self.history_lag
        found = [copy.deepcopy(message) for message in place.messages if float(message["ts"]) <= limit + 1e-6]
        return found if metadata else [self._public(message, metadata=False) for message in found]

    def refused(self, operation: str, refusal: Refusal, **where: str) -> None:
        """Keep what Slack said against something that connect sent; `where` has `channel` and `user`, if known."""
        with self.lock:
            messages: list[str] = refusal.extra.get("response_metadata", {}).get("messages", [])
            self.refusals.append({"operation": operation, "error": refusal.code, "messages": messages,
                                  "ts": self.next_ts()} | where)  # fmt: skip

    # --- events ------------------------------------------------------------------------------------------------------

    def emit(self, event: Json) -> None:
        """Queue an event for the app."""
        event_id = f"Ev0DEV{self.next_id():06d}"
        place = self.channels.get(event["channel"]) if isinstance(event.get("channel"), str) else None
        shared = place is not None and place.shared
        body = compact(wire.envelope(self.team, event, event_id, int(self.now()), shared=shared))
        self.last_event = Outgoing(PATH, body, self.signed, f"{event['type']} {event_id}")
        self.send(self.last_event)

    def signed(self, body: bytes, content_type: str = "application/json") -> dict[str, str]:
        """The headers of a request that Slack sends now."""
        timestamp = str(int(self.now()))
        digest = hmac.new(self.signing_secret.encode(), f"v0:{timestamp}:".encode() + body, hashlib.sha256).hexdigest()
        return {
            "Content-Type": content_type,
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": f"v0={digest}",
        }

    def _tell(self, place: Conversation, message: Json) -> None:
        if BOT_USER not in place.members:
            return
        event = self._public(message) | {"channel": place.id, "event_ts": message["ts"]}
        self.emit(event | {"channel_type": place.kind})
        if place.kind != "im" and f"<@{BOT_USER}>" in message.get("text", "") and message["user"] != BOT_USER:
            self.emit(event | {"type": "app_mention"})

    def _tell_hidden(self, place: Conversation, ts: str, subtype: str, body: Json) -> None:
        if BOT_USER not in place.members:
            return
        event: Json = {"type": "message", "subtype": subtype, **body, "channel": place.id, "hidden": True}
        self.emit(event | {"ts": ts, "event_ts": ts, "channel_type": place.kind})

    def _public(self, message: Json, *, metadata: bool | None = None) -> Json:
        """A copy for others, with or without metadata (None: as events have it)."""
        shown = self.metadata_in_events if metadata is None else metadata
        return {key: copy.deepcopy(value) for key, value in message.items() if shown or key != "metadata"}


def _count_reply(root: Json, reply: dict[str, Any]) -> None:
    users = root.get("reply_users", [])
    users = users if reply["user"] in users else [*users, reply["user"]]
    root |= {
        "thread_ts": root["ts"],
        "reply_count": root.get("reply_count", 0) + 1,
        "reply_users": users,
        "reply_users_count": len(users),
        "latest_reply": reply["ts"],
        "subscribed": False,
    }
