"""A subscription tried on what has happened: for each of the latest events of its project whether it would pass."""

from collections.abc import Sequence
from dataclasses import dataclass

from adapters.errors import AdapterError
from adapters.webhook import parse_object
from bot.filters import passes
from bot.flows import queries
from bot.message import escape, link, one_line
from bot.operations.sites import site_of, urgent_jira
from bot.renderers.news import News
from bot.renderers.registry import render_jira
from bot.services import Services
from storage import deliveries
from storage.subscriptions import Kept

EVENTS = 20
NONE = "Nothing of this project has arrived in the last days."
PARTLY = "the event shows a part of its issue only: the other filters are asked when it arrives"


@dataclass(frozen=True)
class Tried:
    """One event, and why it does not pass (empty: it does)."""

    event: str
    news: News
    reason: str


def tried(services: Services, kept: Kept) -> list[str]:
    """A line of mrkdwn for each of the latest events, the newest first: whether it passes, and if not, why not."""
    site = site_of(services.settings, kept.source.rpartition("/")[0])
    with services.database.read() as connection:
        found = deliveries.latest(connection, "jira", kept.source, EVENTS)
        told = [(one.event, render_jira(one.event, parse_object(one.body), site)) for one in found]
        events = [
            Tried(event, news, _reason(kept, queries.with_fields(connection, [kept], news)))
            for event, news in told
            if news is not None and (kept.private or not news.private)  # nothing of what is told in private only
        ]
    unmatched, note = _asked(services, kept, events)
    lines = [_line(one, unmatched) for one in events]
    return [*lines, *([note] if note and lines else [])] or [NONE]


def _reason(kept: Kept, news: News) -> str:
    return passes(kept.events, kept.filters, news, "jira")


def _asked(services: Services, kept: Kept, events: Sequence[Tried]) -> tuple[set[str], str]:
    """The issues that do not match the JQL now, by one short call; or why that is not known."""
    named = {bare(one.news.resource): one.news for one in events if one.news.resource}
    issues = {key: bare(news.uid) for key, news in named.items()}
    if not kept.jql or not issues:
        return set(), ""
    try:
        jira, _ = urgent_jira(services, kept.source)
        unmatched = issues.keys() - jira.matching(issues, kept.jql)
        return {named[key].resource for key in unmatched}, "The JQL was asked of the issues as they are now."
    except AdapterError as error:
        return set(), f":warning: Whether they match the JQL needs Jira, which does not say: {escape(error, 300)}"


def bare(resource: str) -> str:
    """A key or an id as its own site knows it."""
    return resource.rpartition("/")[2]


def _line(one: Tried, unmatched: set[str]) -> str:
    news = one.news
    reason = one.reason or ("the issue does not match its JQL now" if news.resource in unmatched else "")
    mark = ":white_check_mark:" if not reason else ":no_entry_sign:"
    by = f" by {one_line(news.actor, 60)}" if news.actor else ""
    partly = f" ({PARTLY})" if not reason and not news.facts.complete else ""
    told = f": {escape(reason)}" if reason else partly
    what = ", ".join(sorted(name for name in news.names if ":" not in name))
    return f"{mark} {news.headline or link('', news.resource)} · {escape(what)}{by}{told}"
