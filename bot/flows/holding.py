"""Quiet hours: what falls into them is kept until they end, in its order; what happened to one thing is one message.

The rows of a thing that is kept have an ordering key of their own, behind which all that is told of it later waits as
well; edits of a card that was posted before make no noise and are not kept. Until its time comes a row can still be
added to: a card shows the newest state, and the lines of the night become one message of several lines.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from storage import history, integrations
from storage.integrations import NewIntegration

LONGEST = 12_000
"""In characters: what one message of several lines holds at most."""


def held(
    connection: Connection, rows: list[NewIntegration], order: str, until: datetime | None, now: datetime
) -> list[NewIntegration]:
    """The rows about one thing in one channel (`order`) as they are to be planned now that it is quiet `until` then.

    What is added to a row that is kept already is not among them.
    """
    key = f"slack:{order}:quiet"
    newest = history.newest(connection, key)
    if until is None and newest is None:
        return rows
    if not order.partition(":")[2]:  # a thing without a card: each message stands for itself
        return [replace(row, not_before=until) for row in rows]
    return [held for row in rows for held in _one(connection, row, order, until, now)]


def _one(
    connection: Connection, row: NewIntegration, order: str, until: datetime | None, now: datetime
) -> list[NewIntegration]:
    if row.operation == "update_message":
        return _edit(connection, row, order, now)
    if row.operation == "post_message":
        return _post(connection, row, f"slack:{order}:quiet", until, now)
    return [row]  # a reply that follows its comment makes no noise, and stands behind its posting


def _edit(connection: Connection, row: NewIntegration, order: str, now: datetime) -> list[NewIntegration]:
    channel, _, resource = order.partition(":")
    service = row.payload["card_of"]["service"]
    card = history.locked_with_key(connection, f"card:{channel}:{service}:{resource}")
    if card is None or card.due_at <= now:
        return [row]
    payload = json.loads(card.payload)
    if "line_of" in payload["card"]:
        return []
    payload |= {name: row.payload[name] for name in ("text", "blocks")}
    payload["card"]["version"] = row.payload["version"]
    return [] if integrations.amend(connection, card, payload, now) else [row]


def _post(
    connection: Connection, row: NewIntegration, key: str, until: datetime | None, now: datetime
) -> list[NewIntegration]:
    """A post, in line with what is kept; nothing is left of a line that was added to it, or was in it before."""
    if "card" not in row.payload:
        newest = history.newest(connection, key)
        before: dict[str, Any] = json.loads(newest.payload) if newest is not None else {}
        if row.key in before.get("lines", []):
            return []
        if until is not None and _like(before, row.payload):
            added = {"text": f"{before['text']}\n{row.payload['text']}", "lines": [*before["lines"], row.key]}
            added["broadcast"] = before.get("broadcast", False) or row.payload.get("broadcast", False)
            if len(added["text"]) <= LONGEST and integrations.amend(connection, newest, before | added, now):
                return []
        row = replace(row, payload={**row.payload, "lines": [row.key]})
    if until is not None or history.waiting(connection, key):
        return [replace(row, ordering_key=key, not_before=until)]
    return [row]


def _like(before: Mapping[str, Any], row: Mapping[str, Any]) -> bool:
    """Whether a line would go where the kept ones go, into the same thread or into the channel.

    A comment has a reply to itself, which follows it; files are shown when the line that tells of them is posted.
    """
    own = {"comment", "files"}
    alone = "lines" not in before or row.get("blocks") or own & {*before, *row}
    return not alone and ("card_of" in before) == ("card_of" in row)
