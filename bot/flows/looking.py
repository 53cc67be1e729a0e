"""What an event does not tell is asked before a channel is told.

Of Jira: the rest of an issue, and whether it matches a JQL. Of GitHub: what filters look at besides.

The question is a row in the order of the issue's calls into that channel. What comes while one is open waits behind it
in a row of its own (`tell`), so that everything is told in the order in which it happened.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from adapters.errors import AdapterError, NotFound
from adapters.jira.issue import Issue
from bot.flows import pausing, talking, telling
from bot.flows.telling import Occasion, Telling
from bot.flows.tickets import issue_from
from bot.github_filters import lets_in, read, to_ask
from bot.message import Message
from bot.renderers.jira import card, facts
from bot.renderers.news import Attached, CommentNews, Facts, News
from storage import hearing, history, subscriptions
from storage.integrations import Integration, NewIntegration
from storage.mappings import Found
from storage.subscriptions import Kept

LOOKS = ("read_issue", "read_facts", "tell")
_SETS = ("labels", "components", "assignee", "reporter", "actors", "joined")
_ASKED = ("paths", "topics", "owners", "teams", "keepers", "reviewers")
"""The sets that are None until they are known."""


def ask(occasion: Occasion, news: News, channel: str, kept: Sequence[Kept], sure: Sequence[Kept]) -> NewIntegration:
    """Ask Jira what has to be known before these subscriptions of a channel are told; `sure` are those that will be."""
    return _look(
        "read_issue", "jira", occasion, news, channel, kept,
        issue=news.resource, uid=news.uid, read=not news.facts.complete,
        jql=sorted({one.jql for one in kept if one.jql}), sure=[one.id for one in sure],
    )  # fmt: skip


def ask_github(
    occasion: Occasion, news: News, channel: str, kept: Sequence[Kept], sure: Sequence[Kept]
) -> NewIntegration:
    """Ask GitHub what the filters of these subscriptions of a channel need; `sure` are those that need no answer."""
    facts, wanted = news.facts, [read(one.filters) for one in kept]
    number = news.resource.rpartition("#")[2]
    return _look(
        "read_facts", "github", occasion, news, channel, kept,
        asked=sorted(frozenset[str]().union(*(to_ask(each, news) for each in wanted))),
        repository=facts.repository, number=int(number) if number.isdecimal() else 0, version=news.version,
        author=facts.author, base=facts.base, paths=sorted(facts.paths or ()),
        teams=sorted({team for each in wanted for team in each.teams.named}),
        keepers=sorted({team for each in wanted for team in each.repository_teams.named}),
        read=False, sure=[one.id for one in sure],
    )  # fmt: skip


def wait(occasion: Occasion, news: News, channel: str, kept: Sequence[Kept]) -> NewIntegration:
    """Tell these subscriptions of a channel when what was asked before is answered."""
    return _look("tell", "slack", occasion, news, channel, kept)


def _look(
    operation: str, service: str, occasion: Occasion, news: News, channel: str, kept: Sequence[Kept], **about: Any
) -> NewIntegration:
    return NewIntegration(
        operation=operation,
        key=f"{occasion.once(news)}:{operation}:{channel}",
        ordering_key=f"slack:{channel}:{news.resource}",
        source_service=occasion.service,
        target_service=service,
        event_type=occasion.event,
        source_id=news.resource or occasion.container,
        target_id=channel,
        payload={**packed(occasion, news), **_asking(channel, kept), **about},
    )


def question(kept: Kept, news: News) -> bool:
    """Whether something has to be asked before it is known that a subscription lets the news through."""
    if kept.source_service == "github":
        return bool(kept.filters) and bool(to_ask(read(kept.filters), news))
    return bool(kept.jql)


def brought(kept: Sequence[Kept], news: News) -> News:
    """The news as one that opens a card, if a label or somebody, come just now, lets it pass one of these filters."""
    filters = [one.filters for one in kept if one.source_service == "github" and one.filters]
    late = any(lets_in(read(each), news) for each in filters)
    return replace(news, opens=True) if late else news


def open_question(connection: Connection, channel: str, resource: str) -> bool:
    """Whether something was asked about this for this channel, and what follows is not planned yet."""
    return history.waiting(connection, f"slack:{channel}:{resource}", LOOKS)


def showing(occasion: Occasion, news: News, kept: Sequence[Kept]) -> list[Kept]:
    """Those subscriptions that may show what they made of this: who guessed a private repository's name would learn by
    it that there is one, and who reads a channel that there was an alert.
    """
    secret = occasion.service == "github" and (occasion.hidden or news.private)
    return [one for one in kept if one.private or not secret]


def answered(connection: Connection, row: Integration, data: Mapping[str, Any], now: datetime) -> list[NewIntegration]:
    """Tell the channel what its subscriptions let through, now that there is an answer."""
    occasion, news = unpacked(row.payload)
    news = replace(news, facts=replace(news.facts, **_found(data.get("facts", {}))))
    issue = issue_from(data["issue"]) if data.get("issue") else None
    if issue is not None:
        news = _completed(news, issue)
    matched, wrong = data.get("matched", {}), data.get("wrong", {})
    kept = _still_there(connection, row, occasion)
    thread = telling.threads(connection, occasion.service, news).get(row.payload["channel"])
    reasons = {one.id: _reason(one, occasion, news, matched, wrong, thread) for one in kept}
    hearing.noted(connection, showing(occasion, news, kept), reasons, now)
    told = [one for one in kept if not reasons[one.id]]
    rows = [
        new for one in kept if one.jql in wrong for new in pausing.stopped(connection, row, one, wrong[one.jql], now)
    ]
    return rows + (_tell(connection, occasion, news, row.payload["channel"], told, now) if told else [])


def refused(connection: Connection, row: Integration, error: AdapterError, now: datetime) -> list[NewIntegration]:
    """Jira will not answer: those are told who need no answer; the others show why they were not."""
    occasion, news = unpacked(row.payload)
    kept = _still_there(connection, row, occasion)
    sure = [one for one in kept if one.id in row.payload["sure"] and not row.payload["read"]]
    for one in kept:
        # An issue that was deleted meanwhile is no trouble; a team that connect cannot see is.
        if one not in sure and (occasion.service == "github" or not isinstance(error, NotFound)):
            what = news.resource or occasion.container
            said = f"{occasion.service.title()} did not say whether {what} passes: {error}"
            subscriptions.troubled(connection, one.id, said.replace("Github", "GitHub"))
    return _tell(connection, occasion, news, row.payload["channel"], sure, now) if sure else []


def _found(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: frozenset(value) if name in _ASKED else value for name, value in facts.items()}


def _reason(
    kept: Kept, occasion: Occasion, news: News, matched: Mapping[str, bool], wrong: Mapping[str, str],
    thread: Found | None,
) -> str:  # fmt: skip
    restricted = (occasion.hidden or news.private) and not kept.private
    withheld = "the issue has a security level" if occasion.service == "jira" else "it is for private channels only"
    reason = pausing.silence(kept) or (withheld if restricted else "") or talking.reason(kept, news, thread)
    if reason or not kept.jql:
        return reason
    if kept.jql in wrong:
        return f"Jira does not accept its JQL: {wrong[kept.jql]}"
    return "" if matched.get(kept.jql, True) else "the issue does not match its JQL"


def _tell(
    connection: Connection, occasion: Occasion, news: News, channel: str, told: Sequence[Kept], now: datetime
) -> list[NewIntegration]:
    to = telling.telling(channel, told, news, now)
    thread = telling.threads(connection, occasion.service, news).get(channel)
    if thread is not None and telling.ended(connection, thread):
        return []
    if thread is None:
        return telling.opened(connection, occasion, brought(told, news), to, now)
    if thread.source_service == "slack":  # people made it theirs meanwhile: it follows its issue, quiet or not
        to = Telling(channel, broadcast=to.broadcast)
    return telling.follow(connection, occasion, news, to, thread, now)


def _still_there(connection: Connection, row: Integration, occasion: Occasion) -> list[Kept]:
    """The subscriptions that were asked for, as they are now; one that ended, or asks for else by now, is not."""
    asked: dict[str, str] = row.payload["subscriptions"]
    kept = hearing.of_container(connection, occasion.service, occasion.container)
    mine = [one for one in kept if one.channel == row.payload["channel"]]
    return [one for one in mine if asked.get(str(one.id)) == _terms(one)]


def _terms(kept: Kept) -> str:
    """What the answer depends on."""
    return kept.jql if kept.source_service == "jira" else json.dumps(kept.filters, sort_keys=True)


def _completed(news: News, issue: Issue) -> News:
    """The news with what the event did not show of its issue."""
    known = replace(facts(issue), actors=news.facts.actors, restricted=news.facts.restricted)
    return replace(news, card=card(issue), facts=known, private=issue.secured, uid=issue.uid)


def _asking(channel: str, kept: Sequence[Kept]) -> dict[str, Any]:
    return {"channel": channel, "subscriptions": {str(one.id): _terms(one) for one in kept}}


def packed(occasion: Occasion, news: News) -> dict[str, Any]:
    """News and what brought it as a row keeps them, until Jira has answered."""
    plain = asdict(replace(news, beside=None))  # what is told besides is told by itself
    plain["topics"] = sorted(news.topics)
    for name in _SETS:
        plain["facts"][name] = sorted(plain["facts"][name])
    for name in _ASKED:
        known = plain["facts"][name]
        plain["facts"][name] = None if known is None else sorted(known)
    where = asdict(occasion) | {"without": sorted(occasion.without)}
    return {"occasion": where, "news": plain}


def unpacked(payload: Mapping[str, Any]) -> tuple[Occasion, News]:
    """What `packed` kept."""
    plain: dict[str, Any] = dict(payload["news"])
    known: dict[str, Any] = {
        name: frozenset(value) if name in (*_SETS, *_ASKED) and value is not None else value
        for name, value in plain["facts"].items()
    }
    said: dict[str, Any] = {name: Message(**plain[name]) if plain[name] else None for name in ("card", "line", "brief")}
    plain |= said | {"facts": Facts(**known), "topics": frozenset(plain["topics"])}
    plain["comment"] = CommentNews(**plain["comment"]) if plain["comment"] else None
    plain["attached"] = tuple(Attached(**file) for file in plain["attached"])
    where: dict[str, Any] = dict(payload["occasion"])
    where["without"] = frozenset(where["without"])
    return Occasion(**where), News(**plain)
