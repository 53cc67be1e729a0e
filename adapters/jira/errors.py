"""What an answer of Jira that is not a success means for the caller, told in Jira's own words and nothing more.

For a write only a sure no may be called one: every answer that leaves a doubt becomes `OutcomeUnknown`, so that nobody
sends it again unseen. Headers, addresses and the package's own error texts (which contain both) stay out of messages.
"""

import json
import math
import ssl
import time
from collections.abc import Mapping
from email.utils import parsedate_to_datetime

import requests
from requests.exceptions import InvalidHeader, InvalidSchema, InvalidURL, MissingSchema
from urllib3.exceptions import LocationValueError, MaxRetryError, NewConnectionError, ReadTimeoutError

from adapters.errors import (
    AdapterError,
    Invalid,
    NotFound,
    OutcomeUnknown,
    Rejected,
    Unauthorized,
    Unavailable,
    Unreachable,
)
from adapters.jira.reading import mapping

MESSAGE_LIMIT = 500
REDIRECT = "Jira's address answers with a redirect, which is not followed: check the base URL"
REJECTIONS: dict[int, tuple[type[Rejected], str]] = {
    **dict.fromkeys((301, 302, 307, 308), (Rejected, REDIRECT)),
    400: (Invalid, "Jira does not accept the content"),
    401: (Unauthorized, "Jira does not accept the credentials"),
    403: (Rejected, "Jira does not permit this"),
    404: (NotFound, "Jira does not find it"),
    410: (NotFound, "Jira no longer has it"),
    413: (Invalid, "The content is too large for Jira"),
}

BEFORE_SENDING = (InvalidHeader, InvalidSchema, InvalidURL, MissingSchema, LocationValueError, UnicodeEncodeError)


def refusal(status: int, headers: Mapping[str, str], body: bytes, *, writes: bool) -> AdapterError:
    """The error for an answer outside 2xx.

    https://developer.atlassian.com/cloud/jira/platform/rest/v3/intro/#status-codes
    """
    general, fields = _reasons(body)
    words = " ".join([*general, *fields.values()])[:MESSAGE_LIMIT]
    wait = retry_after(headers, time.time())
    if status in REJECTIONS:
        kind, sentence = REJECTIONS[status]
        error = kind(_sentence(sentence, words), code=str(status))
        if isinstance(error, Invalid):
            error.fields = fields
        return error
    if status in (requests.codes.conflict, requests.codes.too_many_requests):
        return Unavailable(_sentence("Jira asks to try again later", words), wait)
    if status in range(402, 500) and status != requests.codes.request_timeout:
        return Rejected(_sentence(f"Jira refuses the request ({status})", words), str(status))
    return doubt(f"Jira answered with an error of its own ({status}).", writes=writes, wait=wait)


def transport(error: Exception, *, writes: bool) -> AdapterError:
    """The error for a call that brought no whole answer; only what surely never left is sure for a write."""
    if isinstance(error, BEFORE_SENDING):
        return Rejected("No request can be made of Jira's address and credentials: check the settings.", "settings")
    if _never_left(error):
        return Unreachable("Jira cannot be reached.")
    if isinstance(error, requests.Timeout | ReadTimeoutError):
        return doubt("Jira did not answer in time.", writes=writes)
    return doubt("The connection to Jira broke before a whole answer came.", writes=writes)


def doubt(message: str, *, writes: bool, wait: float | None = None) -> AdapterError:
    """`OutcomeUnknown` for a write; a read has no outcome, it may simply be repeated."""
    return (OutcomeUnknown if writes else Unavailable)(message, wait)


def retry_after(headers: Mapping[str, str], now: float) -> float | None:
    """Seconds to wait by the `Retry-After` header, which holds seconds or a date; None if it says neither."""
    given = headers.get("Retry-After", "")
    try:
        seconds = float(given)
    except ValueError:
        try:
            seconds = parsedate_to_datetime(given).timestamp() - now
        except (ValueError, OverflowError):
            return None
    return max(seconds, 0.0) if math.isfinite(seconds) else None


def _never_left(error: Exception) -> bool:
    if isinstance(error, requests.ConnectTimeout | requests.exceptions.ProxyError):
        return True
    cause = error.args[0] if error.args else None
    reason = cause.reason if isinstance(cause, MaxRetryError) else None
    untrusted = reason is not None and reason.args and isinstance(reason.args[0], ssl.SSLCertVerificationError)
    return isinstance(reason, NewConnectionError) or bool(untrusted)


def _reasons(body: bytes) -> tuple[list[str], dict[str, str]]:
    """Jira's general sentences and its sentences per field; an HTML page of something in between has none."""
    try:
        raw = mapping(json.loads(body))
    except (ValueError, RecursionError):
        return [], {}
    several: object = raw.get("errorMessages")
    general: list[object] = [*several] if isinstance(several, list) else []  # pyright: ignore[reportUnknownVariableType]
    general += [raw.get("errorMessage"), raw.get("message")]
    fields = {
        str(name): text[:MESSAGE_LIMIT] for name, text in mapping(raw.get("errors")).items() if isinstance(text, str)
    }
    return [text for text in general if isinstance(text, str) and text], fields


def _sentence(ours: str, theirs: str) -> str:
    return f"{ours}: {theirs}" if theirs else f"{ours}."
