"""The metrics in Prometheus' text format, https://prometheus.io/docs/instrumenting/exposition_formats/."""

from collections.abc import Iterable, Mapping
from itertools import accumulate
from typing import Any

from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from bot.metrics import Family, Reading

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4


class _Found(Collector):
    def __init__(self, metrics: list[Metric]) -> None:
        self._metrics = metrics

    def collect(self) -> Iterable[Metric]:
        return self._metrics


def text(
    readings: Iterable[Reading], *, shared: bool, backlog: Mapping[str, Any] | None, left: Mapping[str, int]
) -> bytes:
    """All of it; `backlog` is what `storage.leases.backlog` says, None if the database is away.

    `left` is how many calls GitHub still allows, by resource.
    """
    gauges = [*_gauges(backlog, shared=shared), *_left(left)]
    return generate_latest(_Found([*gauges, *map(_family, readings)]))


def _left(left: Mapping[str, int]) -> list[Metric]:
    metric = GaugeMetricFamily(
        "connect_github_calls_left", "Calls that GitHub still allows before its next reset, as last heard here.",
        labels=["resource"],
    )  # fmt: skip
    for resource, calls in left.items():
        metric.add_metric([resource], calls)
    return [metric] if left else []


def _gauges(backlog: Mapping[str, Any] | None, *, shared: bool) -> list[Metric]:
    up = GaugeMetricFamily("connect_database_up", "Whether the database answers.", value=float(backlog is not None))
    all_of_them = GaugeMetricFamily(
        "connect_metrics_shared", "1: all processes of this machine together. 0: the answering process alone.",
        value=float(shared),
    )  # fmt: skip
    if backlog is None:
        return [up, all_of_them]
    waiting = GaugeMetricFamily("connect_backlog", "Rows that wait, in the whole database.", labels=["kind"])
    for kind in ("deliveries", "integrations"):
        waiting.add_metric([kind], backlog[kind])
    oldest = GaugeMetricFamily(
        "connect_backlog_oldest_seconds", "For how long the oldest of them has.", value=backlog["oldest_seconds"]
    )
    return [up, all_of_them, waiting, oldest]


def _family(reading: Reading) -> Metric:
    family = reading.family
    if not family.buckets:
        counter = CounterMetricFamily(family.name, family.help, labels=family.labels)
        for labels, (value,) in reading.cells.items():
            counter.add_metric(labels, value)
        return counter
    histogram = HistogramMetricFamily(family.name, family.help, labels=family.labels)
    for labels, (*counts, total) in reading.cells.items():
        histogram.add_metric(labels, _buckets(family, counts), total)
    return histogram


def _buckets(family: Family, counts: list[float]) -> list[tuple[str, float]]:
    """Each bucket counts those below it too."""
    bounds = [*(str(float(bound)) for bound in family.buckets), "+Inf"]
    return list(zip(bounds, accumulate(counts), strict=True))
