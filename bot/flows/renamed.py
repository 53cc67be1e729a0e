"""What people and channels chose follows a repository to its new name: where new issues go, what they are reminded of.

So do the repositories that a subscription leaves out, or wants alone, by their names.

Of a private repository a channel learns the new name only if it is known to be closed to others, or hears of it anyway.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any, cast

from sqlalchemy import Connection

from bot.flows import github_defaults, reminders
from bot.flows.repositories import MOVES, former
from bot.operations.hearers import OPEN_TO
from bot.payload import Payload, flag, text
from bot.reminding import Reminder, reminder_of
from storage import preferences, subscriptions

NAMED = ("repositories", "teams", "repository_teams")
"""The filters that hold names of repositories, or of an organization's teams."""

RENAMES = 10
"""One after another that are followed."""
FORMER = "github renamed"
"""By this name the new one of a repository, or of an owner, is kept under the former."""

type Rename = Callable[[str], str]
"""The name that a repository has by now."""


def follow(connection: Connection, event: str, payload: Payload, now: datetime) -> None:
    """Follow what an event tells of a repository's name, or of its organization's: that is no secret."""
    if event in MOVES and (before := former(payload)):
        after = text(payload, "repository", "full_name")
        preferences.put(connection, _former(before), FORMER, after, now)
        hidden = flag(payload, "repository", "private")
        may = partial(_may_learn, connection, after) if hidden else _everybody
        _follow(connection, lambda given: after if given.lower() == before.lower() else given, now, may)
        for source in sorted({before.partition("/")[0].lower(), before.lower()}):
            _filters(connection, source, partial(_called, before=before, after=after), now, hidden=hidden)
    if event == "organization.renamed":
        old, new = text(payload, "changes", "login", "from"), text(payload, "organization", "login")
        if old and new:
            preferences.put(connection, _former(old), FORMER, new, now)
            _follow(connection, lambda given: _owned(given, old, new), now, _everybody)
            for source in sorted(subscriptions.sources(connection, "github")):
                _filters(connection, source, lambda given: _of_owner(given, old, new), now)


def now_called(connection: Connection, source: str) -> str:
    """The name that a repository or an owner has by now; empty if it has that of `source`, as far as is known."""
    found = source
    for _ in range(RENAMES):
        owner, slash, bare = found.partition("/")
        new = preferences.get(connection, _former(found), FORMER)
        new_owner = preferences.get(connection, _former(owner), FORMER) if slash and not new else ""
        if not new and not new_owner:
            break
        found = str(new or f"{new_owner}/{bare}")
    return "" if found.lower() == source.lower() else found


def _former(name: str) -> str:
    return f"github/{name.lower()}"


def _owned(given: str, before: str, after: str) -> str:
    owner, slash, bare = given.partition("/")
    return f"{after}{slash}{bare}" if owner.lower() == before.lower() else given


def _everybody(_: str) -> bool:
    return True


def _may_learn(connection: Connection, name: str, subject: str) -> bool:
    if subject.rpartition("/")[2][:1] in ("U", "W", "D"):  # a person's own
        return True
    kept = subscriptions.of_channel(connection, subject, "github")
    heard = any(one.private and one.source.lower() == name.lower() for one in kept)
    return heard or preferences.get(connection, subject, OPEN_TO) == []


def _follow(connection: Connection, name: Rename, now: datetime, may: Callable[[str], bool]) -> None:
    for preference, moved in ((github_defaults.PREFERENCE, _default), (reminders.PREFERENCE, _reminders)):
        for subject, kept in preferences.subjects(connection, preference).items():
            if kept and moved(kept, name) != kept and may(subject):
                # Read again under its lock: somebody may just be choosing something else.
                held = preferences.locked(connection, subject, preference, now)
                preferences.put(connection, subject, preference, moved(held, name) if held else held, now)


def _default(kept: dict[str, Any], name: Rename) -> dict[str, Any]:
    return {**kept, "repository": name(str(kept.get("repository") or ""))}


def _reminders(kept: list[dict[str, Any]], name: Rename) -> list[dict[str, Any]]:
    """Two that come to be about the same are one: the first."""
    found = dict[str, Reminder]()
    for one in map(reminder_of, kept):
        moved = replace(one, repositories=tuple(dict.fromkeys(map(name, one.repositories))))
        found.setdefault(moved.name, moved)
    return [one.kept() for one in found.values()]


def _called(given: str, before: str, after: str) -> str:
    """The name of a filter, with its owner or without; a pattern (`web-*`) stays as it is."""
    (owner, _, bare), (new_owner, _, new) = before.lower().partition("/"), after.partition("/")
    if given.lower() == bare and new_owner.lower() == owner:
        return new
    return after if given.lower() == before.lower() else given


def _of_owner(given: str, before: str, after: str) -> str:
    return _owned(given, before, after) if "/" in given else given


def _filters(connection: Connection, source: str, name: Rename, now: datetime, *, hidden: bool = False) -> None:
    """Of a repository that is hidden, only those learn its new name that may tell of it."""
    for kept in subscriptions.of_source(connection, "github", source):
        filters = {key: _renamed(value, name) if key in NAMED else value for key, value in kept.filters.items()}
        if filters != kept.filters and (kept.private or not hidden):
            subscriptions.change(connection, kept.id, now, filters=filters)


def _renamed(choice: dict[str, Any], name: Rename) -> dict[str, Any]:
    return {
        how: list(dict.fromkeys(map(name, cast("list[str]", given)))) if isinstance(given, list) else given
        for how, given in choice.items()
    }
