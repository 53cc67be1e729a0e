"""Telling one person something, by the best way there is: the command's own answer, or a message only they see."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from adapters.errors import AdapterError, Invalid
from adapters.plain_text import to_text
from adapters.slack.markup import read_message
from bot.flows.asker import Asker
from bot.flows.plan import Plan, to_slack
from bot.message import BlockDict, Message, escape, section
from bot.payload import mapping
from storage.integrations import NewIntegration

PART, MOST_PARTS = 2900, 4
"""How many characters of what somebody wrote one block gives back; Slack takes some 13,000 in all of a message's."""


def given_back(words: str, lead: str) -> list[BlockDict]:
    """What somebody wrote, as far as one message can hold it, for whoever has no form any more in which it stands."""
    shown: list[BlockDict] = []
    while words and len(shown) < MOST_PARTS:
        part = words[:PART]
        while len(escape(part, PART)) > PART:
            part = part[: len(part) * 3 // 4]
        shown.append(section(escape(part, PART) if shown else f"{lead}{escape(part, PART)}"))
        words = words[len(part) :]
    rest = section("… The rest is in connect's log: whoever runs connect can read it there.")
    return [*shown, rest] if words else shown


def typed(payload: Mapping[str, Any]) -> list[BlockDict]:
    """What the person wrote who asked for something: the words of a message, or `text`."""
    message = mapping(payload, "message")
    return given_back(to_text(read_message(message)) if message else payload.get("text", ""), "You wrote: ")


def details(error: AdapterError) -> str:
    """What a service complains of, as far as its sentence does not say that already."""
    fields = error.fields if isinstance(error, Invalid) else {}
    return "".join(f" {escape(reason)}" for reason in fields.values() if reason not in str(error))


def tell(payload: Mapping[str, Any], key: str, cause: Mapping[str, str], message: Message) -> NewIntegration | None:
    """An answer to whoever made the request in `payload`; None if it names nobody to tell.

    Where it cannot be shown (the command was too long ago, connect is not in the channel), it goes as a direct message.
    """
    user, channel = payload.get("requester", ""), payload.get("channel", "")
    thread_ts = payload.get("thread", "").rpartition("/")[2]
    direct = to_slack("post_message", f"{key}:direct", key, cause, user, {"channel": user}, message) if user else None
    otherwise = {"otherwise": asdict(direct) if direct else None}
    if payload.get("response_url"):
        answer = {"response_url": payload["response_url"], "thread_ts": thread_ts, **otherwise}
        return to_slack("respond", key, key, cause, channel, answer, message)
    if not user or payload.get("origin") == "rest":
        return None
    if not channel:
        return to_slack("post_message", key, key, cause, user, {"channel": user}, message)
    place = {"channel": channel, "user": user, "thread_ts": thread_ts, **otherwise}
    return to_slack("post_ephemeral", key, key, cause, channel, place, message)


def tell_asker(plan: Plan, asker: Asker, response_url: str, message: Message) -> None:
    """Add the answer to whoever pressed or chose something to the plan of that."""
    payload = {"requester": asker.user, "channel": asker.channel, "response_url": response_url}
    cause = {"source_service": "slack", "event_type": plan.event, "source_id": asker.channel}
    told = tell(payload, f"{plan.key}:tell", cause, message)
    if told:
        plan.add(told)
