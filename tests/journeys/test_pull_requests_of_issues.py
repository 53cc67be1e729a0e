"""A key in a pull request ties it to the issue: its life is a link in Jira, lines in the issue's thread, a status.

On both Jiras: what people see in Slack, and what the two Jiras hold in the end.
"""

from typing import Any

from sandbox.slack import ADMIN, GENERAL
from tests.journeys.threads import all_done, said, ticket, world
from tests.world import World

__all__ = ["world"]


def flow(world: World) -> None:
    world.settle()
    world.advance(3)


def plain(world: World, texts: list[str]) -> list[str]:
    """With each link as its words in brackets."""
    return [text.replace(f"<{world.github.url}/acme/web/pull/", "[").replace(">", "]") for text in texts]


def lines(world: World, ts: str) -> list[str]:
    return plain(world, said(world, ts))


def links(world: World, key: str = "OPS-1") -> list[dict[str, Any]]:
    """The pull requests that Jira shows beside an issue, without what it knows them by."""
    found = [each for each in world.jira.issues[key].links if each["application"]["name"] == "GitHub"]
    return [{name: value for name, value in each.items() if name not in ("id", "globalId")} for each in found]


def link(world: World, title: str, number: int = 1, state: str = "Open") -> dict[str, Any]:
    """The whole link, as Jira is to have it."""
    address, resolved = f"{world.github.url}/acme/web/pull/{number}", state in ("Merged", "Closed")
    icon = f"{world.jira.url}/images/icons/statuses/{'resolved' if resolved else 'open'}.png"
    return {
        "application": {"type": "connect", "name": "GitHub"},
        "relationship": "pull request",
        "object": {
            "url": address,
            "title": title,
            "icon": {"url16x16": f"{world.github.url}/favicon.ico", "title": "GitHub"},
            "status": {"resolved": resolved, "icon": {"url16x16": icon, "title": state, "link": address}},
        },
    }


def choose(world: World, words: str, user: str = ADMIN) -> str:
    return world.slack.command(user, GENERAL, "/connect", f"transitions {words}".strip()).body["text"]


def test_a_key_in_the_branch_brings_link_lines_and_status_from_the_opening_to_production(world: World) -> None:
    key, ts = ticket(world)
    world.jira.transition(key, "In Progress", "Ada Lovelace")
    assert choose(world, 'OPS opened:"In Review" merged:Done') == (
        ":white_check_mark: *OPS*: opened → *In Review*, merged → *Done*, when a pull request names the issue."
    )
    flow(world)
    before = len(lines(world, ts))
    world.github.push("acme/web", f"{key}-fix", [("Begin", "octocat")])
    flow(world)
    assert len(lines(world, ts)) == before

    number = world.github.open_pull_request("acme/web", "Oil the door", head=f"{key}-fix")
    flow(world)
    title = f"acme/web#{number} Oil the door"
    name = f"[{number}|{title}]"
    assert (links(world, key), world.jira.issues[key].status.name) == ([link(world, title)], "In Review")
    world.github.review("acme/web", number, "grace", "approved")
    flow(world)
    world.github.merge_pull_request("acme/web", number)
    flow(world)
    assert (links(world, key), world.jira.issues[key].status.name) == ([link(world, title, state="Merged")], "Done")
    deployed = world.github.deploy("acme/web", "production", "main")
    for state in ("in_progress", "success", "success"):
        world.github.deployment_status("acme/web", deployed, state)
    flow(world)
    assert lines(world, ts)[before:] == [
        f"🟢 *octocat* opened {name}",
        f"*connect* changed *Status*: In Progress → In Review, because acme/web#{number} was opened",
        f"✅ *grace* approved {name}",
        f"🟣 *octocat* merged {name} into `main`",
        f"*connect* changed, because acme/web#{number} was merged:\n• *Resolution*: _none_ → Done\n"
        "• *Status*: In Review → Done",
        f"🚀 {name} is deployed to *production*",
    ]
    all_done(world)
