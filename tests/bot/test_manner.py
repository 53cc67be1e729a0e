"""Quiet hours: when they end, across midnight and where the clocks change; and what of them makes sense."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from bot.manner import QuietHours, quiet_until

BERLIN = ZoneInfo("Europe/Berlin")
NIGHT = {"from": "20:00", "to": "07:00", "timezone": "Europe/Berlin"}
NOON = {"from": "12:00", "to": "13:30", "timezone": "Europe/Berlin"}


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("hours", "now", "until"),
    [
        (NIGHT, "2026-11-02T19:59:59", None), (NIGHT, "2026-11-02T20:00:00", "2026-11-03T07:00:00"),
        (NIGHT, "2026-11-02T23:30:00", "2026-11-03T07:00:00"), (NIGHT, "2026-11-03T00:00:00", "2026-11-03T07:00:00"),
        (NIGHT, "2026-11-03T06:59:59", "2026-11-03T07:00:00"), (NIGHT, "2026-11-03T07:00:00", None),
        (NOON, "2026-11-02T11:59:59", None), (NOON, "2026-11-02T12:00:00", "2026-11-02T13:30:00"),
        (NOON, "2026-11-02T13:30:00", None), (None, "2026-11-02T23:30:00", None),
        # The night of 29 March has no 2 o'clock, that of 25 October has it twice.
        (NIGHT, "2026-03-28T22:00:00", "2026-03-29T07:00:00"), (NIGHT, "2026-10-24T22:00:00", "2026-10-25T07:00:00"),
    ],
)  # fmt: skip
def test_quiet_hours_end_at_their_time_of_day(hours: dict[str, str] | None, now: str, until: str | None) -> None:
    assert quiet_until(hours, at(now)) == (at(until).astimezone(UTC) if until else None)


def test_a_night_in_which_the_clocks_change_is_as_long_as_it_is() -> None:
    began = at("2026-03-28T20:00:00"), at("2026-10-24T20:00:00")
    lengths = [(quiet_until(NIGHT, moment) or moment) - moment.astimezone(UTC) for moment in began]
    assert lengths == [timedelta(hours=10), timedelta(hours=12)]


@given(
    minutes=st.integers(0, 366 * 24 * 60),
    begin=st.times(), end=st.times(),
    zone=st.sampled_from(["Europe/Berlin", "UTC", "America/St_Johns", "Pacific/Apia", "Asia/Kathmandu"]),
)  # fmt: skip
def test_what_is_held_is_held_for_less_than_a_day_and_then_no_longer(
    minutes: int, begin: time, end: time, zone: str
) -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    hours = {"from": f"{begin:%H:%M}", "to": f"{end:%H:%M}", "timezone": zone}
    until = quiet_until(hours, now) if hours["from"] != hours["to"] else None
    if until is not None:
        assert now < until <= now + timedelta(hours=25)
        assert quiet_until(hours, until) is None


@pytest.mark.parametrize(
    "given",
    [
        {"from": "20:00", "to": "20:00", "timezone": "UTC"}, {"from": "24:00", "to": "07:00", "timezone": "UTC"},
        {"from": "8:00", "to": "07:00", "timezone": "UTC"}, {"from": "20:00", "to": "07:00", "timezone": "Berlin"},
        {"from": "20:00", "to": "07:00"}, {"begin": "20:00", "to": "07:00", "timezone": "UTC", "days": []},
        {"from": "20:00", "to": "07:00", "timezone": "../../etc/passwd"},
    ],
)  # fmt: skip
def test_what_are_no_quiet_hours_is_refused(given: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        QuietHours.model_validate(given)
