"""The quick way through the webhook doors: a good webhook is stored without a framework around it.

Webhooks come in floods, and what Flask does for a request takes longer than to verify and store one. So this stands in
front of the Flask app and takes what is usual in every way. The rest is left to the routes behind it: they say no.
"""

import io
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from adapters.webhook import WebhookError
from bot.receiver.accepting import accept
from bot.receiver.webhooks import PROBLEM, doors
from bot.services import Services
from storage.engine import DatabaseUnavailable

type Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]

_NEW = ("202 ACCEPTED", b'{"success":true,"message":"Accepted"}\n')
_KNOWN = ("200 OK", b'{"success":true,"message":"Known already"}\n')


class QuickDoors:
    """WSGI middleware for `POST /webhooks/…`."""

    def __init__(self, app: Wsgi, services: Services) -> None:
        self._app = app
        self._services = services
        self._doors = {path: door for path, door in doors(services.settings).items() if not door.closed}

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer, or leave it to the app."""
        door = self._doors.get(environ["PATH_INFO"]) if environ["REQUEST_METHOD"] == "POST" else None
        length = environ.get("CONTENT_LENGTH") or ""
        if door is None or not (length.isdecimal() and len(length) < 10 and int(length) <= door.limit):
            return self._app(environ, start_response)
        begun, body = time.perf_counter(), environ["wsgi.input"].read(int(length))
        headers = door.named(_headers(environ))
        try:
            new = accept(self._services, lambda: door.parse(headers, body, door.secrets), headers, body)
        except (WebhookError, DatabaseUnavailable) as problem:
            return self._app({**environ, "wsgi.input": io.BytesIO(body), PROBLEM: problem}, start_response)
        status, answer = _NEW if new else _KNOWN
        self._services.metrics.requested("webhooks.webhooks", "POST", int(status[:3]), time.perf_counter() - begun)
        start_response(status, [("Content-Type", "application/json"), ("Content-Length", str(len(answer)))])
        return [answer]


def _headers(environ: Mapping[str, Any]) -> dict[str, str]:
    """What a webhook's headers say, of the many that there are."""
    named = {
        name[5:].replace("_", "-").title(): value
        for name, value in environ.items()
        if name.startswith(("HTTP_X_", "HTTP_USER_AGENT"))
    }
    return {**named, "Content-Type": environ.get("CONTENT_TYPE") or ""}
