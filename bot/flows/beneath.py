"""Where comments are told in the channel itself, what is said beneath such a message answers the comment.

The message is no thread of the issue, so that nothing else is told there.
"""

from sqlalchemy import Connection

from storage import mappings
from storage.mappings import Found


def shown_in(connection: Connection, message: str, service: str) -> Found | None:
    """The issue, pull request or discussion whose comment a message (`team/channel/ts`) of connect's shows, as the link
    of a thread is given; None if it shows none, or is or was a thread of its own.
    """
    if mappings.other_ends(connection, "thread", "slack", message, service):
        return None
    found = mappings.other_ends(connection, "comment", "slack", message, service)
    for one in found:
        if one.source_service == service and one.extra.get("issue") and not one.extra.get("deleted"):
            return Found(0, one.extra["issue"], service, {}, "github/discussion/" if "discussion" in one.id else "")
    return None
