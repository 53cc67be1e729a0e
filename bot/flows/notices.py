"""Notices: people who asked for them are told in a direct message of the issues that concern them, each thing once.

Nobody is told of what they did themselves, nor of what Jira does not let them see.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection

from adapters.errors import AdapterError, Rejected
from adapters.jira.event import Change, every_change
from adapters.jira.issue import Site, person_id
from bot.flows import audience, direct
from bot.flows.asker import Asker, may_not
from bot.flows.subscribing import say
from bot.message import Message, code, escape
from bot.operations.accounts import NO_ACCOUNT, account_of
from bot.operations.notices import PREFERENCE, wanted_by
from bot.operations.sites import urgent_jiras
from bot.payload import Payload, mapping, number, text
from bot.renderers.news import News
from bot.renderers.notices import KINDS, concerned
from bot.services import Services
from storage import preferences
from storage.integrations import NewIntegration

USUAL = ("assigned", "mentioned")
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
        return direct.deleted(connection, people, news, event)
    if news.private:
        audience.doubt(connection, news.resource)
    reporter = person_id(mapping(payload, "issue", "fields").get("reporter"))
    watched = audience.somebody_watches(connection)
    reported = bool(reporter and wanted_by(connection, site.qualified(reporter), "reported"))
    cards = direct.holders(connection, news.resource, news.uid)
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


# --- the person's choice ---------------------------------------------------------------------------------------------


def choose(services: Services, asker: Asker, words: Sequence[str]) -> Message:
    """`notify`, `notify on|off`, `notify assigned mentioned …`: what the person is told of in direct messages."""
    named = [word.strip(",").lower() for word in words if word.strip(",")]
    unknown = [word for word in named if word not in (*KINDS, "on", "off", "all")]
    if unknown:
        return say(f"I do not know {code(unknown[0])}. Choose from: {', '.join(KINDS)}, `all` or `off`.")
    if not named:
        return _shown(services, asker)
    if named == ["off"]:
        set_kinds(services, asker, ())
        return say("I send you no direct messages about Jira any more. `/jira notify on` starts them again.")
    kinds = list(KINDS) if "all" in named else [kind for kind in KINDS if kind in named] or list(USUAL)
    refusal = set_kinds(services, asker, kinds)
    if refusal:
        return say(refusal)
    return say(f":bell: From now on I tell you here when {_listed(kinds)}. `/jira notify off` ends it.")


def set_kinds(services: Services, asker: Asker, kinds: Sequence[str]) -> str:
    """Tell a person of these kinds from now on, of nothing if there are none; why that cannot be (empty: it can)."""
    if not kinds:
        services.database.run(lambda connection: preferences.remove(connection, asker.user, PREFERENCE))
        return ""
    refusal = may_not(services, asker) or _identified(services, asker)
    chosen = [kind for kind in KINDS if kind in kinds]
    if not refusal:
        services.database.run(
            lambda connection: preferences.put(connection, asker.user, PREFERENCE, chosen, services.now())
        )
    return refusal


def _shown(services: Services, asker: Asker) -> Message:
    with services.database.read() as connection:
        kinds = preferences.get(connection, asker.user, PREFERENCE)
    if not kinds:
        return say(
            f"I send you no direct messages about Jira. `/jira notify on` starts them; or name some: {_names()}."
        )
    return say(f":bell: I tell you here when {_listed(kinds)}. Name any of {_names()}, `all` or `off` to change it.")


def _identified(services: Services, asker: Asker) -> str:
    """Why it is not known whose account in any Jira the person's is (empty: it is known, and remembered)."""
    known = False
    try:
        person = services.people.person(services.urgent.slack, asker.user) if services.urgent.slack else None
        for _, jira in urgent_jiras(services):
            known = bool(person and account_of(services, jira, person, asker.user)) or known
    except Rejected as error:
        return "" if known else escape(error)
    except AdapterError as error:  # the person waits: no site is asked after one that does not answer
        sentence = f"I could not ask Jira for your account. Try again in a moment. ({escape(error, 200)})"
        return "" if known else sentence
    return "" if known else NO_ACCOUNT.format("Jira")


def _listed(kinds: Sequence[str]) -> str:
    *first, last = [KINDS[kind] for kind in kinds if kind in KINDS]
    return f"{', '.join(first)}, or {last}" if first else last


def _names() -> str:
    return ", ".join(f"`{kind}`" for kind in KINDS)
