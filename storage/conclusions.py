"""How a workflow or a check ended last on a branch, so that a subscription may hear of changes only."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from storage.engine import insert_new
from storage.keys import fit
from storage.models import Conclusion

_ROWS: Any = Conclusion.__table__


@dataclass(frozen=True)
class Ended:
    """The end of a run; `version` sorts the ends of one `subject` in time, as text."""

    subject: str
    version: str
    good: bool


def was_turn(connection: Connection, ended: Ended) -> bool | None:
    """Whether an end was of another kind than the one before it; None if others came since, or it was never noted."""
    last = connection.execute(select(_ROWS).where(_ROWS.c.subject == fit(ended.subject))).one_or_none()
    return bool(last.turned) if last is not None and last.version == ended.version[:64] else None


def turned(connection: Connection, ended: Ended, now: datetime) -> bool:
    """Note an end; returns whether it is of another kind than the one before it. The first good one is none.

    The same end again is answered as it was the first time; one that is older than the last is no change.
    """
    subject, version = fit(ended.subject), ended.version[:64]
    new = {
        "subject": subject, "version": version, "good": int(ended.good), "turned": int(not ended.good),
        "updated_at": now,
    }  # fmt: skip
    if insert_new(connection, _ROWS, new) is not None:
        return not ended.good
    last = connection.execute(select(_ROWS).where(_ROWS.c.subject == subject).with_for_update()).one()
    if version <= last.version:
        return bool(last.turned) and version == last.version and bool(last.good) == ended.good
    changed = bool(last.good) != ended.good
    values = new | {"turned": int(changed)}
    connection.execute(update(_ROWS).where(_ROWS.c.id == last.id).values(values))
    return changed
