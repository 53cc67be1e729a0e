"""The pages on which an account is linked: what they say of sites, what guards them, and what foreign text becomes."""

import re
from collections.abc import Callable

import pytest

from sandbox.jira.model import User
from sandbox.slack import GENERAL, MEMBER
from tests.browser import LINKING, PUBLIC, Browser, Page, button_of, linked_account
from tests.world import World

HOSTILE = "<script>alert('1')</script>\"&lt;"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture
def world(make_world: Callable[..., World]) -> World:
    return make_world(**LINKING)


def finished(world: World, who: str = "Ada Lovelace") -> Page:
    browser = Browser(world)
    there = browser.press(browser.open(button_of(world)))
    return browser.open(world.jira.oauth.answer(there.location, who))


# --- sites -----------------------------------------------------------------------------------------------------------


def test_who_chose_other_sites_is_told_which_and_the_grant_is_withdrawn(world: World) -> None:
    world.jira.oauth.sites = ["https://b.atlassian.net", "https://a.atlassian.net"]
    page = finished(world)
    here = world.jira.url.partition("://")[2]
    assert (page.status, page.title) == (403, "That was another site")
    assert page.text == (
        f"You chose a.atlassian.net and b.atlassian.net, and connect works with {here}. Go back to Slack, type /jira "
        f"login, and use the button that appears. Choose {here} there."
    )
    assert (linked_account(world), [grant.ended for grant in world.jira.oauth.grants]) == ("", [True])


def test_who_has_no_access_to_the_site_is_told_whom_to_ask(world: World) -> None:
    world.jira.oauth.sites = []
    page = finished(world)
    assert (page.status, page.title) == (403, "No access to this Jira")
    assert "Ask its administrator for access" in page.text


def test_the_site_is_found_among_others_whatever_the_case_of_its_address(world: World) -> None:
    world.jira.oauth.sites = ["https://other.atlassian.net", world.jira.url]
    assert finished(world).title == "Linked: Ada Lovelace"


# --- guards ----------------------------------------------------------------------------------------------------------


def test_no_page_may_be_framed_kept_or_told_of_and_none_runs_a_script(world: World) -> None:
    browser = Browser(world)
    address = button_of(world)
    page = browser.open(address)
    there = browser.press(page)
    end = browser.open(world.jira.oauth.answer(there.location, "Ada Lovelace"))
    for each in (page, there, end, browser.open(address)):
        policy = each.headers["Content-Security-Policy"]
        style = re.search(r"style-src 'sha256-[A-Za-z0-9+/]{43}='", policy)
        assert style
        assert policy == (
            f"default-src 'none'; {style[0]}; form-action 'self' https: {world.jira.url}; base-uri 'none'; "
            "frame-ancestors 'none'"
        )
        assert {name: each.headers[name] for name in ("Referrer-Policy", "Cache-Control", "X-Frame-Options")} == {
            "Referrer-Policy": "no-referrer", "Cache-Control": "no-store", "X-Frame-Options": "DENY",
        }  # fmt: skip
        assert "<script" not in each.html


def test_the_cookie_is_for_this_host_alone_and_for_no_script(world: World) -> None:
    browser = Browser(world)
    browser.open(button_of(world))
    (cookie,) = browser.set_cookies
    name, _, rest = cookie.partition("=")
    assert name == "__Host-connect-link"
    assert {part.strip() for part in rest.split(";")[1:] if "Expires" not in part} == {
        "Max-Age=3600", "Secure", "HttpOnly", "Path=/", "SameSite=Lax",
    }  # fmt: skip


def test_a_connect_without_https_still_works(make_world: Callable[..., World]) -> None:
    world = make_world(**{**LINKING, "connect_public_url": "http://127.0.0.1:5001"})
    world.jira.oauth.redirects = ["http://127.0.0.1:5001/oauth/jira/callback"]
    browser = Browser(world, "http://127.0.0.1:5001")
    there = browser.press(browser.open(button_of(world)))
    assert browser.open(world.jira.oauth.answer(there.location, "Ada Lovelace")).title == "Linked: Ada Lovelace"
    assert list(browser.cookies) == ["connect-link"]


def test_a_cookie_of_another_shape_is_not_taken(world: World) -> None:
    browser = Browser(world)
    browser.cookies["__Host-connect-link"] = "chosen-by-somebody"
    browser.open(button_of(world))
    assert len(browser.cookies["__Host-connect-link"]) == 43


@pytest.mark.parametrize("form", [{}, {"ticket": "ü", "proof": "ü"}, {"proof": "x" * 64}])
def test_a_form_that_makes_no_sense_links_nothing(world: World, form: dict[str, str]) -> None:
    browser = Browser(world)
    browser.open(button_of(world))
    assert browser.send(form).status == 403


def test_a_form_that_is_too_long_is_not_read(world: World) -> None:
    assert Browser(world).send({"ticket": "x" * 5000}).status == 413


def test_foreign_text_stays_text_on_every_page(world: World) -> None:
    world.slack.users[MEMBER]["profile"] |= {"display_name": HOSTILE, "real_name": HOSTILE}
    world.slack.users[MEMBER] |= {"real_name": HOSTILE}
    world.jira.users.append(User("712020:evil", "evil", HOSTILE, "evil@example.com"))
    world.jira.oauth.sites = [world.jira.url]
    browser = Browser(world)
    page = browser.open(button_of(world))
    there = browser.press(page)
    end = browser.open(world.jira.oauth.answer(there.location, HOSTILE))
    assert end.title == f"Linked: {HOSTILE}"
    assert HOSTILE in page.text
    assert "<script" not in page.html + end.html
    world.settle()
    (told,) = world.slack.history(world.slack.direct(MEMBER).id)
    assert "<script" not in told["text"]


def test_without_a_database_the_page_says_so(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = Browser(world)
    address = button_of(world)
    world.database.run(lambda connection: connection.exec_driver_sql("ALTER TABLE link_requests RENAME TO away"))
    page = browser.open(address)
    assert (page.status, page.title) == (503, "connect cannot work just now")


# --- off -------------------------------------------------------------------------------------------------------------


def test_where_it_is_not_set_up_the_command_and_the_pages_say_so(make_world: Callable[..., World]) -> None:
    world = make_world()
    answer = world.slack.command(MEMBER, GENERAL, "/jira", "login")
    assert answer.body["text"] == (
        "Accounts cannot be linked yet: ask whoever runs connect here to set that up. Until then I act for you by my "
        "own account in Jira, and name you in the text."
    )
    for path in ("start?ticket=x", "callback?state=x&code=y"):
        page = Browser(world).open(f"{PUBLIC}/oauth/jira/{path}")
        assert (page.status, page.title) == (503, "Accounts cannot be linked yet")
    logout = world.slack.command(MEMBER, GENERAL, "/jira", "logout")
    assert logout.body["text"].startswith("You have linked no Jira account.")
