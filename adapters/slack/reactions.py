"""Slack's calls about reactions to messages.

https://docs.slack.dev/reference/methods/reactions.add, https://docs.slack.dev/reference/methods/reactions.remove
"""

# slack_sdk's methods take bare `dict` and `**kwargs`, which a strict check cannot see through.
# pyright: reportUnknownMemberType=false

from adapters.errors import Rejected
from adapters.slack.errors import translated
from adapters.slack.http import PooledWebClient


class Reactions:
    """The part of the client that is about reactions. The calls may simply be made again."""

    _web: PooledWebClient

    def add_reaction(self, channel: str, ts: str, name: str) -> None:
        """React to a message; nothing happens if connect has done so already."""
        try:
            with translated(write=False):
                self._web.reactions_add(channel=channel, timestamp=ts, name=name)
        except Rejected as refused:
            if refused.code != "already_reacted":
                raise

    def remove_reaction(self, channel: str, ts: str, name: str) -> None:
        """Take back a reaction of connect's; nothing happens if there is none."""
        try:
            with translated(write=False):
                self._web.reactions_remove(channel=channel, timestamp=ts, name=name)
        except Rejected as refused:
            if refused.code != "no_reaction":
                raise
