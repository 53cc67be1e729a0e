"""`GET /metrics`: Prometheus' format, behind the API key, with what there is even while the database is away."""

import json
from dataclasses import replace
from typing import Any

import pytest
import requests
from prometheus_client.parser import text_string_to_metric_families

from bot import listeners
from bot.metrics import DOORS
from bot.receiver import create_app
from storage.engine import Database
from tests.receiver.doors import client, refused, to_github
from tests.world import World

type Samples = dict[tuple[str, frozenset[tuple[str, str]]], float]


@pytest.fixture
def fresh(sqlite_world: World) -> World:
    """A world that has counted nothing yet; nothing here depends on the kind of database."""
    return sqlite_world


def samples(page: str) -> Samples:
    """Every value of a page by its name and labels."""
    found = [sample for family in text_string_to_metric_families(page) for sample in family.samples]
    values = {(one.name, frozenset(one.labels.items())): float(one.value) for one in found}
    assert len(values) == len(found)
    return values


def key(name: str, **labels: str) -> tuple[str, frozenset[tuple[str, str]]]:
    return name, frozenset(labels.items())


def scrape(world: World) -> Samples:
    answer = world.call("GET", "/metrics")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    return samples(answer.text)


def issue() -> bytes:
    repository: dict[str, Any] = {"id": 1, "full_name": "acme/web"}
    return json.dumps({"action": "opened", "repository": repository, "issue": {"id": 2, "number": 7}}).encode()


def test_what_comes_in_is_counted_with_what_waits(fresh: World) -> None:
    for delivery in ("one", "two", "one"):
        to_github(fresh, issue(), delivery)
    found = scrape(fresh)
    assert found[key("connect_deliveries_accepted_total", service="github", outcome="new")] == 2
    assert found[key("connect_deliveries_accepted_total", service="github", outcome="known")] == 1
    assert found[key("connect_deliveries_accepted_total", service="jira", outcome="new")] == 0
    assert found[key("connect_backlog", kind="deliveries")] == 2
    assert found[key("connect_backlog", kind="integrations")] == 0
    assert found[key("connect_backlog_oldest_seconds")] > 0
    assert (found[key("connect_database_up")], found[key("connect_metrics_shared")]) == (1, 0)


def test_requests_are_counted_by_door_method_and_status(fresh: World) -> None:
    requests.get(fresh.url + "/health", timeout=10)
    requests.get(fresh.url + "/no/such/page/C0SECRET", timeout=10)
    fresh.call("POST", "/api/v1/integrations", {}, key="wrong")
    found = scrape(fresh)
    name = "connect_http_requests_total"
    assert found[key(name, door="health.health", method="GET", status="2xx")] == 1
    assert found[key(name, door="other", method="GET", status="4xx")] == 1
    assert found[key(name, door="api.create", method="POST", status="4xx")] == 1
    times = "connect_http_request_seconds"
    assert found[key(f"{times}_count", door="health.health")] == 1
    assert found[key(f"{times}_bucket", door="health.health", le="+Inf")] == 1
    assert 0 < found[key(f"{times}_sum", door="health.health")] < 10


def test_buckets_add_up_and_end_with_the_count(fresh: World) -> None:
    for seconds in (0.01, 0.2, 40.0, 90_000.0):
        fresh.services.metrics.effect("slack", seconds)
    found = scrape(fresh)
    buckets = {
        dict(labels)["le"]: value
        for (name, labels), value in found.items()
        if name == "connect_effect_seconds_bucket" and ("service", "slack") in labels
    }
    assert buckets == {
        "0.005": 0, "0.025": 1, "0.1": 1, "0.25": 2, "0.5": 2, "1.0": 2, "2.5": 2, "5.0": 2, "10.0": 2, "30.0": 2,
        "60.0": 3, "300.0": 3, "900.0": 3, "3600.0": 3, "+Inf": 4,
    }  # fmt: skip
    assert found[key("connect_effect_seconds_count", service="slack")] == 4
    assert found[key("connect_effect_seconds_sum", service="slack")] == pytest.approx(90_040.21)


def test_without_its_database_it_answers_with_the_rest(fresh: World) -> None:
    fresh.services.metrics.paused("slack", "unreachable")
    away = replace(fresh.services, database=Database("mysql+pymysql://connect:s3cret@127.0.0.1:1/connect"))
    answer = create_app(away, listeners.build(away)).test_client().get(
        "/metrics", headers={"Authorization": "Bearer key-for-tests"}
    )  # fmt: skip
    found = samples(answer.text)
    assert answer.status_code == 200
    assert found[key("connect_database_up")] == 0
    assert found[key("connect_lane_pauses_total", service="slack", reason="unreachable")] == 1
    assert [name for name, _ in found if name.startswith("connect_backlog")] == []


def test_it_needs_the_api_key_and_without_one_this_machine(fresh: World) -> None:
    answer = requests.get(fresh.url + "/metrics", timeout=10)
    assert (answer.status_code, answer.json()) == (
        401, refused("unauthorized", "Send the API key: Authorization: Bearer …"),
    )  # fmt: skip
    open_to_local = client(fresh, connect_api_key="")
    assert open_to_local.get("/metrics").status_code == 200
    assert open_to_local.get("/metrics", headers={"X-Forwarded-For": "203.0.113.7"}).status_code == 403
    assert open_to_local.post("/metrics").status_code in (403, 405)


def test_every_door_is_counted_under_its_own_name(fresh: World) -> None:
    assert {rule.endpoint for rule in fresh.flask.url_map.iter_rules()} == set(DOORS)


def test_no_label_names_what_people_or_services_sent(fresh: World) -> None:
    to_github(fresh, issue(), "one")
    fresh.settle()
    fresh.call("GET", "/api/v1/integrations/77")
    text = fresh.call("GET", "/metrics").text
    assert [word for word in ("acme", "C0", "T0", "77", "one") if f'"{word}' in text or f"/{word}" in text] == []
