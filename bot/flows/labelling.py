"""Labels that one person puts on a thing, or takes off it, within seconds are one line of its thread.

GitHub tells of each by an event of its own. The first line waits for a moment and names those that follow, too; what
is told of the thing meanwhile waits behind it, so that the order stays. In quiet hours a line is kept anyway.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from bot.renderers.github_tickets import relabeled
from bot.renderers.news import News
from storage import history, integrations
from storage.integrations import NewIntegration

PAUSE = timedelta(seconds=5)
"""How long a line waits for further labels, and all that comes after it."""
KNOWN = 20
"""How many of a thread's newest messages are asked whether they name a label already."""


def together(
    connection: Connection, rows: list[NewIntegration], news: News, until: datetime | None, now: datetime
) -> list[NewIntegration]:
    """The rows about one thing in one channel, the line about a label in that which waits, if there is one.

    `until` is the end of the quiet hours.
    """
    if not news.label or until is not None:
        return rows
    return [kept for row in rows for kept in (_one(connection, row, news, now) if _tells(row) else [row])]


def _tells(row: NewIntegration) -> bool:
    return row.operation == "post_message" and "card" not in row.payload and not row.payload.get("blocks")


def _one(connection: Connection, row: NewIntegration, news: News, now: datetime) -> list[NewIntegration]:
    label = [row.key, news.facts.action, news.label]
    given = {**row.payload, "labels": [label]}
    newest = history.newest_of(connection, row.ordering_key, row.operation, KNOWN)
    before = [history.payload_of(one) for one in newest]
    if any(row.key == key for payload in before for key, *_ in payload.get("labels", [])):
        return []
    if before and _frame(before[0]) == _frame(given):
        waiting = history.locked_with_key(connection, newest[0].key)
        payload: dict[str, Any] = json.loads(waiting.payload)
        labels = [*payload["labels"], label]
        text = payload["text"].replace(_words(payload["labels"]), _words(labels))
        if integrations.amend(connection, waiting, {**payload, "labels": labels, "text": text}, now):
            return []
    return [replace(row, payload=given, not_before=now + PAUSE)]


def _frame(payload: Mapping[str, Any]) -> dict[str, Any]:
    """What a line says and where, but for the labels; who put them on is a part of it."""
    words = _words(payload.get("labels", []))
    return {**payload, "labels": bool(words), "text": payload["text"].replace(words, "\n") if words else ""}


def _words(labels: list[list[str]]) -> str:
    return relabeled([(action, name) for _, action, name in labels])
