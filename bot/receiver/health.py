"""`GET /health`: whether connect can accept, what waits, and which services are on."""

import logging
from typing import Any

from flask import Blueprint, jsonify

from bot.services import Services
from bot.settings import NEEDED, service_state
from storage import leases
from storage.engine import DatabaseUnavailable

log = logging.getLogger(__name__)


def blueprint(services: Services) -> Blueprint:
    """The probe as a Flask blueprint; it needs no key, and tells no secret."""
    routes = Blueprint("health", __name__)

    @routes.get("/health")
    def health() -> Any:
        states = {name: service_state(services.settings, name) for name in NEEDED}
        try:
            with services.database.read() as connection:
                backlog = leases.backlog(connection, services.now())
        except DatabaseUnavailable as problem:
            # The reason may name hosts and accounts: it belongs in the log, and this page is open to all.
            log.warning("health: %s", problem)
            return jsonify(status="unhealthy", service="connect", database="unavailable", services=states), 503
        return jsonify(status="healthy", service="connect", database="connected", backlog=backlog, services=states)

    return routes
