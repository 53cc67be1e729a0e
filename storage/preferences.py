"""Preferences: what a channel, a person or a thread has chosen, by name.

A subject is a Slack id qualified by its workspace (`T0DEV00001/C0DEV00001`, a thread's has its `ts` besides). A value
is anything that JSON can hold; who reads it knows what it means.
"""

import json
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, select, update

from storage.engine import insert_new
from storage.keys import fit
from storage.leases import changed
from storage.models import Preference
from storage.prepared import Prepared

_ROWS: Any = Preference.__table__
_THIS = (_ROWS.c.subject == bindparam("of"), _ROWS.c.name == bindparam("named"))
_READ = Prepared(select(_ROWS.c.value).where(*_THIS))
_LOCKED = Prepared(select(_ROWS.c.value).where(*_THIS).with_for_update())
_WRITE = Prepared(update(_ROWS).where(*_THIS).values(value=bindparam("content"), updated_at=bindparam("at")))


def get(connection: Connection, subject: str, name: str) -> Any:
    """What the subject has chosen; None if it has not."""
    row = _READ.first(connection, {"of": fit(subject), "named": name})
    return None if row is None else json.loads(row.value)


def locked(connection: Connection, subject: str, name: str, now: datetime) -> Any:
    """As `get`, and nobody else changes it before the transaction ends: for what is read in order to be added to."""
    this = {"of": fit(subject), "named": name}
    row = _LOCKED.first(connection, this)
    if row is None:
        if _insert(connection, subject, name, "null", now):
            return None
        row = _LOCKED.first(connection, this)
    return json.loads(row.value)


def put(connection: Connection, subject: str, name: str, value: object, now: datetime) -> None:
    """Remember a choice; it takes the place of an earlier one."""
    content = json.dumps(value)
    if not _update(connection, subject, name, content, now) and not _insert(connection, subject, name, content, now):
        _update(connection, subject, name, content, now)


def _update(connection: Connection, subject: str, name: str, content: str, now: datetime) -> bool:
    values = {"of": fit(subject), "named": name, "content": content, "at": now}
    return _WRITE.run(connection, values).rowcount == 1


def _insert(connection: Connection, subject: str, name: str, content: str, now: datetime) -> bool:
    values = {"subject": fit(subject), "name": name, "value": content, "updated_at": now}
    return insert_new(connection, _ROWS, values) is not None


def remove(connection: Connection, subject: str, name: str) -> bool:
    """Forget a choice; False if there was none."""
    return changed(connection, delete(_ROWS).where(_ROWS.c.subject == fit(subject), _ROWS.c.name == name)) == 1


def subjects(connection: Connection, name: str) -> dict[str, Any]:
    """Everybody who has chosen something by this name, and what."""
    rows = connection.execute(select(_ROWS.c.subject, _ROWS.c.value).where(_ROWS.c.name == name))
    return {row.subject: json.loads(row.value) for row in rows}
