"""How a form that asked for something new tells what became of it; who has closed it is told by a message."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from adapters.errors import AdapterError, Invalid
from bot.flows.plan import Consequences, to_slack
from bot.flows.tell import tell
from bot.message import Message
from bot.modals.filling import with_problems
from storage.integrations import Integration, NewIntegration


def cause_of(row: Integration) -> dict[str, str]:
    """On whose account a follow-up is made: the same as the row itself."""
    return {"source_service": row.source_service, "event_type": row.event_type, "source_id": row.source_id}


def in_form(
    row: Integration, view: Mapping[str, Any], otherwise: dict[str, Any] | None = None, word: str = "view"
) -> NewIntegration | None:
    """Show this in the form that the row was asked for in; None if it was asked for otherwise.

    `otherwise` is the row (as a dict) by which whoever has closed it is told.
    """
    if not row.payload.get("view_id"):
        return None
    payload = {"view_id": row.payload["view_id"], "view": dict(view), "otherwise": otherwise}
    return to_slack("update_view", f"{row.key}:{word}", f"view:{row.key}", cause_of(row), "", payload)


def refused(row: Integration, error: AdapterError, names: Mapping[str, str], said: Message) -> Consequences:
    """Whoever waits learns why not, with all they typed: in the form, where `names` says which field is which.

    Who has no form open any more is told what was `said` instead.
    """
    told = tell(row.payload, f"{row.key}:refused", cause_of(row), said)
    fields = error.fields if isinstance(error, Invalid) else {}
    form = row.payload.get("form") if row.payload.get("view_id") else None
    view = with_problems(form, str(error), fields, names) if form else {}
    answer = in_form(row, view, asdict(told) if told else None) if form else told
    return Consequences(integrations=(answer,) if answer else ())
