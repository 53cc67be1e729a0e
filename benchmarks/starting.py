"""What connect costs before it has done anything: the time to its first answer, and memory."""

from collections.abc import Generator

from benchmarks import processes
from benchmarks.answers import BOLT
from benchmarks.databases import Databases
from benchmarks.figures import Figure, compared, interleaved


def starting(given: Databases, rounds: int = 3) -> Generator[Figure]:
    """From the start of the process to the first 200 of `/health`, and the memory then."""
    with processes.slack() as slack:
        url = given.new("SQLite")

        def ours(_: int) -> tuple[float, float]:
            with processes.connect(url, slack.api_url) as server:
                return server.seconds, server.megabytes()

        def theirs(_: int) -> tuple[float, float]:
            with processes.gunicorn("bolt", slack.api_url) as server:
                return server.seconds, server.megabytes()

        results = interleaved(rounds, ours, theirs)
    for index, (what, unit) in enumerate((("start to the first 200", "s"), ("memory, 4 workers", "MB"))):
        values = [[each[index] for each in one] for one in results]
        yield compared(what, values[0], values[1], unit, BOLT)
