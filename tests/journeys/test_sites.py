"""Several Jiras at once: each issue and project belongs to one, and what has the same name in another stays apart."""

import re
from collections.abc import Callable, Iterator
from typing import Any, cast

import pytest
import requests

from adapters.jira.client import JiraClient
from sandbox.jira import JiraStandIn
from sandbox.jira.model import IssueType, Project, User
from sandbox.slack import BOT_USER, DEV, GENERAL, MEMBER
from storage import lanes
from tests.journeys.test_jira_to_slack import bot_messages, replies, subscribe
from tests.world import World

SECRET = "eu-secret"
NO_SITE = "I know no Jira named us; there is eu, and the main one without a name."


@pytest.fixture(params=[True, False], ids=["cloud", "data center"])
def eu(request: pytest.FixtureRequest) -> Iterator[JiraStandIn]:
    """A second Jira, with a project of its own and one that has the same key as the main one's."""
    jira = JiraStandIn(SECRET, cloud=request.param)
    jira.webhook_path = "/webhooks/jira/eu"
    jira.projects["SHOP"] = Project("10009", "SHOP", "Shop", [IssueType("10002", "Task"), IssueType("10004", "Bug")])
    jira.start()
    yield jira
    jira.stop()


@pytest.fixture
def world(make_world: Callable[..., World], eu: JiraStandIn) -> World:
    site = {
        "base_url": eu.url, "email": eu.email if eu.cloud else "", "api_token": eu.token, "webhook_secret": SECRET,
        "projects": ["SHOP"],
    }  # fmt: skip
    world = make_world(jira_sites={"eu": site})
    eu.now, eu.target = world.clock.seconds, world.url
    world.standins = (*world.standins, eu)
    return world


def threads(world: World) -> list[tuple[str, str]]:
    found = [row for row in world.rows("mappings") if row["mapping_type"] == "thread"]
    return [(row["source_id"], row["target_id"]) for row in found]


def test_an_issue_of_another_site_has_its_card_and_its_thread(world: World, eu: JiraStandIn) -> None:
    subscribe(world, DEV, "SHOP")
    key = eu.create("SHOP", "Bug", "Cart is empty")
    world.settle()
    (card,) = bot_messages(world, DEV)
    assert f"{eu.url}/browse/{key}" in str(card["blocks"])
    world.slack.say(MEMBER, DEV, "looking", thread_ts=card["ts"])
    eu.transition(key, "In Progress", "Ada Lovelace")
    world.settle()
    assert ["looking" in note.text for note in eu.issues[key].comments] == [True]
    assert ["In Progress" in line for line in replies(world, DEV, card["ts"])] == [False, True]
    assert threads(world) == [("eu/SHOP-1", f"T0DEV00001/{DEV}/{card['ts']}")]
    assert world.jira.issues == {}


def test_a_ticket_is_made_in_the_site_that_has_the_project(world: World, eu: JiraStandIn) -> None:
    ts = world.slack.say(MEMBER, GENERAL, f"<@{BOT_USER}> create bug in SHOP: the cart is empty")
    world.settle()
    assert [issue.summary for issue in eu.issues.values()] == ["the cart is empty"]
    assert threads(world) == [(f"T0DEV00001/{GENERAL}/{ts}", "eu/SHOP-1")]
    eu.comment("SHOP-1", "Grace Hopper", "Found it")
    world.slack.say(MEMBER, GENERAL, "thanks", thread_ts=ts)
    world.settle()
    assert ["Found it" in line for line in replies(world, GENERAL, ts)] == [False, False, True]
    assert ["thanks" in note.text for note in eu.issues["SHOP-1"].comments] == [False, True]
    assert world.jira.issues == {}


def test_issues_with_the_same_key_and_id_stay_apart(world: World, eu: JiraStandIn) -> None:
    subscribe(world, DEV, "OPS")
    subscribe(world, GENERAL, "eu/OPS")
    ours, theirs = world.jira.create("OPS", "Bug", "Door stuck"), eu.create("OPS", "Bug", "Lift stuck")
    assert (ours, world.jira.issues[ours].id) == (theirs, eu.issues[theirs].id)
    world.settle()
    world.jira.comment(ours, "Ada Lovelace", "The door is open")
    eu.comment(theirs, "Ada Lovelace", "The lift goes again")
    world.settle()
    said: dict[str, list[str]] = {}
    for channel in (DEV, GENERAL):
        (card,) = bot_messages(world, channel)
        said[channel] = [card["text"], *replies(world, channel, card["ts"])]
    assert ["stuck" in line for line in said[DEV]] == [True, False]
    assert ("Door" in said[DEV][0], "door is open" in said[DEV][1]) == (True, True)
    assert ("Lift" in said[GENERAL][0], "lift goes" in said[GENERAL][1]) == (True, True)


@pytest.mark.parametrize("typed", ["SHOP-1", "shop-1", "eu/SHOP-1"])
def test_an_issue_is_shown_by_its_bare_or_its_full_name(world: World, eu: JiraStandIn, typed: str) -> None:
    eu.create("SHOP", "Bug", "Cart is empty")
    world.slack.command(MEMBER, GENERAL, "/jira", typed)
    world.settle()
    assert "Cart is empty" in world.slack.ephemeral(MEMBER)[-1]["text"]


def test_a_comment_by_rest_goes_to_the_site_that_it_names(world: World, eu: JiraStandIn) -> None:
    eu.create("OPS", "Bug", "Lift stuck")
    world.ask("slack", "jira", "add_comment", {"issue": "eu/OPS-1", "message": "on it"})
    world.settle()
    assert [note.text for note in eu.issues["OPS-1"].comments] == ["on it"]


def test_a_comment_by_rest_goes_to_the_site_that_has_the_project(world: World, eu: JiraStandIn) -> None:
    eu.create("SHOP", "Bug", "Cart is empty")
    world.ask("slack", "jira", "add_comment", {"issue": "shop-1", "message": "on it"})
    world.settle()
    assert [note.text for note in eu.issues["SHOP-1"].comments] == ["on it"]


@pytest.mark.parametrize(
    ("event", "payload", "field"),
    [
        ("add_comment", {"issue": "us/OPS-1", "message": "on it"}, "issue"),
        ("create_ticket", {"project": "us/OPS", "message": "printer", "channel": DEV}, "project"),
    ],
)
def test_a_request_by_rest_for_a_site_that_there_is_not_is_refused(
    world: World, event: str, payload: dict[str, str], field: str
) -> None:
    body = {"source_service": "slack", "target_service": "jira", "event_type": event, "payload": payload}
    answer = world.call("POST", "/api/v1/integrations", body)
    assert (answer.status_code, answer.json()["error"]) == (
        422, {"code": "invalid", "message": f"{field}: {NO_SITE}", "details": [{"field": field, "message": NO_SITE}]},
    )  # fmt: skip
    assert world.rows("integrations") == []


def test_what_waited_for_a_site_that_was_taken_away_fails_and_holds_up_nobody(world: World, eu: JiraStandIn) -> None:
    eu.create("OPS", "Bug", "Lift stuck")
    world.jira.create("OPS", "Bug", "Door stuck")
    row = world.ask("slack", "jira", "add_comment", {"issue": "eu/OPS-1", "message": "on it"})
    world.settings.jira_sites.clear()
    cast("dict[str, JiraClient]", world.services.sites).clear()
    world.settle()
    world.ask("slack", "jira", "add_comment", {"issue": "OPS-1", "message": "on it"})
    world.settle()
    shown = world.call("GET", f"/api/v1/integrations/{row}").json()["integration"]
    assert (shown["status"], shown["error_message"]) == (
        "failed", "I know no Jira named eu; there is one alone, without a name.",
    )  # fmt: skip
    assert [note.text for note in world.jira.issues["OPS-1"].comments] == ["on it"]
    with world.database.read() as connection:
        assert lanes.closed(connection, ("jira", "jira@eu"), world.clock()) == {}


def test_a_site_that_is_away_does_not_hold_up_the_others(world: World, eu: JiraStandIn) -> None:
    eu.create("OPS", "Bug", "Lift stuck")
    world.jira.create("OPS", "Bug", "Door stuck")
    world.settle()
    eu.stop()
    asked = [{"issue": name, "message": "hi"} for name in ("eu/OPS-1", "OPS-1")]
    rows = [world.ask("slack", "jira", "add_comment", payload) for payload in asked]
    world.standins = world.standins[:-1]
    world.settle()
    found: dict[int, Any] = {row["id"]: row["status"] for row in world.rows("integrations")}
    assert [found[row] for row in rows] == ["pending", "completed"]


def test_each_site_has_a_door_and_a_secret_of_its_own(world: World, eu: JiraStandIn) -> None:
    eu.webhook_secret = world.jira.webhook_secret
    eu.create("SHOP", "Bug", "Cart is empty")
    world.settle()
    assert world.rows("deliveries") == []
    eu.webhook_secret = SECRET
    eu.create("SHOP", "Bug", "Cart is full")
    world.settle()
    assert [row["event"] for row in world.rows("deliveries")] == ["jira:issue_created"]
    assert requests.post(f"{world.url}/webhooks/jira/lab", json={}, timeout=5).status_code == 404


def test_the_buttons_of_a_card_act_in_its_own_site(world: World, eu: JiraStandIn) -> None:
    eu.create("OPS", "Bug", "Lift stuck")
    world.jira.create("OPS", "Bug", "Door stuck")
    mia = world.give_account(MEMBER)
    eu.users.append(mia)
    world.slack.command(MEMBER, GENERAL, "/jira", "eu/OPS-1 share")
    world.settle()
    (card,) = bot_messages(world, GENERAL)
    world.slack.click(MEMBER, "jira_assign_me", message=card)
    world.slack.click(MEMBER, "jira_more", value="edit eu/OPS-1", message=card)
    world.settle()
    assert (eu.issues["OPS-1"].assignee, world.jira.issues["OPS-1"].assignee) == (mia, None)
    view = world.slack.current_view(MEMBER)
    assert view is not None
    assert "Lift stuck" in str(view["blocks"])
    world.slack.command(MEMBER, GENERAL, "/jira", "transition eu/OPS-1 done")
    world.settle()
    assert (eu.issues["OPS-1"].status.name, world.jira.issues["OPS-1"].status.name) == ("Done", "To Do")
    assert "Assigned to Mia" in str(bot_messages(world, GENERAL)[0]["blocks"])


# --- what people type ------------------------------------------------------------------------------------------------


def account(world: World, jira: JiraStandIn, name: str) -> None:
    email = world.slack.users[MEMBER]["profile"]["email"]
    jira.users.append(User(f"712020:{name}", name, name.title(), email))


def ask(world: World, text: str) -> dict[str, Any]:
    world.slack.command(MEMBER, GENERAL, "/jira", text)
    world.settle()
    return world.slack.ephemeral(MEMBER)[-1]


def test_a_search_goes_to_the_main_site_or_to_the_one_it_names(world: World, eu: JiraStandIn) -> None:
    account(world, world.jira, "mia")
    account(world, eu, "mia-eu")
    eu.create("SHOP", "Bug", "printer in the shop", assignee="mia-eu")
    world.jira.create("OPS", "Bug", "printer at work", assignee="mia")
    assert ask(world, "search printer")["text"] == "Issues for *printer*: OPS-1 printer at work"
    told = ask(world, "search eu/ printer")
    assert told["text"] == "Issues for *eu/ printer*: SHOP-1 printer in the shop"
    assert ask(world, "search shop-1")["text"] == "Issues for *shop-1*: SHOP-1 printer in the shop"
    assert ask(world, "mine eu/")["text"] == "*Your open issues* (eu): SHOP-1 printer in the shop"
    assert ask(world, "search us/ printer")["text"] == NO_SITE
    assert ask(world, "mine")["text"] == "*Your open issues*: OPS-1 printer at work"
    world.slack.click(MEMBER, "jira_show_here", value="eu/SHOP-1", message=told)
    world.settle()
    assert [message["text"] for message in bot_messages(world, GENERAL)] == ["SHOP-1: printer in the shop (To Do)"]
    assert ask(world, "me")["text"] == (
        "In Jira you are *Mia* (found by your e-mail address).\nIn Jira (eu) you are *Mia-Eu* (found by your e-mail "
        "address)."
    )


def test_a_thread_is_tied_to_an_issue_of_another_site(world: World, eu: JiraStandIn) -> None:
    account(world, eu, "mia-eu")
    eu.create("SHOP", "Bug", "Cart is empty")
    ts = world.slack.say(MEMBER, GENERAL, "The cart is empty")
    world.slack.say(MEMBER, GENERAL, f"<@{BOT_USER}> link SHOP-1", thread_ts=ts)
    world.settle()
    assert threads(world) == [(f"T0DEV00001/{GENERAL}/{ts}", "eu/SHOP-1")]
    assert len(eu.issues["SHOP-1"].links) == 1
    world.slack.say(MEMBER, GENERAL, f"<@{BOT_USER}> unlink", thread_ts=ts)
    world.settle()
    assert (threads(world), eu.issues["SHOP-1"].links, world.jira.calls_to("deleteRemoteIssueLinkByGlobalId")) == (
        [], [], [],
    )  # fmt: skip


def test_an_issue_named_by_a_link_is_that_of_the_links_site(world: World, eu: JiraStandIn) -> None:
    account(world, world.jira, "mia")
    account(world, eu, "mia-eu")
    world.jira.create("OPS", "Bug", "Door stuck")
    eu.create("OPS", "Bug", "Lift stuck")
    world.slack.command(MEMBER, GENERAL, "/jira", f"link {eu.url}/browse/OPS-1")
    world.slack.command(MEMBER, GENERAL, "/jira", f"comment {eu.url}/browse/OPS-1 on it")
    world.settle()
    assert [issue for _, issue in threads(world)] == ["eu/OPS-1"]
    assert ["on it" in note.text for note in eu.issues["OPS-1"].comments] == [True]
    assert (world.jira.issues["OPS-1"].links, world.jira.issues["OPS-1"].comments) == ([], [])


def test_an_account_belongs_to_its_site(world: World, eu: JiraStandIn) -> None:
    grace = eu.person("Grace Hopper")
    ident = grace.account_id if eu.cloud else grace.name
    made = world.call("POST", "/api/v1/people", {"slack": MEMBER, "jira": "jira:eu/grace@example.com"})
    assert made.status_code == 201
    assert [(row["slack"], row["jira"]) for row in world.rows("people")] == [(MEMBER, f"eu/{ident}")]
    assert ask(world, "me")["text"] == "In Jira (eu) you are *Grace Hopper* (named by an admin)."
    code = re.search(r"connect-[A-Z0-9]{10}", ask(world, "me claim")["text"])
    assert code
    eu.comment(eu.create("SHOP", "Bug", "x"), "Ada Lovelace", code[0])
    world.settle()
    assert ask(world, "me")["text"] == "In Jira (eu) you are *Ada Lovelace* (confirmed by you in Jira)."


def test_a_channel_may_choose_a_project_of_another_site(world: World) -> None:
    told = ask(world, "default shop bug")
    assert told["text"] == ":white_check_mark: New issues from this channel: project *eu/SHOP*, type *Bug*."


def test_notices_of_another_site_go_to_whose_account_it_is_there(world: World, eu: JiraStandIn) -> None:
    world.give_account(MEMBER, "mia")
    eu.users += [
        User("712020:mimi", "mimi", "Mimi", world.slack.users[MEMBER]["profile"]["email"]),
        User("712020:mia", "mia", "Mia", "another@example.com"),
    ]
    assert world.slack.command(MEMBER, GENERAL, "/jira", "notify all").body["text"].startswith(":bell:")
    eu.create("SHOP", "Bug", "Somebody else's, who has the same name there", assignee="mia")
    key = eu.create("SHOP", "Bug", "Cart is empty", assignee="mimi")
    world.settle()
    told = [message["text"] for message in bot_messages(world, world.slack.direct(MEMBER).id)]
    assert told == [f"*Ada Lovelace* assigned <{eu.url}/browse/{key}|{key}: Cart is empty> to you"]
