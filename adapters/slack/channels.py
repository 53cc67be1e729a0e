"""Slack's calls that make a channel, describe it, invite people and archive it.

https://docs.slack.dev/reference/methods/conversations.create
"""

# slack_sdk's methods take bare `dict` and `**kwargs`, which a strict check cannot see through.
# pyright: reportUnknownMemberType=false

from collections.abc import Collection, Generator
from contextlib import contextmanager
from typing import cast

from adapters.errors import Rejected, Unavailable
from adapters.slack.answers import Json, cursor_of, data_of, identity_of, text_of
from adapters.slack.errors import translated
from adapters.slack.http import AnswerLost, PooledWebClient

CLOCK_SKEW = 60
"""Seconds by which connect's clock and Slack's may differ."""
PAGE = 200
MAX_PAGES = 20


class Channels:
    """The part of the client that is about channels of connect's own."""

    _web: PooledWebClient

    def create_channel(self, name: str, *, private: bool) -> str:
        """Make a channel, with connect in it; returns its id. `Rejected` with `name_taken` if there is one already."""
        with translated(write=True):
            answer = data_of(self._web.conversations_create(name=name, is_private=private))
            return text_of(answer.get("channel"), "id")

    def find_channel(self, names: Collection[str], *, since: float) -> str:
        """The channel of one of these names that connect made at `since` (epoch seconds) or later; empty if none is.

        One that is archived is none. More channels than can be read in one go raise `Unavailable`.
        """
        with translated(write=False):
            me, cursor = identity_of(data_of(self._web.auth_test())).bot_user_id, ""
        for _ in range(MAX_PAGES):
            page, cursor = self._page_of_own(cursor)
            for channel in page:
                made = channel.get("created")
                recent = isinstance(made, int) and made >= since - CLOCK_SKEW
                if channel.get("name") in names and channel.get("creator") == me and recent:
                    return text_of(channel, "id")
            if not cursor:
                return ""
        raise Unavailable("connect is in more channels than it reads at a time.")

    def members(self, channel: str) -> list[str]:
        """The ids of those who are in a channel: of a large one, the first four thousand."""
        found, cursor = list[str](), ""
        for _ in range(MAX_PAGES):
            with translated(write=False):
                answer = data_of(self._web.conversations_members(channel=channel, limit=PAGE, cursor=cursor or None))
                page: object = answer.get("members")
                if not isinstance(page, list):
                    raise AnswerLost("Slack's answer lacks 'members'.")
                found += [str(user) for user in cast("list[object]", page)]
                cursor = cursor_of(answer)
            if not cursor:
                break
        return found

    def describe_channel(self, channel: str, topic: str, purpose: str) -> None:
        """Set a channel's topic, and its purpose unless that is empty."""
        with translated(write=True):
            self._web.conversations_setTopic(channel=channel, topic=topic)
            if purpose:
                self._web.conversations_setPurpose(channel=channel, purpose=purpose)

    def invite(self, channel: str, user: str) -> None:
        """Bring somebody into a channel; fine if they are in it."""
        with _fine_if("already_in_channel", "cant_invite_self"), translated(write=True):
            self._web.conversations_invite(channel=channel, users=user)

    def archive_channel(self, channel: str) -> None:
        """Archive a channel; fine if it is."""
        with _fine_if("already_archived"), translated(write=True):
            self._web.conversations_archive(channel=channel)

    def _page_of_own(self, cursor: str) -> tuple[list[Json], str]:
        with translated(write=False):
            answer = data_of(
                self._web.users_conversations(
                    types="public_channel,private_channel", exclude_archived=True, limit=PAGE, cursor=cursor or None
                )
            )
            page: object = answer.get("channels")
            if not isinstance(page, list):
                raise AnswerLost("Slack's answer lacks 'channels'.")
            return cast("list[Json]", page), cursor_of(answer)


@contextmanager
def _fine_if(*codes: str) -> Generator[None]:
    """What is refused because it is so already is done."""
    try:
        yield
    except Rejected as error:
        if error.code not in codes:
            raise
