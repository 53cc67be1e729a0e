"""The JSON that Slack speaks: users, conversations, messages, events. Pure."""

import copy
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

type Json = dict[str, Any]

APP_ID = "A0DEV00001"
BOT_ID = "B0DEV00001"
BOT_USER = "U0DEVBOT01"
VERIFICATION_TOKEN = "sandbox-verification"

_REFERENCE = re.compile(r"<([@#!])([^>|]+)(?:\|[^>]*)?>|<((?:https?|mailto):[^>|]+)(?:\|([^>]*))?>")


class Refusal(Exception):
    """An `ok: false` answer: Slack's code for it and what else the answer carries."""

    def __init__(self, code: str, **extra: Any) -> None:
        super().__init__(code)
        self.code = code
        self.extra = extra


@dataclass
class Conversation:
    """A channel, private channel (`group`) or direct message (`im`) with what was said in it, oldest first."""

    id: str
    name: str
    kind: Literal["channel", "group", "im"] = "channel"
    members: list[str] = field(default_factory=list[str])
    archived: bool = False
    shared: bool = False
    user: str = ""
    """The other side of a direct message."""
    messages: list[Json] = field(default_factory=list[Json])
    creator: str = ""
    """Who made it; whoever is its first member, if that is not said."""
    created: int = 1700000000
    topic: str = ""
    purpose: str = ""

    def info(self, team: str) -> Json:
        """The conversation as `conversations.info` shows it to connect."""
        common: Json = {
            "id": self.id, "created": self.created, "is_archived": self.archived,
            "is_channel": self.kind == "channel", "is_group": self.kind == "group", "is_im": self.kind == "im",
            "is_mpim": False, "is_org_shared": False, "is_read_only": False, "last_read": "0000000000.000000",
            "unlinked": 0, "context_team_id": team,
        }  # fmt: skip
        if self.kind == "im":
            return common | {"user": self.user, "is_user_deleted": False, "priority": 0}
        creator = self.creator or (self.members[0] if self.members else BOT_USER)
        topic, purpose = ({"value": words, "creator": "", "last_set": 0} for words in (self.topic, self.purpose))
        return common | {
            "name": self.name,
            "name_normalized": self.name,
            "is_general": self.name == "general",
            "is_private": self.kind == "group",
            "is_member": BOT_USER in self.members,
            "is_shared": self.shared,
            "is_ext_shared": self.shared,
            "is_pending_ext_shared": False,
            "pending_shared": [],
            "shared_team_ids": [team],
            "creator": creator,
            "topic": topic,
            "purpose": purpose,
            "previous_names": [],
            "num_members": len(self.members),
        }


def user(user_id: str, name: str, team: str, *, email: str = "", **flags: bool) -> Json:
    """A user as `users.info` shows it; `flags` are `admin`, `guest`, `stranger`, `bot`, `deleted`."""
    handle = name.lower().replace(" ", ".")
    return {
        "id": user_id,
        "team_id": team,
        "name": handle,
        "deleted": flags.get("deleted", False),
        "color": "9f69e7",
        "real_name": name,
        "tz": "Europe/Berlin",
        "tz_label": "Central European Time",
        "tz_offset": 3600,
        "profile": {
            "real_name": name,
            "real_name_normalized": name,
            "display_name": handle,
            "display_name_normalized": handle,
            "email": email or f"{handle}@example.com",
            "status_text": "",
            "status_emoji": "",
            "team": team,
        },
        "has_2fa": False,
        "is_admin": flags.get("admin", False),
        "is_owner": False,
        "is_primary_owner": False,
        "is_restricted": flags.get("guest", False),
        "is_ultra_restricted": False,
        "is_bot": flags.get("bot", False),
        "is_app_user": False,
        "is_stranger": flags.get("stranger", False),
        "updated": 1700000000,
    }


def bot_fields(team: str) -> Json:
    """What marks a message as connect's own."""
    return {
        "user": BOT_USER,
        "bot_id": BOT_ID,
        "app_id": APP_ID,
        "team": team,
        "bot_profile": {
            "id": BOT_ID,
            "app_id": APP_ID,
            "user_id": BOT_USER,
            "name": "connect",
            "icons": {},
            "deleted": False,
            "updated": 1700000000,
            "team_id": team,
        },
    }


def envelope(team: str, event: Json, event_id: str, event_time: int, *, shared: bool = False) -> Json:
    """An event as the Events API sends it; `shared`: from a channel that another organisation shares."""
    return {
        "token": VERIFICATION_TOKEN,
        "team_id": team,
        "context_team_id": team,
        "context_enterprise_id": None,
        "api_app_id": APP_ID,
        "event": event,
        "type": "event_callback",
        "event_id": event_id,
        "event_time": event_time,
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": team,
                "user_id": BOT_USER,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": shared,
        "event_context": f"4-{event_id}",
    }


def identified(blocks: Iterable[Json]) -> list[Json]:
    """Blocks as Slack keeps them: each with a `block_id`, each interactive element with an `action_id`."""
    kept = copy.deepcopy(list(blocks))
    for number, block in enumerate(kept):
        block.setdefault("block_id", f"b{number}")
        for position, element in enumerate(interactive(block)):
            element.setdefault("action_id", f"a{number}.{position}")
    return kept


def interactive(block: Json) -> list[Json]:
    """The elements of a block that people can use."""
    elements: list[Json] = list(block.get("elements", [])) if block["type"] in ("actions", "context_actions") else []
    elements += [block[key] for key in ("accessory", "element") if isinstance(block.get(key), dict)]
    return [element for element in elements if element.get("type") != "image"]


def rich_text(text: str) -> list[Json]:
    """What Slack's composer makes of typed text: one `rich_text` block, with references as elements of their own."""
    elements: list[Json] = []
    end = 0
    for found in _REFERENCE.finditer(text):
        elements += _plain(text[end : found.start()])
        end = found.end()
        sigil, reference, url, label = found.groups()
        if url:
            elements.append({"type": "link", "url": _unescaped(url)} | ({"text": _unescaped(label)} if label else {}))
        else:
            elements.append(_mention(sigil, reference))
    elements += _plain(text[end:])
    section = {"type": "rich_text_section", "elements": elements}
    return [{"type": "rich_text", "block_id": "rich1", "elements": [section]}]


def _mention(sigil: str, reference: str) -> Json:
    if sigil == "@":
        return {"type": "user", "user_id": reference}
    if sigil == "#":
        return {"type": "channel", "channel_id": reference}
    if reference.startswith("subteam^"):
        return {"type": "usergroup", "usergroup_id": reference.removeprefix("subteam^")}
    return {"type": "broadcast", "range": reference}


def _plain(text: str) -> list[Json]:
    return [{"type": "text", "text": _unescaped(text)}] if text else []


def _unescaped(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
