"""How long to wait before the next try. Pure."""

from datetime import timedelta


def delay(attempts: int, base_seconds: float, max_seconds: float, chance: float) -> timedelta:
    """Doubled for every attempt, at most `max_seconds`; `chance` in [0, 1) spreads it between half and all of that."""
    full = min(max_seconds, base_seconds * 2 ** min(attempts - 1, 30))
    return timedelta(seconds=full * (0.5 + chance / 2))
