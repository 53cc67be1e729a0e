"""What happens to a pull request, told in the threads of the issues that it names.

A thread hears it as it hears of the issue: not where people turned that off, where it ended, where its subscription
paused, or while the issue is hidden from some and the channel may not see that. Of a private repository it is told no
more than that something happened, unless the channel hears of that repository. The thread in which the pull request has
its own card hears it from there.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from bot.flows import pausing, syncing, telling
from bot.flows.telling import Occasion, Telling
from bot.message import Message
from bot.operations.named_issues import project_of
from bot.renderers.news import News
from storage import hearing, mappings
from storage.integrations import NewIntegration
from storage.mappings import Found
from storage.subscriptions import Kept


@dataclass(frozen=True)
class Line:
    """One line for the threads of an issue."""

    issue: str
    uid: str
    """The issue's numeric id, if it is known by now: it finds the threads of one that was moved."""
    once: str
    """What begins the keys of its rows: a thread is told it once."""
    said: Message
    veiled: Message
    """What those are told who may not see the repository."""


@dataclass(frozen=True)
class Brought:
    """What brought the lines: the webhook, and the pull request that it tells of."""

    event: str
    delivery: int
    pull: str
    """`acme/web#7`"""
    uid: str
    """Its numeric id."""
    hidden: bool
    """Whether the repository is private."""


def tell(connection: Connection, brought: Brought, line: Line, now: datetime) -> list[NewIntegration]:
    """The rows that tell it in each thread of the issue that is to hear it."""
    news = News("pulls", line.issue, None, line.said, uid=line.uid, occasion=line.once)
    threads = telling.threads(connection, "jira", news)
    if not threads:
        return []
    own = {one.id for one in mappings.threads_of(connection, "github", brought.pull, f"pull/{brought.uid}")}
    kept = hearing.of_container(connection, "jira", project_of(line.issue))
    seeing = _seeing(connection, brought)
    rows = list[NewIntegration]()
    for channel, thread in threads.items():
        to = _how(connection, thread, [one for one in kept if one.channel == channel], news, now)
        if to is not None and thread.id not in own:
            told = news if seeing is None or channel in seeing else replace(news, line=line.veiled)
            rows += _rows(connection, brought, told, replace(to, channel=channel), thread, now)
    return rows


def _seeing(connection: Connection, brought: Brought) -> set[str] | None:
    """The channels that may see the repository; None: all."""
    if not brought.hidden:
        return None
    kept = hearing.of_container(connection, "github", brought.pull.partition("#")[0])
    return {one.channel for one in kept if one.private and not pausing.silence(one)}


def _how(connection: Connection, thread: Found, kept: list[Kept], news: News, now: datetime) -> Telling | None:
    """How a thread is told; None if it is not."""
    if telling.ended(connection, thread) or not syncing.to_slack(connection, thread.id):
        return None
    hidden = bool(thread.extra.get("private")) and not thread.extra.get("secured")
    awake = [one for one in kept if not pausing.silence(one) and (one.private or not hidden)]
    if hidden and not awake:
        return None
    if thread.source_service == "slack":
        return Telling("")
    if not awake or all(one.manner.reactions for one in awake):
        return None
    given = telling.telling("", awake, news, now)
    return replace(given, aloud=False, broadcast=False, reactions=False)


def _rows(
    connection: Connection, brought: Brought, news: News, to: Telling, thread: Found, now: datetime
) -> list[NewIntegration]:
    occasion = Occasion("jira", brought.event, brought.delivery, project_of(news.resource))
    told = telling.follow(connection, occasion, news, to, thread, now)
    place = {"thread_ts": thread.id.rpartition("/")[2]}  # not into the channel, should the two be parted meanwhile
    cause = {"source_service": "github", "event_type": brought.event, "source_id": brought.pull}
    return [replace(row, payload={**row.payload, **place}, **cause) for row in told]
