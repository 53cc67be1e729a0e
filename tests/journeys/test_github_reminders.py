"""Reminders: at their own times people and channels are told what waits for a review, once for each time."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from bot.flows.reminders import remind
from bot.operations import github_reviews
from sandbox.slack import ADMIN, DEV, GUEST, MEMBER
from tests.github_app import SIGNING_IN
from tests.journeys.deaths import dies, outlived
from tests.journeys.github_threads import flow, known_as, link, subscribe
from tests.journeys.test_github_notices import plain
from tests.journeys.threads import all_done
from tests.world import World

BERLIN = ZoneInfo("Europe/Berlin")
HOW = "`/github remind me off` ends it."
HERE = "`/github remind here off` ends it; `me` in it is for you alone."


@pytest.fixture
def world(sqlite_url: str) -> Iterator[World]:
    """It is a Sunday noon in Berlin, where everybody lives; Mia is `mia` on GitHub."""
    made = World(sqlite_url, **SIGNING_IN)
    now = made.clock().astimezone(BERLIN)
    noon = (now + timedelta(days=6 - now.weekday())).replace(hour=12, minute=0, second=0, microsecond=0)
    made.clock.offset += noon - now
    known_as(made, MEMBER, "mia")
    yield made
    made.close()


def say(world: World, words: str, user: str = MEMBER, channel: str = DEV) -> str:
    return world.slack.command(user, channel, "/github", f"remind {words}").body["text"]


def until(world: World, text: str) -> None:
    """Let the time come, by the clock in Berlin (`09:00`, or with days before it: `2 09:00`), and the job be done."""
    days, _, clock = text.rpartition(" ")
    now = world.clock().astimezone(BERLIN)
    hour, minute = map(int, clock.split(":"))
    there = (now + timedelta(days=int(days or 0))).replace(hour=hour, minute=minute, second=30)
    world.clock.offset += there - now
    for _ in range(3):  # every minute of every process does the same
        remind(world.services)
    world.settle()
    world.advance(5)


def direct(world: World, user: str = MEMBER) -> list[str]:
    return [plain(each["text"]) for each in world.slack.history(world.slack.direct(user).id) if each.get("bot_id")]


def in_channel(world: World, channel: str = DEV) -> list[str]:
    return [plain(each["text"]) for each in world.slack.history(channel) if "review" in each["text"]]


def asked(world: World, title: str, reviewer: str = "mia", repo: str = "acme/web") -> int:
    number = world.github.open_pull_request(repo, title)
    world.github.request_review(repo, number, reviewer)
    flow(world)
    return number


def test_a_person_is_told_from_monday_to_friday_what_waits_for_them_by_their_own_clock(world: World) -> None:
    first = asked(world, "Oil the door")
    asked(world, "For another", "hubot")
    world.github.open_pull_request("acme/web", "A draft", draft=True)
    world.settle()
    assert say(world, "me weekdays 9:00 target 2 days") == (
        ":alarm_clock: From now on I tell you, in a direct message, from Monday to Friday at 09:00 (Europe/Berlin) "
        f"what waits for a review. {HOW}"
    )
    until(world, "18:00")
    assert direct(world) == []
    until(world, "1 09:00")
    assert direct(world) == [
        "*1 pull request waits for your review*\n• acme/web#1 Oil the door by octocat, review asked for 21 hours ago"
    ]
    asked(world, "Mend the lift")
    until(world, "1 23:00")
    late = "*2 pull requests wait for your review*, 1 of them for more than 2 days"
    assert direct(world)[1:] == [
        f"{late}\n:alarm_clock: acme/web#1 Oil the door by octocat, review asked for 2 days ago\n"
        "• acme/web#4 Mend the lift by octocat, review asked for 1 day ago"
    ]
    world.github.review("acme/web", first, "mia", "approved")
    world.github.review("acme/web", 4, "mia", "approved")
    until(world, "1 09:00")
    until(world, "4 10:00")
    assert len(direct(world)) == 2
    assert say(world, "me off") == "I do not remind you any more."
    assert say(world, "me off") == "I did not remind you. `/github remind list` shows what there is."
    all_done(world)


def test_what_waits_is_as_old_as_the_wish_for_a_review_if_github_tells_when_that_was(world: World) -> None:
    number = world.github.open_pull_request("acme/web", "Oil the door")
    flow(world)
    subscribe(world, "acme/web")
    say(world, "me daily 09:00 target 2 days")
    say(world, "here daily 09:00 target 2 days")
    until(world, "3 10:00")
    world.github.request_team_review("acme/web", number, "core")
    until(world, "1 09:00")
    assert (direct(world), in_channel(world)[-1].splitlines()[1:]) == (
        [], ["• acme/web#1 Oil the door by octocat, review asked for 22 hours ago, waits for Core"],
    )  # fmt: skip
    world.github.request_review("acme/web", number, "mia")
    until(world, "1 09:00")
    line = "• acme/web#1 Oil the door by octocat, review asked for"
    assert direct(world)[-1].splitlines()[1:] == [f"{line} 23 hours ago"]
    assert in_channel(world)[-1].splitlines()[1:] == [f"{line} 1 day ago, waits for mia, Core"]
    world.github.fault("graphql", status=403, times=2)
    until(world, "1 09:00")
    late = ":alarm_clock: acme/web#1 Oil the door by octocat, opened 5 days ago"
    assert [told[-1].splitlines()[1:] for told in (direct(world), in_channel(world))] == [
        [late], [f"{late}, waits for mia, Core"],
    ]  # fmt: skip
    all_done(world)


def test_a_channel_is_told_weekly_of_its_repositories_also_that_nothing_waits(world: World) -> None:
    assert say(world, "weekly monday") == (
        "Name a repository, or subscribe this channel to one first: I would have nothing to look at."
    )
    subscribe(world, "acme/web")
    assert say(world, "weekly monday 9 UTC") == (
        ":alarm_clock: From now on I tell this channel every Monday at 09:00 (UTC) what waits for a review. " + HERE
    )
    until(world, "1 11:00")
    assert in_channel(world)[-1] == "No pull request waits for a review. :tada:"
    asked(world, "Oil the door", "ada")
    number = world.github.open_pull_request("acme/web", "Nobody is asked")
    world.github.request_team_review("acme/web", number, "core")
    until(world, "7 11:00")
    assert in_channel(world)[-1] == (
        "*2 pull requests wait for a review*\n"
        "• acme/web#1 Oil the door by octocat, review asked for 6 days ago, waits for ada\n"
        "• acme/web#2 Nobody is asked by octocat, review asked for 6 days ago, waits for Core"
    )
    world.slack.command(MEMBER, DEV, "/github", "unsubscribe acme/web")
    until(world, "7 11:00")
    assert in_channel(world)[-1].startswith("I was to tell what waits for a review, and this channel hears of no repo")
    assert direct(world) == []


def test_after_an_absence_it_is_told_once_and_late(world: World) -> None:
    asked(world, "Oil the door")
    say(world, "me daily 09:00")
    until(world, "6 15:00")
    assert len(direct(world)) == 1
    assert "review asked for 6 days ago" in direct(world)[0]
    reads = [row for row in world.rows("integrations") if row["operation"] == "read_reviews"]
    assert [row["status"] for row in reads] == ["completed"]


def test_while_github_is_down_it_waits_and_is_told_when_github_is_back(world: World) -> None:
    asked(world, "Oil the door")
    say(world, "me daily 09:00")
    world.github.fault("search/issues-and-pull-requests", status=500, times=2)
    until(world, "1 09:00")
    assert direct(world) == []
    world.advance(120)
    assert len(direct(world)) == 1
    all_done(world)


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("call", [("github", "read_reviews"), ("slack", "post_message")])
def test_a_worker_that_dies_over_it_leaves_one_reminder(
    world: World, monkeypatch: pytest.MonkeyPatch, call: tuple[str, str], moment: str
) -> None:
    asked(world, "Oil the door")
    say(world, "me daily 09:00")
    dies(monkeypatch, *call, moment)
    outlived(world, lambda: until(world, "1 09:00"))
    assert len(direct(world)) == 1
    all_done(world)


def test_all_of_an_owners_repositories_but_those_left_out_and_none_that_is_private(world: World) -> None:
    subscribe(world, "acme")
    asked(world, "Oil the door", "ada")
    asked(world, "Secret oil", "ada", "acme/secret")
    say(world, "here daily 09:00")
    until(world, "1 09:00")
    assert [text for text in in_channel(world) if "Secret" in text] == []
    assert "acme/web#1 Oil the door" in in_channel(world)[-1]
    assert say(world, "here acme/secret daily 09:00").startswith(":alarm_clock:")  # the owner's subscription covers it
    before = in_channel(world)
    subscribe(world, "acme -acme/web")
    until(world, "1 09:00")
    assert in_channel(world) == before


def test_a_repository_by_name_is_one_that_can_be_seen_and_private_only_where_it_is_subscribed(world: World) -> None:
    asked(world, "Oil the door", "ada")
    assert say(world, "here acme/web daily 09:00") == (
        ":alarm_clock: From now on I tell this channel every day at 09:00 (Europe/Berlin) what waits for a review in "
        f"`acme/web`. {HERE}"
    )
    unseen = "GitHub has no `{}` that you and I can see. Check the name; a time zone looks like `Europe/Berlin`."
    for name in ("acme/none", "acme/secret"):
        assert say(world, f"here {name} daily") == unseen.format(name)
    assert say(world, "me daily 9:00 Europe/Berln") == unseen.format("Europe/Berln")
    world.github.allow("acme/secret", "mia", "read")
    assert say(world, "here acme/secret daily") == (
        "`acme/secret` is private: `/github subscribe acme/secret` first lets this channel hear of it."
    )
    until(world, "1 09:00")
    assert in_channel(world)[-1].endswith("review asked for 21 hours ago, waits for ada")
    world.github.hide("acme/web")
    flow(world)
    until(world, "1 09:00")
    assert len([text for text in in_channel(world) if "Oil the door" in text and "waits" in text]) == 1


def test_a_channels_quiet_hours_hold_it_back(world: World) -> None:
    subscribe(world, 'acme/web quiet:"08:00-10:00 Europe/Berlin"')
    asked(world, "Oil the door", "ada")
    say(world, "here daily 09:00")
    until(world, "1 09:00")
    assert [text for text in in_channel(world) if "waits for a review" in text] == []
    world.advance(3600)
    assert [text.partition("\n")[0] for text in in_channel(world) if "waits for a review" in text] == [
        "*1 pull request waits for a review*"
    ]


def test_by_a_linked_account_a_person_is_told_of_all_that_they_see(world: World) -> None:
    world.github.allow("acme/secret", "ada", "write")
    link(world, "ada", ADMIN)
    asked(world, "Secret oil", "ada", "acme/secret")
    say(world, "me acme/secret daily 09:00", ADMIN)
    until(world, "1 09:00")
    assert direct(world, ADMIN)[-1].startswith("*1 pull request waits for your review*\n• acme/secret#1 Secret oil")


def test_what_there_is_is_listed_changed_and_limited(world: World) -> None:
    assert say(world, "").startswith("I remind nobody here of reviews. `/github remind me weekdays 09:00` tells you")
    assert say(world, "me target 2").startswith("Say first when I am to remind: `/github remind me weekdays 09:00")
    say(world, "me daily 8:00")
    say(world, "me daily 9:00 target 3 days")
    assert say(world, "me target 2 days") == "I mark what waits for more than 2 days."
    subscribe(world, "acme/web")
    say(world, "here weekly fri 16:00")
    assert say(world, "list") == (
        ":alarm_clock: I tell what waits for a review to\n"
        "• you, every day at 09:00 (Europe/Berlin), marking what waits for more than 2 days\n"
        "• this channel, every Friday at 16:00 (Europe/Berlin)"
    )
    web = world.github.repos[0]
    world.github.repos += [replace(web, name=f"r{number}") for number in range(10)]
    for number in range(9):
        say(world, f"me acme/r{number} daily")
    assert say(world, "me acme/r9 daily") == "There are 10 reminders already. `/github remind me off` ends them."
    assert "10:00" in say(world, "me acme/r8 daily 10:00")
    assert (
        say(world, "here off acme/web") == "I did not remind this channel. `/github remind list` shows what there is."
    )
    assert "Guests" in say(world, "me daily", GUEST)
    world.github.people["mia"].email = ""
    assert say(world, "me daily", ADMIN).startswith("I do not know your account on GitHub.")


def test_one_whose_account_is_not_known_any_more_ends_and_says_so(world: World) -> None:
    say(world, "me daily 09:00")
    world.github.person("mia").email = ""
    with world.database.engine.begin() as connection:
        connection.execute(text("DELETE FROM service_mappings WHERE mapping_type = 'user'"))
    until(world, "1 09:00")
    until(world, "1 09:00")
    (told,) = direct(world)
    assert "I was to remind you of reviews, and could not." in told
    assert told.endswith("I do not remind you of this any more; `/github remind` starts it again.")
    assert "daily" not in say(world, "list")


def test_more_repositories_than_can_be_looked_at_are_counted_and_a_guessed_one_is_as_if_it_were_not(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("acme/secret", "acme/none", "acme/web"):
        subscribe(world, name)
    asked(world, "Secret oil", "ada", "acme/secret")
    say(world, "here weekly monday 09:00")
    until(world, "1 09:00")
    blocks = [each["blocks"] for each in world.slack.history(DEV) if "review" in each["text"]]
    assert blocks[-1][-1]["elements"][0]["text"] == "I could not look at acme/none, acme/secret."
    monkeypatch.setattr(github_reviews, "MOST", 1)
    until(world, "7 09:00")
    blocks = [each["blocks"] for each in world.slack.history(DEV) if "review" in each["text"]]
    assert "There were 2 more repositories than I can look at" in blocks[-1][-1]["elements"][-1]["text"]
