"""Quiet hours of a person: notices of both services and reminders wait until they end, and nothing of them is lost."""

from collections.abc import Iterator
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.flows.reminders import remind
from sandbox.slack import GENERAL, GUEST, MEMBER
from tests.github_app import SIGNING_IN
from tests.journeys.github_threads import known_as
from tests.journeys.test_github_notices import WEB, headlines, plain, replies, top
from tests.journeys.test_notices import told, words
from tests.journeys.threads import all_done
from tests.world import World

HOURS = "From 20:00 to 07:00 (Europe/Berlin) I send you no notices and no reminders; they come afterwards."
HOW = "`/github notify quiet 20:00-07:00` sets them, `/github notify quiet off` ends them."


@pytest.fixture
def world(sqlite_url: str) -> Iterator[World]:
    """Mia is `mia` on GitHub, and wants to be told of everything; everybody lives in Berlin, where it is noon."""
    made = World(sqlite_url, **SIGNING_IN)
    known_as(made, MEMBER, "mia")
    say(made, "/github", "all")
    at(made, "12:00")
    yield made
    made.close()


def say(world: World, command: str, words: str, user: str = MEMBER) -> str:
    return world.slack.command(user, GENERAL, command, f"notify {words}").body["text"]


def at(world: World, clock: str) -> None:
    """Let the time come by the clock in Berlin, and all be done that is due by then."""
    now = world.clock().astimezone(ZoneInfo("Europe/Berlin"))
    hour, minute = map(int, clock.split(":"))
    there = now.replace(hour=hour, minute=minute, second=0, microsecond=0)
    world.clock.offset += (there if there > now else there + timedelta(days=1)) - now
    flow(world)


def flow(world: World) -> None:
    """What waits for the morning stays pending."""
    remind(world.services)
    for _ in range(8):
        world.advance(2)


def test_people_say_when_it_is_quiet_once_for_both_services_in_their_own_time_zone(world: World) -> None:
    assert say(world, "/github", "quiet") == f"You have no quiet hours. {HOW}"
    assert say(world, "/github", "quiet 20-7:00") == f":zzz: {HOURS} `/github notify quiet off` ends that."
    assert say(world, "/jira", "quiet") == f":zzz: {HOURS} {HOW.replace('/github', '/jira')}"
    assert say(world, "/jira", "quiet 22:00 to 6 asia/tokyo").startswith(":zzz: From 22:00 to 06:00 (Asia/Tokyo) I")
    for typed, why in (
        ("20:00-20:00", "from and to are the same time"),
        ("25:00-7:00", "they are two times of day, such as `20:00-07:00`"),
        ("20:00-7:00 Nowhere/City", "there is no time zone Nowhere/City; name one such as Europe/Berlin"),
    ):
        refused = f"These hours make no sense: {why}. {HOW} A time zone looks like `Europe/Berlin`."
        assert say(world, "/github", f"quiet {typed}") == refused
    assert "Guests" in say(world, "/github", "quiet 20:00-07:00", GUEST)
    world.slack.open_home(MEMBER)
    flow(world)
    said = ":zzz: Not from 22:00 to 06:00 (Asia/Tokyo): `/github notify quiet off` ends that."
    assert said in str(world.slack.home(MEMBER))
    assert say(world, "/github", "quiet off") == "You have no quiet hours any more."
    at(world, "14:00")
    world.slack.open_home(MEMBER)
    flow(world)
    assert ":zzz:" not in str(world.slack.home(MEMBER))


def test_notices_and_reminders_of_the_night_come_in_the_morning_each_thing_as_it_is_then(world: World) -> None:
    say(world, "/github", "quiet 20:00-07:00")
    world.slack.command(MEMBER, GENERAL, "/github", "remind me daily 06:00")
    first = world.github.open_pull_request(WEB, "Oil the door", "octocat", head="oil")
    world.github.request_review(WEB, first, "mia")
    flow(world)
    assert headlines(world) == ["*octocat* requested a review of acme/web#1 Oil the door from you"]
    at(world, "23:00")
    world.github.comment(WEB, first, "octocat", "And @mia?")
    second = world.github.open_pull_request(WEB, "Mend the lift", "octocat", head="lift")
    world.github.request_review(WEB, second, "mia")
    flow(world)
    for number in (first, second):
        world.github.label(WEB, number, "bug")
        flow(world)
    world.github.comment(WEB, second, "octocat", "@mia, *please*")
    flow(world)
    at(world, "06:01")
    (shown,) = top(world)
    assert ("`bug`" in str(shown["blocks"]), replies(world)) == (True, [])
    at(world, "07:01")
    review = "*octocat* requested a review of acme/web"
    assert headlines(world) == [
        f"{review}#1 Oil the door from you", f"{review}#2 Mend the lift from you",
        "*2 pull requests wait for your review*",
    ]  # fmt: skip
    assert "`bug`" in str(top(world)[1]["blocks"])
    mentioned = f"<@{MEMBER}> *octocat* mentioned you in acme/web"
    assert [plain(text) for nth in (0, 1) for text in replies(world, nth=nth)] == [
        f"{mentioned}#1 Oil the door\nAnd @mia?", f"{mentioned}#2 Mend the lift\n@mia, _please_",
    ]  # fmt: skip
    world.github.label(WEB, second, "ui")
    flow(world)
    assert "`ui`" in str(top(world)[1]["blocks"])
    all_done(world)


def test_what_waits_comes_as_soon_as_somebody_ends_their_quiet_hours(world: World) -> None:
    say(world, "/github", "quiet 20:00-07:00")
    at(world, "23:00")
    number = world.github.open_pull_request(WEB, "Oil the door", "octocat", head="oil")
    world.github.request_review(WEB, number, "mia")
    said = world.github.comment(WEB, number, "octocat", "Well, @mia?")
    flow(world)
    world.github.redeliver(3)
    flow(world)
    assert top(world) == []
    say(world, "/github", "quiet 22:00-08:00")
    at(world, "07:01")
    assert top(world) == []
    say(world, "/github", "quiet off")
    flow(world)
    world.github.edit_comment(WEB, number, said, "Well, well, @mia?")
    flow(world)
    assert (len(top(world)), len(replies(world))) == (1, 1)
    all_done(world)


def test_news_of_jira_wait_as_well_and_a_deleted_issue_leaves_nothing_of_what_was_in_it(
    on_both_jiras: World,
) -> None:
    world = on_both_jiras
    world.give_account(MEMBER)
    say(world, "/jira", "all")
    say(world, "/jira", "quiet 20:00-07:00")
    at(world, "23:00")
    key = world.jira.create("OPS", "Bug", "Door stuck", reporter="Mia")
    other = world.jira.create("OPS", "Bug", "Lift stuck", reporter="Mia")
    flow(world)
    for issue in (key, other):
        world.jira.edit(issue, "Ada Lovelace", assignee="Mia")
        flow(world)
    world.jira.transition(key, "In Progress", "Ada Lovelace")
    flow(world)
    world.jira.delete(other, "Ada Lovelace")
    flow(world)
    assert told(world) == []
    at(world, "07:01")
    card, *rest = [words(one) for one in told(world) if "Lift" not in words(one) and other not in words(one)]
    assert ("assigned" in card.partition("\n")[0], "To Do" in card, "In Progress" in card) == (True, False, True)
    assert ["News of" in one and "In Progress" in one for one in rest] == [True]
    gone = [words(one) for one in told(world) if other in words(one)]
    assert gone == [
        f":wastebasket: {other} was deleted.",
        f"<@{MEMBER}> :wastebasket: *Ada Lovelace* deleted {other}, which you reported.",
    ]
