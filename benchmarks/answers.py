"""How long people wait: from a webhook to Slack's channel, and for the answer to a slash command."""

from collections.abc import Generator
from itertools import count

from benchmarks import processes
from benchmarks.accept import BOT
from benchmarks.bodies import FIRST
from benchmarks.databases import Databases
from benchmarks.figures import Figure, compared, interleaved, percentile
from benchmarks.load import Load, Seen, run

PER_SECOND = 50
BOLT = "Bolt's Flask sample on gunicorn gthread"
_numbers = count(FIRST + 50_000_000, 10_000)


def to_slack(given: Databases, seconds: float = 5.0, rounds: int = 2) -> Generator[Figure]:
    """From a webhook's departure to its message in Slack: 50 events a second, ten repositories and channels."""
    for kind in given.kinds:
        with (
            processes.slack() as slack, processes.gunicorn("posting", slack.api_url) as bot,
            processes.connect(given.new(kind), slack.api_url) as connect,
        ):  # fmt: skip
            processes.subscribe(connect.port)
            ours, theirs = interleaved(
                rounds,
                lambda _, port=connect.port, there=slack: _told(port, there, seconds),
                lambda _, port=bot.port, there=slack: _told(port, there, seconds),
            )
        for share in (0.5, 0.99):
            times = [[1000 * percentile(each, share) for each in one] for one in (ours, theirs)]
            what = f"webhook → Slack: {kind}, {PER_SECOND}/s, p{share * 100:.0f}"
            yield compared(what, times[0], times[1], "ms", BOT)


def _told(port: int, slack: processes.Slack, seconds: float) -> list[float]:
    """The seconds that each message took; one that does not come counts as endless."""
    load = Load(port, 32, seconds, int(seconds * PER_SECOND), first=next(_numbers), rate=PER_SECOND)
    left = run(load).left
    posted = slack.wait_for(left, 10.0)
    return [posted[number] - at if number in posted else float("inf") for number, at in left.items()]


def commands(given: Databases, seconds: float = 1.2, rounds: int = 2) -> Generator[Figure]:
    """A slash command's answer, one after the other: one that only answers, and one that stores a row first."""
    with processes.slack() as slack, processes.gunicorn("bolt", slack.api_url) as bolt:
        for kind in given.kinds:
            with processes.connect(given.new(kind), slack.api_url, "--no-workers") as connect:
                for text in ("help", "create Printer is on fire"):
                    ours, theirs = interleaved(
                        rounds,
                        lambda _, port=connect.port, words=text: _typed(port, words, seconds),
                        lambda _, words=text: _typed(bolt.port, words, seconds),
                    )
                    yield from _compared(f"/jira {text}: {kind}", ours, theirs)


def _compared(name: str, ours: list[Seen], theirs: list[Seen]) -> Generator[Figure]:
    refused = {status: n for seen in (*ours, *theirs) for status, n in seen.statuses.items() if status != "200"}
    if refused:
        name += f" (!{refused})"
    for share in (0.5, 0.99):
        times = [[1000 * percentile(seen.latencies, share) for seen in each] for each in (ours, theirs)]
        yield compared(f"{name}, p{share * 100:.0f}", times[0], times[1], "ms", BOLT)


def _typed(port: int, text: str, seconds: float) -> Seen:
    return run(Load(port, 1, seconds, 1000, first=next(_numbers), command=text))
