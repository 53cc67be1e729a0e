"""Tokens: what lets connect act as a person, encrypted before it comes here and decrypted after it leaves.

A refresh token is good for one exchange, so who renews the tokens holds the row meanwhile. It is held by a note in it
and not by a lock: the exchange is an outside call, and no transaction waits for one. A holder that does not come back
is succeeded when its time is over.
"""

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, or_, select, update

from storage.engine import insert_new
from storage.leases import changed
from storage.models import Tokens

_ROWS: Any = Tokens.__table__
_FREE: dict[str, Any] = {"holder": None, "held_until": None}


@dataclass(frozen=True)
class Sealed:
    """An access and a refresh token, encrypted, and how long the former is good."""

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    scope: str
    expires_at: datetime


@dataclass(frozen=True)
class Holder:
    """Whose tokens: a person in Slack (`subject`), and their account at a site of a service."""

    service: str
    site: str
    subject: str
    account_id: str
    display: str
    cloud_id: str


@dataclass(frozen=True)
class Kept:
    """A row: `generation` changes whenever its tokens do."""

    id: int
    whose: Holder
    sealed: Sealed
    generation: int


def get(connection: Connection, service: str, site: str, subject: str) -> Kept | None:
    """What a person has allowed; None if nothing."""
    row = connection.execute(select(_ROWS).where(*_of(service, site, subject))).one_or_none()
    return _kept(row) if row else None


def put(connection: Connection, whose: Holder, sealed: Sealed, now: datetime) -> None:
    """Keep what a person allowed, instead of what they allowed before. Whoever renews that meanwhile comes too late."""
    content = {"account_id": whose.account_id, "display": whose.display, "cloud_id": whose.cloud_id, **_given(sealed)}
    this = {"service": whose.service, "site": whose.site, "subject": whose.subject}
    values = {**this, **content, "generation": 0, **_FREE, "updated_at": now}
    if insert_new(connection, _ROWS, values) is None:
        newer = {**content, **_FREE, "updated_at": now, "generation": _ROWS.c.generation + 1}
        changed(connection, update(_ROWS).where(*_of(*this.values())).values(newer))


def remove(connection: Connection, service: str, site: str, subject: str) -> Kept | None:
    """Forget what a person allowed; returns what it was."""
    known = get(connection, service, site, subject)
    gone = known and changed(connection, delete(_ROWS).where(_ROWS.c.id == known.id)) == 1
    return known if gone else None


def every(connection: Connection) -> list[Kept]:
    """All of them, by id."""
    return [_kept(row) for row in connection.execute(select(_ROWS).order_by(_ROWS.c.id))]


def hold(connection: Connection, kept: Kept, now: datetime, seconds: float) -> str:
    """Take these very tokens to renew them; empty if others are there by now, or somebody else is at it."""
    free = or_(_ROWS.c.holder.is_(None), _ROWS.c.held_until < now)
    this = (_ROWS.c.id == kept.id, _ROWS.c.generation == kept.generation, free)
    mine = secrets.token_hex(16)
    taken = update(_ROWS).where(*this).values(holder=mine, held_until=now + timedelta(seconds=seconds))
    return mine if changed(connection, taken) == 1 else ""


def let_go(connection: Connection, kept: Kept, holder: str) -> None:
    """Give back what was held, as it was."""
    changed(connection, update(_ROWS).where(*_held(kept, holder)).values(_FREE))


def renew(connection: Connection, kept: Kept, holder: str, sealed: Sealed, now: datetime) -> bool:
    """Put other tokens in the place of those that were held; False if the row is somebody else's by now."""
    newer = {**_given(sealed), **_FREE, "generation": kept.generation + 1, "updated_at": now}
    return changed(connection, update(_ROWS).where(*_held(kept, holder)).values(newer)) == 1


def drop(connection: Connection, kept: Kept, holder: str) -> bool:
    """Forget the tokens that were held; False if the row is somebody else's by now."""
    return changed(connection, delete(_ROWS).where(*_held(kept, holder))) == 1


def reseal(connection: Connection, kept: Kept, sealed: Sealed) -> bool:
    """Put the same tokens, encrypted anew, in their own place; False if others are there by now."""
    this = (_ROWS.c.id == kept.id, _ROWS.c.generation == kept.generation)
    same = update(_ROWS).where(*this).values(access=sealed.access, refresh=sealed.refresh)
    return changed(connection, same) == 1


def _of(service: str, site: str, subject: str) -> tuple[Any, ...]:
    return _ROWS.c.service == service, _ROWS.c.site == site, _ROWS.c.subject == subject


def _held(kept: Kept, holder: str) -> tuple[Any, ...]:
    return _ROWS.c.id == kept.id, _ROWS.c.holder == holder


def _given(sealed: Sealed) -> dict[str, Any]:
    return {
        "access": sealed.access, "refresh": sealed.refresh, "scope": sealed.scope[:500],
        "expires_at": sealed.expires_at,
    }  # fmt: skip


def _kept(row: Any) -> Kept:
    whose = Holder(row.service, row.site, row.subject, row.account_id, row.display, row.cloud_id)
    return Kept(row.id, whose, Sealed(row.access, row.refresh, row.scope, row.expires_at), row.generation)
