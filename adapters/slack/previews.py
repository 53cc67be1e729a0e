"""Slack's calls about links and Work Objects: a link's preview, and what the panel beside it shows.

https://docs.slack.dev/messaging/work-objects-implementation
"""

# slack_sdk's methods take bare `dict` and `**kwargs`, which a strict check cannot see through.
# pyright: reportUnknownMemberType=false

from collections.abc import Mapping
from typing import Any

from adapters.slack.answers import Json
from adapters.slack.errors import translated
from adapters.slack.http import PooledWebClient


class Previews:
    """The part of the client that is about links and Work Objects. Each call may simply be made again."""

    _web: PooledWebClient

    def unfurl(self, channel: str, ts: str, cards: Mapping[str, Json]) -> None:
        """Show cards under a message, by the exact address that stands in it."""
        with translated(write=True):
            self._web.chat_unfurl(channel=channel, ts=ts, unfurls=dict(cards))

    def unfurl_entities(self, channel: str, ts: str, entities: list[Json]) -> None:
        """Show Work Objects under a message; `Rejected` where the app or the workspace does not have them."""
        with translated(write=True):
            self._web.chat_unfurl(channel=channel, ts=ts, metadata={"entities": entities})

    def present_details(self, trigger_id: str, entity: Json | None, error: Json | None = None) -> None:
        """Fill the panel that one person has opened, with the Work Object or with the reason why not."""
        with translated(write=True):
            self._web.entity_presentDetails(trigger_id=trigger_id, metadata=entity, error=error)

    def present_comments(
        self, trigger_id: str, comments: list[Json], cursor: str = "", error: Json | None = None
    ) -> None:
        """Fill the panel's list of comments; `cursor` is where the next page begins, empty on the last one."""
        content: dict[str, Any] = {"trigger_id": trigger_id, "comments": comments, "can_post_comment": False}
        content |= {name: value for name, value in (("cursor", cursor), ("error", error)) if value}
        with translated(write=True):
            # slack_sdk has no method of its own for it.
            self._web.api_call("entity.presentComments", json=content)
