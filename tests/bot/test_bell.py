"""The bell: one ring wakes one worker, no ring is lost, and a wait without one ends by itself."""

import threading
import time

from bot.bell import MOST, Bell

PATIENCE = 10.0


def test_a_ring_before_the_wait_is_not_lost() -> None:
    bell, begun = Bell(), time.monotonic()
    bell.ring()
    bell.wait(PATIENCE)
    assert time.monotonic() - begun < PATIENCE / 2


def test_a_wait_without_a_ring_ends_by_itself() -> None:
    bell, begun = Bell(), time.monotonic()
    bell.wait(0.05)
    assert time.monotonic() - begun >= 0.05


def test_each_ring_wakes_one_of_those_who_wait() -> None:
    bell, woken = Bell(), threading.Semaphore(0)
    for _ in range(3):
        threading.Thread(target=lambda: (bell.wait(PATIENCE), woken.release()), daemon=True).start()
    bell.ring()
    assert woken.acquire(timeout=PATIENCE)
    assert not woken.acquire(timeout=0.1)
    bell.ring(2)
    assert woken.acquire(timeout=PATIENCE)
    assert woken.acquire(timeout=PATIENCE)


def test_rings_that_nobody_hears_are_counted_up_to_a_bound() -> None:
    bell = Bell()
    bell.ring(10 * MOST)
    begun = time.monotonic()
    for _ in range(MOST):
        bell.wait(PATIENCE)
    assert time.monotonic() - begun < PATIENCE / 2
    bell.ring(0)
    bell.ring(-1)
    bell.wait(0.05)
    assert time.monotonic() - begun >= 0.05
