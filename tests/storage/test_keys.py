"""`fit`: every key has a place, and two keys never share one."""

from hypothesis import given
from hypothesis import strategies as st

from storage.keys import KEY_BYTES, fit


def test_a_key_that_fits_stays_as_it_is() -> None:
    assert fit("ä" * 127 + "x") == "ä" * 127 + "x"


def test_a_key_one_byte_too_long_keeps_its_start_and_gets_a_digest() -> None:
    short = fit("x" * 256)
    assert (short[:190], short[190], len(short)) == ("x" * 190, "#", KEY_BYTES)


def test_long_keys_that_differ_at_the_end_stay_different() -> None:
    assert fit("x" * 300 + "a") != fit("x" * 300 + "b")


@given(st.text(st.characters(), max_size=400))
def test_every_key_fits_and_can_be_stored(key: str) -> None:
    assert len(fit(key).encode()) <= KEY_BYTES
    assert fit(fit(key)) == fit(key)
