"""What the REST API refuses: each refusal has the usual shape, names what is wrong, and stores nothing."""

from typing import Any

import pytest

from sandbox.slack import GENERAL
from tests.receiver.asking import INTEGRATIONS, KINDS, NAMES, ONE_OF, POST, body, refusal
from tests.receiver.doors import client, refused, stored
from tests.world import API_KEY, World

# --- what cannot be asked for ----------------------------------------------------------------------------------------


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
    (KINDS[2], {"text": "x"}, ["issue"]),
    (KINDS[2], {"channel": GENERAL, "issue": "OPS-1", "text": "x"}, ["issue"]),
    (KINDS[2], {"issue": "OPS-1", "thread_ts": "1700000000.000100", "text": "x"}, ["issue"]),
    (KINDS[2], {"issue": "OPS", "text": "x"}, ["issue"]),
    (KINDS[3], {"issue": "OPS-1", "text": "x"}, ["channel", "issue"]),
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
