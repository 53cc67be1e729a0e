"""The server of `serve`, driven over sockets: slow, large, chunked and pipelined requests, its port, and its end."""

import contextlib
import hashlib
import hmac
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests

from bot import serving

ROOT = Path(__file__).parents[1]
SECRET = "github-secret"
SECONDS = 50.0
GITHUB = {"GITHUB_TOKEN": "token", "GITHUB_API_URL": "http://127.0.0.1:9", "GITHUB_WEBHOOK_SECRET": SECRET}
OURS = ("SLACK_", "JIRA_", "GITHUB_", "CONNECT_", "DATABASE_URL", "HTTP_", "HTTPS_")


class Serving:
    """One `python app.py` in a folder of its own, on a port that it chose itself."""

    def __init__(
        self, folder: Path, host: str = "127.0.0.1", port: int = 0, limit: float = SECONDS, **settings: str
    ) -> None:
        clean = {name: value for name, value in os.environ.items() if not name.upper().startswith(OURS)}
        own = {"CONNECT_HOST": host, "CONNECT_PORT": str(port), "DATABASE_URL": "sqlite:///./connect.db"}
        self.process = subprocess.Popen(
            [sys.executable, str(ROOT / "app.py")], cwd=folder, env=clean | own | GITHUB | settings,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        self._timer = threading.Timer(limit, self.process.kill)
        self._timer.start()
        assert self.process.stdout is not None
        first = re.search(r"http://(\S+):(\d+) ", self.process.stdout.readline())
        self.host, self.port = (first[1].strip("[]"), int(first[2])) if first else (host, port)
        self.url = f"http://{first[1]}:{self.port}" if first else ""

    def connect(self) -> socket.socket:
        return socket.create_connection((self.host, self.port), timeout=SECONDS)

    def health(self) -> int:
        return requests.get(f"{self.url}/health", timeout=SECONDS).status_code

    def refuses(self) -> bool:
        """Whether new connections are refused; waits for it."""
        deadline = time.monotonic() + SECONDS
        while time.monotonic() < deadline:
            try:
                self.connect().close()
            except ConnectionRefusedError:
                return True
            except ConnectionResetError:
                continue  # it stood in the queue of the listener that was closed
        return False

    def end(self, number: int = signal.SIGTERM) -> tuple[int, str]:
        """Send the signal; the exit code and what was complained of."""
        self.process.send_signal(number)
        said = self.process.communicate(timeout=SECONDS)
        return self.process.returncode, said[1]

    def close(self) -> None:
        self._timer.cancel()
        self.process.kill()
        self.process.communicate()


type Start = Callable[..., Serving]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts servers, and ends them."""
    begun: list[Serving] = []

    def begin(**settings: str) -> Serving:
        begun.append(Serving(tmp_path, **settings))  # pyright: ignore[reportArgumentType]
        return begun[-1]

    yield begin
    for server in begun:
        server.close()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """One server for the tests that leave it as it was."""
    shared = Serving(tmp_path_factory.mktemp("serving"), limit=2 * SECONDS)
    yield shared
    shared.close()


def ping(number: int = 1, size: int = 0) -> tuple[bytes, dict[str, str]]:
    """A signed `ping` of GitHub's, and its headers."""
    body = json.dumps({"zen": "x" * size, "hook_id": number}).encode()
    signature = "sha256=" + hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    return body, {"X-GitHub-Event": "ping", "X-GitHub-Delivery": f"ping-{number}", "X-Hub-Signature-256": signature,
                  "Content-Type": "application/json"}  # fmt: skip


def begun(server: Serving, number: int = 1) -> tuple[socket.socket, bytes]:
    """A webhook of which connect is reading the body, and the body, which is still to be sent."""
    body, headers = ping(number)
    lines = [f"{name}: {value}" for name, value in headers.items()]
    head = ["POST /webhooks/github HTTP/1.1", "Host: localhost", f"Content-Length: {len(body)}", "Expect: 100-continue"]
    connection = server.connect()
    connection.sendall("\r\n".join([*head, *lines, "", ""]).encode())
    assert connection.recv(1000).startswith(b"HTTP/1.1 100 ")
    return connection, body


def answer(connection: socket.socket) -> bytes:
    """All that comes until the server closes the connection."""
    with connection:
        return b"".join(iter(lambda: connection.recv(65536), b""))


# --- requests --------------------------------------------------------------------------------------------------------


def test_slow_bodies_hold_up_nobody_but_themselves(server: Serving) -> None:
    slow = [begun(server, number) for number in range(64)]
    for connection, body in slow:
        connection.sendall(body[:1])
    assert server.health() == 200
    fast, headers = ping(999)
    assert requests.post(f"{server.url}/webhooks/github", fast, headers=headers, timeout=5).status_code == 202
    for connection, body in slow:
        with connection:
            connection.sendall(body[1:])
            assert connection.recv(1000).startswith(b"HTTP/1.1 202 ")


def test_a_body_past_the_limit_is_refused_in_the_doors_own_words(server: Serving) -> None:
    large = b"x" * (1024 * 1024 + 1)
    for body in (large, iter([large[:700_000], large[700_000:]])):
        given = requests.post(f"{server.url}/api/v1/integrations", body, timeout=SECONDS)
        error = given.json()["error"]
        assert (given.status_code, error["code"]) == (413, "request_entity_too_large")
        assert error["message"] == "The data value transmitted exceeds the capacity limit."
    assert server.health() == 200


def test_a_chunked_webhook_is_accepted_with_its_signature(server: Serving) -> None:
    body, headers = ping(1000, size=300_000)
    pieces = iter([body[:10], body[10:200_000], body[200_000:]])
    assert requests.post(f"{server.url}/webhooks/github", pieces, headers=headers, timeout=SECONDS).status_code == 202


def test_forwarding_headers_reach_the_guard_of_the_api(server: Serving) -> None:
    url = f"{server.url}/api/v1/mappings"
    forwarding = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Proto", "X-Real-IP", "Via")
    assert requests.get(url, timeout=SECONDS).status_code == 200
    for name in forwarding:
        assert requests.get(url, headers={name: "127.0.0.1"}, timeout=SECONDS).status_code == 403, name


def test_a_variable_of_the_environment_is_not_taken_for_a_header(start: Start) -> None:
    server = start(HTTP_X_FORWARDED_FOR="10.0.0.1", HTTP_ORIGIN="https://evil.example", CONTENT_LENGTH="7")
    assert requests.get(f"{server.url}/api/v1/mappings", timeout=SECONDS).status_code == 200


def test_pipelined_requests_are_answered_in_their_order_and_head_without_a_body(server: Serving) -> None:
    connection = server.connect()
    line = b" HTTP/1.1\r\nHost: localhost\r\n"
    connection.sendall(b"GET /nowhere" + line + b"\r\nHEAD /health" + line + b"Connection: close\r\n\r\n")
    head, _, rest = answer(connection).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 404 ")
    between, _, last = rest.partition(b"HTTP/1.1 200 ")
    assert json.loads(between)["error"]["code"] == "not_found"
    assert last.endswith(b"\r\n\r\n")


# --- its address -----------------------------------------------------------------------------------------------------


def test_ipv6_is_listened_on_and_its_loopback_is_local(start: Start) -> None:
    if not socket.has_ipv6:
        pytest.skip("this Python has no IPv6")
    with contextlib.suppress(OSError), socket.create_server(("::1", 0), family=socket.AF_INET6):
        server = start(host="::1")
        assert requests.get(f"http://[::1]:{server.port}/api/v1/mappings", timeout=SECONDS).status_code == 200


def test_its_connections_send_an_answer_s_body_without_waiting_for_the_client_to_confirm_the_head() -> None:
    with (
        serving.listen("localhost", 0) as listener, socket.create_connection(listener.getsockname()[:2]),
        listener.accept()[0] as accepted,
    ):  # fmt: skip
        assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_a_name_that_nobody_knows_is_told_in_a_sentence() -> None:
    with pytest.raises(serving.CannotListen, match=r"^connect cannot listen on nowhere\.invalid, port 5001: .+\. CONN"):
        serving.listen("nowhere.invalid", 5001)


def test_a_port_that_is_taken_is_told_in_a_sentence_even_if_connect_itself_has_it(
    server: Serving, start: Start
) -> None:
    second = start(port=server.port)  # pyright: ignore[reportArgumentType]
    assert second.process.communicate(timeout=SECONDS)[1].splitlines() == [
        f"connect cannot listen on 127.0.0.1, port {server.port}: Address already in use. "
        "CONNECT_HOST and CONNECT_PORT say where."
    ]
    assert second.process.returncode == 1
    assert server.health() == 200


# --- its end ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_what_is_under_way_is_answered_before_the_end(start: Start, number: signal.Signals) -> None:
    server = start(CONNECT_LOG_LEVEL="WARNING")
    connection, body = begun(server)
    server.process.send_signal(number)
    assert server.refuses()
    connection.sendall(body)
    assert answer(connection).startswith(b"HTTP/1.1 202 ")
    assert server.process.communicate(timeout=SECONDS)[1] == ""
    assert server.process.returncode == 0


def test_a_second_signal_ends_it_at_once(start: Start) -> None:
    server = start(CONNECT_LOG_LEVEL="WARNING")
    connection, _ = begun(server)
    server.process.send_signal(signal.SIGTERM)
    assert server.refuses()
    asked = time.monotonic()
    assert server.end() == (0, "")
    assert time.monotonic() - asked < 5
    assert answer(connection) == b""


def test_after_a_kill_nothing_is_left_on_the_port(start: Start) -> None:
    server = start()
    assert server.health() == 200
    assert server.end(signal.SIGKILL)[0] == -signal.SIGKILL
    with pytest.raises(ConnectionRefusedError):
        server.connect()
