"""What is measured besides the effects: how long they took, who called how often, how the doors answered."""

from collections.abc import Iterable, Sequence

from chaos.arena import Arena
from chaos.sender import Event

STORED_SECONDS = 3.0
"""What cannot be stored is answered within this."""


def delays(world: Arena, events: Iterable[Event]) -> list[float]:
    """Seconds from each event's acceptance to each of its effects; what has none is left out."""
    seen = world.seen()
    pairs = [(event, seen.get((place, event.nonce))) for event in events for place in event.places]
    return [max(times[0] - event.accepted, 0.0) for event, times in pairs if times and event.accepted]


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which this share of all lies; infinite if there is none."""
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)] if ordered else float("inf")


def done_by(world: Arena, events: Sequence[Event], at: float) -> float:
    """The share of events that had all their effects at a time."""
    seen = world.seen()
    done = [all(min(seen.get((place, event.nonce), [at + 1])) <= at for place in event.places) for event in events]
    return sum(done) / len(done) if done else 1.0


def slowest_refusal(events: Iterable[Event]) -> float:
    """The longest that an answer other than 2xx took, in seconds (no answer at all counts as one)."""
    return max(
        (answer.seconds for event in events for answer in event.answers if answer.status // 100 != 2), default=0.0
    )


def ready_after(events: Iterable[Event], back: float) -> float:
    """Seconds from when the fault ended to the first event that was taken after it."""
    return min((event.accepted - back for event in events if event.accepted > back), default=float("inf"))


def without_row(world: Arena, events: Iterable[Event]) -> int:
    """How many accepted webhooks have no row among the deliveries."""
    return sum(not _row_of(world, event) for event in events if event.accepted)


def _row_of(world: Arena, event: Event) -> int:
    headers = event.outgoing.sign(event.outgoing.body)
    sent = headers.get("X-GitHub-Delivery") or headers["X-Atlassian-Webhook-Identifier"]
    query = {"delivery_id": sent}
    answer = world.session.get(f"{world.url}/api/v1/deliveries", params=query, timeout=10)
    return int(answer.json()["total"])
