"""The end of a row: its state and all that follows from it, written together."""

from datetime import datetime

from sqlalchemy import Connection

from bot.flows import pausing, threads
from bot.flows.plan import Consequences
from bot.operations.base import Effect
from storage import integrations, mappings
from storage.integrations import Integration


def end(connection: Connection, row: Integration, effect: Effect, consequences: Consequences, now: datetime) -> bool:
    """Complete a row and store what follows; False, and nothing follows, if another worker ended it."""
    if not integrations.complete(connection, row, effect.remote_id, effect.target_id, now):
        return False
    store(connection, row, consequences, now)
    return True


def store(connection: Connection, row: Integration, consequences: Consequences, now: datetime) -> None:
    """Store what follows from a row's end."""
    _note(connection, consequences, now)
    integrations.add(connection, consequences.integrations, row.delivery_id, now, row.accepted_at)
    if consequences.later is not None:
        integrations.add(connection, consequences.later(connection, now), row.delivery_id, now, row.accepted_at)
    if consequences.archived:
        threads.refused(connection, consequences.archived, now)
    if consequences.recovered:
        pausing.recover(connection, row)
    if consequences.strike:
        integrations.add(connection, pausing.strike(connection, row, consequences.strike, now), row.delivery_id, now)


def _note(connection: Connection, consequences: Consequences, now: datetime) -> None:
    """Store what belongs together from now on, and what no longer does."""
    for mapping in consequences.mappings:
        mappings.put(connection, mapping, now)
    for mapping_id, extra in consequences.notes:
        mappings.add_extra(connection, mapping_id, extra)
    for mapping_id in consequences.ended:
        mappings.forget(connection, mapping_id)
    for key in consequences.freed:
        integrations.free_key(connection, key)
