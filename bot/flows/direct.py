"""What a person is told of an issue or a pull request in their direct message: one live card, with its thread.

The card is that of the channels, with why it came above it. It is edited without a word whenever the thing changes, as
long as the person may see it; replies in its thread become comments, as in every thread of such a thing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from bot.flows import syncing
from bot.flows.plan import to_slack
from bot.message import Message
from bot.renderers.notices import again
from storage import history, mappings
from storage.integrations import NewIntegration
from storage.mappings import Found

_KEEPING = "slack:kept:"
"""How the ordering keys begin of what is kept over people's quiet hours, one for each thing and person."""


@dataclass(frozen=True)
class Thing:
    """What a card stands for: an issue, a pull request, a discussion."""

    service: str
    resource: str
    uid: str

    @property
    def card_of(self) -> dict[str, str]:
        """As rows and mappings name it."""
        return {"service": self.service, "resource": self.resource, "uid": self.uid}


@dataclass(frozen=True)
class Present:
    """How a thing is shown now: its `card`, and what sorts that among others."""

    thing: Thing
    version: str
    card: Message


@dataclass(frozen=True)
class Notice:
    """What a person (`team/user`) is told, and by which `account` of theirs it concerns them; `occasion` is unique."""

    user: str
    account: str
    said: Message
    occasion: str

    @property
    def key(self) -> str:
        """What the keys of its calls end with."""
        return f"notice:{self.occasion}:{self.user}"


def cards(connection: Connection, thing: Thing) -> dict[str, Found]:
    """The open cards of people's own, by the person."""
    found = mappings.threads_of(connection, thing.service, thing.resource, thing.uid)
    return {str(one.extra["notice"]): one for one in found if one.extra.get("notice") and not one.extra.get("closed")}


def holders(connection: Connection, thing: Thing) -> dict[str, dict[str, str]]:
    """Everybody (`team/user`) who has the thing's card, or gets it, with the account by which they were told."""
    there = {user: found.extra["account"] for user, found in cards(connection, thing).items()}
    accounts = kept(connection, thing) | there
    return {user: {"account": account, "kind": ""} for user, account in accounts.items()}


def kept(connection: Connection, thing: Thing) -> dict[str, str]:
    """The people for whom the thing's card is kept over their quiet hours, with that account."""
    rows = map(history.payload_of, history.unended_within(connection, _keeping(thing)))
    return {one["channel"]: one["card"]["account"] for one in rows if "card" in one}


def tell(
    connection: Connection, cause: Mapping[str, str], now: Present, notice: Notice, there: Found | None
) -> list[NewIntegration]:
    """A reply in the thread of the card that is `there`, or on its way; a new card otherwise. Twice is once."""
    user, thing = notice.user, now.thing
    key = f"card:{user}:{thing.service}:{thing.resource}"
    earlier, anew = history.with_key(connection, key), history.with_key(connection, f"{key}:{notice.key}")
    if anew is not None or (earlier is not None and history.payload_of(earlier).get("occasion") == notice.key):
        return []  # the card began with it
    on_its_way = earlier is not None and earlier.status == "pending"
    if there is not None or on_its_way or history.waiting(connection, _keeping(thing, user)):
        if there is not None and not syncing.to_slack(connection, there.id):
            return []
        return [beneath(thing, cause, notice.key, user, again(user.rpartition("/")[2], notice.said))]
    card = {**thing.card_of, "notice": user, "account": notice.account, "above": notice.said.blocks,
            "version": now.version}  # fmt: skip
    content = {"channel": user, "occasion": notice.key, "card": card}
    if earlier is not None:
        key = f"{key}:{notice.key}"
    first = Message(notice.said.text, [*notice.said.blocks, *now.card.blocks])
    return [to_slack("post_message", key, _order(user), cause, user, content, first)]


def edited(now: Present, cause: Mapping[str, str], key: str, user: str, *, bare: bool = False) -> NewIntegration:
    """The person's card as the thing is now; `bare` takes away what stood above it."""
    payload = {"channel": user, "card_of": now.thing.card_of, "version": now.version}
    payload |= {"bare": True} if bare else {}
    return to_slack("update_message", key, _order(user), cause, user, payload, now.card)


def beneath(thing: Thing, cause: Mapping[str, str], key: str, user: str, said: Message) -> NewIntegration:
    """In the thread of the card; by itself where that is not there by then."""
    payload = {"channel": user, "card_of": thing.card_of, "notice": True}
    return to_slack("post_message", key, _order(user), cause, user, payload, said)


def kept_in(row: NewIntegration) -> str:
    """The ordering key in which a row of somebody's direct message is kept over their quiet hours; empty for others."""
    if not row.ordering_key.startswith(f"slack:{_order('')}"):
        return ""
    thing = row.payload.get("card") or row.payload["card_of"]
    return _keeping(Thing(thing["service"], thing["resource"], thing["uid"]), str(row.payload["channel"]))


def kept_for(connection: Connection, user: str) -> list[Any]:
    """All rows that are kept for a person."""
    return [row for row in history.unended_within(connection, _KEEPING) if row.target_id == user]


def _order(user: str) -> str:
    return f"notice:{user}"


def _keeping(thing: Thing, user: str = "") -> str:
    return f"{_KEEPING}{thing.service}:{thing.resource}:{user}"
