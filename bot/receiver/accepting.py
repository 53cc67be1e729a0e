"""Accepting a webhook: what the doors for events have in common."""

from collections.abc import Callable, Mapping

from adapters.webhook import Webhook
from bot.receiver.metrics import accepted
from bot.services import Services
from storage import deliveries
from storage.deliveries import Arrival, Row

_SMALL = 128 * 1024
"""In bytes: a body up to this size takes but a moment to read, so that one thread may do it for all."""


def accept(services: Services, read: Callable[[], Webhook], headers: Mapping[str, str], body: bytes) -> bool:
    """Store what `read` makes of a request, or raise what it raises; returns whether it is new, once it is committed.

    If the body is small, `read` is called by whoever stores it, together with the other requests of this moment. A
    worker that has nothing to do gets it at once.
    """
    work, claimed, made = services.work, None, list[tuple[Arrival, Row]]()
    reserved = work.reserve()
    lease = services.settings.connect_lease_seconds if reserved else None

    def make() -> Row:
        arrival = _arrival(read(), headers, body)
        made.append((arrival, deliveries.prepared(arrival, services.now(), lease_seconds=lease)))
        return made[0][1]

    try:
        small = len(body) <= _SMALL
        stored = services.inbox.run_made(make) if small else services.inbox.run(make())
        if stored is not None and stored.claimed and stored.id is not None:
            claimed = deliveries.claimed(made[0][1], stored.id, body)
    finally:
        if reserved:
            work.hand(claimed)
    work.ring(stored is not None and claimed is None)
    accepted(services, made[0][0], stored.id if stored is not None else None, new=stored is not None)
    return stored is not None


def _arrival(given: Webhook, headers: Mapping[str, str], body: bytes) -> Arrival:
    # A person waits for what comes from Slack: it is planned before the others' bulk.
    return Arrival(
        service=given.service, delivery_id=given.delivery_id, event=given.event,
        ordering_key=given.resource or given.container or given.delivery_id, headers=headers, body=body,
        lane=given.container, urgent=given.service == "slack",
    )  # fmt: skip
