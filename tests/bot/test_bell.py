"""The bell: one ring wakes one worker, no ring is lost, and a wait without one ends by itself."""

import threading
import time
from queue import SimpleQueue

from bot.bell import MOST, Bell

PATIENCE = 10.0


def test_a_ring_before_the_wait_is_not_lost() -> None:
    bell, begun = Bell[str](), time.monotonic()
    bell.ring()
    bell.wait(PATIENCE)
    assert time.monotonic() - begun < PATIENCE / 2


def test_a_wait_without_a_ring_ends_by_itself() -> None:
    bell, begun = Bell[str](), time.monotonic()
    bell.wait(0.05)
    assert time.monotonic() - begun >= 0.05


def test_each_ring_wakes_one_of_those_who_wait() -> None:
    bell, woken = Bell[str](), threading.Semaphore(0)
    for _ in range(3):
        threading.Thread(target=lambda: (bell.wait(PATIENCE), woken.release()), daemon=True).start()
    bell.ring()
    assert woken.acquire(timeout=PATIENCE)
    assert not woken.acquire(timeout=0.1)
    bell.ring(2)
    assert woken.acquire(timeout=PATIENCE)
    assert woken.acquire(timeout=PATIENCE)


def test_rings_that_nobody_hears_are_counted_up_to_a_bound() -> None:
    bell = Bell[str]()
    bell.ring(10 * MOST)
    begun = time.monotonic()
    for _ in range(MOST):
        bell.wait(PATIENCE)
    assert time.monotonic() - begun < PATIENCE / 2
    bell.ring(0)
    bell.ring(-1)
    bell.wait(0.05)
    assert time.monotonic() - begun >= 0.05


class Waiting:
    """Some threads that wait at a bell, and what each was given."""

    def __init__(self, bell: Bell[str], count: int) -> None:
        self._bell = bell
        self._given: SimpleQueue[str | None] = SimpleQueue()
        for _ in range(count):
            threading.Thread(target=lambda: self._given.put(bell.wait(PATIENCE)), daemon=True).start()

    def reserve(self, times: int) -> None:
        """Reserve so many of them, once they wait."""
        deadline = time.monotonic() + PATIENCE
        while times and time.monotonic() < deadline:
            times -= self._bell.reserve()
        assert times == 0

    def given(self) -> str | None:
        return self._given.get(timeout=PATIENCE)


def test_who_is_reserved_gets_what_is_handed_over() -> None:
    bell = Bell[str]()
    waiting = Waiting(bell, 1)
    waiting.reserve(1)
    bell.hand("work")
    assert waiting.given() == "work"


def test_nobody_is_reserved_who_does_not_wait() -> None:
    bell = Bell[str]()
    assert not bell.reserve()
    bell.ring()
    bell.wait(PATIENCE)
    assert not bell.reserve()


def test_nobody_is_reserved_twice_nor_for_work_that_was_rung_for() -> None:
    bell = Bell[str]()
    waiting = Waiting(bell, 2)
    waiting.reserve(2)
    assert not bell.reserve()
    bell.hand(None)
    bell.hand(None)
    waiting.reserve(1)
    bell.hand("one")
    assert waiting.given() == "one"
    bell.ring()
    assert not bell.reserve()
    assert waiting.given() is None


def test_what_is_handed_over_while_nobody_waits_any_more_is_the_next_ones() -> None:
    bell = Bell[str]()
    waiting = Waiting(bell, 1)
    waiting.reserve(1)
    bell.ring()  # it is woken for something else, before it is handed anything
    assert waiting.given() is None
    bell.hand("work")
    assert (bell.handed(), bell.handed()) == ("work", None)
    waiting = Waiting(bell, 1)
    waiting.reserve(1)
    bell.hand("more")
    assert waiting.given() == "more"
