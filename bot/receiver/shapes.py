"""What a row looks like from outside: the columns of the contract, times in ISO 8601 UTC, and what lists filter by."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.logs import redact
from storage.lists import Row
from storage.models import Delivery, IntegrationLog, ServiceMapping, Subscription


@dataclass(frozen=True)
class Shape:
    """How one kind of row is shown and listed."""

    name: str
    table: type[Row]
    filters: tuple[str, ...]
    show: Callable[[Any], dict[str, Any]]
    only: Mapping[str, str] = field(default_factory=dict[str, str])
    """What the columns of a row must hold for it to be one of these."""

    def has(self, row: Row) -> bool:
        """Whether a row of the table is one of these."""
        return all(getattr(row, name) == value for name, value in self.only.items())


def _time(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _integration(row: IntegrationLog) -> dict[str, Any]:
    return {
        "id": row.id, "source_service": row.source_service, "target_service": row.target_service,
        "event_type": row.event_type, "source_id": row.source_id, "target_id": row.target_id,
        "payload": redact(row.payload),
        "status": row.status, "error_message": row.error_message, "created_at": _time(row.created_at),
        "updated_at": _time(row.updated_at), "operation": row.operation, "delivery_id": row.delivery_id,
        "remote_id": row.remote_id, "attempts": row.attempts, "due_at": _time(row.due_at),
        "sent_at": _time(row.sent_at), "marker": row.marker,
    }  # fmt: skip


def _mapping(row: ServiceMapping) -> dict[str, Any]:
    return {
        "id": row.id, "source_service": row.source_service, "source_id": row.source_id,
        "target_service": row.target_service, "target_id": row.target_id, "mapping_type": row.mapping_type,
        "extra_data": row.extra_data, "created_at": _time(row.created_at),
    }  # fmt: skip


def _person(row: ServiceMapping) -> dict[str, Any]:
    extra = json.loads(row.extra_data)
    return {
        "id": row.id, "slack": row.source_id.rpartition("/")[2], row.target_service: row.target_id,
        "name": extra.get("display", ""), "by": extra.get("by", "admin"), "checked_at": extra.get("checked_at"),
        "created_at": _time(row.created_at),
    }  # fmt: skip


def _subscription(row: Subscription) -> dict[str, Any]:
    return {
        "id": row.id, "source_service": row.source_service, "source": row.source,
        "channel": row.channel.rpartition("/")[2], "name": row.name, "events": json.loads(row.events),
        "filters": json.loads(row.filters), "style": row.style, "thread": row.thread,
        "broadcast": json.loads(row.broadcast or "[]"), "reactions": bool(row.reactions),
        "replies": bool(row.replies), "quiet_hours": json.loads(row.quiet_hours or "null"),
        "created_by": row.created_by, "created_at": _time(row.created_at), "updated_at": _time(row.updated_at),
        "paused": row.paused_at is not None, "paused_reason": row.paused_reason, "paused_by": row.paused_by,
        "last_passed_at": _time(row.last_passed_at), "last_held_at": _time(row.last_held_at),
        "last_held_reason": row.last_held_reason, "trouble": row.trouble,
    }  # fmt: skip


def _delivery(row: Delivery) -> dict[str, Any]:
    return {
        "id": row.id, "service": row.service, "delivery_id": row.delivery_id, "event": row.event, "status": row.status,
        "detail": row.detail, "attempts": row.attempts, "received_at": _time(row.received_at),
        "updated_at": _time(row.updated_at),
    }  # fmt: skip


SHAPES = {
    "integrations": Shape(
        "integration", IntegrationLog,
        ("source_service", "target_service", "status", "event_type", "operation"), _integration,
    ),
    "mappings": Shape(
        "mapping", ServiceMapping,
        ("source_service", "source_id", "target_service", "target_id", "mapping_type"), _mapping,
    ),
    "people": Shape(
        "person", ServiceMapping, ("source_id", "target_id", "target_service"), _person,
        {"mapping_type": "user", "source_service": "slack"},
    ),
    "subscriptions": Shape("subscription", Subscription, ("source_service", "source", "name"), _subscription),
    "deliveries": Shape("delivery", Delivery, ("service", "delivery_id", "status", "event"), _delivery),
}  # fmt: skip
