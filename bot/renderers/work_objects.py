"""What the Work Objects of Jira and of GitHub are made of. Pure.

https://docs.slack.dev/messaging/work-objects-implementation
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.message import clean

DESCRIPTION_LIMIT = 3000
COMMENT_LIMIT = 10_000

type Entity = dict[str, Any]


def fields(given: Mapping[str, Entity | None]) -> Entity:
    """Those of the fields that say something."""
    return {name: value for name, value in given.items() if value is not None}


def user(name: str) -> Entity | None:
    """Somebody of the other service, by name; None if there is none."""
    return {"type": "slack#/types/user", "user": {"text": clean(name)}} if name else None


def seconds(stamp: str) -> int:
    """The other service's time stamp in seconds since 1970; 0 if it is none."""
    try:
        return max(0, int(datetime.fromisoformat(stamp).timestamp()))
    except (ValueError, OverflowError):
        return 0
