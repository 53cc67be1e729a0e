"""The App Home: who somebody is in Jira, at each site, what they are told of, and why there may be nothing to show."""

from collections.abc import Callable, Iterator

import pytest

from sandbox.jira import JiraStandIn
from sandbox.jira.model import User
from sandbox.slack import GUEST, MEMBER
from tests.browser import LINKING, Browser
from tests.journeys import at_home
from tests.journeys.at_home import at_once, direct, home, issue, listed, open_home, use, words
from tests.journeys.doing import send, shown
from tests.journeys.doing import view as window
from tests.world import World

world = at_home.world


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One kind of database."""
    return sqlite_url


def test_who_has_no_account_is_told_how_to_claim_one_and_finds_their_issues_afterwards(world: World) -> None:
    world.jira.users.remove(world.jira.person("Mia"))
    open_home(world)
    assert words(world)[1] == (
        "I do not know your account in Jira: none has your e-mail address. Press *Say which one is mine* below, and "
        "your issues appear here."
    )
    assert "*My accounts*\nIn Jira I do not know your account." in words(world)
    use(world, "home_claim")
    assert "as a comment on any issue in Jira" in shown(world)
    code = shown(world).partition("`")[2].partition("`")[0]
    key = issue(world, "Door stuck", assignee="Grace Hopper")
    world.jira.comment(key, "Grace Hopper", code)
    world.settle()
    use(world, "home_again")
    assert "*My accounts*\nIn Jira you are *Grace Hopper* (confirmed by you in Jira)." in words(world)
    assert listed(world) == [key]
    assert code not in str(world.rows("integrations"))


def test_notices_and_previews_are_ticked_and_count_at_once(world: World) -> None:
    open_home(world)
    at_once(world, "home_notices", "assigned,watching")
    at_once(world, "home_previews", "")
    use(world, "home_reported")
    boxes = [block["elements"][0] for block in home(world)["blocks"] if block["type"] == "actions"]
    ticked = [
        [option["value"] for option in box.get("initial_options", [])] for box in boxes if box["type"] == "checkboxes"
    ]
    assert ticked == [["assigned", "watching"], [], [], []]
    key = issue(world, "Door stuck", assignee="mia")
    world.settle()
    assert [message["text"].partition("|")[2].partition(":")[0] for message in direct(world)] == [key]
    at_once(world, "home_notices", "")
    issue(world, "Lift stuck", assignee="mia")
    world.settle()
    assert len(direct(world)) == 1


def test_notices_that_cannot_be_are_unticked_and_the_home_says_why(world: World) -> None:
    world.jira.users.remove(world.jira.person("Mia"))
    open_home(world)
    use(world, "home_notices", "assigned")
    assert words(world)[0].startswith("I do not know your account in Jira.")
    (boxes,) = [block for block in home(world)["blocks"] if str(block.get("block_id")).startswith("home_notices")]
    assert home(world)["state"]["values"][boxes["block_id"]]["home_notices"]["selected_options"] == []


def test_guests_see_why_there_is_nothing_for_them(world: World) -> None:
    open_home(world, GUEST)
    assert words(world, GUEST) == ["Guests of this workspace cannot do this. Ask a full member to do it for you."]
    use(world, "home_again", user=GUEST)
    assert [row["operation"] for row in world.rows("integrations")] == ["publish_home", "publish_home"]


def test_hostile_words_stay_words(world: World) -> None:
    issue(world, "<!channel> *<http://evil.example|good>* & `code`", assignee="mia")
    open_home(world)
    assert "&lt;!channel&gt; ∗&lt;http://evil.example¦good&gt;∗ &amp; `code`" in str(home(world))
    use(world, "home_search", "<!here> *x*")
    assert words(world)[0] == "Issues for *&lt;!here&gt; x*"


def test_an_account_is_linked_and_unlinked_in_the_home(world: World, make_world: Callable[..., World]) -> None:
    linking = make_world(cloud=world.jira.cloud, **LINKING)
    linking.give_account(MEMBER)
    open_home(linking)
    before = "I act for you by my own account and name you in the text, until you link yours."
    assert f"*My accounts*\nIn Jira you are *Mia* (found by your e-mail address).\n{before}" in words(linking)
    use(linking, "home_login")
    (row,) = [block for block in window(linking)["blocks"] if block["type"] == "actions"]
    browser = Browser(linking)
    there = browser.press(browser.open(row["elements"][0]["url"]))
    browser.open(linking.jira.oauth.answer(there.location, "Grace Hopper"))
    assert row["elements"][0]["url"] not in str(linking.rows("integrations"))
    use(linking, "home_again")
    after = "What you do from Slack appears in Jira under your own name: *Grace Hopper* is linked."
    assert f"*My accounts*\nIn Jira you are *Grace Hopper* (linked by you).\n{after}" in words(linking)
    use(linking, "home_logout")
    assert words(linking)[0].startswith("Done: *Grace Hopper* is no longer linked.")
    assert f"*My accounts*\nIn Jira you are *Mia* (found by your e-mail address).\n{before}" in words(linking)


def test_while_jira_is_off_the_home_says_what_to_do(make_world: Callable[..., World]) -> None:
    off = make_world(jira_api_token="")
    open_home(off)
    assert words(off) == [
        "Jira is not connected yet: whoever runs connect has to set JIRA_BASE_URL and JIRA_API_TOKEN."
    ]


@pytest.fixture
def eu(world: World) -> Iterator[JiraStandIn]:
    """A second Jira, like the first."""
    jira = JiraStandIn("eu-secret", cloud=world.jira.cloud)
    jira.start()
    yield jira
    jira.stop()


def test_each_of_several_jiras_has_its_own_lists_and_account(
    world: World, eu: JiraStandIn, make_world: Callable[..., World]
) -> None:
    site = {"base_url": eu.url, "email": eu.email if eu.cloud else "", "api_token": eu.token, "projects": ["SHOP"]}
    both = make_world(cloud=world.jira.cloud, jira_sites={"eu": site})
    both.give_account(MEMBER)
    issue(both, "Door stuck", assignee="mia")
    open_home(both)
    assert (listed(both), "In Jira (eu) I do not know your account." in str(words(both))) == (["OPS-1"], True)
    use(both, "home_site", "eu")
    assert "Press *Say which one is mine*" in words(both)[1]
    email = both.slack.users[MEMBER]["profile"]["email"]
    eu.users.append(User("712020:mimi", "mimi", "Mimi", email))
    eu.create("OPS", "Task", "Lift stuck", assignee="mimi")
    use(both, "home_again")
    assert words(both)[:2] == ["*Assigned to me* (eu)", words(both)[1]]
    assert f"{eu.url}/browse/OPS-1|OPS-1: Lift stuck" in words(both)[1]
    assert "In Jira (eu) you are *Mimi* (found by your e-mail address)." in str(words(both))
    use(both, "jira_more", "comment eu/OPS-1")
    send(both, comment="On my way")
    both.settle()
    assert [comment.text.endswith("On my way") for comment in eu.issues["OPS-1"].comments] == [True]
    use(both, "home_site", "main")
    assert words(both)[0] == "*Assigned to me*"


def test_a_window_that_slack_does_not_open_is_told_otherwise(world: World) -> None:
    open_home(world)
    world.slack.fault("views.open", status=200, body={"ok": False, "error": "internal_error"})
    use(world, "home_claim")
    assert direct(world)[0]["text"].startswith("Slack did not open the window. Try again.")
