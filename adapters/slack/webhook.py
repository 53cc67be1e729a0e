"""Slack's signed requests, verified over the raw bytes and only then read. Pure: no I/O, the time is an argument.

Whatever is wrong with a request ends as `BadSignature` or `Malformed`, so that no input is a server error.
https://docs.slack.dev/authentication/verifying-requests-from-slack
"""

import hashlib
import hmac
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, cast
from urllib.parse import parse_qsl

from adapters.webhook import BadSignature, Malformed, Webhook, parse_object

type Kind = Literal["url_verification", "event", "command", "interactive", "ssl_check", "notice"]
type Json = Mapping[str, Any]

TOLERANCE = 300
"""Seconds by which a request's timestamp may differ from now, as Slack advises against replays."""
MAX_FIELDS = 100
MAX_ID = 160
"""In characters."""


@dataclass(frozen=True)
class Request:
    """A verified request from Slack.

    `notice` is what Slack tells the app itself (`app_rate_limited`). `webhook` is set for an event. `dedupe` is equal
    for two deliveries of the same thing.
    """

    kind: Kind
    payload: dict[str, Any]
    webhook: Webhook | None
    dedupe: str


def verify(headers: Mapping[str, str], body: bytes, secrets: Iterable[str], now: float) -> None:
    """Raise `BadSignature` unless one of the secrets signed this body within five minutes of `now` (epoch seconds).

    An empty secret verifies nothing.
    """
    timestamp, signature = _header(headers, "x-slack-request-timestamp"), _header(headers, "x-slack-signature")
    if not re.fullmatch("[0-9]{1,12}", timestamp) or not re.fullmatch("v0=[0-9a-f]{64}", signature):
        raise BadSignature("The request carries no Slack signature.")
    if abs(now - int(timestamp)) > TOLERANCE:
        raise BadSignature("The request is too old, or one of the clocks is wrong.")
    signed = b"v0:" + timestamp.encode() + b":" + body
    expected = ["v0=" + hmac.digest(secret.encode(), signed, "sha256").hex() for secret in secrets if secret]
    # Every candidate is compared, so that the time taken does not tell which secret is the current one.
    if not any([hmac.compare_digest(signature, candidate) for candidate in expected]):  # noqa: C419
        raise BadSignature("The signature does not match. Check the app's signing secret.")


def parse(headers: Mapping[str, str], body: bytes, secrets: Iterable[str], now: float) -> Request:
    """Verify and read a request; raises `BadSignature` or `Malformed`."""
    verify(headers, body, secrets, now)
    content_type = _header(headers, "content-type").partition(";")[0].strip().lower()
    if content_type == "application/json":
        return _json_request(parse_object(body), body)
    if content_type == "application/x-www-form-urlencoded":
        return _form_request(_form(body), body)
    raise Malformed("The body is neither JSON nor a form.")


def _header(headers: Mapping[str, str], name: str) -> str:
    return next((value for key, value in headers.items() if key.lower() == name), "")


def _form(body: bytes) -> dict[str, str]:
    try:
        pairs = parse_qsl(
            body.decode(), keep_blank_values=True, strict_parsing=True, errors="strict", max_num_fields=MAX_FIELDS
        )
    except ValueError as error:
        raise Malformed("The form is not readable.") from error
    form = dict(pairs)
    if len(form) != len(pairs):
        raise Malformed("The form has a field twice.")
    return form


def _form_request(form: dict[str, str], body: bytes) -> Request:
    if "payload" in form:
        payload = parse_object(form["payload"])
        if _identifier(payload, "type") == "event_callback":
            raise Malformed("Events come as JSON, not in a form.")
        return Request("interactive", payload, None, _dedupe(payload, body))
    if "command" in form:
        return Request("command", dict(form), None, _dedupe(form, body))
    if form.get("ssl_check") == "1":
        return Request("ssl_check", dict(form), None, "")
    raise Malformed("The form is neither a command nor an interaction.")


def _json_request(payload: dict[str, Any], body: bytes) -> Request:
    match payload.get("type"):
        case "url_verification":
            if not isinstance(payload.get("challenge"), str):
                raise Malformed("The verification carries no challenge.")
            return Request("url_verification", payload, None, "")
        case "app_rate_limited":
            return Request("notice", payload, None, "")
        case "event_callback":
            webhook = _webhook(payload, body)
            return Request("event", payload, webhook, webhook.delivery_id)
        case _:
            raise Malformed("The body is not an event.")


def _webhook(payload: dict[str, Any], body: bytes) -> Webhook:
    event = _object(payload, "event")
    kind, subtype = _identifier(event, "type"), _optional(event, "subtype")
    team = _team(payload)
    channel, ts = _place(event)
    return Webhook(
        service="slack",
        # Retries are the same bytes, so an envelope without an id (none is known to come from Slack) is told by them.
        delivery_id=f"{team}/{_event_id(payload) or _digest(body)}",
        event=f"{kind}.{subtype}" if subtype else kind,
        resource=f"{team}/{channel}/{ts}" if channel and ts else "",
        container=f"{team}/{channel}" if channel else "",
        payload=payload,
    )


def _event_id(payload: Json) -> str:
    """The event's id, byte for byte: two that differ in case, or in a space at the end, are two events."""
    value: object = payload.get("event_id")
    if value is None or value == "":
        return ""
    if not isinstance(value, str) or len(value) > MAX_ID or not value.isprintable():
        raise Malformed("The field 'event_id' is not an identifier.")
    return value


def _team(payload: Json) -> str:
    """The workspace in which connect is installed.

    In a shared channel `team_id` may be the other side's, so Bolt prefers the authorization; so does this.
    """
    authorizations: object = payload.get("authorizations")
    listed = cast("list[object]", authorizations) if isinstance(authorizations, list) else []
    authorization = _object({"authorizations": listed[0] if listed else None}, "authorizations")
    # An event for a whole organisation (`tokens_revoked`, `team_access_granted`) names no workspace.
    found = _optional(authorization, "team_id") or _optional(payload, "team_id") or _optional(payload, "enterprise_id")
    if not found:
        raise Malformed("The event names no workspace.")
    return found


def _place(event: Json) -> tuple[str, str]:
    """Channel and thread of what an event speaks of, each empty if there is none.

    Edits and deletions wrap the message, reactions have an `item`, and others spell the fields differently.
    """
    inner = _object(event, "message") or _object(event, "previous_message") or _object(event, "item")
    ts = (
        _optional(event, "thread_ts")
        or _optional(inner, "thread_ts")
        or _optional(inner, "ts")
        or _optional(event, "deleted_ts")
        or _optional(event, "ts")
        or _optional(event, "message_ts")
    )
    return _channel(event) or _optional(inner, "channel"), ts


def _channel(event: Json) -> str:
    """`channel` is an id, or (`channel_created`, `channel_rename`) an object with one."""
    if isinstance(event.get("channel"), dict):
        return _identifier(_object(event, "channel"), "id")
    return _optional(event, "channel") or _optional(event, "channel_id")


def _dedupe(payload: Json, body: bytes) -> str:
    return _optional(payload, "trigger_id") or _digest(body)


def _digest(body: bytes) -> str:
    return "sha256-" + hashlib.sha256(body).hexdigest()


def _object(container: Json, key: str) -> Json:
    value: object = container.get(key)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise Malformed(f"The field {key!r} is not an object.")
    return cast("Json", value)


def _optional(container: Json, key: str) -> str:
    """An identifier, or "" if the field is missing, null or empty."""
    value: object = container.get(key)
    if value is None or value == "":
        return ""
    # Identifiers go into unique keys and log lines: printable ASCII of a sane length, or nothing.
    if not isinstance(value, str) or not re.fullmatch(f"[!-~]{{1,{MAX_ID}}}", value):
        raise Malformed(f"The field {key!r} is not an identifier.")
    return value


def _identifier(container: Json, key: str) -> str:
    value = _optional(container, key)
    if not value:
        raise Malformed(f"The field {key!r} is missing.")
    return value
