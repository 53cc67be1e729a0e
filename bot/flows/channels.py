"""A channel of its own for an issue: `/jira channel OPS-1`, or the button in the form Thread….

The issue's card stands there as the first message, and the card's thread goes to Jira and back like any other; what is
said in the channel itself stays there. Once the issue is resolved the channel is offered to be archived, by people.
"""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from adapters.errors import AdapterError
from adapters.jira.issue import Issue
from bot.flows.plan import Consequences, Plan, to_slack
from bot.flows.tell import tell
from bot.flows.telling import Occasion, card_key
from bot.flows.threads import is_archived
from bot.flows.tickets import cause_of, issue_from
from bot.message import Message, actions, button, escape, one_line, section
from bot.modals import thread as modal
from bot.operations.channels import TYPE
from bot.renderers.jira import card, version
from bot.renderers.news import News
from storage import mappings
from storage.integrations import Integration, NewIntegration
from storage.mappings import Found, NewMapping

ARCHIVE = "jira_archive_channel"
NAME_LIMIT = 80
WORDS_LIMIT = 250
"""Characters of a topic and of a purpose, at Slack."""


def slug(issue: Issue) -> str:
    """The channel's name, `ops-1-printer-on-fire`: no other issue's begins like this, whatever its site.

    https://docs.slack.dev/reference/methods/conversations.create#naming
    """
    plain = unicodedata.normalize("NFKD", f"{issue.resource} {issue.summary}".casefold())
    words = re.findall(r"[a-z0-9_]+", plain.encode("ascii", "ignore").decode())
    name = "-".join(words)
    if len(name) <= NAME_LIMIT:
        return name
    whole_words, _, _ = name[: NAME_LIMIT + 1].rpartition("-")
    return whole_words if len(whole_words) > NAME_LIMIT // 2 else name[:NAME_LIMIT]


def request(plan: Plan, asked: Mapping[str, Any], issue: str, **form: Any) -> None:
    """Ask for an issue's channel; `asked` says who asks and where they are told, a `form` holds its `view_id`."""
    payload = {"asked": dict(asked), "issue": issue, **form}
    plan.add(_to_jira("ask_channel", f"{plan.key}:ask_channel", plan.event, asked["channel"], issue, payload))
    if "view_id" in form:
        cause = {"source_service": "slack", "event_type": plan.event, "source_id": asked["channel"]}
        view = {"view_id": form["view_id"], "view": modal.working_view(issue), "otherwise": None}
        plan.add(to_slack("update_view", f"{plan.key}:working", f"view:{form['view_id']}", cause, "", view))


def request_end(plan: Plan, asked: Mapping[str, Any], issue: str, place: str, ts: str) -> None:
    """Ask for an issue's channel (`team/channel`) to be archived, by the button beneath the message `ts`."""
    payload = {"asked": dict(asked), "issue": issue, "place": place, "ts": ts}
    plan.add(_to_jira("ask_archive", f"{plan.key}:ask_archive", plan.event, place, issue, payload))


def _to_jira(operation: str, key: str, event: str, source: str, issue: str, payload: dict[str, Any]) -> NewIntegration:
    return NewIntegration(operation, key, f"channel:{issue}", "slack", "jira", event, source, issue, payload)


def issue_of(connection: Connection, place: str) -> str:
    """The issue whose own a channel (`team/channel`) is; empty if it is nobody's."""
    found = mappings.other_ends(connection, TYPE, "slack", place, "jira")
    return found[-1].id if found else ""


def allowed(row: Integration, data: Mapping[str, Any]) -> Consequences:
    """The channel is made, or that is found which the issue has."""
    issue = issue_from(data["issue"])
    payload = {**row.payload, **data, "issue": issue.resource, "shown": data["issue"], "name": slug(issue)}
    return Consequences(integrations=(_about(row, "create_channel", issue.resource, payload),))


def created(row: Integration, data: Mapping[str, Any]) -> Consequences:
    """A new channel gets its words, its card and its people; into one that there was, whoever asked is invited."""
    payload, place = row.payload, data["place"]
    users = [payload["asked"]["requester"]] if data.get("stood") else payload["users"]
    told = {"asked": payload["asked"], "view_id": payload.get("view_id", ""), "stood": bool(data.get("stood"))}
    invite = _about(row, "invite", place, {**told, "issue": payload["issue"], "place": place, "users": users})
    if data.get("stood"):
        return Consequences(integrations=(invite,))
    issue = issue_from(payload["shown"])
    secured = {"secured": "yes"} if issue.secured else {}
    uid = f"jira/{issue.uid}" if issue.uid else ""
    mapping = NewMapping(TYPE, "jira", issue.resource, "slack", place, uid, {"name": payload["name"], **secured})
    rows = (_described(row, issue, place), _first_message(row, issue, place, secured), invite)
    return Consequences((mapping,), rows, ended=tuple(data["former"]))


def _about(row: Integration, operation: str, target: str, payload: Mapping[str, Any]) -> NewIntegration:
    order = f"channel:{payload['issue']}"
    return to_slack(operation, f"{row.key}:{operation}", order, cause_of(row), target, payload)


def _described(row: Integration, issue: Issue, place: str) -> NewIntegration:
    payload = {"issue": issue.resource, "place": place, "topic": topic(issue), "purpose": purpose(issue)}
    return _about(row, "describe_channel", place, payload)


def purpose(issue: Issue) -> str:
    """What the channel is for: it names the issue, for whoever has the channel and not connect's tables."""
    return f"The channel of {escape(issue.resource)}: {one_line(issue.summary or 'Untitled', WORDS_LIMIT // 6)}"


def topic(issue: Issue) -> str:
    """What stands above the channel: key, status, and the address as far as there is room."""
    words = f"{escape(issue.key)} · {one_line(issue.status, 40)}"
    whole = f"{words} · {issue.url}"
    return whole if len(whole) <= WORDS_LIMIT else words


def _first_message(row: Integration, issue: Issue, place: str, secured: Mapping[str, str]) -> NewIntegration:
    shown = {"service": "jira", "resource": issue.resource, "uid": issue.uid, "url": issue.url, "origin": "slack",
             "version": version(issue), "tied": True, **secured}  # fmt: skip
    payload = {"channel": place, "card": shown, "fallback": row.payload["asked"]}
    order, key = f"{place}:{issue.resource}", card_key(place, "jira", issue.resource)
    return to_slack("post_message", key, order, cause_of(row), place, payload, card(issue))


def invited(row: Integration, data: Mapping[str, Any]) -> Consequences:
    """Whoever asked is told where the channel is, and who could not be invited."""
    payload, refused = row.payload, data["refused"]
    has = "has a channel already" if payload["stood"] else "has its own channel now"
    text = f"{_key(payload['issue'])} {has}: <#{payload['place'].partition('/')[2]}>."
    others = [user for user in payload["users"] if user not in (*refused, payload["asked"]["requester"])]
    text += f" I invited {_named(others)} as well." if others else ""
    text += "".join(f" I could not invite {_named([user])}: {escape(why)}" for user, why in refused.items())
    return _told(row, Message(text, [section(text)]))


def _named(users: list[str]) -> str:
    return " and ".join(f"<@{user.partition('/')[2]}>" for user in users)


def may_archive(row: Integration, data: Mapping[str, Any]) -> Consequences:
    """The channel is archived."""
    payload = row.payload
    order = f"channel:{payload['issue']}"
    return Consequences(integrations=(
        to_slack("archive_channel", data["key"], order, cause_of(row), payload["place"], payload),
    ))  # fmt: skip


def refused(row: Integration, error: AdapterError) -> Consequences:
    """Whoever asked is told why not."""
    text = escape(error)
    return _told(row, Message(text, [section(text)]))


def _told(row: Integration, said: Message) -> Consequences:
    payload = row.payload
    answer = tell(payload["asked"], f"{row.key}:told", cause_of(row), said)
    rows = [answer] if answer else []
    if payload.get("view_id"):
        # The form may be closed by now, and its answer is of use later too.
        view = {"view_id": payload["view_id"], "view": modal.said_view(payload["issue"], said.text), "otherwise": None}
        order = f"view:{payload['view_id']}"
        rows.append(to_slack("update_view", f"{row.key}:view", order, cause_of(row), "", view))
    return Consequences(integrations=tuple(rows))


# --- what happens in Jira --------------------------------------------------------------------------------------------


def heard(connection: Connection, occasion: Occasion, news: News, issue: Issue | None) -> list[NewIntegration]:
    """What an issue's own channel is told: its key and status above it, and once it is resolved, how to archive it.

    In its thread the issue's events are told as in any other.
    """
    moved = news.renamed or any(each.startswith("status:") for each in news.topics)
    if not moved and not news.topics & {"resolved", "reopened"}:
        return []
    found = mappings.other_ends(connection, TYPE, "jira", news.resource, "slack")
    rows: list[NewIntegration] = []
    for one in found:
        if is_archived(connection, one.id) or (news.private and not one.extra.get("secured")):
            continue
        rows += [_above(occasion, news, one, issue)] if issue is not None and issue.complete else []
        rows += _resolved(connection, occasion, news, one)
    return rows


def _above(occasion: Occasion, news: News, one: Found, issue: Issue) -> NewIntegration:
    payload = {"issue": news.resource, "place": one.id, "topic": topic(issue),
               "purpose": purpose(issue) if news.renamed else ""}  # fmt: skip
    key = f"{occasion.once(news)}:topic:{one.id}"
    return to_slack("describe_channel", key, f"topic:{one.id}", occasion.cause(news), one.id, payload)


def _resolved(connection: Connection, occasion: Occasion, news: News, one: Found) -> list[NewIntegration]:
    """The offer to archive, once until the issue is reopened: closing it tells of the same again."""
    before, now = bool(one.extra.get("resolved")), "reopened" not in news.topics and "resolved" in news.topics
    if before != now and news.topics & {"resolved", "reopened"}:
        mappings.add_extra(connection, one.row_id, {"resolved": "yes" if now else ""})
    if before or not now:
        return []
    by = f" by {one_line(news.actor, 80)}" if news.actor else ""
    text = f":white_check_mark: {news.headline or _key(news.resource)} was resolved{by}."
    said = Message(text, [section(text), actions(button("Archive channel", ARCHIVE, news.resource))])
    key = f"{occasion.once(news)}:resolved:{one.id}"
    payload = {"channel": one.id}
    order = f"{one.id}:{news.resource}"
    return [to_slack("post_message", key, order, occasion.cause(news), one.id, payload, said)]


def _key(issue: str) -> str:
    """The issue as people know it: the site is connect's own word."""
    return escape(issue.rpartition("/")[2])
