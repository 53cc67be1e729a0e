"""What a process remembers for a while: for so long, and so much."""

from datetime import UTC, datetime, timedelta

from bot.memory import Memory, Noted

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def test_what_was_noted_is_remembered_for_its_time_and_no_longer() -> None:
    memory = Memory[str, str | None](MINUTE)
    memory.put("door", "open", NOW)
    memory.put("nothing", None, NOW)
    last = NOW + MINUTE - timedelta(microseconds=1)
    assert [memory.get("door", at) for at in (NOW, last, NOW + MINUTE)] == [
        Noted(NOW, "open"), Noted(NOW, "open"), None,
    ]  # fmt: skip
    assert (memory.get("nothing", NOW), memory.get("window", NOW)) == (Noted(NOW, None), None)


def test_what_is_noted_anew_takes_the_place_of_what_was_and_counts_from_then() -> None:
    memory = Memory[str, str](MINUTE)
    memory.put("door", "open", NOW)
    memory.put("door", "shut", NOW + MINUTE / 2)
    assert memory.get("door", NOW + MINUTE) == Noted(NOW + MINUTE / 2, "shut")


def test_of_too_many_the_one_that_was_noted_first_is_forgotten() -> None:
    memory = Memory[int, int](MINUTE, most=3)
    for number in (1, 2, 3, 1, 4):
        memory.put(number, number, NOW)
    assert [number for number in range(1, 5) if memory.get(number, NOW)] == [1, 3, 4]


def test_what_is_forgotten_takes_no_room() -> None:
    memory = Memory[int, int](MINUTE, most=2)
    memory.put(1, 1, NOW)
    memory.put(2, 2, NOW + MINUTE / 2)
    memory.put(3, 3, NOW + MINUTE)
    assert [number for number in (1, 2, 3) if memory.get(number, NOW + MINUTE)] == [2, 3]
