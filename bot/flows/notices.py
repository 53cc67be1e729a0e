"""Notices of Jira: people who asked are told in a direct message of the issues that concern them, each thing once.

Nobody is told of what they did themselves, nor of what Jira does not let them see.
"""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from adapters.jira.event import Change, every_change
from adapters.jira.issue import Site, person_id
from bot.flows import audience, direct, quiet_hours
from bot.flows.direct import Notice, Present, Thing
from bot.flows.tickets import cause_of, issue_from
from bot.operations.notices import wanted_by
from bot.payload import Payload, mapping, number, text
from bot.renderers.jira import card, version
from bot.renderers.news import News
from bot.renderers.notices import again, concerned, deletion, gone, notice
from storage.integrations import Integration, NewIntegration

VALUE_LIMIT = 300


def plan(connection: Connection, payload: Payload, news: News, event: str, delivery: int) -> list[NewIntegration]:
    """Ask for what has to be known before anybody is told; nothing if nobody who is concerned wants to know."""
    site = Site("", news.resource.rpartition("/")[0])
    people = {
        user: {"account": account, "kind": kind}
        for account, kind in concerned(payload).items()
        for user in wanted_by(connection, site.qualified(account), kind)
    }
    if event == "jira:issue_deleted":
        return deleted(connection, people, news, event)
    if news.private:
        audience.doubt(connection, news.resource)
    reporter = person_id(mapping(payload, "issue", "fields").get("reporter"))
    watched = audience.somebody_watches(connection)
    reported = bool(reporter and wanted_by(connection, site.qualified(reporter), "reported"))
    cards = direct.holders(connection, Thing("jira", news.resource, news.uid))
    if not (people or watched or reported or cards):
        return []
    told = {"people": people, "watched": watched, "cards": cards}
    return [_reading(payload, news, event, delivery, told)]


def _reading(payload: Payload, news: News, event: str, delivery: int, told: Mapping[str, Any]) -> NewIntegration:
    """The row that asks Jira who may see the issue; `told` is who would hear of it."""
    return NewIntegration(
        operation="read_audience",
        key=f"jira:{delivery}:read_audience",
        ordering_key=f"audience:{news.resource}",
        source_service="jira",
        target_service="jira",
        event_type=event,
        source_id=news.resource,
        target_id=news.resource,
        payload={
            **told, "issue": news.resource,
            "by": news.actor, "by_id": news.actor_id, "comment": text(payload, "comment", "id"),
            "changes": [_brief(change) for change in every_change(payload)], "at": number(payload, "timestamp"),
            "line": news.line.text if news.line else "", "occasion": news.occasion or f"jira:{delivery}",
        },
    )  # fmt: skip


def _brief(change: Change) -> dict[str, str]:
    """Enough to tell which call made the change: a long text is told by its field."""
    return {name: value[:VALUE_LIMIT] for name, value in asdict(change).items()}


# --- once Jira has said who may see it -------------------------------------------------------------------------------


def told(connection: Connection, row: Integration, data: Mapping[str, Any], now: datetime) -> list[NewIntegration]:
    """Everybody's direct message; one occasion that two webhooks tell of is one message."""
    if "issue" not in data:
        return []
    issue, payload, cause = issue_from(data["issue"]), row.payload, cause_of(row)
    audience.keep(connection, issue.resource, issue.uid, data["kept"], now, secured=issue.secured)
    shown = Present(Thing("jira", issue.resource, issue.uid), version(issue), card(issue))
    cards, rows = direct.cards(connection, shown.thing), list[NewIntegration]()
    kept = direct.kept(connection, shown.thing)
    for user in data["seen"]:
        if user in cards or user in kept:
            rows.append(direct.edited(shown, cause, f"{row.key}:card:{user}", user))
        if user in data["people"]:
            found = data["people"][user]
            said = notice(found["kind"], data["by"], issue, payload["line"])
            of_it = Notice(user, found["account"], said, payload["occasion"])
            rows += direct.tell(connection, cause, shown, of_it, cards.get(user))
    return quiet_hours.held(connection, rows, now)


def deleted(
    connection: Connection, reporters: Mapping[str, Mapping[str, str]], news: News, event: str
) -> list[NewIntegration]:
    """Who reported or watched a deleted issue is told so, if they may have seen it; every card of it says so.

    Jira cannot be asked any more: it counts what it said last, and the webhook names the reporter (`reporters`).
    """
    secured = news.private or not news.facts.complete
    known = audience.told_of_deletion(connection, news.resource, secured=secured)
    people = (
        known if secured else {**{user: one for user, one in reporters.items() if one["kind"] == "reported"}, **known}
    )
    cause = {"source_service": "jira", "event_type": event, "source_id": news.resource}
    key, thing = news.resource.rpartition("/")[2], Thing("jira", news.resource, news.uid)
    once, over = f"notice:deleted:{news.uid}", Present(thing, news.version, gone(key))
    cards = direct.holders(connection, thing)
    rows = [direct.edited(over, cause, f"{once}:{user}:card", user, bare=True) for user in cards]
    for user, found in people.items():
        if found["account"] == news.actor_id:
            continue
        said = deletion(found["kind"], news.actor, key)
        words = again(user.rpartition("/")[2], said) if user in cards else said
        rows.append(direct.beneath(thing, cause, f"{once}:{user}", user, words))
    return rows
