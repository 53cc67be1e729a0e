"""Looks into what GitHub answered: what is missing is an error of its own, and a list is read to its end."""

from collections.abc import Iterable
from itertools import islice

from adapters.errors import Unavailable
from adapters.github.session import PER_PAGE

LOOKED_AT = 20 * PER_PAGE


def known[T](value: T | None) -> T:
    """What an answer must have; raises `ValueError` if it lacks that."""
    # PyGithub gives None for what an answer lacks, for instance when it was a proxy's page instead of GitHub's JSON.
    if value is None:
        raise ValueError("the answer lacks a field")
    return value


def bounded[T](listed: Iterable[T]) -> Iterable[T]:
    """All of a list, or `Unavailable`: "not found" may be said only of a list that was read to its end."""
    yield from islice(reading := iter(listed), LOOKED_AT)
    if next(reading, None) is not None:
        raise Unavailable(f"GitHub lists more than {LOOKED_AT} entries, too many to look through.")
