"""How rows are looked at over REST: their columns, their lists with filters and pages, and no secret among them."""

import json
from datetime import datetime
from typing import Any
from urllib.parse import quote

import pytest

from tests.receiver.asking import INTEGRATIONS, KINDS, ONE_OF, POST, ask
from tests.receiver.doors import refused
from tests.world import API_KEY, World

INTEGRATION_COLUMNS: dict[str, tuple[type, ...]] = {
    "id": (int,), "source_service": (str,), "target_service": (str,), "event_type": (str,), "source_id": (str,),
    "target_id": (str,), "payload": (str,), "status": (str,), "error_message": (str, type(None)), "created_at": (str,),
    "updated_at": (str,), "operation": (str,), "delivery_id": (int, type(None)), "remote_id": (str, type(None)),
    "attempts": (int,), "due_at": (str,), "sent_at": (str, type(None)), "marker": (str,),
}  # fmt: skip
MAPPING_COLUMNS: dict[str, tuple[type, ...]] = {
    "id": (int,), "source_service": (str,), "source_id": (str,), "target_service": (str,), "target_id": (str,),
    "mapping_type": (str,), "extra_data": (str,), "created_at": (str,),
}  # fmt: skip
DELIVERY_COLUMNS: dict[str, tuple[type, ...]] = {
    "id": (int,), "service": (str,), "delivery_id": (str,), "event": (str,), "status": (str,), "detail": (str,),
    "attempts": (int,), "received_at": (str,), "updated_at": (str,),
}  # fmt: skip

# --- rows ------------------------------------------------------------------------------------------------------------


def assert_columns(found: list[dict[str, Any]], columns: dict[str, tuple[type, ...]]) -> None:
    assert found
    for one in found:
        assert set(one) == set(columns)
        wrong = [name for name, types in columns.items() if type(one[name]) not in types]
        assert wrong == [], one


def test_rows_have_the_columns_of_the_contract_with_their_types_and_no_secret(told: World) -> None:
    rows = {kind: told.rows(kind) for kind in ("integrations", "mappings", "deliveries")}
    assert_columns(rows["integrations"], INTEGRATION_COLUMNS)
    assert_columns(rows["mappings"], MAPPING_COLUMNS)
    assert_columns(rows["deliveries"], DELIVERY_COLUMNS)
    assert {one["status"] for one in rows["integrations"]} == {"completed", "failed"}
    assert {one["mapping_type"] for one in rows["mappings"]} == {"thread", "comment"}
    assert {type(json.loads(one["payload"])) for one in rows["integrations"]} == {dict}
    assert {type(json.loads(one["extra_data"])) for one in rows["mappings"]} == {dict}
    times = [one[name] for one in rows["integrations"] for name in ("created_at", "updated_at", "due_at")]
    times += [one[name] for one in rows["deliveries"] for name in ("received_at", "updated_at")]
    offsets = {datetime.fromisoformat(time).utcoffset() for time in times}
    assert [str(offset) for offset in offsets] == ["0:00:00"]
    shown = json.dumps([told.rows(kind) for kind in ONE_OF]).lower()
    secrets = ("xoxb-", "ghp-", "jira-token", "-secret", "lease", "x-slack-signature", "sha256=", API_KEY)
    assert [secret for secret in secrets if secret in shown] == []


def test_one_row_is_the_same_as_in_its_list(told: World) -> None:
    for kind, name in ONE_OF.items():
        for one in told.rows(kind):
            answer = told.call("GET", f"/api/v1/{kind}/{one['id']}")
            assert (answer.status_code, answer.json()) == (200, {"success": True, name: one})


# --- lists -----------------------------------------------------------------------------------------------------------

FILTERS = {
    "integrations": ("source_service", "target_service", "status", "event_type", "operation"),
    "mappings": ("source_service", "source_id", "target_service", "target_id", "mapping_type"),
    "deliveries": ("service", "delivery_id", "status", "event"), "subscriptions": ("source_service", "source", "name"),
}  # fmt: skip


def test_every_filter_selects_the_rows_that_have_its_value(told: World) -> None:
    for kind, name in [(kind, name) for kind, names in FILTERS.items() for name in names]:
        everything = told.rows(kind)
        for value in {one[name] for one in everything}:
            wanted = [one for one in everything if one[name] == value]
            assert told.rows(kind, f"&{name}={quote(value)}") == wanted
            answer = told.call("GET", f"/api/v1/{kind}?{name}={quote(value)}&limit=1").json()
            assert answer["total"] == len(wanted)
        assert told.rows(kind, f"&{name}=nothing-like-it") == []
        assert told.rows(kind, f"&{name}=") == [one for one in everything if one[name] == ""]
    found = told.rows("integrations", "&target_service=slack&source_service=github")
    assert [one["operation"] for one in found] == ["post_message"]
    assert told.rows("integrations", "&target_service=jira&source_service=github") == []


def pages(world: World, path: str) -> list[dict[str, Any]]:
    """All rows, following `next` to its end."""
    found: list[dict[str, Any]] = []
    following: str | None = path
    for _ in range(100):
        if following is None:
            return found
        answer = world.call("GET", following).json()
        assert set(answer) == {"success", "integrations", "total", "next"}
        found += answer["integrations"]
        following = answer["next"]
    raise AssertionError("`next` never ends")


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 10, 500])
def test_pages_lose_nothing_and_double_nothing(shared: World, limit: int) -> None:
    if not shared.rows("integrations", "&event_type=post_message&source_service=jira&target_service=slack")[9:]:
        for _ in range(10):
            ask(shared, KINDS[2], POST)
    everything = shared.rows("integrations", "&source_service=jira")
    newest_first = everything[::-1]
    assert pages(shared, f"{INTEGRATIONS}?source_service=jira&limit={limit}") == newest_first
    assert [one["id"] for one in newest_first] == sorted((one["id"] for one in everything), reverse=True)


def test_a_page_does_not_shift_while_rows_come_in(world: World) -> None:
    for _ in range(4):
        ask(world, KINDS[2], POST)
    everything = world.rows("integrations")[::-1]
    first = world.call("GET", f"{INTEGRATIONS}?limit=2").json()
    ask(world, KINDS[2], POST)
    second = world.call("GET", first["next"]).json()
    assert first["integrations"] + second["integrations"] == everything
    assert (first["total"], second["total"], second["next"]) == (4, 5, None)


def test_an_empty_list_is_answered_in_full(sqlite_world: World) -> None:
    for kind in FILTERS:
        answer = sqlite_world.call("GET", f"/api/v1/{kind}")
        assert (answer.status_code, answer.json()) == (200, {"success": True, kind: [], "total": 0, "next": None})


@pytest.mark.parametrize("kind", list(FILTERS))
def test_an_unknown_filter_is_a_422_that_lists_the_known(shared: World, kind: str) -> None:
    possible = ", ".join((*FILTERS[kind], "limit", "before"))
    for name in ("statuss", "payload", "id", "offset", "lease_token", "Status"):
        answer = shared.call("GET", f"/api/v1/{kind}?{name}=1")
        expected = refused("unknown_filter", f"There is no filter {name}. Possible: {possible}.")
        assert (answer.status_code, answer.json()) == (422, expected)


@pytest.mark.parametrize("limit", ["0", "501", "-1", "", "x", "1.5", "1e2", "9" * 5000, "%00", " 5"])
def test_a_limit_out_of_bounds_is_a_422(shared: World, limit: str) -> None:
    answer = shared.call("GET", f"{INTEGRATIONS}?limit={limit}")
    assert (answer.status_code, answer.json()) == (422, refused("invalid", "limit: must be a number from 1 to 500"))


@pytest.mark.parametrize("before", ["", "-1", "x", "1.5", "9" * 19, "9" * 5000])
def test_a_place_to_go_on_that_is_no_id_is_a_422(shared: World, before: str) -> None:
    answer = shared.call("GET", f"{INTEGRATIONS}?before={before}")
    assert (answer.status_code, answer.json()) == (422, refused("invalid", "before: must be a row's id"))


def test_strange_values_of_filters_find_nothing(shared: World) -> None:
    for value in ("%00", "%ED%A0%80", "%FF", "'", "%25", "x" * 5000, "%F0%9F%98%80"):
        answer = shared.call("GET", f"{INTEGRATIONS}?status={value}&operation={value}")
        assert (answer.status_code, answer.json()["integrations"]) == (200, [])
