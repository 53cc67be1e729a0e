"""Links that are shared, and Work Objects that are opened. The events come out of the inbox."""

# Bolt annotates its decorators with bare `Pattern` and `Callable`.
# pyright: reportUnknownMemberType=false

from collections.abc import Mapping
from typing import Any

from slack_bolt import App

from bot.flows.github_previews import GITHUB
from bot.flows.previews import JIRA
from bot.flows.shared_links import Opened, Shared
from bot.payload import flag, text, texts
from bot.services import Services

PREVIEWED = (JIRA, GITHUB)
COMPOSER = "COMPOSER"
"""Slack's channel of a link whose message is still being written."""


def register(app: App, services: Services) -> None:
    """Listen to the events of the manifest."""

    def link_shared(event: dict[str, Any], body: dict[str, Any], context: dict[str, Any]) -> None:
        by_a_person = event.get("user") and not event.get("bot_id")
        posted = text(event, "channel") != COMPOSER and text(event, "source") != "composer"
        if by_a_person and posted and text(event, "message_ts"):
            urls = texts(event, "links", key="url")
            for service in PREVIEWED:
                service.links(services, shared(body, event, "message_ts"), urls, context["plan"])

    def details(event: dict[str, Any], body: dict[str, Any], context: dict[str, Any]) -> None:
        for service in PREVIEWED:
            service.panel(services, "details", shared(body, event, "message_ts"), _opened(event), context["plan"])

    def comments(event: dict[str, Any], body: dict[str, Any], context: dict[str, Any]) -> None:
        for service in PREVIEWED:
            service.panel(services, "comments", shared(body, event, "message_ts"), _opened(event), context["plan"])

    app.event("link_shared")(link_shared)
    app.event("entity_details_requested")(details)
    app.event("entity_comments_requested")(comments)


def shared(body: Mapping[str, Any], event: Mapping[str, Any], ts: str) -> Shared:
    """Who shares something where, from an event; `ts` names the field with the message's."""
    team = text(body, "team_id") or text(event, "team")
    channel, thread = text(event, "channel"), text(event, "thread_ts")
    return Shared(
        user=f"{team}/{text(event, 'user')}",
        channel=f"{team}/{channel}" if channel else "",
        ts=text(event, ts),
        thread_ts="" if thread == text(event, ts) else thread,
        external=flag(body, "is_ext_shared_channel"),
    )


def _opened(event: Mapping[str, Any]) -> Opened:
    cursor = text(event, "cursor")
    start = int(cursor) if cursor.isascii() and cursor.isdecimal() and len(cursor) < 7 else 0
    return Opened(text(event, "entity_url") or text(event, "link", "url"), text(event, "trigger_id"), start)
