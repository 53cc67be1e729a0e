"""What the doors make of a signed request before anything else may look at it: verified first, parsed after.

Nothing here does I/O. The parsers of the three services (`adapters/*/webhook.py`) return a `Webhook`.
"""

import hmac
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, cast

import orjson


class WebhookError(Exception):
    """A request that is not taken; `str()` is what the sender is told."""


class BadSignature(WebhookError):
    """The signature is missing, stale or wrong: answer 401."""


class Malformed(WebhookError):
    """The signature holds, the content cannot be read: answer 400."""


@dataclass(frozen=True)
class Webhook:
    """A verified call from a service, in the service's own words."""

    service: str
    delivery_id: str
    event: str
    """`pull_request.opened`, `jira:issue_created`, `app_mention`."""
    resource: str
    """What it speaks of (`octo/app#7`, `OPS-7`); empty if nothing in particular."""
    container: str
    """Where that lives (`octo/app`, `OPS`); empty if nowhere in particular."""
    payload: dict[str, Any]


def verify_sha256(body: bytes, signature: str | None, secrets: Iterable[str]) -> None:
    """Raise `BadSignature` unless `signature` is `sha256=` and the HMAC of the raw body under one of the secrets.

    An empty secret verifies nothing: an HMAC under the empty key can be made by anyone.
    """
    usable = [secret for secret in secrets if secret]
    if not signature or not signature.startswith("sha256=") or not signature.isascii():
        raise BadSignature("The request carries no sha256 signature.")
    given = signature.removeprefix("sha256=").encode()
    expected = [hmac.digest(secret.encode(), body, "sha256").hex().encode() for secret in usable]
    # Every candidate is compared, so that the time taken does not tell which secret is the current one.
    if not any([hmac.compare_digest(given, candidate) for candidate in expected]):  # noqa: C419
        raise BadSignature("The signature does not match. Check that both sides use the same secret.")


def parse_object(body: bytes | str) -> dict[str, Any]:
    """Read a JSON object, or raise `Malformed` whatever is wrong with it (nesting, huge numbers, NaN, encoding).

    A whole number beyond 64 bits, which none of the services sends, may come as a float.
    """
    try:
        parsed = _parse(body)
    except (ValueError, RecursionError) as error:
        raise Malformed("The body is not readable JSON.") from error
    if not isinstance(parsed, dict):
        raise Malformed("The body is not a JSON object.")
    return cast("dict[str, Any]", parsed)


def _parse(body: bytes | str) -> object:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        # Twice as quick, but strict: half of a surrogate pair, which GitHub may well send, is not for it to refuse.
        return json.loads(body, parse_constant=_refuse_constant)


def _refuse_constant(name: str) -> object:
    raise ValueError(f"{name} is not JSON")
