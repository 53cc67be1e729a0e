"""What GitHub answered before, so that it may say "not modified": such an answer does not count against its limits.

https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api#use-conditional-requests-if-appropriate
"""

import hashlib
import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass

MOST = 500
LARGEST = 32 * 1024
"""In bytes: what is read often (a repository, somebody's role) is smaller."""


@dataclass(frozen=True)
class Answer:
    """A body with the tag that GitHub knows it by, and its headers."""

    tag: str
    body: bytes
    headers: Mapping[str, str]


class Remembered:
    """The last answers by token and address, the longest unused forgotten first; shared by threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._answers: dict[str, Answer] = {}

    def get(self, token: str, url: str) -> Answer | None:
        """What an address answered to this token; None if it is not known."""
        key = _key(token, url)
        with self._lock:
            found = self._answers.pop(key, None)
            if found is not None:
                self._answers[key] = found
        return found

    def put(self, token: str, url: str, headers: Mapping[str, str], body: bytes) -> None:
        """Keep an answer, if it has a tag, is not too large, and is whole."""
        tag, key = headers.get("etag", ""), _key(token, url)
        usable = tag and len(body) <= LARGEST and _is_whole(body)
        with self._lock:
            self._answers.pop(key, None)
            if not usable:
                return
            self._answers[key] = Answer(tag, body, headers)
            if len(self._answers) > MOST:
                del self._answers[next(iter(self._answers))]


def _is_whole(body: bytes) -> bool:
    # What was torn on its way has the tag of the whole, and would be taken for it from then on.
    try:
        json.loads(body)
    except (ValueError, RecursionError):
        return False
    return True


def _key(token: str, url: str) -> str:
    return hashlib.sha256(f"{token} {url}".encode()).hexdigest()
