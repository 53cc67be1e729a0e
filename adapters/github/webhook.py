"""GitHub's webhooks: verified over the raw bytes, then read. Pure: headers and body in, a `Webhook` out.

The promise kept here: whatever arrives, the outcome is a `Webhook` or a `WebhookError`. Fields of the wrong type count
as absent, so that a delivery of a kind never seen before is stored rather than refused.
https://docs.github.com/en/webhooks/webhook-events-and-payloads
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any, cast
from urllib.parse import parse_qsl

from adapters.webhook import Malformed, Webhook, parse_object, verify_sha256

RESOURCE_LIMIT = 255
"""In characters: what fits a row; a longer name falls back to the container."""


def parse(headers: Mapping[str, str], body: bytes, secrets: Iterable[str]) -> Webhook:
    """Read a delivery; raises `BadSignature` or `Malformed`. A SHA-1 signature alone counts for nothing."""
    given = {name.lower(): value for name, value in headers.items()}
    verify_sha256(body, given.get("x-hub-signature-256"), secrets)
    delivery_id, name = given.get("x-github-delivery", ""), given.get("x-github-event", "")
    if not re.fullmatch(r"[\x21-\x7e]{1,200}", delivery_id):
        raise Malformed("The request carries no usable X-GitHub-Delivery.")
    if not re.fullmatch(r"[a-z0-9_]{1,100}", name):
        raise Malformed("The request carries no usable X-GitHub-Event.")
    payload = read_payload(given, body)
    container = _container(payload)
    return Webhook(
        "github", delivery_id, _event(name, payload), _resource(name, payload, container), container, payload
    )


def read_payload(headers: Mapping[str, str], body: bytes) -> dict[str, Any]:
    """The JSON object of a verified body, which may be a form around it; raises `Malformed`."""
    content_type = next((value for name, value in headers.items() if name.lower() == "content-type"), "")
    kind = content_type.partition(";")[0].strip().lower()
    if kind == "application/json":
        return parse_object(body)
    if kind != "application/x-www-form-urlencoded":
        raise Malformed("The body is neither JSON nor a form.")
    try:
        fields = parse_qsl(body.decode(), keep_blank_values=True, errors="strict", max_num_fields=2)
    except ValueError as error:
        raise Malformed("The form cannot be read.") from error
    if [name for name, _ in fields] != ["payload"]:
        raise Malformed("The form does not consist of exactly one field payload.")
    return parse_object(fields[0][1])


def _event(name: str, payload: Mapping[str, Any]) -> str:
    # The action of a repository_dispatch is free text.
    action = _text(payload.get("action"), r"[A-Za-z0-9_.-]{1,100}")
    return f"{name}.{action}" if action else name


def _container(payload: Mapping[str, Any]) -> str:
    repository, organization = _object(payload, "repository"), _object(payload, "organization")
    full_name = _text(repository.get("full_name"), r"[A-Za-z0-9._-]{1,100}/[A-Za-z0-9._-]{1,100}")
    return full_name or _text(organization.get("login"), r"[A-Za-z0-9._-]{1,100}")


def _resource(name: str, payload: Mapping[str, Any], container: str) -> str:
    found = f"{container}{_within(name, payload)}"
    return found if "/" in container and len(found) <= RESOURCE_LIMIT else container


def _within(name: str, payload: Mapping[str, Any]) -> str:
    # Pull requests, issues and discussions of a repository share one series of numbers.
    for kind in ("pull_request", "issue", "discussion"):
        if number := _id(_object(payload, kind).get("number")):
            return f"#{number}"
    # A workflow_job may show a deployment too, but does not speak of it.
    if name.startswith("deployment") and (number := _id(_object(payload, "deployment").get("id"))):
        return f"@deployment/{number}"
    if tag := _text(_object(payload, "release").get("tag_name"), r"\S+"):
        return f"@release/{tag}"
    if name == "push" and (ref := _text(payload.get("ref"), r"refs/\S+")):
        return f"@{ref}"
    return ""


def _object(payload: Mapping[str, Any], key: str) -> dict[str, Any]:
    value = payload.get(key)
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


def _id(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**63 else 0


def _text(value: object, pattern: str) -> str:
    """The text if it is one, fits the pattern, and can be stored (JSON may hold half of a surrogate pair)."""
    if not isinstance(value, str) or not re.fullmatch(pattern, value):
        return ""
    return "" if re.search("[\x00-\x1f\x7f\ud800-\udfff]", value) else value
