"""What an open form does not show but must not forget: the message it was opened from, and what was typed in fields
that have vanished since. Slack has room for 3000 characters of that in a view, so it is kept here.
"""

from typing import Any, cast

from bot.services import Services
from storage import preferences

PREFERENCE = "open_forms"
MOST = 5
"""Forms of one person that are remembered; the oldest is forgotten first."""


def draft_of(services: Services, user: str, form: str) -> dict[str, Any]:
    """What is kept of a form (its id) of a person (`team/user`); empty if nothing is."""
    with services.database.read() as connection:
        kept = cast("dict[str, dict[str, Any]]", preferences.get(connection, user, PREFERENCE) or {})
    return kept.get(form, {})


def keep(services: Services, user: str, form: str, **more: Any) -> None:
    """Add to what is kept of a form."""

    def write(connection: Any) -> None:
        kept = cast("dict[str, dict[str, Any]]", preferences.get(connection, user, PREFERENCE) or {})
        draft = kept.pop(form, {}) | more
        newest = dict([*kept.items(), (form, draft)][-MOST:])
        preferences.put(connection, user, PREFERENCE, newest, services.now())

    services.database.run(write)
