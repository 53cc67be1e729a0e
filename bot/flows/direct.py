"""What a person is told of an issue in their direct message: one live card, with the later notices in its thread.

The card is that of the channels, with why it came above it. It is edited without a word whenever the issue changes, as
long as Jira lets the person see the issue; replies in its thread become comments, as in every thread of an issue.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from adapters.jira.issue import Issue
from bot.flows import audience, syncing
from bot.flows.plan import to_slack
from bot.flows.tickets import cause_of, issue_from
from bot.message import Message
from bot.renderers.jira import card, version
from bot.renderers.news import News
from bot.renderers.notices import again, deletion, gone, notice, with_card
from storage import history, mappings
from storage.integrations import Integration, NewIntegration
from storage.mappings import Found


def holders(connection: Connection, issue: str, uid: str) -> dict[str, dict[str, str]]:
    """Everybody (`team/user`) who has the issue's card, with the account by which they were told."""
    cards = _cards(connection, issue, uid)
    return {user: {"account": found.extra["account"], "kind": ""} for user, found in cards.items()}


def told(connection: Connection, row: Integration, data: Mapping[str, Any], now: datetime) -> list[NewIntegration]:
    """Everybody's direct message; one occasion that two webhooks tell of is one message."""
    if "issue" not in data:
        return []
    issue, payload = issue_from(data["issue"]), row.payload
    audience.keep(connection, issue.resource, issue.uid, data["kept"], now, secured=issue.secured)
    cards, rows = _cards(connection, issue.resource, issue.uid), list[NewIntegration]()
    for user in data["seen"]:
        if user in cards:
            rows.append(_fresh(row, issue, user))
        if user in data["people"]:
            found = data["people"][user]
            said = notice(found["kind"], data["by"], issue, payload["line"])
            rows += _said(connection, row, issue, user, found["account"], said, cards.get(user))
    return rows


def _said(
    connection: Connection, row: Integration, issue: Issue, user: str, account: str, said: Message, there: Found | None
) -> list[NewIntegration]:
    """A reply in the thread of the card that is there, or on its way; a new card otherwise."""
    occasion = f"notice:{row.payload['occasion']}:{user}"
    key = f"card:{user}:jira:{issue.resource}"
    earlier, anew = history.with_key(connection, key), history.with_key(connection, f"{key}:{occasion}")
    if anew is not None or (earlier is not None and history.payload_of(earlier).get("occasion") == occasion):
        return []  # the card began with it
    if there is not None or (earlier is not None and earlier.status == "pending"):
        if there is not None and not syncing.to_slack(connection, there.id):
            return []
        told = again(user.rpartition("/")[2], said)
        return [_reply(occasion, cause_of(row), issue.resource, issue.uid, user, told)]
    content = {
        "channel": user, "occasion": occasion,
        "card": {**_resource(issue.resource, issue.uid), "notice": user, "account": account, "above": said.blocks,
                 "version": version(issue)},
    }  # fmt: skip
    if earlier is not None:
        key = f"{key}:{occasion}"
    return [to_slack("post_message", key, _order(user), cause_of(row), user, content, with_card(said, issue))]


def _fresh(row: Integration, issue: Issue, user: str) -> NewIntegration:
    payload = {"channel": user, "card_of": _resource(issue.resource, issue.uid), "version": version(issue)}
    key = f"{row.key}:card:{user}"
    return to_slack("update_message", key, _order(user), cause_of(row), user, payload, card(issue))


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
    key, cards = news.resource.rpartition("/")[2], _cards(connection, news.resource, news.uid)
    rows = [_ended(cause, news, user, gone(key)) for user in cards]
    for user, found in people.items():
        if found["account"] == news.actor_id:
            continue
        said, once = deletion(found["kind"], news.actor, key), f"notice:deleted:{news.uid}:{user}"
        told = again(user.rpartition("/")[2], said) if user in cards else said
        rows.append(_reply(once, cause, news.resource, news.uid, user, told))
    return rows


def _ended(cause: Mapping[str, str], news: News, user: str, said: Message) -> NewIntegration:
    payload = {"channel": user, "card_of": _resource(news.resource, news.uid), "version": news.version, "bare": True}
    key = f"notice:deleted:{news.uid}:{user}:card"
    return to_slack("update_message", key, _order(user), cause, user, payload, said)


def _reply(key: str, cause: Mapping[str, str], issue: str, uid: str, user: str, said: Message) -> NewIntegration:
    """In the thread of the card; by itself where that is not there by then."""
    payload = {"channel": user, "card_of": _resource(issue, uid), "notice": True}
    return to_slack("post_message", key, _order(user), cause, user, payload, said)


def _cards(connection: Connection, issue: str, uid: str) -> dict[str, Found]:
    """The open cards by their persons."""
    found = mappings.threads_of(connection, "jira", issue, uid)
    return {str(one.extra["notice"]): one for one in found if one.extra.get("notice") and not one.extra.get("closed")}


def _resource(issue: str, uid: str) -> dict[str, str]:
    return {"service": "jira", "resource": issue, "uid": uid}


def _order(user: str) -> str:
    return f"notice:{user}"
