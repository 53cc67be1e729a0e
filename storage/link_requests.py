"""Link requests: people on their way to link an account, each step of which works once.

What an address or a cookie holds is stored as its SHA-256: who reads the table cannot go on in anybody's place.
"""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, select, update

from storage.engine import insert_new
from storage.leases import changed
from storage.models import LinkRequest

_ROWS: Any = LinkRequest.__table__


@dataclass(frozen=True)
class Asked:
    """A request that can go on: whose, and once the ticket was used, PKCE's verifier (encrypted)."""

    id: int
    subject: str
    expires_at: datetime
    browser: str
    """The SHA-256 of the browser's cookie, empty before the ticket is used."""
    verifier: str = field(repr=False)

    def is_from(self, browser: str) -> bool:
        """Whether this cookie is the one of the browser in which the ticket was used."""
        return self.browser == _hash(browser)


@dataclass(frozen=True)
class Step:
    """What a used ticket turns into: OAuth's state and the browser's cookie as they are, PKCE's verifier encrypted."""

    state: str = field(repr=False)
    browser: str = field(repr=False)
    verifier: str = field(repr=False)


def open_new(connection: Connection, service: str, subject: str, ticket: str, now: datetime, until: datetime) -> None:
    """Let a person begin with a ticket; an earlier one of theirs that they did not use is worth nothing any more."""
    unused = (_ROWS.c.service == service, _ROWS.c.subject == subject, _ROWS.c.state.is_(None))
    changed(connection, delete(_ROWS).where(*unused))
    changed(connection, delete(_ROWS).where(_ROWS.c.expires_at < now))
    row = {"service": service, "subject": subject, "ticket": _hash(ticket), "expires_at": until}
    insert_new(connection, _ROWS, {**row, "state": None, "browser": None, "verifier": None})


def by_ticket(connection: Connection, service: str, ticket: str, now: datetime) -> Asked | None:
    """The request of a ticket that was not used yet; None if there is none."""
    return _first(connection, service, now, _ROWS.c.ticket == _hash(ticket), _ROWS.c.state.is_(None))


def by_state(connection: Connection, service: str, state: str, now: datetime) -> Asked | None:
    """The request of a state that did not come back yet; None if there is none."""
    return _first(connection, service, now, _ROWS.c.state == _hash(state))


def use_ticket(connection: Connection, asked: Asked, step: Step) -> bool:
    """Use a ticket up, in a browser; False if somebody was quicker."""
    unused = update(_ROWS).where(_ROWS.c.id == asked.id, _ROWS.c.state.is_(None))
    values = {"state": _hash(step.state), "browser": _hash(step.browser), "verifier": step.verifier}
    return changed(connection, unused.values(values)) == 1


def use_up(connection: Connection, asked: Asked) -> bool:
    """End a request; False if somebody was quicker."""
    return changed(connection, delete(_ROWS).where(_ROWS.c.id == asked.id)) == 1


def forget(connection: Connection, service: str, subject: str) -> None:
    """End all requests of a person."""
    changed(connection, delete(_ROWS).where(_ROWS.c.service == service, _ROWS.c.subject == subject))


def _first(connection: Connection, service: str, now: datetime, *where: Any) -> Asked | None:
    live = _ROWS.c.expires_at > now
    row = connection.execute(select(_ROWS).where(_ROWS.c.service == service, live, *where)).one_or_none()
    return Asked(row.id, row.subject, row.expires_at, row.browser or "", row.verifier or "") if row else None


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
