"""Previews where there are several Jiras: a link leads to its own, and a key to the one that has its project."""

from sandbox.jira import JiraStandIn
from sandbox.slack import DEV, GENERAL, MEMBER
from tests.journeys import test_sites
from tests.journeys.test_jira_to_slack import subscribe
from tests.world import World

eu = test_sites.eu
world = test_sites.world


def previews(world: World, ts: str, channel: str) -> list[str]:
    """The first lines of what is shown under a message and in its thread."""
    [message, *replies] = world.slack.thread(channel, ts)
    shown = [each["blocks"] for each in (*message.get("attachments", []), *(r for r in replies if r.get("bot_id")))]
    return [blocks[0]["text"]["text"].partition("\n")[0] for blocks in shown]


def test_a_link_and_a_key_lead_to_the_issue_of_the_right_site(world: World, eu: JiraStandIn) -> None:
    world.slack.links.domains = {"127.0.0.1"}
    eu.users.append(world.give_account(MEMBER))
    for jira, project, summary in ((world.jira, "OPS", "Main door"), (eu, "OPS", "Other door"), (eu, "SHOP", "Cart")):
        jira.create(project, "Bug", summary)
    world.settle()
    subscribe(world, DEV, "SHOP")
    urls = [f"{world.jira.url}/browse/OPS-1", f"{eu.url}/browse/OPS-1"]
    both = world.slack.say(MEMBER, GENERAL, f"<{urls[0]}> <{urls[1]}>")
    bare = world.slack.say(MEMBER, DEV, "SHOP-1 and OPS-1")
    world.settle()
    assert previews(world, both, GENERAL) == [f"*<{urls[0]}|OPS-1: Main door>*", f"*<{urls[1]}|OPS-1: Other door>*"]
    assert previews(world, bare, DEV) == [f"*<{eu.url}/browse/SHOP-1|SHOP-1: Cart>*"]


def test_a_project_of_another_site_is_allowed_by_its_name_and_by_its_threads(world: World, eu: JiraStandIn) -> None:
    world.slack.links.domains = {"127.0.0.1"}
    eu.create("SHOP", "Bug", "Cart")
    world.settle()
    url = f"{eu.url}/browse/SHOP-1"  # nobody here has an account there
    before = world.slack.say(MEMBER, GENERAL, f"<{url}>")
    world.settle()
    world.slack.say(MEMBER, GENERAL, "<@U0DEVBOT01> create bug in SHOP: the cart is empty")
    world.settle()
    after = world.slack.say(MEMBER, GENERAL, f"<{url}>")
    world.settle()
    assert (previews(world, before, GENERAL), previews(world, after, GENERAL)) == ([], [f"*<{url}|SHOP-1: Cart>*"])
