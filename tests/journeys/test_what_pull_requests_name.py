"""What ties a pull request to an issue, and what unties it: its title as it is edited, its commits as they come."""

from typing import Any

from sandbox.slack import DEV, GENERAL, MEMBER
from tests.journeys.test_pull_requests_of_issues import flow, lines, link, links
from tests.journeys.threads import all_done, ticket, world
from tests.world import World

__all__ = ["world"]


def opened(world: World, title: str = "Oil the door", **more: Any) -> int:
    number = world.github.open_pull_request("acme/web", title, **more)
    flow(world)
    return number


def edited(world: World, number: int, **wanted: str) -> None:
    repo = world.github.repo("acme/web")
    assert repo is not None
    world.advance(1)
    world.github.edit(repo, repo.tickets[number], world.github.person("octocat"), wanted)
    flow(world)


def pushed(world: World, message: str, branch: str = "feature", *, forced: bool = False) -> None:
    world.github.push("acme/web", branch, [(message, "octocat")], forced=forced)
    flow(world)


def card(world: World) -> str:
    """The small print about Jira on the only card in a channel."""
    (shown,) = [each for each in world.slack.history(DEV) if each.get("bot_id")]
    (notes,) = [block["elements"] for block in shown["blocks"] if block["type"] == "context"]
    said = [note["text"] for note in notes if note["text"].startswith("Jira: ")]
    return ", ".join(said).replace(f"<{world.jira.url}/browse/", "[").replace(">", "]")


def test_the_card_and_the_links_follow_the_title_and_the_body(world: World) -> None:
    _, ts = ticket(world)
    world.jira.create("WEB", "Task", "The page")
    world.slack.command(MEMBER, DEV, "/github", "subscribe acme/web pulls")
    world.slack.command(MEMBER, GENERAL, "/jira", "subscribe WEB created")
    number = opened(world, "OPS-1: oil", body="As UTF-8, see ISO-8601")
    assert (card(world), links(world)) == ("Jira: [OPS-1|OPS-1]", [link(world, "acme/web#1 OPS-1: oil")])
    edited(world, number, title="OPS-1: oil the door")
    assert links(world) == [link(world, "acme/web#1 OPS-1: oil the door")]
    edited(world, number, title="WEB-1: oil", body="Not for `OPS-1`, but for WEB-1")
    assert (card(world), links(world), len(links(world, "WEB-1"))) == ("Jira: [WEB-1|WEB-1]", [], 1)
    edited(world, number, title="Oil", body="OPS-1 after all")
    assert (card(world), links(world), links(world, "WEB-1")) == (
        "Jira: [OPS-1|OPS-1]", [link(world, "acme/web#1 Oil")], [],
    )  # fmt: skip
    assert lines(world, ts) == [
        "🟢 *octocat* opened [1|acme/web#1 OPS-1: oil]",
        "🔗 [1|acme/web#1 Oil] names this issue now (open)",
    ]
    assert [(row["source_id"], row["target_id"]) for row in world.rows("mappings", "&mapping_type=pull")] == [
        ("acme/web#1", "OPS-1")
    ]
    all_done(world)


def test_commits_that_were_pushed_before_it_was_opened_count(world: World) -> None:
    _, ts = ticket(world)
    pushed(world, "OPS-1: begin")
    pushed(world, "And on")
    number = opened(world)
    assert lines(world, ts) == [f"🟢 *octocat* opened [{number}|acme/web#{number} Oil the door]"]
    assert links(world) == [link(world, "acme/web#1 Oil the door")]
    all_done(world)


def test_commits_that_are_pushed_to_it_tie_it_and_a_forced_push_without_them_unties_it(world: World) -> None:
    _, ts = ticket(world)
    world.slack.command(MEMBER, DEV, "/github", "subscribe acme/web pulls")
    number = opened(world)
    pushed(world, "Nothing of note")
    assert (card(world), links(world), lines(world, ts)) == ("", [], [])
    pushed(world, "Oil\n\nCloses OPS-1")
    assert card(world) == "Jira: [OPS-1|OPS-1]"
    assert lines(world, ts) == [f"🔗 [{number}|acme/web#{number} Oil the door] names this issue now (open)"]
    world.github.review("acme/web", number, "grace", "approved")
    flow(world)
    assert card(world) == "Jira: [OPS-1|OPS-1]"
    assert links(world) == [link(world, "acme/web#1 Oil the door")]
    pushed(world, "Begun anew", forced=True)
    assert (card(world), links(world)) == ("", [])
    all_done(world)


def test_what_is_merged_into_the_default_branch_ties_nothing(world: World) -> None:
    ticket(world)
    pushed(world, "OPS-1: begin", "main")
    opened(world, head="main", base="release")
    assert links(world) == []


def test_an_issue_that_is_not_there_troubles_nobody(world: World) -> None:
    world.slack.command(MEMBER, DEV, "/github", "subscribe acme/web pulls")
    number = opened(world, "OPS-99: oil")
    world.github.merge_pull_request("acme/web", number)
    flow(world)
    assert [each["text"].partition(":")[0] for each in world.slack.history(DEV) if each.get("bot_id")] == ["acme/web#1"]
    all_done(world)


def test_a_jira_that_lets_connect_link_nothing_still_has_its_threads_told(world: World) -> None:
    _, ts = ticket(world)
    world.jira.denied = {"LINK_ISSUES"}
    number = opened(world, "OPS-1: oil")
    assert (links(world), lines(world, ts)) == ([], [f"🟢 *octocat* opened [{number}|acme/web#{number} OPS-1: oil]"])
    all_done(world)


def test_an_issue_and_a_discussion_on_github_show_the_keys_that_they_name(world: World) -> None:
    ticket(world)
    world.slack.command(MEMBER, DEV, "/github", "subscribe acme/web issues")
    world.github.open_issue("acme/web", "As in OPS-1", body="and UTF-8")
    flow(world)
    assert (card(world), links(world)) == ("Jira: [OPS-1|OPS-1]", [])
    all_done(world)


def test_what_comes_twice_or_late_is_told_once_and_leaves_the_newest_state(world: World) -> None:
    _, ts = ticket(world)
    number = world.github.open_pull_request("acme/web", "OPS-1: oil")
    late = world.github.take()
    world.advance(5)
    world.github.merge_pull_request("acme/web", number)
    flow(world)
    for sending in (*late, *late):
        world.github.send(sending)
    world.github.redeliver()
    flow(world)
    assert links(world) == [link(world, "acme/web#1 OPS-1: oil", state="Merged")]
    name = f"[{number}|acme/web#{number} OPS-1: oil]"
    assert lines(world, ts) == [f"🟣 *octocat* merged {name} into `main`", f"🟢 *octocat* opened {name}"]
    all_done(world)
