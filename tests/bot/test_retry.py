"""The wait before the next try: grows, has a ceiling, and is never the same for two rows."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.retry import delay


@pytest.mark.parametrize(
    ("attempts", "seconds"), [(1, 2), (2, 4), (3, 8), (7, 128), (8, 256), (9, 300), (31, 300), (10_000, 300)]
)
def test_a_wait_doubles_up_to_the_ceiling(attempts: int, seconds: float) -> None:
    assert delay(attempts, 2, 300, 0.0) == timedelta(seconds=seconds / 2)
    assert delay(attempts, 2, 300, 0.5) == timedelta(seconds=seconds * 0.75)


@given(st.integers(0, 10_000), st.floats(0.001, 86_400), st.floats(0.001, 86_400), st.floats(0, 1, exclude_max=True))
def test_a_wait_lies_between_half_and_all_of_its_ceiling(
    attempts: int, base: float, ceiling: float, chance: float
) -> None:
    assert timedelta(0) <= delay(attempts, base, ceiling, chance) <= timedelta(seconds=ceiling)
