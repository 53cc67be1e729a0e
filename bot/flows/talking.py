"""A thread in which somebody has written to the far side hears the answers, whatever its channel has subscribed to.

Their filters, pauses and quiet hours hold all the same, and where all is told in the channel itself it stays as it was.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from bot.filters import ALL, passes
from bot.renderers.news import News
from storage import mappings
from storage.integrations import Integration, NewIntegration
from storage.mappings import Found
from storage.subscriptions import Kept

JOINED = {"joined": "yes"}
"""What is noted of a thread when a reply in it has become a comment."""


def reason(kept: Kept, news: News, thread: Found | None) -> str:
    """Why a subscription holds the news back from its channel, in which its resource has this thread; empty if not."""
    held = passes(kept.events, kept.filters, news, kept.source_service)
    return passes((ALL,), kept.filters, news, kept.source_service) if held and _answers(kept, news, thread) else held


def heard(kept: Sequence[Kept], news: News, thread: Found | None) -> list[Kept]:
    """Those subscriptions that let an answer into its thread, though none of the channel's asks for such news."""
    return [one for one in kept if _answers(one, news, thread) and not reason(one, news, thread)]


def join(row: Integration, resource: str, connection: Connection, _now: datetime) -> list[NewIntegration]:
    """Note that somebody commented from a channel by command, button or form: its thread there hears the answers."""
    for thread in mappings.threads_of(connection, row.target_service, resource, ""):
        if thread.id.rpartition("/")[0] == row.payload["channel"]:
            mappings.add_extra(connection, thread.row_id, JOINED)
    return []


def _answers(kept: Kept, news: News, thread: Found | None) -> bool:
    if thread is None or not thread.extra.items() >= JOINED.items() or kept.manner.thread in ("off", "channel"):
        return False
    return news.comment is not None and news.comment.kind == "created"
