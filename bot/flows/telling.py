"""The calls that tell one piece of news in one channel: the card, edited in place, and the line about what happened.

Where several subscriptions of a channel let the same thing through, it is told once: in the richest style that one of
them asks for, in the channel if one does, and as soon as the first of them may.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection

from bot.filters import asks_for
from bot.flows import comments, files, folding, holding, syncing
from bot.flows.plan import to_slack
from bot.flows.threads import is_archived
from bot.manner import STYLES, quiet_until
from bot.message import Message, escape
from bot.operations.comments import post_key
from bot.renderers.news import News
from bot.renderers.parts import compact, in_one_line
from bot.renderers.reacting import reaction
from storage import history, mappings
from storage.integrations import NewIntegration
from storage.subscriptions import Kept, Manner

ENDS = frozenset({"closed", "merged", "reopened", "resolved"})
"""What `thread: on` tells in the channel too."""


@dataclass(frozen=True)
class Occasion:
    """The delivery that brought the news."""

    service: str
    event: str
    delivery: int
    container: str
    echo: bool = False
    """Whether it tells what connect did itself: the threads know, other subscribed channels do not."""
    part: str = ""
    """Tells its calls apart from those of other news that the same delivery brought."""
    hidden: bool = False
    """Whether only some may see the container: a private repository."""
    without: frozenset[str] = frozenset()
    """Channels that know the comment already, since it was written there."""
    people: Mapping[str, Sequence[str]] = field(default_factory=dict[str, Sequence[str]])
    """Whom it mentions in Slack (`team/user`, one for each workspace), by login on GitHub."""

    groups: Mapping[str, tuple[str, str]] = field(default_factory=dict[str, tuple[str, str]])
    """What a team is called in the line, and the mention of its group instead, by the channels that want it."""

    def cause(self, news: News) -> dict[str, str]:
        """On whose account the calls are made."""
        about = news.resource or self.container
        return {"source_service": self.service, "event_type": self.event, "source_id": about}

    def once(self, news: News) -> str:
        """What begins the keys of its calls: one occasion told by two deliveries is told once."""
        return news.occasion or f"{self.service}:{self.delivery}{self.part}"


@dataclass(frozen=True)
class Telling:
    """How one channel is told."""

    channel: str
    style: str = "full"
    aloud: bool = False
    """Whether what happens is told in the channel, instead of in the thread."""
    broadcast: bool = False
    """Whether it is told in the channel besides."""
    reactions: bool = False
    """Whether what happens is shown by a reaction to the card, and by nothing else."""
    until: datetime | None = None
    """When the quiet hours end; None if it may be told now."""
    subscription: int | None = None
    """On whose account the calls are planned, if it is a subscription's: that is paused when its channel refuses."""

    @property
    def payload(self) -> dict[str, object]:
        """What every call holds."""
        account = {} if self.subscription is None else {"subscription": self.subscription}
        return {"channel": self.channel, **account}


def telling(channel: str, kept: Sequence[Kept], news: News, now: datetime) -> Telling:
    """How a channel is told what these subscriptions of it, at least one, let through."""
    manners = [one.manner for one in kept]
    richest = min(kept, key=lambda one: STYLES.index(one.manner.style))
    until = [quiet_until(manner.quiet_hours, now) for manner in manners]
    return Telling(
        channel,
        richest.manner.style,
        aloud=any(manner.thread in ("channel", "off") for manner in manners),
        broadcast=any(_broadcasts(manner, news) for manner in manners),
        reactions=all(manner.reactions for manner in manners),
        until=None if None in until else min(moment for moment in until if moment),
        subscription=richest.id,
    )


def _broadcasts(manner: Manner, news: News) -> bool:
    """Whether it is told in the channel besides: by its name, by what was done, or since it ends or begins anew."""
    if asks_for(manner.broadcast, news) or news.facts.action in manner.broadcast:
        return True
    return manner.thread == "on" and not ENDS.isdisjoint({*news.names, news.facts.action})


def follow(
    connection: Connection, occasion: Occasion, news: News, to: Telling, thread: mappings.Found | None, now: datetime,
    told: str = "",
) -> list[NewIntegration]:  # fmt: skip
    """Edit the card there is, and tell what happened in its thread.

    Without a `thread` the card is on its way; `told` is then the key of the line that it is itself, if it is one.
    """
    has_card = thread is None or bool(thread.extra.get("card_ts"))
    rows = refreshed(occasion, news, to) if has_card and to.style != "line" else []
    if thread is not None and not has_card and to.style != "line" and thread.source_service != "slack":
        rows += _late_card(occasion, news, to, thread.id)
    begun_with = told if thread is None else thread.extra.get("line_of", "")
    if to.reactions and (thread is None or thread.source_service != "slack"):
        rows += _reaction(occasion, news, to)
    elif news.line and _heard(connection, occasion, thread):
        rows += _lines(connection, occasion, news, to, begun_with)
    if thread is not None and thread.source_service == "slack":
        # People opened it, and it is about this issue alone: it is told all, at any hour. What is said in the channel
        # besides is part of a bulk edit like anything else.
        rest, fold = folding.folded(connection, rows, news, to.until, now)
        return rest + fold
    return _planned(connection, rows, news, to, now)


def _reaction(occasion: Occasion, news: News, to: Telling) -> list[NewIntegration]:
    name, instead_of = reaction(news)
    if not name:
        return []
    payload = {**to.payload, "card_of": card_of(occasion, news), "name": name, "instead_of": list(instead_of)}
    key, order = f"{occasion.once(news)}:react:{to.channel}", f"{to.channel}:{news.resource}"
    return [to_slack("react", key, order, occasion.cause(news), to.channel, payload)]


def _heard(connection: Connection, occasion: Occasion, thread: mappings.Found | None) -> bool:
    """Whether a thread wants to be told what happens; one that does not still has its card."""
    return thread is None or occasion.service != "jira" or syncing.to_slack(connection, thread.id)


def _lines(
    connection: Connection, occasion: Occasion, news: News, to: Telling, begun_with: str
) -> Iterable[NewIntegration]:
    begun = begun_with == _once(occasion, news, to)
    line = _one_line(news, news.line) if begun and news.line else _line_of(news, to)
    if not line:
        return []
    row = _line(occasion, news, to, line)
    if news.comment and news.comment.kind != "deleted":
        card = card_key(to.channel, occasion.service, news.resource) if begun else ""
        here = to.channel in occasion.without
        return comments.told(connection, news.comment, row, begun_by=card, written_here=here)
    return [] if begun else [row]


def followed(connection: Connection, occasion: Occasion, news: News, to: Telling, thread: str) -> list[NewIntegration]:
    """The edit of the reply that shows the comment, where there is one: it follows whatever a subscription asks for."""
    line = _line_of(news, to)
    if news.comment is None or line is None or not syncing.to_slack(connection, thread):
        return []
    return comments.followed(connection, news.comment, _line(occasion, news, to, line))


def refreshed(occasion: Occasion, news: News, to: Telling) -> list[NewIntegration]:
    """The edit of the card, without a word."""
    if not news.card:
        return []
    payload = {**to.payload, "card_of": card_of(occasion, news), "version": news.version}
    key = f"{occasion.service}:{occasion.delivery}{occasion.part}:update_message:{to.channel}"
    order = f"{to.channel}:{news.resource}"
    shown = _shown(news.card, to.style)
    return [to_slack("update_message", key, order, occasion.cause(news), to.channel, payload, shown)]


def opened(connection: Connection, occasion: Occasion, news: News, to: Telling, now: datetime) -> list[NewIntegration]:
    """Open the card, if the event is worth one; what has no card is told in the channel itself."""
    key = card_key(to.channel, occasion.service, news.resource)
    earlier = history.with_key(connection, key) if news.resource else None
    if earlier is not None and earlier.status != "failed":
        told = json.loads(earlier.payload).get("card", {}).get("line_of", "")
        return follow(connection, occasion, news, to, None, now, told)  # on its way, or its mapping was just made
    if news.minor and not news.opens:
        return []
    if not news.resource or not (news.card or to.style == "line"):
        said = _headed(news, news.line) if news.line and news.resource else news.line
        return _planned(connection, [_line(occasion, news, to, said)] if said else [], news, to, now)
    if not news.opens and not news.line:
        return []
    if earlier is not None:
        key = f"{key}:{occasion.delivery}"
    return _planned(connection, _first(occasion, news, to, key), news, to, now)


def _planned(
    connection: Connection, rows: list[NewIntegration], news: News, to: Telling, now: datetime
) -> list[NewIntegration]:
    """Folded if they are part of a bulk edit, kept if it is quiet."""
    rest, fold = folding.folded(connection, rows, news, to.until, now)
    return holding.held(connection, rest, f"{to.channel}:{news.resource}", to.until, now) + fold


def _first(occasion: Occasion, news: News, to: Telling, key: str) -> list[NewIntegration]:
    card = {**card_of(occasion, news), "version": news.version, **({"private": "yes"} if news.private else {})}
    order, cause = f"{to.channel}:{news.resource}", occasion.cause(news)
    new = files.to_show(news, card_of(occasion, news))
    if to.style == "line" or not news.card:
        said = _one_line(news, news.line or news.brief or Message(news.card.text if news.card else ""))
        begun = {"card": card | {"line_of": _once(occasion, news, to)}}
        payload = {**to.payload, **begun, **comments.shown_by(news, instead=_title(news)), **new}
        return [to_slack("post_message", key, order, cause, to.channel, payload, said)]
    shown = _shown(news.card, to.style)
    line = None if to.reactions else _line_of(news, to)
    payload = {**to.payload, "card": card, **({} if line else new)}
    row = to_slack("post_message", key, order, cause, to.channel, payload, shown)
    return [row, _line(occasion, news, to, line)] if line else [row]


def _late_card(occasion: Occasion, news: News, to: Telling, thread: str) -> Iterable[NewIntegration]:
    """A thread that began with a line gets its card now that a subscription wants one, for all to see."""
    if not news.card:
        return []
    card = {**card_of(occasion, news), "version": news.version, "thread": thread}
    payload = {**to.payload, "card": card, "thread_ts": thread.rpartition("/")[2], "broadcast": True}
    key = f"late:{to.channel}:{occasion.service}:{news.resource}"
    order = f"{to.channel}:{news.resource}"
    shown = _shown(news.card, to.style)
    return [to_slack("post_message", key, order, occasion.cause(news), to.channel, payload, shown)]


def _line(occasion: Occasion, news: News, to: Telling, said: Message) -> NewIntegration:
    beneath = {"card_of": card_of(occasion, news)} if news.resource and not to.aloud else {}
    broadcast = {"broadcast": True} if to.broadcast and beneath else {}
    new = files.to_show(news, card_of(occasion, news))
    payload = {**to.payload, **beneath, **broadcast, **comments.shown_by(news), **new}
    order = f"{to.channel}:{news.resource}"
    return to_slack("post_message", _once(occasion, news, to), order, occasion.cause(news), to.channel, payload, said)


def _once(occasion: Occasion, news: News, to: Telling) -> str:
    if news.comment and news.comment.kind != "deleted":
        return post_key(news.comment.id, to.channel)  # whichever state of it comes first
    return f"{occasion.once(news)}:post_message:{to.channel}"


def _line_of(news: News, to: Telling) -> Message | None:
    if not news.line or not news.resource:
        return news.line
    if to.aloud:
        return _one_line(news, news.line) if to.style == "line" else _headed(news, news.line)
    return Message(in_one_line(news.line.text)) if to.style == "line" else news.line


def _headed(news: News, said: Message) -> Message:
    return Message(f"{_title(news)}\n{said.text}")


def _one_line(news: News, said: Message) -> Message:
    return Message(f"{_title(news)}  ·  {in_one_line(said.text)}")


def _title(news: News) -> str:
    return news.headline or escape(news.resource)


def _shown(card: Message, style: str) -> Message:
    return card if style == "full" else compact(card)


def card_key(channel: str, service: str, resource: str) -> str:
    """The key of the row that opens a resource's card, or its thread, in a channel."""
    return f"card:{channel}:{service}:{resource}"


def ended(connection: Connection, thread: mappings.Found) -> bool:
    """Whether a thread hears no more: its first message was deleted, or people opened it and archived the channel."""
    if thread.extra.get("closed"):
        return True
    return thread.source_service == "slack" and is_archived(connection, thread.id.rpartition("/")[0])


def threads(connection: Connection, service: str, news: News) -> dict[str, mappings.Found]:
    """The thread of the news' resource in each channel (`team/channel`) that has one, an open one before closed."""
    known = mappings.threads_of(connection, service, news.resource, news.uid) if news.resource else []
    found = [thread for thread in known if "notice" not in thread.extra]  # a person's own is for `bot.flows.direct`
    found.sort(key=lambda thread: not thread.extra.get("closed"))
    return {thread.id.rpartition("/")[0]: thread for thread in found}


def card_of(occasion: Occasion, news: News) -> dict[str, str]:
    """The resource that a card stands for."""
    return {"service": occasion.service, "resource": news.resource, "uid": news.uid}
