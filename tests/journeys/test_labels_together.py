"""Labels that one person puts on a thing within seconds are one line of its thread."""

import pytest

from bot.again import replay
from sandbox.slack import DEV, GENERAL
from tests.journeys import github_threads
from tests.journeys.deaths import dies, outlived
from tests.journeys.github_threads import all_done, comments, flow, issue, pull, said, subscribe
from tests.world import World

world = github_threads.world
WEB = "acme/web"
FIVE = ["bug", "docs", "ui", "help", "later"]
ONE_LINE = "*octocat* added the labels `bug`, `docs`, `ui`, `help`, `later`"


@pytest.fixture
def number(world: World) -> int:
    """An issue with a card that is older than a minute."""
    subscribe(world)
    found, _ = issue(world)
    world.advance(90)
    return found


def thread(world: World, channel: str = DEV) -> list[str]:
    (ts,) = [each["ts"] for each in world.slack.history(channel) if each.get("bot_id") and "blank" in each["text"]]
    return said(world, ts, channel)


def card(world: World) -> str:
    return str(next(each["blocks"] for each in world.slack.history(DEV) if each.get("bot_id")))


def label(world: World, number: int, names: list[str], by: str = "octocat") -> None:
    """Put labels on it, all but at once."""
    for name in names:
        world.github.label(WEB, number, name, by)
        world.settle()


def unlabel(world: World, number: int, name: str, by: str = "octocat") -> None:
    repo = world.github.repo(WEB)
    assert repo is not None
    world.github.take_label(repo, repo.tickets[number], name, world.github.person(by))
    world.settle()


def test_five_labels_at_once_are_one_line_and_the_card_shows_them_all(world: World, number: int) -> None:
    label(world, number, FIVE)
    flow(world)
    assert thread(world) == [ONE_LINE]
    assert [name for name in FIVE if f"`{name}`" in card(world)] == FIVE
    all_done(world)


def test_what_was_taken_off_is_in_the_same_line_and_of_a_label_that_was_both_the_last_is_told(
    world: World, number: int
) -> None:
    label(world, number, ["old", "wip"])
    flow(world)
    label(world, number, ["bug", "docs", "ui"])
    unlabel(world, number, "old")
    unlabel(world, number, "ui")
    flow(world)
    assert thread(world) == [
        "*octocat* added the labels `old`, `wip`",
        "*octocat* added the labels `bug`, `docs` and removed the labels `ui`, `old`",
    ]


def test_one_label_reads_as_ever_and_later_ones_are_a_line_of_their_own(world: World, number: int) -> None:
    label(world, number, ["bug"])
    flow(world)
    label(world, number, ["docs"])
    world.advance(4)
    label(world, number, ["ui"])
    flow(world)
    assert thread(world) == ["*octocat* added the label `bug`", "*octocat* added the labels `docs`, `ui`"]


def test_two_people_are_two_lines_and_two_things_have_one_each(world: World, number: int) -> None:
    other, ts = pull(world)
    world.advance(90)
    label(world, number, ["bug", "docs"])
    label(world, other, ["ui"])
    label(world, number, ["help", "later"], by="mona")
    label(world, other, ["wip"])
    flow(world)
    assert thread(world) == ["*octocat* added the labels `bug`, `docs`", "*mona* added the labels `help`, `later`"]
    assert said(world, ts) == ["*octocat* added the labels `ui`, `wip`"]


def test_a_comment_in_between_keeps_its_place(world: World, number: int) -> None:
    label(world, number, ["bug", "docs"])
    world.github.comment(WEB, number, "octocat", "Look at these")
    world.settle()
    label(world, number, ["ui"])
    flow(world)
    first, comment, last = thread(world)
    assert (first, last) == ("*octocat* added the labels `bug`, `docs`", "*octocat* added the label `ui`")
    assert (comment.endswith("Look at these"), comments(world, number)) == (True, ["Look at these"])


def test_each_channel_has_its_own_line(world: World, number: int) -> None:
    subscribe(world, "acme/web pulls style:line thread:off", channel=GENERAL)
    other, ts = pull(world)
    world.advance(90)
    label(world, other, ["bug", "docs"])
    flow(world)
    assert (said(world, ts), thread(world)) == (["*octocat* added the labels `bug`, `docs`"], [])
    (told,) = [each["text"] for each in world.slack.history(GENERAL) if "label" in each["text"]]
    assert told.endswith("  ·  *octocat* added the labels `bug`, `docs`")


def test_a_repeated_delivery_changes_nothing_before_the_line_or_after_it(world: World, number: int) -> None:
    label(world, number, FIVE)
    world.github.redeliver(5)
    world.settle()
    flow(world)
    world.github.redeliver(5)
    flow(world)
    assert thread(world) == [ONE_LINE]


def test_planning_twice_changes_nothing_before_the_line_or_after_it(world: World, number: int) -> None:
    label(world, number, FIVE)
    for _ in range(2):
        for row in world.rows("deliveries"):
            replay(world.database, row["id"], world.clock())
        flow(world)
        assert thread(world) == [ONE_LINE]
    all_done(world)


def test_while_slack_is_down_the_line_waits_and_what_is_added_is_told_after_it(world: World, number: int) -> None:
    label(world, number, ["bug", "docs"])
    world.slack.fault("chat.postMessage", status=503, times=1)
    world.advance(6)
    label(world, number, ["ui", "help"])
    for _ in range(4):
        world.advance(61)
    assert thread(world) == ["*octocat* added the labels `bug`, `docs`", "*octocat* added the labels `ui`, `help`"]
    all_done(world)


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_worker_that_dies_with_the_line_leaves_one_line(
    world: World, number: int, moment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    label(world, number, FIVE)
    dies(monkeypatch, "slack", "post_message", moment)
    outlived(world, lambda: world.advance(6))
    assert thread(world) == [ONE_LINE]
    all_done(world)
