"""A key of another Jira's project ties a pull request to that Jira alone, on both databases."""

from sandbox.jira import JiraStandIn
from sandbox.slack import ADMIN, GENERAL
from tests.journeys.test_sites import eu, world
from tests.journeys.test_threads_of_sites import nothing_elsewhere, thread
from tests.journeys.threads import said
from tests.world import World

__all__ = ["eu", "world"]


def test_links_lines_and_status_go_to_the_site_that_has_the_project(world: World, eu: JiraStandIn) -> None:
    ts = thread(world, eu)
    answer = world.slack.command(ADMIN, GENERAL, "/connect", "transitions SHOP merged:Done").body["text"]
    assert answer == ":white_check_mark: *eu/SHOP*: merged → *Done*, when a pull request names the issue."
    world.github.push("acme/web", "cart", [("SHOP-1: begin", "octocat")])
    number = world.github.open_pull_request("acme/web", "Fill the cart", head="cart")
    world.settle()
    world.github.merge_pull_request("acme/web", number)
    deployed = world.github.deploy("acme/web", "production", "main")
    world.github.deployment_status("acme/web", deployed, "success")
    world.advance(3)
    name = f"<{world.github.url}/acme/web/pull/{number}|acme/web#{number} Fill the cart>"
    assert [line for line in said(world, ts) if "acme/web" in line] == [
        f"🟢 *octocat* opened {name}", f"🟣 *octocat* merged {name} into `main`",
        f"*connect* changed, because acme/web#{number} was merged:\n• *Resolution*: _none_ → Done\n"
        "• *Status*: To Do → Done",
        f"🚀 {name} is deployed to *production*",
    ]  # fmt: skip
    assert [link["object"]["title"] for link in eu.issues["SHOP-1"].links] == [f"acme/web#{number} Fill the cart"]
    assert (eu.issues["SHOP-1"].status.name, world.jira.issues["OPS-1"].links) == ("Done", [])
    nothing_elsewhere(world)
