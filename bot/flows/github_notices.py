"""Notices of GitHub: people who asked are told in a direct message of what concerns them there, each thing once.

Nobody is told of what they did themselves, through connect or not, nor of what GitHub does not let them see. GitHub is
asked only where its webhook does not say that.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from bot.flows import comments, direct, quiet_hours
from bot.flows.direct import Notice, Present, Thing
from bot.flows.telling import Occasion
from bot.flows.tickets import cause_of
from bot.message import Message
from bot.operations.github_notices import PREFERENCE, wanted_by
from bot.payload import Payload, text, texts
from bot.renderers.github_notices import concerned, notice, words_of
from bot.renderers.github_parts import linked
from bot.renderers.github_tickets import ticket_of
from bot.renderers.news import News
from storage import history, preferences
from storage.integrations import Integration, NewIntegration

RECENTLY = timedelta(minutes=12)
"""For how long after a call of connect's what happens may be its doing."""


def plan(
    connection: Connection, occasion: Occasion, payload: Payload, news: News, now: datetime, called: Sequence[str] = (),
) -> list[NewIntegration]:  # fmt: skip
    """What people are told of an event in direct messages, or the question that has to be asked before.

    `called` are the channels in which a team's group is mentioned: who is there needs no other notice.
    """
    people, teams = _concerned(connection, occasion, payload, news)
    thing = Thing("github", news.resource, news.uid)
    cards = direct.holders(connection, thing) if news.resource else {}
    if not (people or teams or cards):
        return []
    told = {"people": people, "teams": teams, "cards": cards, "called": list(called)}
    about = _about(occasion, payload, news)
    since = (now - RECENTLY, now + RECENTLY)
    own = bool(news.resource) and bool(history.written_about(connection, "github", news.resource, *since))
    if occasion.hidden or teams or own:
        return [_question(occasion, news, {**told, **about})]
    seen = {"people": people, "seen": [*{**cards, **people}], "by": about["by"]}
    rows = _tell(connection, occasion.cause(news), about, seen, f"{occasion.once(news)}:notices")
    return quiet_hours.held(connection, rows, now)


def told(connection: Connection, row: Integration, data: Mapping[str, Any], now: datetime) -> list[NewIntegration]:
    """Everybody's direct message, once GitHub was asked who may see it."""
    return quiet_hours.held(connection, _tell(connection, cause_of(row), row.payload, data, row.key), now)


def _concerned(
    connection: Connection, occasion: Occasion, payload: Payload, news: News
) -> tuple[dict[str, Any], dict[str, str]]:
    """Who wants to know, each by the nearest of the kinds that they chose; and teams in which somebody may."""
    people, teams = dict[str, Any](), dict[str, str]()
    if news.comment and comments.is_deleted(connection, news.comment.id):
        return people, teams
    for one in concerned(occasion.event, payload):
        if one.team:
            teams.setdefault(one.login, one.kind)
        else:
            for user in wanted_by(connection, one.login, one.number, one.kind):
                people.setdefault(user, {"account": one.login, "kind": one.kind})
    chosen = preferences.subjects(connection, PREFERENCE).values() if teams else ()
    wanted = {kind for kinds in chosen for kind in kinds}
    return people, {team: kind for team, kind in teams.items() if kind in wanted}


def _about(occasion: Occasion, payload: Payload, news: News) -> dict[str, Any]:
    """What a notice and the question before it need to know of the event."""
    card = news.card
    return {
        "resource": news.resource, "uid": news.uid, "version": news.version, "thing": _thing(payload, news),
        "card": {"text": card.text, "blocks": card.blocks} if card else None,
        "repository": occasion.container, "hidden": occasion.hidden, "by": text(payload, "sender", "login"),
        "comment": text(payload, "comment", "id"), "at": text(ticket_of(payload), "updated_at"),
        "asked": texts(payload, "pull_request", "requested_reviewers", key="login"),
        "words": words_of(occasion.event, payload, news.line), "occasion": occasion.once(news),
    }  # fmt: skip


def _thing(payload: Payload, news: News) -> str:
    """What it is about, as a link; what has no card is what was said of it."""
    where = f"a commit in {text(payload, 'repository', 'full_name')}"
    return news.headline or linked(text(payload, "comment", "html_url"), where)


def _question(occasion: Occasion, news: News, payload: Mapping[str, Any]) -> NewIntegration:
    """The row that asks GitHub who may be told."""
    return NewIntegration(
        operation="read_audience", key=f"{occasion.once(news)}:read_audience",
        ordering_key=f"audience:github:{news.resource}", source_service="github", target_service="github",
        event_type=occasion.event, source_id=news.resource or occasion.container, target_id=news.resource,
        payload=payload,
    )  # fmt: skip


def _tell(
    connection: Connection, cause: Mapping[str, str], about: Mapping[str, Any], found: Mapping[str, Any], key: str
) -> list[NewIntegration]:
    """Each person's notice, and an edit of the card of everybody who has one."""
    thing, card = Thing("github", about["resource"], about["uid"]), about["card"]
    now = Present(thing, about["version"], Message(**card)) if card and about["resource"] else None
    cards, rows = direct.cards(connection, thing) if now else {}, list[NewIntegration]()
    kept = direct.kept(connection, thing) if now else {}
    for user in found["seen"]:
        if now and (user in cards or user in kept):
            rows.append(direct.edited(now, cause, f"{key}:card:{user}", user))
        if user in found["people"]:
            one = found["people"][user]
            said = notice(one["kind"], found["by"], about["thing"], about["words"], one.get("team", ""))
            of_it = Notice(user, one["account"], said, about["occasion"])
            if now:
                rows += direct.tell(connection, cause, now, of_it, cards.get(user))
            else:
                rows.append(direct.beneath(thing, cause, of_it.key, user, said))
    return rows
