"""The page makes trouble with a real connect, shows what comes of it, and counts that nothing is lost or doubled."""

from collections.abc import Iterator
from typing import Any

import pytest

from sandbox.page.server import Page
from sandbox.slack import ADMIN, GENERAL
from sandbox.slack.wire import BOT_USER
from tests.sandbox.pages import Browser, served


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    with served(tmp_path_factory.mktemp("page"), CONNECT_SETTLE_SECONDS="0.3") as each:
        each.current.start()
        yield each


@pytest.fixture
def browser(page: Page) -> Browser:
    return Browser(page.url)


def ask(browser: Browser, words: str) -> None:
    text = f"<@{BOT_USER}> create task in OPS: {words}"
    browser.result("slack/say", user=ADMIN, channel=GENERAL, text=text)


def created(state: dict[str, Any]) -> list[dict[str, Any]]:
    return [row for row in state["integrations"] if row["operation"] == "create_issue"]


def settled(state: dict[str, Any]) -> bool:
    rows = state["integrations"] + state["deliveries"]
    return state["up"] and not any(row["status"] == "pending" for row in rows) and not state["webhooks"]["missing"]


def doubled(state: dict[str, Any]) -> dict[str, int]:
    return {name: each["twice"] for name, each in state["made"].items()}


NONE_TWICE = {"issues": 0, "messages": 0, "comments": 0}


def is_shown(browser: Browser, **wanted: object) -> bool:
    """Whether the switches stand like that; waits for it."""

    def stands(state: Any) -> bool:
        found = {
            each["name"].replace("-", "_"): each.get("on", each.get("state"))
            for each in state["switches"] + state["once"]
        }
        return wanted.items() <= found.items()

    return bool(browser.until("trouble", stands))


def test_an_answer_that_is_lost_after_the_effect_makes_no_second_issue(browser: Browser) -> None:
    browser.result("trouble/switch", name="jira-lost")
    assert is_shown(browser, jira_lost="waiting")
    ask(browser, "Mend the lift")
    assert is_shown(browser, jira_lost="met")
    state = browser.until("connect", lambda state: len(created(state)) == 1 and settled(state))
    (row,) = created(state)
    assert (row["status"], row["target_id"]) == ("completed", row["remote_id"])
    assert (state["made"]["issues"]["made"], doubled(state)) == (1, NONE_TWICE)
    browser.result("trouble/all-clear")
    assert is_shown(browser, jira_lost="off", slack_lost="off", jira_down=False)


def test_a_row_opens_to_its_request_and_its_marker(browser: Browser) -> None:
    ask(browser, "Clean the windows")
    (row, *_) = created(browser.until("connect", lambda state: len(created(state)) > 1 and settled(state)))
    found = browser.result("connect/row", kind="integrations", id=row["id"])
    first = found["calls"][0]
    assert (first["service"], first["operation"], first["method"]) == ("jira", "createIssue", "POST")
    assert f"connect-{found['row']['marker']}" in first["body"]["fields"]["labels"]
    arrived = browser.result("connect/row", kind="deliveries", id=row["delivery_id"])
    assert (arrived["row"]["event"], arrived["calls"]) == ("app_mention", [])
    assert browser.do("connect/row", {"kind": "integrations", "id": 999}).json() == {
        "error": "connect has no integration 999."
    }
    assert browser.do("connect/row", {"kind": "secrets", "id": 1}).json() == {"error": "There are no secrets."}


@pytest.mark.parametrize("name", ["slack-slow", "slack-limited", "jira-down", "github-down"])
def test_a_switch_goes_on_and_off(browser: Browser, page: Page, name: str) -> None:
    standin = getattr(page.current.playground, name.partition("-")[0])
    browser.result("trouble/switch", name=name)
    assert is_shown(browser, **{name.replace("-", "_"): True})
    assert len(standin.faults) == 1
    browser.result("trouble/switch", name=name)
    assert is_shown(browser, **{name.replace("-", "_"): False})
    assert standin.faults == []


def test_while_jira_is_down_work_waits_and_is_done_later(browser: Browser) -> None:
    before = len(created(browser.until("connect", settled)))
    browser.result("trouble/switch", name="jira-down")
    ask(browser, "Sweep the yard")
    waiting = browser.until(
        "connect", lambda state: len(created(state)) > before and created(state)[0]["error_message"]
    )
    assert created(waiting)[0]["status"] == "pending"
    browser.result("trouble/all-clear")
    done = browser.until("connect", lambda state: len(created(state)) > before and settled(state))
    assert (created(done)[0]["status"], doubled(done)) == ("completed", NONE_TWICE)


def test_what_happens_while_connect_is_killed_is_done_after_the_start(browser: Browser, page: Page) -> None:
    before = browser.until("connect", settled)
    browser.result("trouble/kill")
    assert browser.do("trouble/kill").json() == {"error": "connect is not running."}
    ask(browser, "Feed the cat")
    away = browser.until("connect", lambda state: state["webhooks"]["missing"])
    assert (away["state"], away["integrations"]) == ("down", before["integrations"])
    refused = browser.do("connect/row", {"kind": "integrations", "id": 1}).json()
    assert refused == {"error": "connect does not answer, so its rows cannot be read. Start it again."}
    browser.result("trouble/start")
    assert browser.do("trouble/start").json() == {"error": "connect runs already."}
    after = browser.until("connect", lambda state: len(created(state)) > len(created(before)) and settled(state))
    assert (len(created(after)), doubled(after)) == (len(created(before)) + 1, NONE_TWICE)
    assert after["webhooks"]["sent"] == after["webhooks"]["taken"]
    summaries = [issue.summary for issue in page.current.playground.jira.issues.values()]
    assert summaries.count("Feed the cat") == 1


def test_starting_afresh_begins_another_round_and_ends_the_last_one(browser: Browser, page: Page) -> None:
    last = page.current
    browser.result("page/afresh")
    assert browser.until("page") == {"started": page.current.started}
    assert (last.playground.connect.up, last.folder.exists()) == (False, False)
    state = browser.until("connect", lambda state: state["up"])
    assert (state["deliveries"], state["webhooks"]["sent"]) == ([], 0)
    summaries = [issue.summary for issue in page.current.playground.jira.issues.values()]
    assert "Feed the cat" not in summaries
    ask(browser, "Begin again")
    again = browser.until("connect", lambda state: created(state) and settled(state))
    assert (created(again)[0]["status"], doubled(again)) == ("completed", NONE_TWICE)
