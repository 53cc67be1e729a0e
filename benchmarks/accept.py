"""Webhooks accepted per second, each in a durable commit of its own, and how long one takes; also while Slack is slow.

The baseline checks the signature and stores nothing; while Slack is slow it is the bot that posts from the request.
"""

from collections.abc import Generator
from itertools import count

from benchmarks import processes
from benchmarks.bodies import FIRST
from benchmarks.databases import Databases
from benchmarks.figures import Figure, compared, interleaved, percentile
from benchmarks.load import Load, Seen, run

ROUNDS = 3
SECONDS = 1.5
MOST = 5000
"""Requests made beforehand for one measurement: more than are ever sent in it."""
PLAIN = "gunicorn gthread, verifies, stores nothing"
BOT = "a bot that posts from the request, stores nothing"
_numbers = count(FIRST, MOST)


def accepting(given: Databases, seconds: float = SECONDS, rounds: int = ROUNDS) -> Generator[Figure]:
    """Accepted per second and its latency: both databases, with and without workers, 16 and 64 connections."""
    with processes.slack() as slack, processes.gunicorn("verifying", slack.api_url) as plain:
        for kind in given.kinds:
            for arguments in (("--no-workers",), ()):
                with processes.connect(given.new(kind), slack.api_url, *arguments) as connect:
                    for connections in (16, 64):
                        ours, theirs = interleaved(
                            rounds,
                            lambda _, port=connect.port, many=connections: _send(port, many, seconds),
                            lambda _, many=connections: _send(plain.port, many, seconds),
                        )
                        name = f"{kind}, {'no workers' if arguments else '4 workers'}, {connections} connections"
                        yield from _compared(name, ours, theirs, PLAIN)


def servers(_: Databases, seconds: float = SECONDS, rounds: int = ROUNDS) -> Generator[Figure]:
    """Answered per second by one and the same app, on the server of `serve` and on that of `make run-prod`."""
    nowhere = "http://127.0.0.1:9/api"
    with processes.granian("verifying", nowhere) as granian, processes.gunicorn("verifying", nowhere) as gunicorn:
        ours, theirs = interleaved(
            rounds, lambda _: _send(granian.port, 16, seconds), lambda _: _send(gunicorn.port, 16, seconds)
        )
        yield from _compared("the same empty app on granian, 16 connections", ours, theirs, PLAIN)


def while_slack_is_slow(given: Databases, seconds: float = 2.0, rounds: int = 2) -> Generator[Figure]:
    """Accepted per second while every call to Slack takes 100 ms."""
    for kind in given.kinds:
        with (
            processes.slack() as slack, processes.gunicorn("posting", slack.api_url) as bot,
            processes.connect(given.new(kind), slack.api_url) as connect,
        ):  # fmt: skip
            processes.subscribe(connect.port)
            slack.takes(0.1)
            ours, theirs = interleaved(
                rounds,
                lambda _, port=connect.port: _send(port, 32, seconds),
                lambda _, port=bot.port: _send(port, 32, seconds),
            )
            slack.takes(0)
            yield from _compared(f"{kind}, Slack takes 100 ms", ours, theirs, BOT)


def _send(port: int, connections: int, seconds: float) -> Seen:
    return run(Load(port, connections, seconds, MOST, first=next(_numbers)))


def _compared(name: str, ours: list[Seen], theirs: list[Seen], against: str) -> Generator[Figure]:
    refused = {status: n for seen in (*ours, *theirs) for status, n in seen.statuses.items() if status != "202"}
    if refused:
        name += f" (!{refused})"
    rates = [[seen.per_second("202") for seen in each] for each in (ours, theirs)]
    yield compared(f"accepted/s: {name}", rates[0], rates[1], "/s", against)
    for share in (0.5, 0.99):
        times = [[1000 * percentile(seen.latencies, share) for seen in each] for each in (ours, theirs)]
        yield compared(f"  p{share * 100:.0f}", times[0], times[1], "ms", against)
