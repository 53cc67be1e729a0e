"""Bulk edits: what one person changes alike in many issues within seconds is one message of the channel.

The first of them are told as ever, since nobody can know yet that they will be many. The issues that have threads are
told there as ever, too, since each thread is about one issue; only what would be said aloud is folded, and no card is
opened for it. Files that were attached are no bulk edit: each of them is shown.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from bot.flows import labelling
from bot.renderers.news import News
from bot.renderers.parts import in_one_line, who
from storage import history, integrations
from storage.integrations import NewIntegration

ALIKE = 2
"""How many are told one by one."""
WITHIN = timedelta(seconds=15)
"""How far apart the ones before may lie."""
PAUSE, LONGEST = timedelta(seconds=5), timedelta(seconds=60)
"""How long the message waits for another issue, and in all."""
SHOWN = 20
"""Issues that the message names."""


type Rows = list[NewIntegration]


def folded(connection: Connection, rows: Rows, news: News, until: datetime | None, now: datetime) -> tuple[Rows, Rows]:
    """The rows about one issue in one channel as they are to be planned, and the message of a bulk edit.

    In one, the former are without what is loud of them. What is added to a message that still waits is not among the
    latter. Labels that arrive together are one line of the former. `until` is the end of the quiet hours.
    """
    rows = labelling.together(connection, rows, news, until, now)
    loud = [row for row in rows if _is_loud(row)]
    if not loud or news.feature not in ("updated", "deleted") or news.comment or news.attached or not news.line:
        return rows, []
    alike = f"{loud[0].target_id}:{news.actor_id or news.actor}:{','.join(_changed(news))}"
    since = history.posted_since(connection, loud[0].target_id, now - WITHIN)
    if sum(ALIKE if "fold" in payload else 1 for payload in since if payload.get("alike") == alike) < ALIKE:
        return [replace(row, payload={**row.payload, "alike": alike}) if row in loud else row for row in rows], []
    rest = [] if any(_opens(row) for row in rows) else [_silenced(row) for row in rows if not _only_loud(row)]
    return rest, _added(connection, loud[0], alike, news, max(until or now, now))


def _is_loud(row: NewIntegration) -> bool:
    said = row.payload
    return row.operation == "post_message" and ("card_of" not in said or bool(said.get("broadcast")))


def _opens(row: NewIntegration) -> bool:
    return "card" in row.payload and "thread_ts" not in row.payload


def _only_loud(row: NewIntegration) -> bool:
    return row.operation == "post_message" and "card_of" not in row.payload


def _silenced(row: NewIntegration) -> NewIntegration:
    return replace(row, payload={name: value for name, value in row.payload.items() if name != "broadcast"})


def _changed(news: News) -> list[str]:
    return sorted(topic for topic in news.topics if topic.startswith("field:")) or [news.feature]


def _added(connection: Connection, row: NewIntegration, alike: str, news: News, now: datetime) -> Rows:
    """The message with one issue more; nothing if there is one that waits, which holds it now."""
    order = f"bulk:{alike}"
    waiting = history.newest(connection, order)
    fold: dict[str, Any] = json.loads(waiting.payload)["fold"] if waiting is not None else {}
    if waiting is not None:
        until = max(waiting.due_at, min(now + PAUSE, waiting.created_at + LONGEST))
        payload = {**json.loads(waiting.payload), **_said(fold, news)}
        if integrations.amend(connection, waiting, payload, now, due_at=until):
            return []
    account = {name: row.payload[name] for name in ("channel", "subscription") if name in row.payload}
    payload = {**account, "alike": alike, **_said({}, news)}
    return [replace(row, key=f"{row.key}:bulk", ordering_key=order, payload=payload, not_before=now + PAUSE)]


def _said(fold: Mapping[str, Any], news: News) -> dict[str, Any]:
    by = who(news.actor)
    did = in_one_line(news.line.text if news.line else "").removeprefix(f"{by} ")
    issues = [*fold.get("issues", []), f"• {news.headline or news.resource}  ·  {did}"]
    count = fold.get("count", 0) + 1
    if count == 1:
        text = f"{issues[0].removeprefix('• ')} ({by})"
    else:
        more = [f"and {count - SHOWN:,} more"] if count > SHOWN else []
        text = "\n".join([f"{by} changed {count:,} issues:", *issues[:SHOWN], *more])
    return {"text": text, "fold": {"issues": issues[:SHOWN], "count": count}}
