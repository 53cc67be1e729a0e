"""`GET /metrics`: what connect counts of itself, for Prometheus; and the counting of what comes in.

It answers 200 with everything else while the database is away.
"""

import logging
import time
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Flask, Response, g, request

from bot import logs
from bot.receiver.rest import refusal
from bot.services import Services
from storage import leases
from storage.deliveries import Arrival
from storage.engine import DatabaseUnavailable

log = logging.getLogger(__name__)


def blueprint(services: Services) -> Blueprint:
    """The door as a Flask blueprint, guarded like the REST API."""
    routes = Blueprint("metrics", __name__)

    @routes.before_request
    def guard() -> Response | None:
        return refusal(services)

    @routes.get("/metrics")
    def metrics() -> Response:
        # The library's import costs as much as a tenth of the start, and not everyone has a Prometheus.
        from bot.receiver.exposition import CONTENT_TYPE, text

        found = services.metrics.readings()
        left = services.github.remaining() if services.github else {}
        page = text(found, shared=services.metrics.shared, backlog=_backlog(services), left=left)
        return Response(page, content_type=CONTENT_TYPE)

    return routes


def _backlog(services: Services) -> Mapping[str, Any] | None:
    try:
        with services.database.read() as session:
            return leases.backlog(session, services.now())
    except DatabaseUnavailable as problem:
        log.warning("metrics: %s", problem)
        return None


def accepted(services: Services, arrival: Arrival, row_id: int | None, *, new: bool) -> None:
    """Count and log a delivery that was stored, or (unless `new`) had been before."""
    services.metrics.accepted(arrival.service, new=new)
    if not log.isEnabledFor(logging.DEBUG):
        return  # the row says it all, and a line for each costs a fifth of what a door can take
    with logs.about(delivery=row_id, delivery_id=arrival.delivery_id):
        log.debug("%s %s %s", "accepted" if new else "known already:", arrival.service, arrival.event)


def watch(app: Flask, services: Services) -> None:
    """Count and time every request, those that are refused included."""

    @app.before_request
    def begin() -> None:
        g.begun = time.perf_counter()

    @app.after_request
    def end(answer: Response) -> Response:
        now = time.perf_counter()
        seconds = now - g.get("begun", now)
        services.metrics.requested(request.endpoint or "", request.method, answer.status_code, seconds)
        return answer
