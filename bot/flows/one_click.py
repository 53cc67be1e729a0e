"""A double click is one wish: what the same person has asked for and is not done yet is not asked for again."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from storage import history

ONE_CLICK = timedelta(seconds=10)
"""How soon after each other the same two presses are one."""


def asked(connection: Connection, order: str, operation: str, user: str, how: Mapping[str, Any]) -> datetime | None:
    """When somebody asked for the very same, if that was their last wish in this order of calls and is not done yet.

    What others ask for meanwhile changes nothing; after another wish of their own the same one is a new one.
    """
    for row in history.unended(connection, order):
        payload = history.payload_of(row)
        if payload.get("requester") == user:
            same = row.operation == operation and all(payload.get(name) == how[name] for name in how)
            return row.created_at if same else None
    return None
