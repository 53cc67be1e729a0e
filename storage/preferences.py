"""Preferences: what a channel, a person or a thread has chosen, by name.

A subject is a Slack id qualified by its workspace (`T0DEV00001/C0DEV00001`, a thread's has its `ts` besides). A value
is anything that JSON can hold; who reads it knows what it means.
"""

import json
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, select, update

from storage.engine import insert_new
from storage.keys import fit
from storage.leases import changed
from storage.models import Preference

_ROWS: Any = Preference.__table__


def get(connection: Connection, subject: str, name: str) -> Any:
    """What the subject has chosen; None if it has not."""
    value = connection.scalar(select(_ROWS.c.value).where(_ROWS.c.subject == fit(subject), _ROWS.c.name == name))
    return None if value is None else json.loads(value)


def locked(connection: Connection, subject: str, name: str, now: datetime) -> Any:
    """As `get`, and nobody else changes it before the transaction ends: for what is read in order to be added to."""
    this = {"subject": fit(subject), "name": name}
    insert_new(connection, _ROWS, this | {"value": "null", "updated_at": now})
    mine = [_ROWS.c[key] == given for key, given in this.items()]
    return json.loads(connection.scalars(select(_ROWS.c.value).where(*mine).with_for_update()).one())


def put(connection: Connection, subject: str, name: str, value: object, now: datetime) -> None:
    """Remember a choice; it takes the place of an earlier one."""
    content = {"value": json.dumps(value), "updated_at": now}
    this = {"subject": fit(subject), "name": name}
    if insert_new(connection, _ROWS, this | content) is None:
        changed(
            connection, update(_ROWS).where(*(_ROWS.c[key] == given for key, given in this.items())).values(content)
        )


def remove(connection: Connection, subject: str, name: str) -> bool:
    """Forget a choice; False if there was none."""
    return changed(connection, delete(_ROWS).where(_ROWS.c.subject == fit(subject), _ROWS.c.name == name)) == 1


def subjects(connection: Connection, name: str) -> dict[str, Any]:
    """Everybody who has chosen something by this name, and what."""
    rows = connection.execute(select(_ROWS.c.subject, _ROWS.c.value).where(_ROWS.c.name == name))
    return {row.subject: json.loads(row.value) for row in rows}
