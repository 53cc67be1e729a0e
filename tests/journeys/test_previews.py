"""Previews: what appears under a link to an issue, and when nothing does; on both Jiras."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from sandbox.slack import BOT_USER, DEV, GENERAL, GUEST, HIDDEN, MEMBER, OUTSIDE, PARTNERS, PRIVATE, STRANGER
from tests.world import World

HALF_AN_HOUR = 30 * 60


@pytest.fixture(params=[True, False], ids=["cloud", "data center"])
def world(request: pytest.FixtureRequest, sqlite_url: str) -> Iterator[World]:
    world = prepared(World(sqlite_url, cloud=request.param))
    yield world
    world.close()


def prepared(world: World) -> World:
    """Slack tells connect of links to Jira, Mia has an account there, and there is an issue."""
    world.slack.links.domains = {"127.0.0.1"}
    world.give_account(MEMBER)
    world.jira.create("OPS", "Bug", "Door <stuck> & *jammed*", priority="High", due="2026-12-24")
    return world


def link(world: World, key: str) -> str:
    return f"{world.jira.url}/browse/{key}"


def share(world: World, key: str = "OPS-1", user: str = MEMBER, channel: str = GENERAL, before: str = "See ") -> str:
    ts = world.slack.say(user, channel, f"{before}<{link(world, key)}>")
    world.settle()
    return ts


def shown(world: World, ts: str, channel: str = GENERAL) -> list[dict[str, Any]]:
    """The previews under a message."""
    message = world.slack.message(world.slack.channels[channel], ts)
    assert message is not None
    return message.get("attachments", [])


def previewed(world: World, ts: str, channel: str = GENERAL) -> list[str]:
    """The addresses that are previewed under a message."""
    return [each["app_unfurl_url"] for each in shown(world, ts, channel)]


def test_a_link_to_an_issue_unfurls_as_a_card(world: World) -> None:
    [card] = shown(world, share(world))
    url = link(world, "OPS-1")
    texts = [block.get("text", {}).get("text") or block["elements"][0]["text"] for block in card["blocks"]]
    assert (card["app_unfurl_url"], texts) == (
        url,
        [
            f"*<{url}|OPS-1: Door &lt;stuck&gt; &amp; ∗jammed∗>*\n⚪ *To Do*  ·  Bug",
            "Unassigned  ·  High  ·  Due 24 Dec 2026",
        ],
    )
    assert {row["status"] for row in world.rows("integrations")} == {"completed"}


def test_the_address_may_be_that_of_a_board_and_is_previewed_as_it_stands(world: World) -> None:
    url = f"{world.jira.url}/jira/software/projects/OPS/boards/1?selectedIssue=OPS-1&amp;view=list"
    ts = world.slack.say(MEMBER, GENERAL, f"<{url}|the door>")
    world.settle()
    assert previewed(world, ts) == [url.replace("&amp;", "&")]


def test_a_link_that_is_still_being_written_is_previewed_once_it_is_posted(world: World) -> None:
    world.slack.compose(MEMBER, f"<{link(world, 'OPS-1')}>")
    world.settle()
    assert world.slack.calls_to("chat.unfurl") == []
    assert previewed(world, share(world)) == [link(world, "OPS-1")]


def test_an_issue_with_a_security_level_is_never_shown(world: World) -> None:
    key = world.jira.create("OPS", "Bug", "Secret", security="Board only")
    world.slack.command(MEMBER, PRIVATE, "/jira", "subscribe OPS created")
    assert shown(world, share(world, key)) == []
    assert shown(world, share(world, key, channel=PRIVATE), PRIVATE) == []


def test_a_link_to_what_is_no_issue_of_this_jira_stays_a_link(world: World) -> None:
    assert shown(world, share(world, "OPS-999")) == []
    ts = world.slack.say(MEMBER, GENERAL, f"<{world.jira.url}/wiki/spaces/OPS/pages/1/UTF-8>")
    world.settle()
    assert shown(world, ts) == []


def test_not_the_same_issue_twice_in_30_minutes_in_a_channel(on_both_jiras: World) -> None:
    world = prepared(on_both_jiras)
    world.jira.create("OPS", "Task", "Another")
    assert previewed(world, share(world)) == [link(world, "OPS-1")]
    world.advance(HALF_AN_HOUR - 60)
    ts = world.slack.say(MEMBER, GENERAL, f"<{link(world, 'OPS-1')}> and <{link(world, 'OPS-2')}>")
    world.settle()
    assert previewed(world, ts) == [link(world, "OPS-2")]
    assert previewed(world, share(world, channel=DEV), DEV) == [link(world, "OPS-1")]
    world.advance(61)
    assert previewed(world, share(world)) == [link(world, "OPS-1")]


def test_two_links_are_previewed_in_one_call_and_three_not_at_all(world: World) -> None:
    for _ in range(2):
        world.jira.create("OPS", "Task", "Another")
    urls = [link(world, f"OPS-{number}") for number in (1, 2, 3)]
    three = world.slack.say(MEMBER, GENERAL, " ".join(f"<{url}>" for url in urls))
    two = world.slack.say(MEMBER, GENERAL, " ".join(f"<{url}>" for url in urls[:2]))
    world.settle()
    assert (previewed(world, three), previewed(world, two)) == ([], urls[:2])
    assert len(world.slack.calls_to("chat.unfurl")) == 1


def test_an_event_that_comes_again_previews_once(world: World) -> None:
    share(world)
    world.slack.redeliver(3)
    world.settle()
    assert len(world.slack.calls_to("chat.unfurl")) == 1


def test_whom_jira_does_not_let_browse_an_issue_does_not_show_it(world: World) -> None:
    world.slack.command(MEMBER, GENERAL, "/jira", "subscribe OPS created")
    world.jira.denied_to = {"Mia": {"BROWSE_PROJECTS"}}
    assert shown(world, share(world)) == []
    world.jira.denied_to = {}
    assert previewed(world, share(world)) == [link(world, "OPS-1")]


def test_without_an_account_only_what_the_channel_hears_of_anyway_is_shown(world: World) -> None:
    world.jira.users.pop()
    assert shown(world, share(world)) == []
    world.slack.command(MEMBER, GENERAL, "/jira", "subscribe OPS created")
    assert previewed(world, share(world)) == [link(world, "OPS-1")]


def test_where_jira_does_not_tell_who_may_browse_only_what_is_allowed_by_name_is_shown(world: World) -> None:
    world.jira.rights_shown = False
    assert shown(world, share(world)) == []
    world.slack.say(MEMBER, GENERAL, f"<@{BOT_USER}> create task in OPS: a thread of its project")
    world.settle()
    assert previewed(world, share(world)) == [link(world, "OPS-1")]
    assert shown(world, share(world, channel=DEV), DEV) == []


def test_guests_and_people_of_other_workspaces_show_nothing(world: World) -> None:
    world.slack.command(MEMBER, PARTNERS, "/jira", "previews on")
    world.slack.command(MEMBER, PARTNERS, "/jira", "subscribe OPS created")
    world.slack.command(MEMBER, GENERAL, "/jira", "subscribe OPS created")
    assert shown(world, share(world, user=GUEST)) == []
    assert shown(world, share(world, user=STRANGER, channel=PARTNERS), PARTNERS) == []


def test_a_channel_shared_with_another_organization_shows_nothing_unless_it_asks_for_it(world: World) -> None:
    world.slack.command(MEMBER, PARTNERS, "/jira", "subscribe OPS created")
    assert shown(world, share(world, channel=PARTNERS), PARTNERS) == []
    world.slack.command(MEMBER, PARTNERS, "/jira", "previews links")
    assert previewed(world, share(world, channel=PARTNERS), PARTNERS) == [link(world, "OPS-1")]
    # Every other project stays out, although Mia may browse it.
    key = world.jira.create("WEB", "Task", "Elsewhere")
    assert shown(world, share(world, key, channel=PARTNERS), PARTNERS) == []


def test_a_direct_message_is_fine_and_a_private_channel_that_connect_is_not_in_is_not(world: World) -> None:
    direct = world.slack.direct(MEMBER).id
    assert previewed(world, share(world, channel=direct), direct) == [link(world, "OPS-1")]
    assert previewed(world, share(world, channel=OUTSIDE), OUTSIDE) == [link(world, "OPS-1")]
    assert shown(world, share(world, channel=HIDDEN), HIDDEN) == []


def test_where_projects_are_named_the_others_are_allowed_where_they_are_subscribed_to(sqlite_url: str) -> None:
    world = prepared(World(sqlite_url, jira_preview_projects="web, OPS"))
    key = world.jira.create("HR", "Request", "A new desk", customfield_10050="7")
    world.jira.users.pop()  # by name means by name: nobody needs an account
    assert previewed(world, share(world)) == [link(world, "OPS-1")]
    assert shown(world, share(world, key)) == []
    world.slack.command(MEMBER, GENERAL, "/jira", "subscribe HR created")
    assert previewed(world, share(world, key)) == [link(world, key)]
    world.close()


def test_a_channel_turns_previews_off_and_on(world: World) -> None:
    answer = world.slack.command(MEMBER, GENERAL, "/jira", "previews off")
    assert answer.body["text"] == (
        ":white_check_mark: In this channel I no longer preview Jira issues. `/jira previews on` starts it again."
    )
    assert shown(world, share(world)) == []
    assert previewed(world, share(world, channel=DEV), DEV) == [link(world, "OPS-1")]
    world.slack.command(MEMBER, GENERAL, "/jira", "previews on")
    assert previewed(world, share(world)) == [link(world, "OPS-1")]


def test_a_person_turns_previews_off_for_what_they_share(world: World) -> None:
    answer = world.slack.command(MEMBER, GENERAL, "/jira", "previews me off")
    assert answer.body["text"] == (
        ":white_check_mark: I no longer preview the Jira issues that you share anywhere. "
        "`/jira previews me on` starts it again."
    )
    assert shown(world, share(world, channel=DEV), DEV) == []
    world.slack.command(MEMBER, GENERAL, "/jira", "previews me on")
    assert previewed(world, share(world)) == [link(world, "OPS-1")]


def test_a_guest_cannot_choose_for_a_channel_and_whoever_asks_is_told_what_holds(world: World) -> None:
    assert "Guests" in world.slack.command(GUEST, GENERAL, "/jira", "previews off").body["text"]
    told = world.slack.command(MEMBER, GENERAL, "/jira", "previews").body["text"]
    assert told.startswith("I preview links to Jira issues here, and keys of the projects that this channel")
    assert "`/jira previews me on`" in world.slack.command(MEMBER, GENERAL, "/jira", "previews me").body["text"]


def test_what_slack_refuses_is_on_the_row_and_told_to_nobody(world: World) -> None:
    ts = world.slack.say(MEMBER, GENERAL, f"<{link(world, 'OPS-1')}>")
    world.slack.delete(GENERAL, ts)
    world.settle()
    failed = [row for row in world.rows("integrations") if row["status"] == "failed"]
    assert [(row["event_type"], row["error_message"]) for row in failed] == [
        ("link_shared", "Slack refused the call (cannot_find_message).")
    ]
    assert world.slack.ephemerals == []


def test_while_jira_is_away_the_preview_waits_but_not_for_longer_than_anybody_would(world: World) -> None:
    world.jira.fault("getIssue", status=503, times=1)
    soon = share(world)
    world.advance(60)
    world.jira.fault("getIssue", status=503, times=1)
    late = share(world, channel=DEV)
    world.clock.offset += timedelta(seconds=HALF_AN_HOUR)
    world.settle()
    assert (previewed(world, soon), previewed(world, late, DEV)) == ([link(world, "OPS-1")], [])
