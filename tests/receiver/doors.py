"""Requests as the three services send them: signed, with their headers, to the real doors."""

import hashlib
import hmac
import json
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import requests
from flask.testing import FlaskClient
from pydantic import SecretStr

from bot import listeners
from bot.receiver import create_app
from tests.world import SECRETS, World

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
TIMEOUT = 30

type Body = bytes | Iterable[bytes]


def slack_headers(world: World, body: bytes, *, secret: str = SECRETS["slack"], skew: float = 0) -> dict[str, str]:
    """Slack's signature; `skew` moves its clock by seconds."""
    timestamp = str(int(world.clock.seconds() + skew))
    digest = hmac.new(secret.encode(), f"v0:{timestamp}:".encode() + body, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": f"v0={digest}"}


def sha256(service: str, body: bytes, secret: str = "") -> str:
    """The signature of GitHub and Jira alike."""
    return "sha256=" + hmac.new((secret or SECRETS[service]).encode(), body, hashlib.sha256).hexdigest()


def to_slack(world: World, body: bytes, kind: str = JSON, **headers: str) -> requests.Response:
    """A signed request to `/slack/events`; `headers` replace those that it has."""
    return post(world, "/slack/events", body, {"Content-Type": kind} | slack_headers(world, body) | headers)


def to_github(
    world: World, body: bytes, delivery: str = "delivery-1", event: str = "issues", kind: str = JSON, **headers: str
) -> requests.Response:
    """A signed webhook of GitHub's."""
    return post(
        world, "/webhooks/github", body, github_headers(body, delivery, event) | {"Content-Type": kind} | headers
    )


def github_headers(body: bytes, delivery: str = "delivery-1", event: str = "issues") -> dict[str, str]:
    """The headers of a delivery."""
    return {"X-GitHub-Delivery": delivery, "X-GitHub-Event": event, "X-Hub-Signature-256": sha256("github", body)}


def to_jira(world: World, body: bytes, identifier: str = "", kind: str = JSON, **headers: str) -> requests.Response:
    """A signed webhook of Jira's; Data Center sends no identifier."""
    named = {"X-Atlassian-Webhook-Identifier": identifier} if identifier else {}
    return post(
        world, "/webhooks/jira", body, {"Content-Type": kind, "X-Hub-Signature": sha256("jira", body)} | named | headers
    )


def post(world: World, path: str, body: Body, headers: dict[str, str]) -> requests.Response:
    """A request with these headers and no others of ours."""
    return requests.post(world.url + path, data=body, headers=headers, timeout=TIMEOUT, allow_redirects=False)


def event(inner: Any, **envelope: Any) -> bytes:
    """An `event_callback`."""
    base: dict[str, Any] = {"type": "event_callback", "team_id": "T0DEV00001", "event_id": "Ev1", "event": inner}
    return json.dumps(base | envelope).encode()


def form(**fields: str) -> bytes:
    """A form body."""
    return urlencode(fields).encode()


def interaction(payload: Any) -> bytes:
    """What a click or a submitted form sends."""
    return form(payload=json.dumps(payload))


def command(text: str, **fields: str) -> bytes:
    """A slash command."""
    base = {
        "team_id": "T0DEV00001", "channel_id": "C0DEV00001", "user_id": "U0DEV00001", "command": "/jira", "text": text,
        "trigger_id": "1.2.command", "response_url": "", "api_app_id": "A0DEV00001",
    }  # fmt: skip
    return form(**base | fields)


def stored(world: World) -> tuple[int, int]:
    """How many deliveries and integrations there are."""
    counts = [world.call("GET", f"/api/v1/{kind}?limit=1").json()["total"] for kind in ("deliveries", "integrations")]
    return counts[0], counts[1]


def at_once[T](times: int, do: Callable[[], T]) -> list[T]:
    """Do the same in as many threads."""
    with ThreadPoolExecutor(times) as pool:
        return [future.result() for future in [pool.submit(do) for _ in range(times)]]


def chunks(body: bytes) -> Iterator[bytes]:
    """The body in pieces: sent chunked, without a Content-Length."""
    for start in range(0, len(body), 60_000):
        yield body[start : start + 60_000]


def client(world: World, **settings: Any) -> FlaskClient:
    """The same doors on the same database under other settings, called in this process."""
    fields = type(world.settings).model_fields
    given = {
        name: SecretStr(value) if fields[name].annotation is SecretStr else value for name, value in settings.items()
    }
    services = replace(world.services, settings=world.settings.model_copy(update=given))
    return create_app(services, listeners.build(services)).test_client()


def refused(code: str, message: str) -> dict[str, Any]:
    """The shape of every refusal."""
    return {"success": False, "error": {"code": code, "message": message}}
