"""Where news goes: into the threads its resource has, and into the channels that subscribed to its container.

In each channel a resource has one card, edited in place; what happens to it later is told in the card's thread.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from bot.filters import passes
from bot.flows import pausing
from bot.flows.plan import Planned, to_slack
from bot.renderers.news import News
from storage import integrations, mappings, subscriptions
from storage.integrations import NewIntegration
from storage.subscriptions import Kept

type Account = Mapping[str, int]
"""The `subscription` on whose account a call is planned, if it is one's: it is paused when its channel refuses."""


@dataclass(frozen=True)
class Occasion:
    """The delivery that brought the news."""

    service: str
    event: str
    delivery: int
    container: str
    echo: bool = False
    """Whether it tells what connect did itself: the threads know, other subscribed channels do not."""

    def cause(self, news: News) -> dict[str, str]:
        """On whose account the calls are made."""
        return {
            "source_service": self.service,
            "event_type": self.event,
            "source_id": news.resource or self.container,
        }


def place(connection: Connection, occasion: Occasion, news: News, withheld: Callable[[Kept], str]) -> Planned:
    """Plan the calls that tell the news; `withheld` says why a subscribed channel may not see it (empty: it may)."""
    wanted = subscriptions.of_source(connection, occasion.service, occasion.container) if occasion.container else []
    kept = {one.channel: one for one in wanted}
    reasons = {
        channel: pausing.silence(one) or withheld(one) or passes(one.events, one.filters, news, occasion.service)
        for channel, one in kept.items()
    }
    threads = _threads(connection, occasion.service, news)
    planned: list[NewIntegration] = []
    for channel, thread in threads.items():
        # A thread that a subscription opened follows the subscription; one that people opened follows its issue.
        if not occasion.echo and _follows(connection, thread, news, reasons.get(channel, "")):
            planned += _follow(occasion, news, channel, _account(thread, kept.get(channel)))
    for channel, reason in reasons.items():
        if channel not in threads and not reason:
            planned += _open(connection, occasion, news, kept[channel])
    if planned:
        return Planned(tuple(planned))
    return Planned(ignored="; ".join(sorted({reason for reason in reasons.values() if reason})) or _nobody(threads))


def _follows(connection: Connection, thread: mappings.Found, news: News, reason: str) -> bool:
    """Whether a thread hears of the news.

    One that people opened always does. One that a subscription opened follows the subscription, and falls silent while
    its issue is hidden from some: an event that shows a part only (`complete`) does not say so, the thread remembers.
    """
    if thread.source_service == "slack":
        return True
    if news.facts.complete and bool(thread.extra.get("private")) != news.private:
        mappings.add_extra(connection, thread.row_id, {"private": "yes" if news.private else ""})
    hidden = news.private if news.facts.complete else bool(thread.extra.get("private"))
    return not (reason or hidden)


def _nobody(threads: Mapping[str, object]) -> str:
    return "there is nothing to add to its thread" if threads else "no channel subscribed to this"


def _threads(connection: Connection, service: str, news: News) -> dict[str, mappings.Found]:
    if not news.resource:
        return {}
    found = mappings.threads_of(connection, service, news.resource, news.uid)
    return {thread.id.rpartition("/")[0]: thread for thread in found}


def _account(thread: mappings.Found, kept: Kept | None) -> Account:
    """The subscription that a thread follows; one that people opened follows none, whatever its channel hears of."""
    return {"subscription": kept.id} if kept and thread.source_service != "slack" else {}


def _follow(occasion: Occasion, news: News, channel: str, account: Account) -> list[NewIntegration]:
    """Edit the card there is, and tell what happened in its thread."""
    rows: list[NewIntegration] = []
    if news.card:
        payload = {"channel": channel, "card_of": _card(occasion, news), "version": news.version, **account}
        key = f"{occasion.service}:{occasion.delivery}:update_message:{channel}"
        order = f"{channel}:{news.resource}"
        rows.append(to_slack("update_message", key, order, occasion.cause(news), channel, payload, news.card))
    if news.line:
        rows.append(_line(occasion, news, channel, account))
    return rows


def _line(occasion: Occasion, news: News, channel: str, account: Account) -> NewIntegration:
    # One occasion told by two deliveries is posted once.
    once = news.occasion or f"{occasion.service}:{occasion.delivery}"
    payload = {"channel": channel, **({"card_of": _card(occasion, news)} if news.resource else {}), **account}
    return to_slack(
        "post_message", f"{once}:post_message:{channel}", f"{channel}:{news.resource}", occasion.cause(news), channel,
        payload, news.line,
    )  # fmt: skip


def _open(connection: Connection, occasion: Occasion, news: News, kept: Kept) -> list[NewIntegration]:
    """Open the card, if the event is worth one; what has no card is told in the channel itself."""
    if news.resource and not news.facts.complete:
        return [_look_first(occasion, news, kept)]
    channel, account = kept.channel, {"subscription": kept.id}
    if not news.card or not news.resource:
        return [_line(occasion, news, channel, account)] if news.line else []
    if not news.opens and not news.line:
        return []
    key = f"card:{channel}:{occasion.service}:{news.resource}"
    earlier = integrations.with_key(connection, key)
    if earlier is not None and earlier.status != "failed":
        return _follow(occasion, news, channel, account)  # it is being posted now, or its mapping was made this moment
    if earlier is not None:
        key = f"{key}:{occasion.delivery}"
    payload = {"channel": channel, "card": {**_card(occasion, news), "version": news.version}, **account}
    order = f"{channel}:{news.resource}"
    card = to_slack("post_message", key, order, occasion.cause(news), channel, payload, news.card)
    return [card, _line(occasion, news, channel, account)] if news.line else [card]


def _look_first(occasion: Occasion, news: News, kept: Kept) -> NewIntegration:
    """The event shows a part of the issue only: read it before anything of it is told in a channel without its card."""
    once = news.occasion or f"{occasion.service}:{occasion.delivery}"
    line = {"text": news.line.text, "blocks": news.line.blocks} if news.line else None
    return NewIntegration(
        operation="read_issue",
        key=f"{once}:read_issue:{kept.channel}",
        ordering_key=f"slack:{kept.channel}:{news.resource}",
        source_service=occasion.service,
        target_service="jira",
        event_type=occasion.event,
        source_id=news.resource,
        target_id=kept.channel,
        payload={
            "issue": news.resource,
            "channel": kept.channel,
            "feature": news.feature,
            "line": line,
            "line_key": f"{once}:post_message:{kept.channel}",
            "events": kept.events,
            "filters": kept.filters,
            "private": kept.private,
            "subscription": kept.id,
        },
    )


def _card(occasion: Occasion, news: News) -> dict[str, str]:
    return {"service": occasion.service, "resource": news.resource, "uid": news.uid}
