"""The form "Thread…" behind More: what goes through between a thread and its issue, the link's end, or a new link."""

from typing import Any

from sandbox.slack import ADMIN, DEV, GENERAL, GUEST, MEMBER
from tests.journeys.doing import shown, view
from tests.journeys.doing import world as world_with_card
from tests.journeys.threads import comments, said, ticket, world
from tests.world import World

__all__ = ["world", "world_with_card"]
TEAM = "T0DEV00001"
MORE = "jira_more"


def open_thread(world: World, message: str, issue: str = "OPS-1", user: str = MEMBER) -> str:
    """Choose "Thread…" behind a card's More; returns what the form says."""
    answer = world.slack.click(user, MORE, value=f"thread {issue}", message=message)
    assert (answer.status, answer.trouble) == (200, "")
    world.settle()
    return shown(world, user)


def card_in(world: World, ts: str) -> str:
    return next(message["ts"] for message in world.slack.thread(GENERAL, ts) if message.get("bot_id"))


def choose(world: World, *, mode: str = "both", unlink: bool = False, user: str = MEMBER) -> str:
    """Send the form off; returns what it turns into at last."""
    form = view(world, user)
    radio, boxes = form["blocks"][1]["element"], form["blocks"][2]["element"]
    picked = next(option for option in radio["options"] if option["value"] == mode)
    values: dict[str, dict[str, Any]] = {
        "sync": {"sync": {"type": "radio_buttons", "selected_option": picked}},
        "unlink": {"unlink": {"type": "checkboxes", "selected_options": boxes["options"] if unlink else []}},
    }
    assert world.slack.submit(user, form["id"], values).trouble == ""
    world.settle()
    return shown(world, user)


def ties(world: World) -> list[tuple[str, str]]:
    return [(row["source_id"], row["target_id"]) for row in world.rows("mappings", "&mapping_type=thread")]


def test_the_form_shows_what_goes_through_and_changes_it(world: World) -> None:
    key, ts = ticket(world)
    assert "This thread belongs to OPS-1." in open_thread(world, card_in(world, ts))
    form = view(world)
    assert form["title"]["text"] == "Thread of OPS-1"
    assert form["blocks"][1]["element"]["initial_option"]["value"] == "both"
    assert choose(world, mode="to_slack") == (
        ":white_check_mark: OPS-1 in this channel: what happens in Jira is told here; replies stay in Slack."
    )
    world.slack.say(MEMBER, GENERAL, "between us", thread_ts=ts)
    world.jira.comment(key, "Grace Hopper", "from Jira")
    world.settle()
    assert (comments(world, key), said(world, ts)) == (["from Jira"], ["*Grace Hopper* commented:\nfrom Jira"])
    open_thread(world, card_in(world, ts))
    assert view(world)["blocks"][1]["element"]["initial_option"]["value"] == "to_slack"


def test_unlink_in_the_form_ends_the_link_as_the_command_does(world: World) -> None:
    key, ts = ticket(world)
    world.give_account(MEMBER)
    open_thread(world, card_in(world, ts))
    assert choose(world, unlink=True) == ":white_check_mark: The thread is not linked with OPS-1 any more."
    assert ties(world) == []
    assert said(world, ts) == [
        f"<@{MEMBER}> ended the link with OPS-1: replies here stay here, and nothing more of it is told."
    ]
    world.slack.say(MEMBER, GENERAL, "between us", thread_ts=ts)
    world.settle()
    assert comments(world, key) == []


def test_who_may_not_unlink_in_jira_is_told_so_in_the_form_or_privately_if_it_was_closed(world: World) -> None:
    _, ts = ticket(world)
    world.jira.denied_to = {world.give_account(MEMBER).display: {"LINK_ISSUES"}}
    open_thread(world, card_in(world, ts))
    assert choose(world, unlink=True) == ":warning: Jira does not permit you to do this to OPS-1."
    world.slack.close_view(MEMBER, view(world)["id"])
    open_thread(world, card_in(world, ts))
    form = view(world)
    boxes = form["blocks"][2]["element"]["options"]
    world.slack.submit(MEMBER, form["id"], {"unlink": {"unlink": {"type": "checkboxes", "selected_options": boxes}}})
    world.slack.close_view(MEMBER, form["id"])
    world.settle()
    assert world.slack.responses[-1]["body"]["text"] == "Jira does not permit you to do this to OPS-1."
    assert len(ties(world)) == 1


def test_a_card_in_a_thread_that_is_not_linked_offers_to_link_it(world: World) -> None:
    _, ts = ticket(world)
    world.give_account(MEMBER)
    world.slack.command(MEMBER, GENERAL, "/jira", "unlink OPS-1")
    world.settle()
    assert "This thread is not linked with OPS-1." in open_thread(world, card_in(world, ts))
    world.slack.submit(MEMBER, view(world)["id"])
    assert shown(world) == ":hourglass_flowing_sand: Working…"
    world.settle()
    assert "This thread belongs to" in shown(world)
    assert ties(world) == [(f"{TEAM}/{GENERAL}/{ts}", "OPS-1")]
    assert len(world.jira.issues["OPS-1"].links) == 1
    world.slack.close_view(MEMBER, view(world)["id"])
    assert "This thread belongs to OPS-1." in open_thread(world, card_in(world, ts))


def test_who_may_not_link_in_jira_is_told_so_in_the_form(world_with_card: World) -> None:
    world = world_with_card
    mia = world.give_account(MEMBER)
    world.slack.command(MEMBER, GENERAL, "/jira", "unlink OPS-1")
    world.settle()
    world.jira.denied_to = {mia.display: {"LINK_ISSUES"}}
    open_thread(world, world.slack.history(GENERAL)[0]["ts"])
    world.slack.submit(MEMBER, view(world)["id"])
    world.settle()
    assert shown(world) == ":warning: Jira does not permit you to do this to OPS-1."
    assert ties(world) == []


def test_a_card_for_one_person_shows_the_settings_of_the_issues_thread_in_the_channel(world: World) -> None:
    _, ts = ticket(world)
    world.slack.command(MEMBER, GENERAL, "/jira", "OPS-1")
    world.settle()
    private = world.slack.ephemeral(MEMBER)[-1]["ts"]
    assert "OPS-1 has its thread elsewhere in this channel." in open_thread(world, private)
    assert choose(world, mode="off").endswith("nothing is told here, only the card changes.")
    world.jira.comment("OPS-1", "Grace Hopper", "from Jira")
    world.settle()
    assert said(world, ts) == []


def test_a_card_for_one_person_offers_a_new_thread(world: World) -> None:
    world.give_account(MEMBER)
    world.jira.create("OPS", "Bug", "Door stuck")
    world.slack.command(MEMBER, GENERAL, "/jira", "OPS-1")
    world.settle()
    assert "the card is posted in a new thread" in open_thread(world, world.slack.ephemeral(MEMBER)[-1]["ts"])
    world.slack.submit(MEMBER, view(world)["id"])
    world.settle()
    (posted,) = [message for message in world.slack.history(GENERAL) if message.get("bot_id")]
    assert ties(world) == [(f"{TEAM}/{GENERAL}/{posted['ts']}", "OPS-1")]


def test_a_card_in_a_direct_message_has_a_thread_that_can_be_ended_and_the_next_notice_begins_another(
    world: World,
) -> None:
    world.give_account(MEMBER)
    world.slack.command(MEMBER, DEV, "/jira", "notify all")
    key = world.jira.create("OPS", "Bug", "Door stuck", assignee="mia")
    world.settle()
    direct = world.slack.direct(MEMBER)
    (notice,) = [each for each in direct.messages if MORE in str(each.get("blocks"))]
    assert open_thread(world, notice["ts"]).startswith("This thread belongs to OPS-1.")
    assert choose(world, unlink=True) == ":white_check_mark: The thread is not linked with OPS-1 any more."
    world.jira.comment(key, "Grace Hopper", "[~accountid:712020:mia] [~mia]")
    world.settle()
    assert len([each for each in direct.messages if MORE in str(each.get("blocks"))]) == 2


def test_a_thread_of_another_issue_says_so(world: World) -> None:
    _, ts = ticket(world)
    other = world.jira.create("OPS", "Bug", "Door stuck")
    world.settle()
    assert open_thread(world, card_in(world, ts)).startswith("This thread belongs to OPS-1.")
    world.slack.close_view(MEMBER, view(world)["id"])
    message = world.slack.located(card_in(world, ts))[1]
    menu = next(each for each in message["blocks"][-1]["elements"] if each["type"] == "overflow")
    for option in menu["options"]:
        option["value"] = option["value"].replace("OPS-1", other)
    assert open_thread(world, card_in(world, ts), other).partition("\n")[0] == (
        f"This thread belongs to OPS-1, so it cannot be linked with {other} as well."
    )


def test_a_link_that_ended_while_the_form_was_open_is_told(world: World) -> None:
    _, ts = ticket(world)
    world.give_account(MEMBER)
    open_thread(world, card_in(world, ts))
    world.slack.command(MEMBER, GENERAL, "/jira", "unlink OPS-1")
    world.settle()
    assert choose(world, mode="off") == ":warning: The thread is not linked with OPS-1 any more."


def test_guests_are_told_that_they_may_not(world: World) -> None:
    _, ts = ticket(world)
    world.slack.click(GUEST, MORE, value="thread OPS-1", message=card_in(world, ts))
    world.settle()
    assert world.slack.current_view(GUEST) is None
    assert "Guests" in world.slack.responses[-1]["body"]["text"]


def test_whoever_sees_the_card_may_choose(world: World) -> None:
    _, ts = ticket(world)
    open_thread(world, card_in(world, ts), user=ADMIN)
    assert choose(world, mode="off", user=ADMIN).startswith(":white_check_mark:")
