"""Who is to be told of an issue: read from Jira, since a webhook names no watchers and says nothing of rights."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection

from adapters.errors import NotFound, Rejected, Unauthorized
from adapters.jira.accounts import Account
from adapters.jira.client import JiraClient
from bot.operations.base import Effect, Operation
from bot.operations.doers import asker_of, own_id
from bot.operations.sites import jira_of
from bot.operations.slack import slack_of
from bot.services import Services
from storage import mappings, preferences
from storage.integrations import Integration

PREFERENCE = "notices"
"""By this name a person's choice is kept: a list of kinds."""
QUIET = "quiet hours"
"""By this name it is kept when a person wants no notices: `from`, `to` and `timezone`."""
MOST = 50
"""People asked about for one event; nobody's day is better for more."""


def wanted_by(connection: Connection, account: str, kind: str) -> list[str]:
    """The people in Slack (`team/user`) who have this account (as rows name it) and want to be told of this kind."""
    people = [found.id for found in mappings.other_ends(connection, "user", "jira", account, "slack")]
    return [user for user in people if kind in (preferences.get(connection, user, PREFERENCE) or ())]


def _read_audience(services: Services, row: Integration) -> Effect:
    """The issue as it is now, and which of those whom it concerns, and of those who have its card, may see it."""
    payload = row.payload
    jira, key = jira_of(services, payload["issue"])
    try:
        issue = jira.issue(key)
        watchers = jira.watchers(key) if payload["watched"] else []
    except NotFound:
        return Effect(row.payload["issue"])
    # Some webhooks of a comment do not name the reporter either.
    reporters = [issue.reporter_id] if issue.reporter_id else []
    watching = _wanting(services, jira, [watcher.id for watcher in watchers], "watching")
    reported = _wanting(services, jira, reporters, "reported")
    # Who made an issue, and who watches it since, knows of it.
    news = {} if row.event_type == "jira:issue_created" else {**watching, **reported}
    concerned = {**payload["cards"], **watching, **reported, **payload["people"]}
    seen = [user for user, found in _first(concerned.items()) if _may_see(jira, key, found)]
    own = asker_of(services, row) if seen and payload["by_id"] == own_id(services, payload["issue"]) else ""
    told = {
        user: found
        for user, found in {**news, **payload["people"]}.items()
        if user in seen and user != own and found["account"] != payload["by_id"]
    }
    kept = {user: _kinds(concerned[user]["account"], watching=user in watching, reported=user in reported)
            for user in seen if user in watching or user in reported}  # fmt: skip
    by = services.people.person(slack_of(services), own).name if told and own else payload["by"]
    return Effect(
        payload["issue"], data={"issue": asdict(issue), "people": told, "seen": seen, "kept": kept, "by": by}
    )  # fmt: skip


def _kinds(account: str, *, watching: bool, reported: bool) -> dict[str, str]:
    return {"account": account, "watching": "yes" if watching else "", "reported": "yes" if reported else ""}


def _first(people: Iterable[tuple[str, Any]]) -> list[tuple[str, Any]]:
    # Those whom the event itself names come last into the table and are the first to be told.
    return list(reversed(list(people)))[:MOST]


def _wanting(services: Services, jira: JiraClient, accounts: Iterable[str], kind: str) -> dict[str, Any]:
    with services.database.read() as connection:
        return {
            user: {"account": account, "kind": kind}
            for account in accounts
            for user in wanted_by(connection, jira.qualified(account), kind)
        }


def _may_see(jira: JiraClient, key: str, found: dict[str, str]) -> bool:
    """Jira says; where it does not tell connect, it counts as no for whom anybody may name: who was only mentioned."""
    try:
        return jira.permitted(Account(found["account"], found["account"], ""), "BROWSE_PROJECTS", key)
    except NotFound:
        return False
    except Unauthorized:
        raise
    except Rejected:
        return found["kind"] not in ("mentioned", "")


OPERATIONS = {"read_audience": Operation(_read_audience, idempotent=True)}
