"""Versions and sprints: their webhooks do not say which project they are of, so Jira is asked, if a channel cares."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from adapters.jira.issue import Site
from bot.filters import asks_for
from bot.flows import looking
from bot.flows.placing import place
from bot.flows.plan import Planned
from bot.flows.telling import Occasion
from bot.message import Message, strong
from bot.renderers.news import News
from storage import subscriptions
from storage.integrations import Integration, NewIntegration


def plan(occasion: Occasion, site: Site, news: News, asked: Mapping[str, int], connection: Connection) -> Planned:
    """Ask which projects it is about; nothing if no channel wants to hear of such things of this site."""
    kept = subscriptions.of_service(connection, "jira")
    # A project's name holds no slash, so what stands before the last one is its site.
    wanted = any(one.source.rpartition("/")[0] == site.name and asks_for(one.events, news) for one in kept)
    if not wanted:
        return Planned(ignored=f"no channel asks for {news.feature}")
    [(kind, ident)] = asked.items()
    row = NewIntegration(
        operation="find_projects",
        key=f"{occasion.once(news)}:find_projects",
        ordering_key=f"jira:{site.qualified(f'{kind}:{ident}')}",
        source_service="jira",
        target_service="jira",
        event_type=occasion.event,
        source_id=site.qualified(str(ident)),
        target_id=site.qualified(str(ident)),
        payload={**looking.packed(occasion, news), "asked": dict(asked), "site": site.name},
    )
    return Planned((row,))


def found(connection: Connection, row: Integration, data: Mapping[str, Any], now: datetime) -> list[NewIntegration]:
    """Tell the channels that hear of one of these projects."""
    occasion, news = looking.unpacked(row.payload)
    planned: list[NewIntegration] = []
    for project in data["projects"]:
        here = replace(occasion, container=project)
        line = Message(f"{strong(project)}  ·  {news.line.text}") if news.line else None
        planned += place(connection, here, replace(news, line=line), lambda _: "", now).integrations
    return planned
