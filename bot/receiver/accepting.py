"""Accepting a webhook: what the doors for events have in common, once they know that it is genuine."""

from collections.abc import Mapping

from adapters.webhook import Webhook
from bot.receiver.metrics import accepted
from bot.services import Services
from storage import deliveries
from storage.deliveries import Arrival


def accept(services: Services, given: Webhook, headers: Mapping[str, str], body: bytes) -> int | None:
    """Store a webhook; returns its delivery's id once that is committed, or None if it had been sent before.

    A person waits for what comes from Slack: it is planned before the others' bulk.
    """
    arrival = Arrival(
        service=given.service, delivery_id=given.delivery_id, event=given.event,
        ordering_key=given.resource or given.container or given.delivery_id, headers=headers, body=body,
        lane=given.container, urgent=given.service == "slack",
    )  # fmt: skip
    row_id = services.inbox.run(deliveries.prepared(arrival, services.now()))
    services.work.ring()
    accepted(services, arrival, row_id)
    return row_id
