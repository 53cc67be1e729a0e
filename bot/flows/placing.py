"""Where news goes: into the threads its resource has, and into the channels that subscribed to its container.

In each channel a resource has one card, edited in place; what happens to it later is told in the card's thread.
"""

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import Connection

from bot.filters import passes
from bot.flows import comments, looking, pausing, queries, shared_channels, syncing, talking, telling
from bot.flows.plan import Planned, to_slack
from bot.flows.telling import Occasion, Telling
from bot.message import Message, escape
from bot.renderers.github_known import at_home, with_group
from bot.renderers.news import News
from storage import hearing, mappings
from storage.integrations import NewIntegration
from storage.mappings import Found
from storage.subscriptions import Kept

_SHOWING = ("post_message", "update_message", "edit_reply")


@dataclass
class _Channel:
    """What a channel has to do with the news: its subscriptions, and the thread of the resource in it."""

    name: str
    thread: Found | None = None
    passing: list[Kept] = field(default_factory=list[Kept])
    awake: list[Kept] = field(default_factory=list[Kept])
    """Those that are not paused and may see it, whether they let it through or not."""

    @property
    def of_people(self) -> bool:
        return self.thread is not None and self.thread.source_service == "slack"


def place(
    connection: Connection, occasion: Occasion, news: News, withheld: Callable[[Kept], str], now: datetime
) -> Planned:
    """Plan the calls that tell the news; `withheld` says why a subscribed channel may not see it (empty: it may)."""
    kept = hearing.of_container(connection, occasion.service, occasion.container) if occasion.container else []
    news = queries.with_fields(connection, kept, news) if occasion.service == "jira" else news
    threads = telling.threads(connection, occasion.service, news)
    blocked = {one.id: pausing.silence(one) or withheld(one) for one in kept}
    reasons = _reasons(kept, blocked, news, occasion.service)
    channels = {name: _Channel(name, thread) for name, thread in threads.items()}
    others = _showing(connection, news, {*threads, *(one.channel for one in kept if reasons[one.id])})
    for one in kept:
        # Of a thousand channels most have no thread, show nothing of this and are told nothing.
        if not reasons[one.id] or one.channel in threads or one.channel in others:
            channel = channels.setdefault(one.channel, _Channel(one.channel))
            if not blocked[one.id]:
                channel.awake.append(one)
            if not reasons[one.id]:
                channel.passing.append(one)
    for channel in channels.values():
        if not channel.passing:
            channel.passing = talking.heard(channel.awake, news, channel.thread)
            reasons |= {one.id: "" for one in channel.passing}
    known = [one for one in kept if reasons[one.id] or not looking.question(one, news)]
    hearing.noted(connection, looking.showing(occasion, news, known), reasons, now)
    planned = [row for channel in channels.values() for row in _into(connection, occasion, news, channel, now)]
    if planned:
        hidden = occasion.hidden or news.private or news.facts.restricted
        return Planned(tuple(map(_for_insiders, planned) if hidden else planned))
    return Planned(ignored="; ".join(sorted({reason for reason in reasons.values() if reason})) or _nobody(threads))


def _reasons(kept: Sequence[Kept], blocked: Mapping[int, str], news: News, service: str) -> dict[int, str]:
    """Why each subscription holds the news back (empty: it does not); those that ask for the same are judged once."""
    reasons, known = dict[int, str](), dict[tuple[tuple[str, ...], int], str]()
    for one in kept:
        reason = blocked[one.id]
        if not reason:
            terms = (one.events, id(one.filters))
            if terms not in known:
                known[terms] = passes(one.events, one.filters, news, service)
            reason = known[terms]
        reasons[one.id] = reason
    return reasons


def _showing(connection: Connection, news: News, channels: AbstractSet[str]) -> AbstractSet[str]:
    """Those of the channels from which a comment that only some may see now has to go."""
    if news.comment is None or not news.facts.restricted or not channels:
        return frozenset()
    return channels & comments.shown_in(connection, news.comment.id)


def _for_insiders(row: NewIntegration) -> NewIntegration:
    """The same, but for what is not to be shown once others can read the channel."""
    return replace(row, payload={**row.payload, "private": True}) if row.operation in _SHOWING else row


def _into(
    connection: Connection, occasion: Occasion, news: News, channel: _Channel, now: datetime
) -> list[NewIntegration]:
    """What a channel is told, with mentions of its own workspace's people alone.

    A thread that people opened follows its issue, any other the subscriptions.
    """
    news = with_group(at_home(news, occasion.people, channel.name), occasion.groups.get(channel.name))
    if channel.thread is not None and (occasion.echo or telling.ended(connection, channel.thread)):
        return []
    if news.comment and news.facts.restricted and not channel.passing:
        return comments.hidden(connection, news.comment, channel.name, news.resource, occasion.cause(news))
    silence = _silence(connection, occasion, news, channel, channel.thread) if channel.thread is not None else None
    if silence is not None:
        return silence
    if channel.of_people and channel.thread is not None and _opened(connection, occasion, channel, channel.thread):
        return []
    if channel.of_people:
        return _people(connection, occasion, news, channel, now)
    return _subscribed(connection, occasion, news, channel, now)


def _opened(connection: Connection, occasion: Occasion, channel: _Channel, thread: Found) -> bool:
    """Whether others may read now what people put into a channel of a private repository, and nothing lets them."""
    open_to = any(one.private for one in channel.awake)
    return occasion.hidden and not open_to and shared_channels.is_silenced(connection, thread.id)


def _subscribed(
    connection: Connection, occasion: Occasion, news: News, channel: _Channel, now: datetime
) -> list[NewIntegration]:
    if not channel.passing:
        return _silently(connection, occasion, news, channel, now)
    sure, asked = _sorted(channel, news, now)
    if not sure and not asked:
        return []
    if asked and occasion.service == "github":
        return [looking.ask_github(occasion, news, channel.name, [*sure, *asked], sure)]
    if asked or (channel.thread is None and news.resource and not news.facts.complete):
        return [looking.ask(occasion, news, channel.name, [*sure, *asked], sure)]
    if news.resource and looking.open_question(connection, channel.name, news.resource):
        return [looking.wait(occasion, news, channel.name, sure)]
    to = telling.telling(channel.name, sure, news, now)
    if channel.thread is None:
        return telling.opened(connection, occasion, looking.brought(sure, news), to, now)
    return telling.follow(connection, occasion, news, to, channel.thread, now)


def _people(
    connection: Connection, occasion: Occasion, news: News, channel: _Channel, now: datetime
) -> list[NewIntegration]:
    """A thread that people opened hears of everything, at any hour; that a comment is gone it sees."""
    if news.feature == "comment_deleted":
        return []
    if news.private and not any(one.private for one in channel.passing):
        news = replace(news, attached=())  # the thread hears of files with those who may see the issue, and no more
    heard = [one for one in channel.passing if not one.jql]
    broadcast = bool(heard) and telling.telling(channel.name, heard, news, now).broadcast
    return telling.follow(connection, occasion, news, Telling(channel.name, broadcast=broadcast), channel.thread, now)


def _silently(
    connection: Connection, occasion: Occasion, news: News, channel: _Channel, now: datetime
) -> list[NewIntegration]:
    """What no subscription lets through still shows on the card, and in the reply, that one of them opened."""
    if channel.thread is None or not channel.awake:
        return []
    to = telling.telling(channel.name, channel.awake, news, now)
    card = telling.refreshed(occasion, news, to) if channel.thread.extra.get("card_ts") else []
    return card + telling.followed(connection, occasion, news, to, channel.thread.id)


def _sorted(channel: _Channel, news: News, now: datetime) -> tuple[list[Kept], list[Kept]]:
    """Those of the passing subscriptions that are told for sure, and those for which Jira or GitHub is asked first.

    It is not asked for one that could change nothing about what the others are told, nor about an issue that is gone:
    where that has a card, everybody is told.
    """
    unsure = [one for one in channel.passing if looking.question(one, news)]
    sure = [one for one in channel.passing if one not in unsure]
    if not news.resource and any(one.jql for one in unsure):  # no JQL speaks of a whole project
        return channel.passing, []
    if news.feature == "deleted":
        return (channel.passing if channel.thread is not None else sure), []
    if not unsure:
        return sure, []
    if sure:
        alone = telling.telling(channel.name, sure, news, now)
        together = telling.telling(channel.name, channel.passing, news, now)
        if (alone.style, alone.aloud, alone.broadcast, alone.until) == (
            together.style, together.aloud, together.broadcast, together.until,
        ):  # fmt: skip
            return sure, []
    return sure, unsure


def _silence(
    connection: Connection, occasion: Occasion, news: News, channel: _Channel, thread: Found
) -> list[NewIntegration] | None:
    """What a thread hears whose issue is hidden from some now: nothing, or once that it is; None if it may hear all.

    It may where a subscription of the channel does. An event that shows a part only (`complete`) does not say whether
    the issue is hidden; the thread remembers. One that people opened was told of everything, so it is told the reason.
    A thread in a private channel that was made for a hidden issue (`secured`) hears of it.
    """
    if thread.extra.get("secured"):
        return None
    before = bool(thread.extra.get("private"))
    hidden = news.private if news.facts.complete else before
    if hidden != before:
        mappings.add_extra(connection, thread.row_id, {"private": "yes" if hidden else ""})
    if not hidden or any(one.private for one in channel.awake):
        return None
    wanted = channel.of_people and not before and syncing.to_slack(connection, thread.id)
    return [_restricted(occasion, news, channel.name, thread)] if wanted else []


def _restricted(occasion: Occasion, news: News, channel: str, thread: Found) -> NewIntegration:
    said = f"{escape(news.resource.rpartition('/')[2])} is restricted in Jira now, so nothing more of it is told here."
    key, order = f"{occasion.once(news)}:restricted:{channel}", f"{channel}:{news.resource}"
    payload = {"channel": channel, "thread_ts": thread.id.rpartition("/")[2]}
    return to_slack("post_message", key, order, occasion.cause(news), channel, payload, Message(said))


def _nobody(threads: object) -> str:
    return "there is nothing to add to its thread" if threads else "no channel subscribed to this"
