"""A person links their Jira account: from `/jira login` through their browser and back; on both Jiras."""

import json
from collections.abc import Callable
from datetime import datetime

import pytest

from sandbox.jira.oauth import CLOUD_ID
from sandbox.slack import GENERAL, GUEST, MEMBER
from storage import tokens
from storage.tokens import Holder
from tests.browser import LINKING, PUBLIC, WHO, Browser, Page, button_of, link, linked_account
from tests.world import World

GONE = (410, "This link is no longer good")


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One kind of database: `tests/storage/test_tokens.py` looks at both."""
    return sqlite_url


@pytest.fixture(params=[True, False], ids=["cloud", "data center"])
def world(request: pytest.FixtureRequest, make_world: Callable[..., World]) -> World:
    return make_world(cloud=request.param, **LINKING)


@pytest.fixture
def browser(world: World) -> Browser:
    return Browser(world)


def shown(page: Page) -> tuple[int, str]:
    return page.status, page.title


def at_jira(world: World, browser: Browser) -> str:
    """Where the browser of somebody who said yes is sent: back to connect."""
    there = browser.press(browser.open(button_of(world)))
    return world.jira.oauth.answer(there.location, "Ada Lovelace")


def exchanges(world: World) -> int:
    return len(world.jira.calls_to("oauthToken"))


# --- the way there ---------------------------------------------------------------------------------------------------


def test_a_person_links_their_account_and_reads_of_it_in_the_browser_and_in_slack(
    world: World, browser: Browser
) -> None:
    page = browser.open(button_of(world))
    assert shown(page) == (200, "Link your Jira account")
    mia = world.slack.users[MEMBER]["profile"]["email"]
    assert f"This person in Slack Mia Member · {mia} in the workspace sandbox.slack.com" in page.text
    there = browser.press(page)
    assert (there.status, there.location.startswith(f"{world.jira.url}/")) == (303, True)
    end = browser.open(world.jira.oauth.answer(there.location, "Ada Lovelace"))
    assert shown(end) == (200, "Linked: Ada Lovelace")
    assert end.text.startswith("You can close this window.")
    world.settle()
    assert [message["text"] for message in world.slack.history(world.slack.direct(MEMBER).id)] == [
        "Your Slack account is now linked to the Jira account *Ada Lovelace*: what you do from here appears under that "
        "name. If this was not you, type `/jira logout` and tell whoever looks after connect."
    ]


def test_the_account_is_kept_as_tokens_and_as_a_mapping(world: World) -> None:
    link(world, "Ada Lovelace")
    ada = world.jira.person("Ada Lovelace")
    ident, name = (ada.account_id, "") if world.jira.cloud else (ada.name, ada.name)
    (mapping,) = [row for row in world.rows("mappings") if row["mapping_type"] == "user"]
    assert (mapping["source_id"], mapping["target_id"]) == (WHO, ident)
    extra = json.loads(mapping["extra_data"])
    assert datetime.fromisoformat(extra.pop("checked_at")) <= world.clock()
    assert extra == {"name": name, "display": "Ada Lovelace", "by": "oauth"}
    with world.database.read() as connection:
        (row,) = tokens.every(connection)
    cloud_id = CLOUD_ID if world.jira.cloud else ""
    assert row.whose == Holder("jira", world.jira.url, WHO, ident, "Ada Lovelace", cloud_id)


def test_the_sign_in_is_asked_for_what_connect_needs_and_is_shown_the_hash_of_the_verifier_only(
    world: World, browser: Browser
) -> None:
    browser.open(at_jira(world, browser))
    asked = next(call for call in world.jira.calls if call.operation == "authorize").query
    assert asked["redirect_uri"] == f"{PUBLIC}/oauth/jira/callback"
    assert asked["code_challenge_method"] == "S256"
    assert asked["scope"] == (
        "offline_access read:jira-user read:jira-work write:jira-work" if world.jira.cloud else "WRITE"
    )
    given = world.jira.calls_to("oauthToken")[0].body
    assert given["grant_type"] == "authorization_code"
    assert given["code_verifier"] not in str(asked)


def test_linking_another_account_takes_the_place_of_the_first(world: World) -> None:
    link(world, "Ada Lovelace")
    link(world, "Grace Hopper")
    assert linked_account(world) == "Grace Hopper"
    extra = [row["extra_data"] for row in world.rows("mappings") if row["mapping_type"] == "user"]
    assert ["Grace Hopper" in one for one in extra] == [True]
    assert [grant.ended for grant in world.jira.oauth.grants] == [world.jira.cloud, False]


def test_the_command_says_which_account_is_linked(world: World) -> None:
    link(world, "Ada Lovelace")
    answer = world.slack.command(MEMBER, GENERAL, "/jira", "login")
    assert answer.body["text"] == (
        "You have linked *Ada Lovelace*. Link your Jira account, and what you do from Slack appears in Jira under your "
        "own name."
    )
    assert answer.body["response_type"] == "ephemeral"


def test_logging_out_forgets_the_tokens_and_the_mapping_and_tells_jira(world: World) -> None:
    link(world, "Ada Lovelace")
    answer = world.slack.command(MEMBER, GENERAL, "/jira", "logout")
    profile = " In your Jira profile you can take connect off the list of apps that you have allowed."
    assert answer.body["text"] == (
        "Done: *Ada Lovelace* is no longer linked. From now on I act for you by my own account."
        + ("" if world.jira.cloud else profile)
    )
    assert linked_account(world) == ""
    assert [row for row in world.rows("mappings") if row["mapping_type"] == "user"] == []
    assert [grant.ended for grant in world.jira.oauth.grants] == [world.jira.cloud]
    again = world.slack.command(MEMBER, GENERAL, "/jira", "logout")
    assert again.body["text"].startswith("You have linked no Jira account.")


def test_logging_out_while_jira_is_away_forgets_all_the_same(world: World) -> None:
    link(world, "Ada Lovelace")
    world.jira.stop()
    answer = world.slack.command(MEMBER, GENERAL, "/jira", "logout")
    assert (answer.trouble, "In your Jira profile" in answer.body["text"]) == ("", True)
    assert linked_account(world) == ""


# --- each step works once, for one person in one browser -----------------------------------------------------------


def test_looking_at_the_page_uses_nothing_up(world: World, browser: Browser) -> None:
    address = button_of(world)
    pages = [browser.open(address), Browser(world).open(address), browser.open(address)]
    assert [page.status for page in pages] == [200, 200, 200]
    assert browser.press(pages[0]).status == 303


def test_a_ticket_that_was_used_or_replaced_or_is_old_is_no_longer_good(world: World, browser: Browser) -> None:
    replaced, used = button_of(world), button_of(world)
    browser.press(browser.open(used))
    assert [shown(Browser(world).open(address)) for address in (replaced, used)] == [GONE, GONE]
    old = button_of(world)
    page = browser.open(old)
    world.advance(601)
    assert [shown(browser.open(old)), shown(browser.press(page))] == [GONE, GONE]
    for address in ("?ticket=", "?ticket=x", ""):
        assert shown(browser.open(f"{PUBLIC}/oauth/jira/start{address}")) == GONE


def test_a_stolen_ticket_shows_whose_it_is_and_the_owner_reads_what_became_of_it(world: World) -> None:
    thief = Browser(world)
    page = thief.open(button_of(world))
    assert "Mia Member" in page.text
    assert "If somebody else sent you here, close this window: they would act in your name." in page.text
    there = thief.press(page)
    thief.open(world.jira.oauth.answer(there.location, "Grace Hopper"))
    world.settle()
    (told,) = world.slack.history(world.slack.direct(MEMBER).id)
    assert "*Grace Hopper*" in told["text"]
    assert "If this was not you, type `/jira logout`" in told["text"]


def test_a_click_that_another_site_makes_for_somebody_links_nothing(world: World, browser: Browser) -> None:
    address = button_of(world)
    page = browser.open(address)
    mine = Browser(world)
    ticket = address.partition("ticket=")[2]
    proof = Browser.fields(mine.open(address))["proof"]
    refused = (403, "This did not come from connect's own page")
    forms = [{"ticket": ticket}, {"ticket": ticket, "proof": proof}, {"ticket": ticket, "proof": ""}]
    assert [shown(browser.send(form)) for form in forms] == [refused] * 3
    assert shown(browser.send(Browser.fields(page), with_cookies=False)) == refused
    assert browser.press(page).status == 303


def test_an_answer_of_jira_counts_once(world: World, browser: Browser) -> None:
    back = at_jira(world, browser)
    assert browser.open(back).status == 200
    assert (shown(browser.open(back)), exchanges(world)) == (GONE, 1)


def test_an_answer_of_jira_counts_in_the_browser_that_began_only(world: World, browser: Browser) -> None:
    back = at_jira(world, browser)
    other = Browser(world)
    assert shown(other.open(back)) == (403, "This is not the browser you began in")
    other.open(button_of(world))  # one with a cookie of its own
    assert shown(other.open(back)) == (403, "This is not the browser you began in")
    assert (linked_account(world), exchanges(world)) == ("", 0)
    assert shown(browser.open(back)) == (200, "Linked: Ada Lovelace")


def test_a_state_that_nobody_asked_for_is_refused(world: World, browser: Browser) -> None:
    code = at_jira(world, browser).partition("code=")[2].partition("&")[0]
    for query in (f"code={code}&state=invented", f"code={code}", "state=", "", "error=access_denied"):
        assert shown(browser.open(f"{PUBLIC}/oauth/jira/callback?{query}")) == GONE
    assert exchanges(world) == 0


def test_a_way_that_was_begun_ends_with_its_ten_minutes(world: World, browser: Browser) -> None:
    back = at_jira(world, browser)
    world.advance(601)
    assert shown(browser.open(back)) == GONE


def test_logging_out_ends_a_way_that_was_begun(world: World, browser: Browser) -> None:
    back = at_jira(world, browser)
    world.slack.command(MEMBER, GENERAL, "/jira", "logout")
    assert shown(browser.open(back)) == GONE


# --- what can go wrong -----------------------------------------------------------------------------------------------


def test_who_says_no_has_linked_nothing(world: World, browser: Browser) -> None:
    there = browser.press(browser.open(button_of(world)))
    page = browser.open(world.jira.oauth.answer(there.location, "Ada Lovelace", allow=False))
    assert shown(page) == (403, "You said no")
    assert page.text == (
        "Nothing was linked. If you change your mind: go back to Slack, type /jira login, and use the button that "
        "appears."
    )
    assert (linked_account(world), exchanges(world)) == ("", 0)


def test_a_code_that_is_too_old_is_told(world: World, browser: Browser) -> None:
    back = at_jira(world, browser)
    world.advance(301)
    assert shown(browser.open(back)) == (410, "Jira took too long")


def test_a_sign_in_that_is_away_is_told(world: World, browser: Browser) -> None:
    back = at_jira(world, browser)
    world.jira.fault("oauthToken", kind="status", status=503)
    assert shown(browser.open(back)) == (503, "Jira does not answer")
    assert linked_account(world) == ""


def test_a_jira_that_does_not_say_whose_account_it_is_is_told_and_the_grant_is_withdrawn(
    world: World, browser: Browser
) -> None:
    back = at_jira(world, browser)
    world.jira.fault("getCurrentUser", kind="status", status=403)
    page = browser.open(back)
    assert (shown(page), linked_account(world)) == ((502, "Jira refuses"), "")
    assert [grant.ended for grant in world.jira.oauth.grants] == [world.jira.cloud]


def test_a_guest_is_given_no_button(world: World) -> None:
    answer = world.slack.command(GUEST, GENERAL, "/jira", "login")
    assert answer.body["text"].startswith("Guests")


def test_where_slack_does_not_say_who_it_is_the_page_asks_to_try_again(world: World, browser: Browser) -> None:
    address = button_of(world)
    world.advance(301)  # what was known of the person is forgotten
    world.slack.fault("users.info", kind="status", status=503, times=9)
    assert shown(browser.open(address)) == (503, "Slack does not answer")
