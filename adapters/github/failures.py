"""What a failed call to GitHub means for the caller: try later, look first, or tell someone.

The promise kept here: a write whose effect is in doubt is never reported as a sure no.
Status codes and rate limits: https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api
"""

import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from email.utils import parsedate_to_datetime
from typing import Any, cast

import requests
import urllib3
from github import BadAttributeException, GithubException, IncompletableObject
from urllib3.exceptions import ConnectTimeoutError, MaxRetryError

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
from adapters.github.limits import number, their_now
from adapters.github.transport import Moved

# GitHub: without a named time, wait at least a minute after a rate limit.
LEAST_WAIT = 60.0
MESSAGE_LIMIT = 300

# What PyGithub raises, depending on the spot, when an answer is no JSON, no object, torn, or of other types.
_UNREADABLE = (
    BadAttributeException,
    IncompletableObject,
    ValueError,
    TypeError,
    AttributeError,
    LookupError,
    AssertionError,
    RecursionError,
)

_CODES = {
    "missing": "does not exist",
    "missing_field": "is required",
    "invalid": "is not valid",
    "already_exists": "exists already",
    "unprocessable": "cannot be used",
}


@contextmanager
def judged(*, write: bool) -> Generator[None]:
    """Turn whatever PyGithub raises inside into an `AdapterError`."""
    try:
        yield
    except Moved as error:
        raise Rejected("GitHub has moved this repository; use its new name.", "redirect") from error
    except _UNREADABLE as error:
        raise _lost("GitHub's answer cannot be read.", write=write) from error
    except GithubException as error:
        raise _refusal(error, write=write) from error
    except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
        if _never_left(error):
            raise Unreachable("GitHub cannot be reached.") from error
        raise _lost("GitHub did not answer.", write=write) from error


def _lost(sentence: str, *, write: bool, wait: float | None = None) -> AdapterError:
    if write:
        return OutcomeUnknown(f"{sentence} It is not known whether the request took effect.", wait)
    return Unavailable(sentence, wait)


def _never_left(error: Exception) -> bool:
    """Whether no connection was made, so that GitHub surely did nothing."""
    cause = error.args[0] if error.args else None
    # NewConnectionError (refused, no route) and NameResolutionError are kinds of ConnectTimeoutError in urllib3.
    return isinstance(cause, MaxRetryError) and isinstance(cause.reason, ConnectTimeoutError)


def _refusal(error: GithubException, *, write: bool) -> AdapterError:
    status, headers = error.status, cast("Mapping[str, str]", error.headers or {})
    given: object = cast("object", error.data)
    data = cast("dict[str, Any]", given) if isinstance(given, dict) else {}
    message = _line(data.get("message"))
    said = f": {message}" if message else f" (status {status})."
    if status >= 500 or status == 408:
        wait = _retry_after(headers)
        return _lost(f"GitHub has a problem of its own (status {status}).", write=write, wait=wait)
    if status in (403, 429) and (wait := _wait(status, headers, message)) is not None:
        return Unavailable(f"GitHub asks connect to wait{said}", wait)
    if status == 401:
        return Unauthorized(f"GitHub does not accept the token{said}", str(status))
    if status in (404, 410):
        return NotFound(f"GitHub does not have this, or the token may not see it{said}", str(status))
    if status == 422:
        fields = _fields(data.get("errors"))
        listed = " ".join(f"{name or 'The request'}: {sentence}." for name, sentence in fields.items())
        return Invalid(f"GitHub does not accept the content{said} {listed}".rstrip(), fields, str(status))
    return Rejected(f"GitHub refused{said}", str(status))


def _wait(status: int, headers: Mapping[str, str], message: str) -> float | None:
    """Seconds to wait if this is a rate limit, else None.

    https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#exceeding-the-rate-limit
    """
    if (after := _retry_after(headers)) is not None:
        return after
    if headers.get("x-ratelimit-remaining") == "0":
        reset = number(headers.get("x-ratelimit-reset"))
        return LEAST_WAIT if reset is None else max(reset - their_now(headers, time.time()), 1.0)
    if status == 429 or any(words in message.lower() for words in ("rate limit", "abuse detection")):
        return LEAST_WAIT
    return None


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds named by `Retry-After`, which is a number or an HTTP date."""
    value = headers.get("retry-after", "")
    if (seconds := number(value)) is not None:
        return seconds
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    return max(moment.timestamp() - their_now(headers, time.time()), 0.0)


def _fields(errors: object) -> dict[str, str]:
    """Field → sentence, out of the `errors` of a 422, which holds objects or bare sentences."""
    fields: dict[str, str] = {}
    for entry in cast("list[Any]", errors) if isinstance(errors, list) else []:
        if not isinstance(entry, dict):
            fields.setdefault("", _line(entry))
            continue
        known = cast("dict[str, Any]", entry)
        code = _line(known.get("code"))
        fields[_line(known.get("field"))] = _line(known.get("message")) or _CODES.get(code, code)
    return fields


def _line(text: object) -> str:
    return " ".join(text.split())[:MESSAGE_LIMIT] if isinstance(text, str) else ""
