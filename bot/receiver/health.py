"""`GET /health`: whether connect can accept, what waits, which services are on and which are left alone for now."""

import logging
from typing import Any

from flask import Blueprint, jsonify

from bot.services import Services
from bot.settings import NEEDED, service_state
from storage import lanes, leases
from storage.engine import DatabaseUnavailable
from storage.lanes import Pause

log = logging.getLogger(__name__)


def blueprint(services: Services) -> Blueprint:
    """The probe as a Flask blueprint; it needs no key, and tells no secret."""
    routes = Blueprint("health", __name__)

    @routes.get("/health")
    def health() -> Any:
        states = {name: service_state(services.settings, name) for name in NEEDED}
        try:
            with services.database.read() as connection:
                now = services.now()
                backlog = leases.backlog(connection, now)
                paused = [_paused(one) for one in lanes.pauses(connection, now)]
        except DatabaseUnavailable as problem:
            # The reason may name hosts and accounts: it belongs in the log, and this page is open to all.
            log.warning("health: %s", problem)
            return jsonify(status="unhealthy", service="connect", database="unavailable", services=states), 503
        return jsonify(
            status="healthy", service="connect", database="connected", backlog=backlog, services=states, paused=paused
        )

    return routes


def _paused(pause: Pause) -> dict[str, str]:
    why = "does not answer as it should" if pause.silent else "asked connect to wait"
    return {"service": pause.service, "calls": pause.calls or "all", "until": pause.until.isoformat(), "why": why}
