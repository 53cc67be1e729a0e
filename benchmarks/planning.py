"""What it costs to plan one delivery that many subscriptions could want, of which a few do."""

import json
import time
from collections.abc import Generator
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

from sqlalchemy import Connection

from benchmarks.databases import Databases
from benchmarks.figures import Figure, compared, interleaved, percentile
from bot.flows.placing import place
from bot.flows.telling import Occasion
from bot.message import Message
from bot.renderers.news import Facts, News
from storage import subscriptions
from storage.engine import Database
from storage.subscriptions import Wanted

SUBSCRIPTIONS, PASSING, DELIVERIES = 1000, 3, 40
FILTERS: tuple[dict[str, Any], ...] = (
    {"labels": {"any": ["nobody has it#"]}}, {"base": ["release#/*"], "bots": False}, {"authors": {"any": ["hubot#"]}},
    {"actions": ["merged"], "authors": {"none": ["mona#"]}}, {"paths": ["docs#/**"], "head": ["fix#/*"]},
)  # fmt: skip
"""Instead of `#` stands the subscription's number where each has filters of its own, and nothing where many share."""


def planning(given: Databases, rounds: int = 3) -> Generator[Figure]:
    """One delivery against a thousand subscriptions to its repository and its owner, against the few that want it."""
    for kind, own in product(given.kinds, (False, True)):
        many, few = Database(given.new(kind)), Database(given.new(kind))
        many.run(lambda connection, own=own: _subscribe(connection, SUBSCRIPTIONS, own=own))
        few.run(lambda connection: _subscribe(connection, PASSING, own=False))
        results = interleaved(rounds, lambda _, there=many: _plan(there), lambda _, there=few: _plan(there))
        times = [[1000 * percentile(each, 0.5) for each in one] for one in results]
        whose = ", each with its own filters" if own else ""
        what = f"a delivery planned for {SUBSCRIPTIONS:,} subscriptions{whose}: {kind}, p50"
        yield compared(what, times[0], times[1], "ms", f"for the {PASSING} that want it")
        many.dispose()
        few.dispose()


def _subscribe(connection: Connection, count: int, *, own: bool) -> None:
    for number in range(count):
        written = json.dumps(FILTERS[number % len(FILTERS)] if number >= PASSING else {})
        filters: dict[str, Any] = json.loads(written.replace("#", str(number) if own else ""))
        source = "acme/web" if number % 2 else "acme"
        channel = f"T0BENCH001/C{number}"
        wanted = Wanted("github", source, channel, ("pulls", "reviews"), filters, private=True, created_by="bench")
        subscriptions.put(connection, wanted, datetime.now(UTC))


def _plan(database: Database) -> list[float]:
    """Seconds for each of some deliveries. What is noted of a subscription at most once a minute is noted before."""
    facts = Facts(author="octocat", base="main", head="feature/x", repository="acme/web", action="opened")
    now, taken = datetime.now(UTC) + timedelta(minutes=5), list[float]()
    for number in range(DELIVERIES + 1):
        news = News("pulls", f"acme/web#{number}", Message("A card"), None, opens=True, facts=facts, uid=str(number))
        occasion = Occasion("github", "pull_request.opened", number, "acme/web")
        begun = time.perf_counter()
        planned = database.run(
            lambda connection, of=occasion, told=news: place(connection, of, told, lambda _: "", now)
        )
        taken.append(time.perf_counter() - begun)
        if len(planned.integrations) != PASSING:
            raise RuntimeError(f"{len(planned.integrations)} channels were told instead of {PASSING}")
    return taken[1:]
