"""Who may use the REST API, and how much a door reads."""

import io
from typing import Any

import pytest
from flask import Flask, request
from werkzeug.exceptions import RequestEntityTooLarge

from bot.receiver.limits import body_of, has_key, is_local
from tests.receiver.doors import client, refused, stored
from tests.world import API_KEY, World

LOCAL_ONLY = refused("local_only", "CONNECT_API_KEY is not set, so the API answers to this machine only.")
UNAUTHORIZED = refused("unauthorized", "Send the API key: Authorization: Bearer …")


def _local(peer: str = "127.0.0.1", host: str = "localhost:5001", **headers: str) -> bool:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    base = {"REMOTE_ADDR": peer}
    with Flask("test").test_request_context("/", headers={"Host": host, **named}, environ_base=base):
        return is_local(request)


@pytest.mark.parametrize("peer", ["127.0.0.1", "127.8.8.8", "::1"])
@pytest.mark.parametrize("host", ["localhost", "localhost:5001", "127.0.0.1:5001", "[::1]:5001", "[::1]"])
def test_this_machine_is_the_loopback_peer_under_a_loopback_name(peer: str, host: str) -> None:
    assert _local(peer, host)


@pytest.mark.parametrize(
    "peer", ["", "10.0.0.1", "192.168.1.2", "8.8.8.8", "fe80::1", "::", "0.0.0.0", "unix:", "localhost"]
)
def test_another_peer_is_not_this_machine(peer: str) -> None:
    assert not _local(peer)


@pytest.mark.parametrize(
    "host",
    ["connect.example.com", "localhost.example.com", "127.0.0.1.nip.io", "evil@localhost", "0.0.0.0:5001", "10.0.0.1",
     "[::2]:5001", "example.com:127.0.0.1"],
)  # fmt: skip
def test_another_name_is_not_this_machine_whoever_the_peer_is(host: str) -> None:
    assert not _local(host=host)


@pytest.mark.parametrize(
    "header",
    ["Forwarded", "X_Forwarded_For", "X_Forwarded_Host", "X_Forwarded_Proto", "X_Forwarded_Server", "X_Real_IP", "Via"],
)
def test_what_was_forwarded_is_not_from_this_machine(header: str) -> None:
    assert not _local(**{header: "127.0.0.1"})
    assert not _local(**{header: ""})


def test_a_page_of_another_site_in_a_browser_here_is_not_this_machine() -> None:
    origins = {
        "https://evil.example": False, "null": False, "": False, "http://localhost.evil.example": False,
        "http://localhost:5001": True, "http://127.0.0.1": True, "http://[::1]:5001": True,
    }  # fmt: skip
    assert {origin: _local(Origin=origin) for origin in origins} == origins


def _knows(authorization: str | None, *keys: str) -> bool:
    headers = {} if authorization is None else {"Authorization": authorization}
    with Flask("test").test_request_context("/", headers=headers):
        return has_key(request, keys)


def test_the_key_is_a_bearer_token_and_any_of_several_will_do() -> None:
    assert _knows("Bearer one", "one")
    assert _knows("bearer  two ", "one", "two")
    for wrong in (
        None,
        "",
        "one",
        "Bearer",
        "Bearer ",
        "Bearer on",
        "Bearer onee",
        "Basic one",
        "Bearer one two",
        "Bearer \xfc",
    ):
        assert not _knows(wrong, "one", "two"), wrong
    assert not _knows("Bearer ")
    assert not _knows("Bearer one")


def _read(body: bytes, limit: int, *, chunked: bool) -> bytes:
    environ: dict[str, Any] = {"wsgi.input_terminated": True, "CONTENT_LENGTH": ""} if chunked else {}
    with Flask("test").test_request_context(
        "/", method="POST", input_stream=io.BytesIO(body), environ_overrides=environ
    ):
        request.environ["CONTENT_LENGTH"] = "" if chunked else str(len(body))
        return body_of(request, limit)


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_is_read_up_to_its_limit_and_no_further(*, chunked: bool) -> None:
    assert [_read(b"x" * size, 10, chunked=chunked) for size in (0, 9, 10)] == [b"", b"x" * 9, b"x" * 10]
    for size in (11, 12, 100_000):
        with pytest.raises(RequestEntityTooLarge):
            _read(b"x" * size, 10, chunked=chunked)


# --- the guard in place ----------------------------------------------------------------------------------------------

ROUTES = (
    ("GET", "/api/v1/integrations"), ("POST", "/api/v1/integrations"), ("GET", "/api/v1/integrations/1"),
    ("POST", "/api/v1/integrations/1/retry"), ("GET", "/api/v1/mappings"), ("GET", "/api/v1/mappings/1"),
    ("GET", "/api/v1/deliveries"), ("GET", "/api/v1/deliveries/1"), ("POST", "/api/v1/deliveries/1/replay"),
    ("GET", "/api/v1/subscriptions"), ("POST", "/api/v1/subscriptions"), ("GET", "/api/v1/subscriptions/1"),
    ("PATCH", "/api/v1/subscriptions/1"), ("DELETE", "/api/v1/subscriptions/1"),
)  # fmt: skip


def test_every_route_of_the_api_wants_the_key(shared: World) -> None:
    before = stored(shared)
    for method, path in ROUTES:
        for key in ("", "wrong", API_KEY[:-1], API_KEY + "x", f"{API_KEY},", API_KEY.upper()):
            answer = shared.call(method, path, {}, key=key)
            assert (answer.status_code, answer.json(), answer.headers["WWW-Authenticate"]) == (
                401, UNAUTHORIZED, "Bearer",
            ), (method, path)  # fmt: skip
    assert stored(shared) == before


def test_a_key_is_needed_on_this_machine_too_once_there_is_one(shared: World) -> None:
    answer = client(shared).get("/api/v1/integrations", headers={"Host": "localhost"})
    assert (answer.status_code, answer.json) == (401, UNAUTHORIZED)


def test_a_key_is_rotated_by_a_comma_list(shared: World) -> None:
    door = client(shared, connect_api_key="next, former")
    statuses = {
        key: door.get("/api/v1/mappings", headers={"Authorization": f"Bearer {key}"}).status_code
        for key in ("next", "former", "gone", "next, former", ",")
    }
    assert statuses == {"next": 200, "former": 200, "gone": 401, "next, former": 401, ",": 401}


@pytest.mark.parametrize("key", ["", ",", " , "])
def test_without_a_key_the_api_answers_to_this_machine_only(shared: World, key: str) -> None:
    door = client(shared, connect_api_key=key)
    for method, path in ROUTES:
        for peer, headers in (
            ("10.0.0.1", {"Host": "localhost"}), ("127.0.0.1", {"Host": "connect.example.com"}),
            ("127.0.0.1", {"Host": "localhost", "X-Forwarded-For": "127.0.0.1"}),
            ("127.0.0.1", {"Host": "localhost", "Origin": "https://evil.example"}),
            ("10.0.0.1", {"Host": "localhost", "Authorization": "Bearer "}),
        ):  # fmt: skip
            answer = door.open(path, method=method, headers=headers, environ_base={"REMOTE_ADDR": peer}, json={})
            assert (answer.status_code, answer.json) == (403, LOCAL_ONLY), (method, path, headers)
    local = door.get("/api/v1/mappings", headers={"Host": "localhost:5001"}, environ_base={"REMOTE_ADDR": "127.0.0.1"})
    assert (local.status_code, local.json["success"] if local.json else None) == (200, True)


def test_health_needs_no_key(shared: World) -> None:
    assert shared.call("GET", "/health", key="").status_code == 200


def test_a_rest_body_past_a_mebibyte_is_a_413(shared: World) -> None:
    expected = refused("request_entity_too_large", "The data value transmitted exceeds the capacity limit.")
    for path in ("/api/v1/integrations", "/api/v1/subscriptions"):
        answer = shared.call("POST", path, {"payload": "x" * 1024 * 1024})
        assert (answer.status_code, answer.json()) == (413, expected)
