"""`/github acme/web#7`: the card of an issue or a pull request, for whoever asked alone, or shared with the channel.

A shared one is the channel's live card: one for each thing and channel, which follows what happens on GitHub.
"""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection

from adapters.errors import AdapterError
from bot.flows import pulls
from bot.flows.plan import Consequences, to_slack
from bot.flows.subscribing import say
from bot.flows.tell import tell
from bot.flows.telling import card_key
from bot.flows.tickets import cause_of
from bot.message import Message, escape, link
from bot.renderers.github_known import KEY
from bot.renderers.news import News
from bot.renderers.registry import render_github
from storage import history
from storage.integrations import Integration, NewIntegration


def shown(row: Integration, data: Mapping[str, Any]) -> Consequences:
    """The card, with what connect remembers of reviews and checks."""
    return Consequences(later=lambda connection, _: _shown(connection, row, data))


def refused(row: Integration, error: AdapterError) -> Consequences:
    """Why there is nothing to show."""
    return Consequences(integrations=_told(row, say(escape(error))))


def _shown(connection: Connection, row: Integration, data: Mapping[str, Any]) -> tuple[NewIntegration, ...]:
    news = _news(connection, {**data["told"], KEY: {"jira": {"issues": data["named"]}}})
    if news is None or news.card is None:
        return _told(row, say("GitHub shows nothing of it that I could show."))
    if row.payload["form"] != "share":
        return _told(row, news.card)
    if data["there"] is not None:
        look = f": {link(data['there'], 'look there')}." if data["there"] else "."
        return _told(row, say(f"{news.headline} has its card here already{look}"))
    return _posted(connection, row, news, news.card)


def _news(connection: Connection, told: Mapping[str, Any]) -> News | None:
    if "pull_request" in told:
        return render_github("pull_request.opened", pulls.recalled(connection, told))
    return render_github("issues.opened", told)


def _posted(connection: Connection, row: Integration, news: News, card: Message) -> tuple[NewIntegration, ...]:
    channel = row.payload["channel"]
    key = card_key(channel, "github", news.resource)
    earlier = history.with_key(connection, key)
    if earlier is not None and earlier.status == "pending":
        return _told(row, say(f"The card of {news.headline} is on its way into this channel."))
    # Where connect is no member it may not post, but the command's own answer may still be shown to all.
    otherwise: dict[str, Any] | None = None
    if row.payload["response_url"]:
        answer = {"response_url": row.payload["response_url"], "in_channel": True}
        otherwise = asdict(to_slack("respond", f"{row.key}:shown", row.key, cause_of(row), channel, answer, card))
    about = {"service": "github", "resource": news.resource, "uid": news.uid, "version": news.version,
             "origin": "slack"}  # fmt: skip
    payload = {"channel": channel, "otherwise": otherwise, "card": about}
    once = key if earlier is None else f"{key}:{row.key}"
    return (to_slack("post_message", once, f"{channel}:{news.resource}", cause_of(row), channel, payload, card),)


def _told(row: Integration, message: Message) -> tuple[NewIntegration, ...]:
    told = tell(row.payload, f"{row.key}:answer", cause_of(row), message)
    return (told,) if told else ()
