"""The REST API's contract: what can be asked for, what comes of it, and how rows are looked at."""

import json
from datetime import datetime
from typing import Any
from urllib.parse import quote

import pytest

from sandbox.slack import DEV, GENERAL, MEMBER
from tests.receiver.doors import at_once, client, refused, stored, to_github, to_jira, to_slack
from tests.receiver.doors import event as slack_event
from tests.world import API_KEY, World

TEAM = "T0DEV00001"
INTEGRATIONS = "/api/v1/integrations"
NAMES = ("source_service", "target_service", "event_type")
KINDS = [
    ("slack", "jira", "create_ticket"), ("slack", "jira", "add_comment"), ("jira", "slack", "post_message"),
    ("github", "slack", "post_message"), ("slack", "github", "create_issue"),
]  # fmt: skip
POST = {"channel": GENERAL, "text": "hello"}
INTEGRATION_COLUMNS: dict[str, tuple[type, ...]] = {
    "id": (int,), "source_service": (str,), "target_service": (str,), "event_type": (str,), "source_id": (str,),
    "target_id": (str,), "payload": (str,), "status": (str,), "error_message": (str, type(None)), "created_at": (str,),
    "updated_at": (str,), "operation": (str,), "delivery_id": (int, type(None)), "remote_id": (str, type(None)),
    "attempts": (int,), "due_at": (str,), "sent_at": (str, type(None)),
}  # fmt: skip
MAPPING_COLUMNS: dict[str, tuple[type, ...]] = {
    "id": (int,), "source_service": (str,), "source_id": (str,), "target_service": (str,), "target_id": (str,),
    "mapping_type": (str,), "extra_data": (str,), "created_at": (str,),
}  # fmt: skip
DELIVERY_COLUMNS: dict[str, tuple[type, ...]] = {
    "id": (int,), "service": (str,), "delivery_id": (str,), "event": (str,), "status": (str,), "detail": (str,),
    "attempts": (int,), "received_at": (str,), "updated_at": (str,),
}  # fmt: skip
ONE_OF = {
    "integrations": "integration", "mappings": "mapping", "deliveries": "delivery", "subscriptions": "subscription",
}  # fmt: skip


def body(kind: tuple[str, str, str], payload: Any) -> dict[str, Any]:
    return {**dict(zip(NAMES, kind, strict=True)), "payload": payload}


def ask(world: World, kind: tuple[str, str, str], payload: dict[str, Any]) -> int:
    """Ask over REST, comparing the whole answer."""
    answer = world.call("POST", INTEGRATIONS, body(kind, payload))
    given = answer.json()
    assert (answer.status_code, given) == (
        201, {"success": True, "message": "Integration created", "integration_id": given.get("integration_id")},
    ), answer.text  # fmt: skip
    assert isinstance(given["integration_id"], int)
    return given["integration_id"]


def row(world: World, row_id: int) -> dict[str, Any]:
    answer = world.call("GET", f"{INTEGRATIONS}/{row_id}")
    assert (answer.status_code, set(answer.json())) == (200, {"success", "integration"})
    return answer.json()["integration"]


def part(whole: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: whole[name] for name in names}


# --- the five kinds, done --------------------------------------------------------------------------------------------


def test_a_ticket_is_stored_first_and_then_created_mapped_and_linked_in_its_thread(world: World) -> None:
    ts = world.slack.say(MEMBER, GENERAL, "the printer is on fire")
    payload = {
        "message": "the printer is on fire", "channel": GENERAL, "summary": "Printer on fire", "project": "WEB",
        "description": "It burns & <!here>.", "issue_type": "Bug", "thread_ts": ts, "user": MEMBER,
    }  # fmt: skip
    row_id = ask(world, ("slack", "jira", "create_ticket"), payload)
    waiting = row(world, row_id)
    assert part(waiting, *NAMES, "status", "error_message", "operation", "attempts", "sent_at", "remote_id") == {
        "source_service": "slack", "target_service": "jira", "event_type": "create_ticket", "status": "pending",
        "error_message": None, "operation": "create_issue", "attempts": 0, "sent_at": None, "remote_id": None,
    }  # fmt: skip
    assert (waiting["source_id"], waiting["target_id"]) == (f"{TEAM}/{GENERAL}/{ts}", "WEB")
    assert world.jira.issues == {}

    world.settle()
    [issue] = world.jira.issues.values()
    assert (issue.key, issue.summary, issue.type.name, issue.text.startswith("It burns & <!here>.")) == (
        "WEB-1", "Printer on fire", "Bug", True,
    )  # fmt: skip
    assert part(row(world, row_id), "status", "target_id", "remote_id", "error_message") == {
        "status": "completed", "target_id": "WEB-1", "remote_id": "WEB-1", "error_message": None,
    }  # fmt: skip
    [mapping] = world.rows("mappings")
    assert part(mapping, "source_service", "source_id", "target_service", "target_id", "mapping_type") == {
        "source_service": "slack", "source_id": f"{TEAM}/{GENERAL}/{ts}", "target_service": "jira",
        "target_id": "WEB-1", "mapping_type": "thread",
    }  # fmt: skip
    [card] = world.slack.thread(GENERAL, ts)[1:]
    assert f"{world.jira.url}/browse/WEB-1" in str(card["blocks"])


def test_a_ticket_with_nothing_but_message_and_channel_takes_the_defaults_and_is_linked_in_the_channel(
    sqlite_world: World,
) -> None:
    world = sqlite_world
    ask(world, ("slack", "jira", "create_ticket"), {"message": "Printer on fire\nin room 7", "channel": GENERAL})
    world.settle()
    [issue] = world.jira.issues.values()
    assert (issue.key, issue.summary, issue.type.name) == ("OPS-1", "Printer on fire", "Task")
    assert issue.text.startswith("Printer on fire\nin room 7")
    [card] = world.slack.history(GENERAL)
    assert "OPS-1" in card["text"]
    [mapping] = world.rows("mappings")
    assert (mapping["source_id"], mapping["target_id"]) == (f"{TEAM}/{GENERAL}/{card['ts']}", "OPS-1")


def test_a_comment_is_added(sqlite_world: World) -> None:
    world = sqlite_world
    key = world.jira.create("OPS", "Task", "Printer")
    row_id = ask(
        world, ("slack", "jira", "add_comment"), {"issue": key.lower(), "message": "It burns <!channel> still"}
    )
    world.settle()
    assert [comment.text for comment in world.jira.issues[key].comments] == ["It burns <!channel> still"]
    done = row(world, row_id)
    assert part(done, "status", "operation", "target_id", "remote_id") == {
        "status": "completed", "operation": "add_comment", "target_id": key,
        "remote_id": world.jira.issues[key].comments[0].id,
    }  # fmt: skip


@pytest.mark.parametrize("source", ["jira", "github"])
def test_a_message_is_posted_in_a_channel_or_thread(sqlite_world: World, source: str) -> None:
    world = sqlite_world
    kind = (source, "slack", "post_message")
    first = ask(world, kind, {"channel": GENERAL, "text": "*Deployed* <!channel> <https://evil.example|v2> & more"})
    world.settle()
    [message] = world.slack.history(GENERAL)
    place = f"{TEAM}/{GENERAL}/{message['ts']}"
    assert message["text"] == "*Deployed* &lt;!channel&gt; &lt;https://evil.example|v2&gt; &amp; more"
    assert part(row(world, first), "source_service", "status", "target_id", "remote_id") == {
        "source_service": source, "status": "completed", "target_id": place, "remote_id": message["ts"],
    }  # fmt: skip
    ask(world, kind, {"channel": GENERAL, "text": "and again", "thread_ts": message["ts"]})
    world.settle()
    assert [reply["text"] for reply in world.slack.thread(GENERAL, message["ts"])[1:]] == ["and again"]


def test_a_github_issue_is_created_and_its_link_posted(sqlite_world: World) -> None:
    world = sqlite_world
    payload = {"repository": "acme/web", "title": "Login fails", "body": "ping @acme closes #1", "channel": DEV}
    row_id = ask(world, ("slack", "github", "create_issue"), payload)
    world.settle()
    repository = world.github.repo("acme/web")
    assert repository is not None
    [ticket] = repository.tickets.values()
    assert ticket.title == "Login fails"
    assert "@acme closes #1" not in (ticket.body or "")
    assert part(row(world, row_id), "status", "operation", "target_id", "remote_id") == {
        "status": "completed", "operation": "create_issue", "target_id": "acme/web#1", "remote_id": "1",
    }  # fmt: skip
    [message] = world.slack.history(DEV)
    assert "acme/web#1" in message["text"]


def test_a_github_issue_without_a_channel_is_created_and_nothing_is_posted(sqlite_world: World) -> None:
    world = sqlite_world
    ask(world, ("slack", "github", "create_issue"), {"repository": "acme/web", "title": "Quiet"})
    world.settle()
    assert world.slack.calls_to("chat.postMessage") == []


def test_what_cannot_be_done_is_shown_failed_with_the_reason(sqlite_world: World) -> None:
    world = sqlite_world
    row_id = ask(world, ("jira", "slack", "post_message"), {"channel": "C0NOSUCH", "text": "hello"})
    world.settle()
    failed = row(world, row_id)
    assert (failed["status"], failed["remote_id"], bool(failed["error_message"])) == ("failed", None, True)


# --- what cannot be asked for ----------------------------------------------------------------------------------------


def refusal(world: World, given: Any, **headers: str) -> dict[str, Any]:
    """A 422 that stores nothing."""
    before = stored(world)
    answer = world.call("POST", INTEGRATIONS, given, **headers)
    assert (answer.status_code, answer.json()["success"]) == (422, False), answer.text
    assert stored(world) == before
    return answer.json()["error"]


@pytest.mark.parametrize(
    "names",
    [
        ("slack", "jira", "post_message"), ("jira", "jira", "create_ticket"), ("slack", "slack", "post_message"),
        ("SLACK", "jira", "create_ticket"), ("slack", "jira", ""), (None, None, None), (5, True, ["create_ticket"]),
        ({"slack": 1}, "jira", "create_ticket"), ("\ud800", "jira", "create_ticket"), ("x" * 100_000, "jira", "x"),
    ],
)  # fmt: skip
def test_another_combination_is_a_422_that_lists_what_is_possible(shared: World, names: Any) -> None:
    assert refusal(shared, body(names, POST)) == {
        "code": "unknown_integration", "message": "This combination is not possible.",
        "possible": [dict(zip(NAMES, kind, strict=True)) for kind in KINDS],
    }  # fmt: skip


def test_a_body_without_names_is_a_422_that_lists_what_is_possible(shared: World) -> None:
    assert refusal(shared, {})["code"] == "unknown_integration"


SPOILED: list[tuple[tuple[str, str, str], dict[str, Any], list[str]]] = [
    (KINDS[0], {}, ["message", "channel"]),
    (KINDS[0], {"message": "x"}, ["channel"]),
    (KINDS[0], {"message": "", "channel": GENERAL}, ["message"]),
    (KINDS[0], {"message": " \n\t ", "channel": GENERAL}, ["message"]),
    (KINDS[0], {"message": None, "channel": None}, ["message", "channel"]),
    (KINDS[0], {"message": 5, "channel": ["C1"]}, ["message", "channel"]),
    (KINDS[0], {"message": "x" * 40_001, "channel": GENERAL}, ["message"]),
    (KINDS[0], {"message": "x\ud800", "channel": GENERAL}, ["message"]),
    (KINDS[0], {"message": "x", "channel": "#general"}, ["channel"]),
    (KINDS[0], {"message": "x", "channel": "c0dev"}, ["channel"]),
    (KINDS[0], {"message": "x", "channel": "C/../admin"}, ["channel"]),
    (KINDS[0], {"message": "x", "channel": GENERAL, "summary": "x" * 256}, ["summary"]),
    (KINDS[0], {"message": "x", "channel": GENERAL, "project": "x" * 101, "issue_type": 5}, ["project", "issue_type"]),
    (KINDS[0], {"message": "x", "channel": GENERAL, "thread_ts": "now", "user": "mia"}, ["thread_ts", "user"]),
    (KINDS[0], {"message": "x", "channel": GENERAL, "thread_ts": 1700000000.0001}, ["thread_ts"]),
    (KINDS[0], {"message": "x", "channel": GENERAL, "sumary": "typo", "projekt": "OPS"}, ["sumary", "projekt"]),
    (KINDS[1], {"issue": "OPS", "message": "x"}, ["issue"]),
    (KINDS[1], {"issue": "OPS-1/../../myself", "message": "x"}, ["issue"]),
    (KINDS[1], {"issue": 'OPS-1" OR project = HR', "message": "x"}, ["issue"]),
    (KINDS[1], {"issue": None}, ["issue", "message"]),
    (KINDS[2], {"channel": GENERAL}, ["text"]),
    (KINDS[2], {"channel": GENERAL, "text": "x", "blocks": []}, ["blocks"]),
    (KINDS[3], {"channel": GENERAL, "text": {"text": "x"}}, ["text"]),
    (KINDS[4], {"repository": "acme", "title": "x"}, ["repository"]),
    (KINDS[4], {"repository": "acme/web/../secret", "title": "x"}, ["repository"]),
    (KINDS[4], {"repository": "acme/web\n", "title": ""}, ["title"]),
    (KINDS[4], {"repository": "acme/web", "title": "x" * 257, "body": "x" * 60_001}, ["title", "body"]),
]


@pytest.mark.parametrize(("kind", "payload", "fields"), SPOILED)
def test_every_wrong_field_is_named(
    shared: World, kind: tuple[str, str, str], payload: dict[str, Any], fields: list[str]
) -> None:
    error = refusal(shared, body(kind, payload))
    assert (error["code"], [detail["field"] for detail in error["details"]]) == ("invalid", fields)
    assert error["message"] == f"{fields[0]}: {error['details'][0]['message']}"
    assert all(set(detail) == {"field", "message"} and detail["message"] for detail in error["details"])


@pytest.mark.parametrize("payload", [None, [], "x", 5, True])
def test_a_payload_that_is_no_object_is_named(shared: World, payload: Any) -> None:
    error = refusal(shared, body(KINDS[0], payload))
    assert (error["code"], error["message"].partition(":")[0]) == ("invalid", "payload")


MALFORMED = {
    "nothing": b"", "not JSON": b"{bad", "null": b"null", "a list": b"[1]", "a string": b'"x"', "deep": b"[" * 200_000,
    "a huge integer": b'{"payload":' + b"9" * 5000 + b"}", "NaN": b'{"payload":NaN}', "bad UTF-8": b'{"x":"\xff"}',
    "a form": b"source_service=slack",
}  # fmt: skip


@pytest.mark.parametrize("path", [INTEGRATIONS, "/api/v1/subscriptions"])
@pytest.mark.parametrize("given", list(MALFORMED.values()), ids=list(MALFORMED))
def test_malformed_json_is_a_400(shared: World, path: str, given: bytes) -> None:
    before = stored(shared)
    answer = client(shared).post(path, data=given, headers={"Authorization": f"Bearer {API_KEY}"})
    message = answer.json["error"]["message"] if answer.json else ""
    assert (answer.status_code, answer.json) == (400, refused("malformed", message))
    assert stored(shared) == before


@pytest.mark.parametrize(
    ("setting", "kind", "payload", "code"),
    [
        ("jira_api_token", KINDS[1], {"issue": "OPS-1", "message": "x"}, "service_off"),
        ("github_token", KINDS[4], {"repository": "acme/web", "title": "x"}, "service_off"),
        ("slack_bot_token", KINDS[2], POST, "service_off"),
    ],
)
def test_what_needs_a_service_that_is_off_is_a_503_that_names_the_variable(
    shared: World, setting: str, kind: tuple[str, str, str], payload: Any, code: str
) -> None:
    before = stored(shared)
    answer = client(shared, **{setting: ""}).post(
        INTEGRATIONS, json=body(kind, payload), headers={"Authorization": f"Bearer {API_KEY}"}
    )
    expected = refused(code, f"{kind[1]} is off: {setting.upper()} is not set.")
    assert (answer.status_code, answer.json) == (503, expected)
    assert stored(shared) == before


def test_while_slack_does_not_say_which_workspace_it_is_nothing_is_stored(sqlite_world: World) -> None:
    world = sqlite_world
    world.slack.fault("auth.test", status=503)
    answer = world.call("POST", INTEGRATIONS, body(KINDS[2], POST))
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "slack_unavailable")
    assert stored(world) == (0, 0)
    assert world.call("POST", INTEGRATIONS, body(KINDS[2], POST)).status_code == 201


# --- once only -------------------------------------------------------------------------------------------------------


def test_the_same_idempotency_key_is_the_same_integration(world: World) -> None:
    given, key = body(KINDS[2], POST), {"Idempotency-Key": "order 66 ü"}
    first = world.call("POST", INTEGRATIONS, given, **key)
    again = world.call("POST", INTEGRATIONS, given, **key)
    assert (first.status_code, first.json()) == (again.status_code, again.json())
    world.settle()
    assert world.call("POST", INTEGRATIONS, given, **key).json() == first.json()
    world.settle()
    assert len(world.slack.history(GENERAL)) == 1
    other = world.call("POST", INTEGRATIONS, given, **{"Idempotency-Key": "order 67"})
    assert other.json()["integration_id"] != first.json()["integration_id"]


def test_the_same_idempotency_key_twenty_times_at_once_is_one_integration(world: World) -> None:
    world.services.workspace.identity()
    given, key = body(KINDS[2], POST), {"Idempotency-Key": "once"}
    answers = at_once(20, lambda: world.call("POST", INTEGRATIONS, given, **key).json())
    assert {answer["integration_id"] for answer in answers} == {answers[0]["integration_id"]}
    world.settle()
    assert len(world.slack.history(GENERAL)) == 1


def test_an_idempotency_key_for_another_request_is_a_422(shared: World) -> None:
    key = {"Idempotency-Key": "taken"}
    assert shared.call("POST", INTEGRATIONS, body(KINDS[2], POST), **key).status_code == 201
    for other in (body(KINDS[2], POST | {"text": "other"}), body(KINDS[3], POST)):
        assert refusal(shared, other, **key) == {
            "code": "idempotency_key_reused", "message": "This Idempotency-Key was used for another request.",
        }  # fmt: skip


def test_without_an_idempotency_key_the_same_request_is_another_integration(sqlite_world: World) -> None:
    world = sqlite_world
    assert len({ask(world, KINDS[2], POST) for _ in range(3)}) == 3


# --- rows ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def told(world: World) -> World:
    """A world in which something of every kind has happened."""
    ts = world.slack.say(MEMBER, GENERAL, "<@U0DEVBOT01> create bug in OPS: the printer is on fire")
    world.settle()
    world.slack.say(MEMBER, GENERAL, "it still burns", thread_ts=ts)
    world.jira.transition("OPS-1", "In Progress", "Ada Lovelace")
    subscription = {"source_service": "github", "source": "acme/web", "channel": DEV, "events": ["all"]}
    assert world.call("POST", "/api/v1/subscriptions", subscription).status_code == 201
    world.github.open_issue("acme/web", "Login fails")
    ask(world, KINDS[2], {"channel": "C0NOSUCH", "text": "nobody hears this"})
    world.settle()
    return world


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
    "deliveries": ("service", "delivery_id", "status", "event"), "subscriptions": ("source_service", "source"),
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


# --- what is not there -----------------------------------------------------------------------------------------------


def test_a_row_that_is_not_there_is_a_404(shared: World) -> None:
    for kind, name in ONE_OF.items():
        for number in ("999999", "0", str(2**63 - 1)):
            answer = shared.call("GET", f"/api/v1/{kind}/{number}")
            assert (answer.status_code, answer.json()) == (404, refused("not_found", f"There is no {name} {number}."))
    for method, kind, more in (
        ("POST", "integrations", "/retry"), ("POST", "deliveries", "/replay"), ("DELETE", "subscriptions", ""),
        ("PATCH", "subscriptions", ""),
    ):  # fmt: skip
        answer = shared.call(method, f"/api/v1/{kind}/999999{more}", {})
        expected = refused("not_found", f"There is no {ONE_OF[kind]} 999999.")
        assert (answer.status_code, answer.json()) == (404, expected)


MISSING, NOT_ALLOWED = (404, "not_found"), (405, "method_not_allowed")


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("GET", "/", MISSING), ("GET", "/api", MISSING), ("GET", "/api/v1", MISSING), ("GET", "/%ff%00", MISSING),
        ("GET", "/api/v1/nothing", MISSING), ("GET", "/api/v2/integrations", MISSING),
        ("GET", "/api/v1/integrations/", MISSING), ("GET", "/api/v1/integrations/x", MISSING),
        ("GET", "/api/v1/integrations/-1", MISSING), ("GET", f"/api/v1/integrations/{2**63}", MISSING),
        ("GET", "/api/v1/integrations/" + "9" * 5000, MISSING),
        ("POST", f"/api/v1/integrations/{2**63}/retry", MISSING),
        ("POST", f"/api/v1/deliveries/{2**63}/replay", MISSING),
        ("DELETE", "/api/v1/integrations", NOT_ALLOWED), ("PUT", "/api/v1/mappings", NOT_ALLOWED),
        ("DELETE", "/api/v1/integrations/1", NOT_ALLOWED), ("POST", "/health", NOT_ALLOWED),
        ("POST", "/api/v1/mappings", NOT_ALLOWED), ("BREW", "/health", NOT_ALLOWED),
        ("GET", "/api/v1/integrations/1/retry", NOT_ALLOWED),
    ],
)  # fmt: skip
def test_unknown_routes_and_methods_are_refused_in_the_usual_shape(
    shared: World, method: str, path: str, expected: tuple[int, str]
) -> None:
    answer = shared.call(method, path)
    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) == expected
    assert answer.json() == refused(error["code"], error["message"])


# --- again -----------------------------------------------------------------------------------------------------------


def test_a_failed_integration_is_retried_and_no_other(world: World) -> None:
    row_id = ask(world, KINDS[2], {"channel": "C0LATER", "text": "hello"})
    not_failed = refused("not_failed", "Only a failed integration can be retried.")
    pending = world.call("POST", f"{INTEGRATIONS}/{row_id}/retry")
    assert (pending.status_code, pending.json()) == (409, not_failed)
    world.settle()
    assert row(world, row_id)["status"] == "failed"

    world.slack.add_channel("C0LATER", "later")
    again = world.call("POST", f"{INTEGRATIONS}/{row_id}/retry")
    assert (again.status_code, again.json()["success"]) == (200, True)
    assert part(again.json()["integration"], "id", "status", "attempts") == {
        "id": row_id, "status": "pending", "attempts": 0,
    }  # fmt: skip
    world.settle()
    assert part(row(world, row_id), "status", "error_message") == {"status": "completed", "error_message": None}
    assert [message["text"] for message in world.slack.history("C0LATER")] == ["hello"]
    done = world.call("POST", f"{INTEGRATIONS}/{row_id}/retry")
    assert (done.status_code, done.json()) == (409, not_failed)


def effects(world: World) -> tuple[int, int, list[str]]:
    posted = [message["text"] for place in world.slack.channels.values() for message in place.messages]
    return len(world.jira.issues), sum(len(issue.comments) for issue in world.jira.issues.values()), posted


def test_replaying_everything_that_arrived_does_nothing_twice(told: World) -> None:
    before, rows = effects(told), told.rows("integrations")
    for one in told.rows("deliveries"):
        answer = told.call("POST", f"/api/v1/deliveries/{one['id']}/replay")
        assert (answer.status_code, answer.json()["delivery"]["status"]) == (200, "pending")
    told.settle()
    assert effects(told) == before
    again = told.rows("integrations")
    assert again[: len(rows)] == rows
    assert {one["operation"] for one in again[len(rows) :]} <= {"update_message"}  # a card shown as it is already
    assert {one["status"] for one in told.rows("deliveries")} <= {"completed", "ignored"}


def test_replaying_what_a_person_sent_does_nothing_twice(world: World) -> None:
    world.slack.command(MEMBER, GENERAL, "/jira", "create Printer is on fire")
    world.settle()
    before = effects(world)
    [command] = [one for one in world.rows("deliveries") if one["event"] == "/jira"]
    world.call("POST", f"/api/v1/deliveries/{command['id']}/replay")
    for _ in range(4):
        world.advance(120)
    assert effects(world) == before
    assert world.call("GET", f"/api/v1/deliveries/{command['id']}").json()["delivery"]["status"] == "completed"


def test_a_delivery_that_nobody_wanted_is_done_when_it_is_replayed_after_a_subscription(sqlite_world: World) -> None:
    world = sqlite_world
    world.github.open_issue("acme/web", "Login fails")
    world.settle()
    [missed] = world.rows("deliveries")
    assert (missed["status"], missed["detail"]) == ("ignored", "no channel subscribed to this")
    wanted = {"source_service": "github", "source": "acme/web", "channel": DEV}
    assert world.call("POST", "/api/v1/subscriptions", wanted).status_code == 201
    assert world.call("POST", f"/api/v1/deliveries/{missed['id']}/replay").status_code == 200
    world.settle()
    [card] = world.slack.history(DEV)
    assert "Login fails" in card["text"]


def test_what_arrived_is_shown_with_what_became_of_it_and_why(sqlite_world: World) -> None:
    world = sqlite_world
    to_github(world, b'{"zen":"x"}', "g-1", "ping")
    to_jira(world, b'{"webhookEvent":"sprint_started"}', "j-1")
    to_slack(world, slack_event({"type": "reaction_added", "user": "U1", "item": {"channel": "C1", "ts": "1.2"}}))
    world.settle()
    reasons = {
        "ping": "nothing to tell of ping", "sprint_started": "nothing to tell of sprint_started",
        "reaction_added": "nobody asked connect for anything",
    }  # fmt: skip
    found = world.rows("deliveries")
    assert [one["service"] for one in found] == ["github", "jira", "slack"]
    assert {one["event"]: (one["status"], one["detail"]) for one in found} == {
        event: ("ignored", reason) for event, reason in reasons.items()
    }
