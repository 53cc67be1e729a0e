"""The common half of the stand-ins: every kind of fault, what is recorded, and how webhooks leave."""

import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from flask import Response, request

from sandbox.github import GitHubStandIn
from sandbox.jira import JiraStandIn
from sandbox.slack import SlackStandIn
from sandbox.standin import Call, Outgoing, StandIn, compact


class Counter(StandIn):
    """A service with one effect; it also takes webhooks, so that two of them can play both sides."""

    service = "counter"

    def __init__(self) -> None:
        super().__init__()
        self.count = 0
        self.counted = threading.Semaphore(0)
        self.app.add_url_rule("/count", view_func=self.add, methods=["POST"])
        self.app.add_url_rule("/hook", view_func=self.hook, methods=["POST"])

    def add(self) -> Response:
        with self.lock:
            self.count += 1
        self.counted.release()
        return Response(compact({"count": self.count, "padding": "x" * 200}), content_type="application/json")

    def hook(self) -> Response:
        self.counted.release()
        return Response(status=202 if request.headers.get("X-Signed") else 401)


@pytest.fixture
def counter() -> Iterator[Counter]:
    stand_in = Counter()
    stand_in.start()
    yield stand_in
    stand_in.stop()


def count(counter: Counter, timeout: float = 5, **given: Any) -> requests.Response:
    return requests.post(f"{counter.url}/count", timeout=timeout, **given)


# --- faults ----------------------------------------------------------------------------------------------------------


def test_without_a_fault_the_effect_happens_and_is_answered(counter: Counter) -> None:
    assert count(counter).json()["count"] == counter.count == 1


@pytest.mark.parametrize(("after", "effects"), [(False, 0), (True, 1)])
def test_a_status_is_answered_instead_of_the_effect_or_after_it(counter: Counter, *, after: bool, effects: int) -> None:
    fault = {"status": 429, "headers": {"Retry-After": "7"}, "body": {"message": "slow down"}}
    counter.fault("POST /count", after=after, **fault)
    answer = count(counter)
    said = (answer.status_code, answer.headers["Retry-After"], answer.json(), counter.count)
    assert said == (429, "7", {"message": "slow down"}, effects)


def test_a_status_may_carry_text_instead_of_json(counter: Counter) -> None:
    counter.fault("POST /count", status=502, body="<html>Bad gateway</html>")
    answer = count(counter)
    assert (answer.status_code, answer.text) == (502, "<html>Bad gateway</html>")


@pytest.mark.parametrize(("after", "effects"), [(False, 0), (True, 1)])
def test_a_reset_closes_without_an_answer_before_the_effect_or_after_it(
    counter: Counter, *, after: bool, effects: int
) -> None:
    counter.fault("POST /count", kind="reset", after=after)
    with pytest.raises(requests.ConnectionError):
        count(counter)
    assert counter.count == effects
    assert count(counter).status_code == 200


@pytest.mark.parametrize(("after", "effects"), [(False, 0), (True, 1)])
def test_a_hang_outlasts_the_patience_of_the_client_and_has_its_effect_all_the_same(
    counter: Counter, *, after: bool, effects: int
) -> None:
    counter.fault("POST /count", kind="hang", after=after, seconds=0.7)
    with pytest.raises(requests.ReadTimeout):
        count(counter, timeout=0.1)
    assert counter.count == effects
    assert counter.counted.acquire(timeout=5)
    assert counter.count == 1


@pytest.mark.parametrize("after", [False, True])
def test_a_hang_is_answered_as_usual_if_the_client_waits(counter: Counter, *, after: bool) -> None:
    counter.fault("POST /count", kind="hang", after=after, seconds=0.05)
    answer = count(counter)
    assert (answer.json()["count"], answer.elapsed.total_seconds() >= 0.05) == (1, True)


def test_half_of_an_answer_comes_after_the_effect(counter: Counter) -> None:
    counter.fault("POST /count", kind="half", after=True)
    with pytest.raises(requests.exceptions.ChunkedEncodingError, match="IncompleteRead"):
        count(counter)
    assert counter.count == 1


def test_a_dripping_answer_is_whole_in_the_end(counter: Counter) -> None:
    counter.fault("POST /count", kind="drip", after=True, seconds=0.0005)
    answer = count(counter)
    assert (answer.json()["count"], len(answer.content)) == (1, len(count(counter).content))


def test_a_late_effect_comes_after_the_connection_has_closed(counter: Counter) -> None:
    counter.fault("POST /count", kind="late", seconds=0.5)
    with pytest.raises(requests.ConnectionError):
        count(counter)
    assert counter.count == 0
    assert counter.counted.acquire(timeout=5)
    assert counter.count == 1


def test_a_fault_ends_after_its_times_and_the_next_one_takes_over(counter: Counter) -> None:
    counter.fault("POST /count", status=500, times=2)
    counter.fault("*", status=503)
    assert [count(counter).status_code for _ in range(4)] == [500, 500, 503, 200]
    assert counter.faults == []


def test_a_fault_meets_only_the_operation_and_the_calls_that_it_names(counter: Counter) -> None:
    def second(call: Call) -> bool:
        return call.body == {"n": 2}

    counter.fault("POST /hook", status=500)
    counter.fault("POST /count", status=501, where=second)
    assert [count(counter, json={"n": n}).status_code for n in (1, 2, 2)] == [200, 501, 200]


@pytest.mark.parametrize(
    ("operation", "given"),
    [
        ("POST /cuont", {}),
        ("POST /count", {"kind": "rest"}),
        ("POST /count", {"kind": "half"}),  # of what? it comes after the effect only
        ("POST /count", {"kind": "late", "after": True}),
    ],
)
def test_a_fault_that_no_call_could_ever_meet_is_refused(counter: Counter, operation: str, given: Any) -> None:
    with pytest.raises(ValueError, match=r"serves no 'POST /cuont'|no fault is called"):
        counter.fault(operation, **given)
    assert counter.faults == []


def test_a_call_that_could_never_come_is_not_counted(counter: Counter) -> None:
    with pytest.raises(ValueError, match="serves no 'POST /cuont'"):
        counter.calls_to("POST /cuont")
    assert counter.calls_to("POST /count") == []


@pytest.mark.parametrize("standin", [SlackStandIn("secret"), JiraStandIn("secret"), GitHubStandIn("secret")])
def test_each_stand_in_knows_its_operations_by_name(standin: StandIn) -> None:
    known = {"slack": "chat.postMessage", "jira": "createIssue", "github": "issues/create"}
    standin.fault(known.pop(standin.service))
    for name in known.values():
        with pytest.raises(ValueError, match="serves no"):
            standin.fault(name)


# --- recording -------------------------------------------------------------------------------------------------------


def test_calls_are_recorded_with_what_they_carried(counter: Counter) -> None:
    count(counter, json={"n": 1}, params={"q": "ü"}, headers={"X-Own": "1"})
    count(counter, data={"n": "2"})
    count(counter, data="three", headers={"Content-Type": "text/plain"})
    count(counter, data=b"{", headers={"Content-Type": "application/json"})
    requests.get(f"{counter.url}/none", timeout=5)
    first: Call = counter.calls[0]
    assert (first.operation, first.method, first.path) == ("POST /count", "POST", "/count")
    assert (first.query, first.headers["X-Own"]) == ({"q": "ü"}, "1")
    assert [call.body for call in counter.calls_to("POST /count")] == [{"n": 1}, {"n": "2"}, "three", None]
    assert [call.operation for call in counter.calls[4:]] == ["GET /none"]


def test_a_call_that_meets_a_fault_is_recorded_too(counter: Counter) -> None:
    counter.fault("*", kind="reset")
    with pytest.raises(requests.ConnectionError):
        count(counter, json={"n": 1})
    assert [call.body for call in counter.calls] == [{"n": 1}]


def test_numbers_are_given_out_once(counter: Counter) -> None:
    assert len({counter.next_id() for _ in range(100)}) == 100


def test_there_is_no_address_before_the_start() -> None:
    with pytest.raises(RuntimeError, match="the counter stand-in is not started"):
        Counter().url  # noqa: B018


# --- sending ---------------------------------------------------------------------------------------------------------


def outgoing(name: str) -> Outgoing:
    return Outgoing("/hook", compact({"name": name}), lambda body: {"X-Signed": str(len(body))}, name)


def test_the_outbox_is_sent_in_order_and_its_answers_are_kept(counter: Counter) -> None:
    sender = Counter()
    sender.target = counter.url
    for name in ("a", "bb"):
        sender.send(outgoing(name))
    assert counter.calls == []
    assert (sender.flush(), sender.flush()) == (2, 0)
    assert [(sent.description, status) for sent, status in sender.sent] == [("a", 202), ("bb", 202)]
    assert [call.headers["X-Signed"] for call in counter.calls] == ["12", "13"]


def test_a_webhook_is_signed_when_it_is_sent(counter: Counter) -> None:
    sender, clock = Counter(), iter([1, 2])
    sender.target = counter.url
    sender.send(Outgoing("/hook", b"{}", lambda _: {"X-Signed": str(next(clock))}, "dated"))
    assert next(clock) == 1
    sender.flush()
    assert [call.headers["X-Signed"] for call in counter.calls] == ["2"]


def test_without_a_target_nothing_is_kept() -> None:
    sender = Counter()
    sender.send(outgoing("a"))
    assert (sender.flush(), sender.sent) == (0, [])


def test_nobody_listening_is_status_zero() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    sender = Counter()
    sender.target = f"http://127.0.0.1:{port}"
    sender.send(outgoing("a"))
    sender.flush()
    assert [status for _, status in sender.sent] == [0]


def test_a_thread_delivers_until_it_is_stopped(counter: Counter) -> None:
    sender, stop = Counter(), threading.Event()
    sender.target = counter.url
    thread = sender.deliver(stop, every=0.001)
    sender.send(outgoing("a"))
    assert counter.counted.acquire(timeout=5)
    stop.set()
    thread.join(timeout=5)
    assert (thread.is_alive(), [sent.description for sent, _ in sender.sent]) == (False, ["a"])
