"""The end of a row: its state and all that follows from it, written together."""

from datetime import datetime

from sqlalchemy.orm import Session

from bot.flows import pausing
from bot.flows.plan import Consequences
from bot.operations.base import Effect
from storage import integrations, mappings
from storage.integrations import Integration


def end(session: Session, row: Integration, effect: Effect, consequences: Consequences, now: datetime) -> bool:
    """Complete a row and store what follows; False, and nothing follows, if another worker ended it."""
    if not integrations.complete(session, row, effect.remote_id, effect.target_id, now):
        return False
    store(session, row, consequences, now)
    return True


def store(session: Session, row: Integration, consequences: Consequences, now: datetime) -> None:
    """Store what follows from a row's end."""
    for mapping in consequences.mappings:
        mappings.put(session, mapping, now)
    for mapping_id, extra in consequences.notes:
        mappings.add_extra(session, mapping_id, extra)
    integrations.add(session, consequences.integrations, row.delivery_id, now, row.accepted_at)
    if consequences.recovered:
        pausing.recover(session, row)
    if consequences.strike:
        integrations.add(session, pausing.strike(session, row, consequences.strike, now), row.delivery_id, now)
