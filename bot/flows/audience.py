"""Who reported or watches an issue and may see it, as Jira said last: when it is deleted Jira cannot be asked any more.

A mapping from the issue to the person in Slack. `secured` says that Jira was asked while the issue had the security
level that it has: without that, nobody is told of an issue that has one.
"""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection

from bot.operations.notices import PREFERENCE
from storage import mappings, preferences
from storage.mappings import Found, NewMapping

TYPE = "audience"
KINDS = ("reported", "watching")


def somebody_watches(connection: Connection) -> bool:
    """Whether anybody wants to be told of what they watch."""
    return any("watching" in kinds for kinds in preferences.subjects(connection, PREFERENCE).values())


def of(connection: Connection, issue: str) -> list[Found]:
    """The people (`team/user`) who are kept for an issue."""
    return mappings.other_ends(connection, TYPE, "jira", issue, "slack")


def doubt(connection: Connection, issue: str) -> None:
    """The issue has a security level: until Jira has been asked again, nobody is known to see it."""
    for one in of(connection, issue):
        mappings.add_extra(connection, one.row_id, {"secured": ""})


def keep(
    connection: Connection, issue: str, uid: str, seen: Mapping[str, Mapping[str, str]], now: datetime, *, secured: bool
) -> None:
    """Remember who reported or watches it (`seen`: by person, their `account` and the kinds), and nobody else."""
    for user, found in seen.items():
        extra = {**dict.fromkeys(KINDS, ""), **found, "secured": "yes" if secured else ""}
        mappings.put(
            connection, NewMapping(TYPE, "jira", issue, "slack", user, f"jira/{uid}" if uid else "", extra), now
        )
    for one in of(connection, issue):
        if one.id not in seen:
            mappings.forget(connection, one.row_id)


def watch(issue: str, user: str, account: str, *, watches: bool) -> NewMapping:
    """What is remembered of somebody who begins or ends to watch an issue through connect."""
    extra = {"account": account, "watching": "yes" if watches else ""}
    return NewMapping(TYPE, "jira", issue, "slack", user, "", extra)


def told_of_deletion(connection: Connection, issue: str, *, secured: bool) -> dict[str, dict[str, str]]:
    """Who is to hear that an issue is deleted, with their account and the kind; they are forgotten with it."""
    told: dict[str, dict[str, str]] = {}
    for one in of(connection, issue):
        wanted = preferences.get(connection, one.id, PREFERENCE) or ()
        kind = next((kind for kind in KINDS if one.extra.get(kind) and kind in wanted), "")
        if kind and (not secured or one.extra.get("secured")):
            told[one.id] = {"account": one.extra["account"], "kind": kind}
        mappings.forget(connection, one.row_id)
    return told
