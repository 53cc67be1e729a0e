"""The benchmarks' own arithmetic, the requests they send, and their table."""

import hashlib
import hmac
import json
import math
from itertools import islice

import pytest

from benchmarks import bodies
from benchmarks.figures import Figure, compared, interleaved, percentile, table


def test_a_percentile_is_one_of_the_values_that_were_measured() -> None:
    values = [float(number) for number in range(100, 0, -1)]
    assert [percentile(values, share) for share in (0.0, 0.01, 0.5, 0.99, 1.0)] == [1, 1, 50, 99, 100]
    assert percentile([7.0], 0.99) == 7
    assert percentile([1.0, 2.0, 3.0], 0.5) == 2
    assert math.isnan(percentile([], 0.5))


def test_both_sides_are_measured_in_turn() -> None:
    order: list[str] = []

    def ours(number: int) -> int:
        order.append(f"a{number}")
        return number

    def theirs(number: int) -> int:
        order.append(f"b{number}")
        return -number

    assert interleaved(3, ours, theirs) == [[0, 1, 2], [0, -1, -2]]
    assert order == ["a0", "b0", "a1", "b1", "a2", "b2"]


def test_the_table_shows_medians_and_their_ratio_in_columns() -> None:
    figures = [
        compared("accepted/s", [900.0, 1234.0, 5000.0], [617.0], "/s", "a plain app"),
        Figure("p99", 0.512, 0.0, "ms", "nothing"),
    ]
    assert table(figures).splitlines() == [
        "what        connect  baseline  ratio  the baseline",
        "accepted/s  1234 /s    617 /s   2.00  a plain app",
        "p99         0.51 ms   0.00 ms    nan  nothing",
    ]


@pytest.mark.parametrize("first", [bodies.FIRST, bodies.FIRST + 1])
def test_each_webhook_is_as_long_as_a_real_one_signed_and_comes_once_only(first: int) -> None:
    sent = list(islice(bodies.github(first, 40, "localhost"), 40))
    ids: set[str] = set()
    titles: set[str] = set()
    for request in sent:
        head, _, body = request.partition(b"\r\n\r\n")
        headers = dict(line.split(": ", 1) for line in head.decode().splitlines()[1:])
        signature = hmac.new(bodies.GITHUB_SECRET.encode(), body, hashlib.sha256).hexdigest()
        assert headers["X-Hub-Signature-256"] == f"sha256={signature}"
        assert int(headers["Content-Length"]) == len(body)
        assert 20_000 <= len(body) <= 30_000
        payload = json.loads(body)
        ids.add(headers["X-GitHub-Delivery"])
        titles.add(payload["pull_request"]["title"] if "pull_request" in payload else payload["commits"][0]["message"])
    assert (len(ids), len(titles)) == (40, 40)
