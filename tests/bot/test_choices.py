"""Lists to choose from that are remembered: read once, offered at once, read anew behind the answer."""

from collections.abc import Callable
from concurrent.futures import Executor, Future
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from adapters.errors import Unavailable
from bot import choices
from bot.choices import Choices, Listed

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
FIRST, SECOND = (("Operations (OPS)", "OPS"),), (("Web (WEB)", "WEB"),)
KEY = ("projects", "")


class Readers(Executor):
    """Readers that begin when the test says so."""

    def __init__(self) -> None:
        self.waiting: list[Callable[[], None]] = []

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        done: Future[Any] = Future()
        self.waiting.append(lambda: done.set_result(fn(*args, **kwargs)))
        return done

    def go(self) -> None:
        while self.waiting:
            self.waiting.pop(0)()


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choices, "PATIENCE", 0.001)


def reads(*answers: Listed | Exception) -> Callable[[], Listed]:
    left = list(answers)

    def read() -> Listed:
        answer = left.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    return read


def never() -> Listed:
    raise AssertionError("nothing is to be read")


def test_a_list_that_was_never_read_is_waited_for() -> None:
    assert Choices().get(KEY, reads(FIRST), NOW) == FIRST


def test_who_waits_too_long_gets_nothing_and_the_next_one_what_came_meanwhile() -> None:
    readers = Readers()
    known = Choices(readers)
    assert known.get(KEY, reads(FIRST), NOW) is None
    assert known.get(KEY, never, NOW) is None
    assert len(readers.waiting) == 1
    readers.go()
    assert known.get(KEY, never, NOW) == FIRST


def test_a_list_is_read_anew_after_a_minute_while_the_old_one_is_offered() -> None:
    readers = Readers()
    known = Choices(readers)
    read = reads(FIRST, SECOND)
    known.get(KEY, read, NOW, patience=0.01)
    readers.go()
    assert known.get(KEY, never, NOW + timedelta(seconds=59)) == FIRST
    later = NOW + timedelta(hours=5)
    assert known.get(KEY, read, later) == FIRST
    readers.go()
    assert known.get(KEY, never, later) == SECOND


def test_where_rights_are_in_it_nothing_is_offered_that_is_older_than_a_minute() -> None:
    readers = Readers()
    known = Choices(readers)
    read = reads(FIRST, SECOND)
    known.get(KEY, read, NOW, patience=0.01)
    readers.go()
    assert known.get(KEY, never, NOW + timedelta(seconds=59), old=False) == FIRST
    assert known.get(KEY, read, NOW + timedelta(seconds=61), old=False, patience=0.01) is None


def test_what_cannot_be_read_anew_stays_as_it_was_and_is_tried_again() -> None:
    readers = Readers()
    known = Choices(readers)
    read = reads(FIRST, Unavailable("Jira is away."), SECOND)
    known.get(KEY, read, NOW)
    readers.go()
    for minutes in (2, 4):
        assert known.get(KEY, read, NOW + timedelta(minutes=minutes)) == FIRST
        readers.go()
    assert known.known(KEY, NOW) == SECOND


def test_a_list_that_cannot_be_read_is_none() -> None:
    assert Choices().get(KEY, reads(Unavailable("Jira is away.")), NOW) is None
    assert Choices().known(KEY, NOW) == ()


def test_only_so_many_lists_are_read_at_a_time() -> None:
    known = Choices(readers := Readers())
    for number in range(choices.MOST_WAITING + 5):
        known.get(("projects", str(number)), reads(FIRST), NOW, patience=0.01)
    assert len(readers.waiting) == choices.MOST_WAITING
    readers.go()
    kept = [number for number in range(choices.MOST_WAITING + 5) if known.known(("projects", str(number)), NOW)]
    assert kept == list(range(choices.MOST_WAITING))


def test_a_list_of_another_day_is_not_offered_any_more() -> None:
    known = Choices(readers := Readers())
    known.get(KEY, reads(FIRST), NOW, patience=0.01)
    readers.go()
    later = NOW + timedelta(days=2)
    offered = known.get(KEY, reads(SECOND), later, patience=0.01)
    assert (known.known(KEY, NOW), known.known(KEY, later), offered) == (FIRST, (), None)
