"""Who is to be told of an issue: read from Jira, since a webhook names no watchers and says nothing of rights."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection

from adapters.errors import NotFound, Rejected, Unauthorized
from adapters.jira.accounts import Account
from adapters.jira.client import JiraClient
from bot.operations.base import Effect, Operation
from bot.operations.sites import jira_of
from bot.services import Services
from storage import mappings, preferences
from storage.integrations import Integration

PREFERENCE = "notices"
"""By this name a person's choice is kept: a list of kinds."""
MOST = 50
"""People asked about for one event; nobody's day is better for more."""


def wanted_by(connection: Connection, account: str, kind: str) -> list[str]:
    """The people in Slack (`team/user`) who have this account and want to be told of this kind."""
    people = [found.id for found in mappings.other_ends(connection, "user", "jira", account, "slack")]
    return [user for user in people if kind in (preferences.get(connection, user, PREFERENCE) or ())]


def _read_audience(services: Services, row: Integration) -> Effect:
    """The issue as it is now, and of those whom the row names, or who watch it, those who may see it."""
    payload = row.payload
    jira, key = jira_of(services, payload["issue"])
    try:
        issue = jira.issue(key)
        people = _watching(services, jira, key) if payload["watched"] else {}
    except NotFound:
        return Effect(row.payload["issue"], data={"people": {}})
    people |= payload["people"]
    own = set(payload["askers"]) if people and payload["by_id"] == jira.myself().id else set[str]()
    told = {
        user: found["kind"]
        for user, found in _first(people.items())
        if user not in own and found["account"] != payload["by_id"] and _may_see(jira, key, found)
    }
    return Effect(row.payload["issue"], data={"issue": asdict(issue), "people": told})


def _first(people: Iterable[tuple[str, Any]]) -> list[tuple[str, Any]]:
    # Those whom the event itself names come last into the table and are the first to be told.
    return list(reversed(list(people)))[:MOST]


def _watching(services: Services, jira: JiraClient, key: str) -> dict[str, Any]:
    watchers = jira.watchers(key)
    with services.database.read() as connection:
        return {
            user: {"account": watcher.id, "kind": "watching"}
            for watcher in watchers
            for user in wanted_by(connection, watcher.id, "watching")
        }


def _may_see(jira: JiraClient, key: str, found: dict[str, str]) -> bool:
    """Jira says; where it does not tell connect, it counts as no for whom anybody may name: who is only mentioned."""
    try:
        return jira.permitted(Account(found["account"], found["account"], ""), "BROWSE_PROJECTS", key)
    except NotFound:
        return False
    except Unauthorized:
        raise
    except Rejected:
        return found["kind"] != "mentioned"


OPERATIONS = {"read_audience": Operation(_read_audience, idempotent=True)}
