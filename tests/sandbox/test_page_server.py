"""The page's server: who may ask, what it streams, what it takes, and what it says no to."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from sandbox.page import acts, listening
from sandbox.page.sampler import Sampler
from sandbox.page.server import Page
from sandbox.slack import ADMIN, GENERAL
from tests.sandbox.pages import Browser, address, served


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    with served(tmp_path_factory.mktemp("page")) as each:
        yield each


@pytest.fixture
def browser(page: Page) -> Browser:
    return Browser(page.url)


def test_the_page_and_its_files_are_given_out_under_a_strict_policy(browser: Browser) -> None:
    for path, kind in {
        "/": "text/html",
        "/static/js/main.js": "text/javascript",
        "/static/css/base.css": "text/css",
    }.items():
        answer = browser.get(path)
        assert (answer.status_code, answer.headers["Content-Type"].partition(";")[0]) == (200, kind)
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'self';")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_what_somebody_does_is_streamed_to_everybody(browser: Browser, page: Page) -> None:
    before = browser.until("slack")
    ts = browser.result("slack/say", user=ADMIN, channel=GENERAL, text="Is anybody there?")

    def has_it(state: Any) -> bool:
        general = next(each for each in state["channels"] if each["id"] == GENERAL)
        return any(each["ts"] == ts for each in general["messages"])

    assert not has_it(before)
    assert has_it(Browser(page.url).until("slack", has_it))
    assert browser.until("page") == {"started": page.current.started}
    assert browser.until("connect")["state"] == "down"


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:5010", "[::1", ""])
def test_a_name_that_is_not_ours_is_refused(browser: Browser, host: str) -> None:
    said = [browser.get("/", Host=host), browser.get("/stream", Host=host), browser.do("trouble/kill", Host=host)]
    assert [each.status_code for each in said] == [403, 403, 403]


@pytest.mark.parametrize("origin", ["http://evil.example", "http://localhost:1", "null", "https://127.0.0.1"])
def test_another_sites_page_can_press_no_button(browser: Browser, origin: str) -> None:
    answer = browser.do("trouble/kill", Origin=origin)
    assert (answer.status_code, answer.text.partition(" that")[0]) == (403, "This page answers only to a browser")


def test_its_own_names_are_taken(browser: Browser, page: Page) -> None:
    for host in (f"localhost:{page.port}", f"LocalHost:{page.port}", "[::1]:5010", "127.0.0.1"):
        assert browser.get("/", Host=host, Origin=f"http://{host}").status_code == 200


def test_a_page_for_others_takes_addresses_and_no_foreign_names(tmp_path: Path) -> None:
    with served(tmp_path, host="0.0.0.0") as page:
        browser = Browser(address(page))
        asked = {
            host: browser.get("/", Host=host).status_code for host in ("192.0.2.7:5010", "evil.example", "localhost")
        }
    assert asked == {"192.0.2.7:5010": 200, "evil.example": 403, "localhost": 200}


def test_what_cannot_be_done_is_said_in_a_sentence(browser: Browser) -> None:
    said = {
        name: (answer.status_code, answer.json()["error"])
        for name, given in {"nothing/here": {}, "slack/say": {"user": 7}, "trouble/switch": {"name": "volcano"}}.items()
        for answer in [browser.do(name, given)]
    }
    assert said == {
        "nothing/here": (400, "There is nothing called “nothing/here” to do."),
        "slack/say": (400, "“user” is missing."),
        "trouble/switch": (400, "There is no switch called volcano."),
    }


def test_an_act_that_goes_wrong_is_told_and_the_next_one_works(
    browser: Browser, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object) -> None:
        raise LookupError("no such drawer")

    monkeypatch.setitem(acts.ACTS, "slack/broken", broken)
    answer = browser.do("slack/broken")
    assert (answer.status_code, answer.json()["error"]) == (
        400, "This could not be done (LookupError('no such drawer')). The terminal says more.",
    )  # fmt: skip
    assert "no such drawer" in capfd.readouterr().err
    assert browser.result("slack/say", user=ADMIN, channel=GENERAL, text="Still here")


def test_bodies_that_are_no_objects_are_refused(browser: Browser) -> None:
    where = f"{browser.url}/do/slack/say"
    for body, kind in ((b"[]", "application/json"), (b"{", "application/json"), (b"{}", "text/plain")):
        answer = requests.post(where, data=body, headers={"Content-Type": kind}, timeout=9)
        assert (answer.status_code, answer.json()["error"]) == (400, "What to do is told as a JSON object.")
    huge = browser.do("slack/say", {"text": "x" * 2_000_000})
    assert (huge.status_code, huge.json()["error"]) == (413, "That is too much at once: at most 1 MiB is taken.")


def test_addresses_that_lead_nowhere_are_404_and_nothing_outside_is_given_out(browser: Browser) -> None:
    for path in ("/nowhere", "/static/no.js", "/static/../server.py", "/static/%2e%2e/server.py", "/do/slack/say"):
        answer = browser.get(path)
        assert answer.status_code in (404, 405), path
        assert set(answer.json()) == {"error"}


def test_more_windows_than_are_sensible_are_refused(
    browser: Browser, page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page.sampler, "watchers", 30)
    answer = browser.get("/stream")
    assert (answer.status_code, answer.text) == (503, "Too many windows show this page. Close some of them.")


def test_a_pane_that_takes_its_time_delays_none_of_the_others() -> None:
    slow = threading.Event()
    sampler = Sampler({"slow": lambda: slow.wait(60), "fast": lambda: {"number": 1}}, 0.001)
    sampler.start()
    watching = sampler.watch(60)
    assert next(watching) == ("fast", b'{"number":1}')
    slow.set()
    assert next(watching) == ("slow", b"true")
    sampler.stop()


def test_whoever_comes_later_gets_the_newest_and_nothing_that_was_seen_before_a_pause() -> None:
    state, looks = {"number": 1}, threading.Semaphore(0)

    def look() -> dict[str, int]:
        looks.release()
        return dict(state)

    sampler = Sampler({"pane": look}, 0.001)
    sampler.start()
    first, second = sampler.watch(60), sampler.watch(60)
    assert [next(first), next(second)] == [("pane", b'{"number":1}')] * 2
    state["number"] = 2
    assert [next(first), next(second)] == [("pane", b'{"number":2}')] * 2
    first.close()
    second.close()
    assert sampler.watchers == 0
    state["number"] = 3
    assert next(sampler.watch(60)) == ("pane", b'{"number":3}')
    sampler.stop()


def test_a_pane_that_raises_spares_the_others() -> None:
    told = threading.Event()

    def broken() -> None:
        told.set()
        raise LookupError("no such drawer")

    sampler = Sampler({"broken": broken, "fine": lambda: told.wait(60)}, 0.001)
    sampler.start()
    assert next(sampler.watch(60)) == ("fine", b"true")
    sampler.stop()


def test_silence_is_broken_by_a_sign_of_life() -> None:
    sampler = Sampler({"pane": lambda: 1}, 0.001)
    sampler.start()
    watching = sampler.watch(0.01)
    assert next(each for each in watching if each != ("pane", b"1")) is None
    sampler.stop()
    assert list(watching) == []


def test_a_port_that_is_taken_is_said_or_made_up_for(monkeypatch: pytest.MonkeyPatch) -> None:
    with listening.listen("127.0.0.1", 0) as taken:
        port = int(taken.getsockname()[1])
        with pytest.raises(listening.CannotListen, match=f"Port {port} is taken: choose another with --port"):
            listening.listen("127.0.0.1", port)
        monkeypatch.setattr(listening, "PORT", port)
        with listening.listen("127.0.0.1", None) as other:
            assert int(other.getsockname()[1]) not in (0, port)
    with pytest.raises(listening.CannotListen, match=r"This machine has no address 192\.0\.2\.1: leave --host out"):
        listening.listen("192.0.2.1", 0)
    with pytest.raises(listening.CannotListen, match=r"This machine has no address 192\.0\.2\.1"):
        listening.listen("192.0.2.1", None)
