"""What an open form does not show but must not forget: the message it was opened from, and what was typed in fields
that have vanished since. Slack has room for 3000 characters of that in a view, so it is kept here.
"""

from datetime import datetime
from typing import Any, cast

from sqlalchemy import Connection

from bot.services import Services
from storage import preferences

PREFERENCE = "open_forms"
MOST = 5
"""Forms of one person that are remembered; the oldest is forgotten first."""


def draft_of(services: Services, user: str, form: str) -> dict[str, Any]:
    """What is kept of a form (its id) of a person (`team/user`); empty if nothing is."""
    with services.database.read() as connection:
        return read(connection, user, form)


def keep(services: Services, user: str, form: str, **more: Any) -> None:
    """Add to what is kept of a form."""
    services.database.run(lambda connection: write(connection, user, form, services.now(), **more))


def read(connection: Connection, user: str, form: str) -> dict[str, Any]:
    """As `draft_of`, in a transaction."""
    return _kept(connection, user).get(form, {})


def write(connection: Connection, user: str, form: str, now: datetime, **more: Any) -> None:
    """As `keep`, in a transaction."""
    kept = _kept(connection, user)
    draft = kept.pop(form, {}) | more
    preferences.put(connection, user, PREFERENCE, dict([*kept.items(), (form, draft)][-MOST:]), now)


def _kept(connection: Connection, user: str) -> dict[str, dict[str, Any]]:
    return cast("dict[str, dict[str, Any]]", preferences.get(connection, user, PREFERENCE) or {})
