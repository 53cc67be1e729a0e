"""Reminders: what people type for them, and when they are due, whatever clocks do."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.reminding import DAYS, Reminder, Unclear, When, Wish, due, last_due, reminder_of, wish

BERLIN = "Europe/Berlin"


def at(text: str, zone: str = BERLIN) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


CASES = {
    "": Wish("show"),
    "list": Wish("show"),
    "off": Wish("off"),
    "me off": Wish("off", True),
    "here off acme/web": Wish("off", False, ("acme/web",)),
    "daily": Wish("set", every="daily", at="09:00"),
    "me weekdays 8": Wish("set", True, every="weekdays", at="08:00"),
    "every monday at 9:30": Wish("set", every="weekly", day=0, at="09:30"),
    "weekly Fridays 17:00 europe/berlin": Wish("set", every="weekly", day=4, at="17:00", timezone=BERLIN),
    "here acme/web acme/app weekly tue 07:05 UTC target 2 days": Wish(
        "set", False, ("acme/web", "acme/app"), "weekly", 1, "07:05", "UTC", 2
    ),
    "target 3": Wish("target", target=3),
    "me target off": Wish("target", True, target=0),
}


@pytest.mark.parametrize("text", CASES)
def test_what_people_type(text: str) -> None:
    assert wish(text.split()) == CASES[text]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("sometimes", "I do not know “sometimes” there. For example: `/github remind weekdays 09:00`"),
        ("daily 25:00", "I do not know “25:00” there."),
        ("daily monday", "Say `weekly` with a day of the week."),
        ("09:00", "Say how often: `daily`, `weekdays` or `weekly`."),
        ("daily target soon", "A target is a number of days, up to 90: `target 2 days`, or `target off`."),
        ("daily target 91 days", "A target is a number of days"),
        ("target", "A target is a number of days"),
    ],
)
def test_what_is_unclear_is_said_with_an_example(text: str, said: str) -> None:
    with pytest.raises(Unclear, match="^" + said.replace("?", r"\?").replace("(", r"\(")):
        wish(text.split())


WEEKLY, WEEKDAYS, NIGHTLY = When("weekly", "09:00", BERLIN), When("weekdays", "09:00", BERLIN), When(
    "daily", "02:30", BERLIN)  # fmt: skip


@pytest.mark.parametrize(
    ("when", "now", "expected"),
    [
        (WEEKLY, "2026-11-23T09:00", "2026-11-23T08:00+00:00"),  # a Monday, at the minute
        (WEEKLY, "2026-11-23T08:59", "2026-11-16T08:00+00:00"),
        (WEEKLY, "2026-11-29T23:00", "2026-11-23T08:00+00:00"),
        (WEEKDAYS, "2026-11-22T12:00", "2026-11-20T08:00+00:00"),  # on a Sunday it is Friday's
        (WEEKDAYS, "2026-11-24T12:00", "2026-11-24T08:00+00:00"),
        (NIGHTLY, "2026-03-29T12:00", "2026-03-29T01:30+00:00"),  # there is no 02:30 in the night of the change
        (NIGHTLY, "2026-10-25T12:00", "2026-10-25T00:30+00:00"),  # there are two: the first of them
    ],
)
def test_when_a_reminder_was_due_last(when: When, now: str, expected: str) -> None:
    assert last_due(when, at(now)) == datetime.fromisoformat(expected)


def test_a_reminder_is_due_once_for_each_moment_and_after_a_gap_for_the_last_one_only() -> None:
    made = Reminder(WEEKDAYS, since=at("2026-11-23T10:00").isoformat())
    assert due(made, at("2026-11-23T12:00")) is None
    moment = due(made, at("2026-11-27T12:00"))
    assert moment is not None
    assert moment == at("2026-11-27T09:00")
    sent = Reminder(WEEKDAYS, since=moment.isoformat())
    assert due(sent, at("2026-11-27T12:01")) is None
    assert due(sent, at("2026-11-29T12:00")) is None
    assert due(sent, at("2026-11-30T09:00")) == at("2026-11-30T09:00")


def test_what_is_kept_is_read_again_and_said_in_words() -> None:
    one = Reminder(When("weekly", "07:05", "UTC", 6), ("acme/web", "acme/App"), 2, "T1/U1", "2026-11-23T10:00:00+00:00")
    assert reminder_of(one.kept()) == one
    assert (one.name, one.when.words) == ("acme/app acme/web", "every Sunday at 07:05 (UTC)")
    assert WEEKDAYS.words == "from Monday to Friday at 09:00 (Europe/Berlin)"
    assert NIGHTLY.words == "every day at 02:30 (Europe/Berlin)"


whens = st.builds(
    When,
    st.sampled_from(["daily", "weekdays", "weekly"]),
    st.times().map(lambda time: f"{time:%H:%M}"),
    st.sampled_from([BERLIN, "UTC", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "Pacific/Apia"]),
    st.integers(0, 6),
)
moments = st.integers(1_704_067_200, 1_900_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))


@given(whens, moments)
def test_the_last_moment_is_past_on_the_right_day_and_within_a_week(when: When, now: datetime) -> None:
    moment = last_due(when, now)
    assert timedelta(0) <= now - moment < timedelta(days=8)
    local = moment.astimezone(ZoneInfo(when.timezone))
    jumped = f"{local:%H:%M}" != when.at  # the clocks skipped the time
    assert when.falls_on(local.date()) or jumped
    assert last_due(when, moment) == moment
    assert last_due(when, moment - timedelta(seconds=1)) < moment


@given(whens, moments, st.lists(st.integers(1, 3 * 24 * 60), min_size=1, max_size=30))
def test_looked_at_again_and_again_it_is_sent_in_order_and_never_twice(
    when: When, start: datetime, minutes: list[int]
) -> None:
    now, reminder, sent = start, Reminder(when, since=start.isoformat()), list[datetime]()
    for step in minutes:
        now += timedelta(minutes=step)
        moment = due(reminder, now)
        if moment is not None:
            sent.append(moment)
            reminder = Reminder(when, since=moment.isoformat())
    assert sent == sorted(set(sent))
    assert all(start < moment <= now for moment in sent)


def test_days_are_named_as_people_name_them() -> None:
    assert [wish([name]).day for name in ("mon", "tuesdays", "WED", "thu", "fri", "sat", "sun")] == list(range(7))
    assert [wish([name]).day for name in DAYS] == list(range(7))
