"""How much a door reads, and who may use the REST API."""

import hmac
import ipaddress
from collections.abc import Iterable

from flask import Request
from werkzeug.exceptions import RequestEntityTooLarge

_FORWARDED = ("forwarded", "x-forwarded-", "x-real-ip", "via")


def body_of(given: Request, limit: int) -> bytes:
    """The raw body; raises 413 past `limit` bytes without reading on."""
    if given.content_length is not None and given.content_length > limit:
        raise RequestEntityTooLarge
    # Werkzeug cuts a chunked body off at the maximum without a word: one byte more tells whether there was more.
    given.max_content_length = limit + 1
    body = given.get_data(cache=False)
    if len(body) > limit:
        raise RequestEntityTooLarge
    return body


def has_key(given: Request, keys: Iterable[str]) -> bool:
    """Whether the request carries one of the API keys as `Authorization: Bearer …`."""
    scheme, _, token = given.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        return False
    # Every key is compared, in constant time.
    return any([hmac.compare_digest(token.strip().encode(), key.encode()) for key in keys])  # noqa: C419


def is_local(given: Request) -> bool:
    """Whether the request comes from this very machine: peer and `Host` are loopback and nothing forwarded it.

    A page of another site, open in a browser here, does not count: its requests name it as their `Origin`.
    """
    if any(name.lower().startswith(_FORWARDED) for name, _ in given.headers):
        return False
    origin = given.headers.get("Origin")
    if origin is not None and not _loopback_name(origin.partition("://")[2]):
        return False
    return _loopback(given.remote_addr or "") and _loopback_name(given.host)


def _loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def _loopback_name(host: str) -> bool:
    name = host[1:].partition("]")[0] if host.startswith("[") else host.partition(":")[0]
    return name == "localhost" or _loopback(name)
