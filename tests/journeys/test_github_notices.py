"""Notices of GitHub: who asked for them is told in a direct message of what concerns them, each thing by one card."""

from collections.abc import Iterator
from typing import Any

import pytest

from sandbox.slack import ADMIN, DEV, GENERAL, GUEST, MEMBER
from tests.github_app import SIGNING_IN
from tests.journeys.github_threads import flow, known_as
from tests.journeys.threads import all_done
from tests.world import World

WEB, SECRET = "acme/web", "acme/secret"


@pytest.fixture
def world(sqlite_url: str) -> Iterator[World]:
    """Mia is `mia` on GitHub, and Ada is `ada`; Mia wants to be told of everything."""
    made = World(sqlite_url, **SIGNING_IN)
    for user, login in ((MEMBER, "mia"), (ADMIN, "ada")):
        known_as(made, user, login)
    notify(made, "all")
    yield made
    made.close()


def notify(world: World, words: str, user: str = MEMBER) -> str:
    return world.slack.command(user, GENERAL, "/github", f"notify {words}").body["text"]


def top(world: World, user: str = MEMBER) -> list[dict[str, Any]]:
    """What stands in the direct message itself."""
    return world.slack.history(world.slack.direct(user).id)


def replies(world: World, user: str = MEMBER, nth: int = 0) -> list[str]:
    """What connect says in the thread of a card."""
    return [each["text"] for each in world.slack.thread(world.slack.direct(user).id, top(world, user)[nth]["ts"])[1:]]


def headlines(world: World, user: str = MEMBER) -> list[str]:
    """How each of the messages in the direct message begins, with links as their words."""
    return [plain(message["blocks"][0]["text"]["text"]) for message in top(world, user)]


def plain(text: str) -> str:
    while "<http" in text:
        before, _, rest = text.partition("<http")
        text = before + rest.partition("|")[2].replace(">", "", 1)
    return text


def pull(world: World, author: str = "octocat", repo: str = WEB, body: str = "") -> int:
    number = world.github.open_pull_request(repo, "Oil the door", author, head="oil", body=body)
    flow(world)
    return number


def test_what_becomes_of_ones_own_pull_request_is_told_by_one_card_with_its_thread(world: World) -> None:
    number = pull(world, "mia")
    world.github.review(WEB, number, "ada", "changes_requested", "Not *yet*")
    flow(world)
    assert headlines(world) == ["*ada* requested changes on your pull request acme/web#1 Oil the door"]
    assert "Changes requested by ada" in str(top(world)[0]["blocks"])
    world.github.review(WEB, number, "ada", "approved")
    world.github.finish_run(WEB, world.github.start_run(WEB, "oil", "CI"), "failure")
    flow(world)
    world.github.merge_pull_request(WEB, number, "ada")
    flow(world)
    (card,) = top(world)
    assert "Merged" in card["text"] or "Merged" in str(card["blocks"])
    mine = f"<@{MEMBER}> "
    assert [plain(text) for text in replies(world)] == [
        f"{mine}*ada* approved your pull request acme/web#1 Oil the door",
        f"{mine}Checks failed on your pull request acme/web#1 Oil the door\n🔴 The check CI failed",
        f"{mine}*ada* merged your pull request acme/web#1 Oil the door",
    ]
    all_done(world)


def test_who_is_asked_for_a_review_or_to_do_something_or_mentioned_is_told_with_the_words(world: World) -> None:
    number = pull(world, body="ask `@mia` never")
    world.github.request_review(WEB, number, "mia")
    flow(world)
    issue = world.github.open_issue(WEB, "Door stuck", body="Can @Mia look?")
    flow(world)
    world.github.comment(WEB, number, "octocat", "Ping @mia: it *squeaks*")
    there = world.github.repo(WEB)
    assert there is not None
    world.github.assign(there, there.tickets[issue], world.github.person("mia"), world.github.person("octocat"))
    flow(world)
    assert headlines(world) == [
        "*octocat* requested a review of acme/web#1 Oil the door from you",
        "*octocat* mentioned you in acme/web#2 Door stuck",
    ]
    assert [plain(text) for text in (*replies(world), *replies(world, nth=1))] == [
        f"<@{MEMBER}> *octocat* mentioned you in acme/web#1 Oil the door\nPing @mia: it _squeaks_",
        f"<@{MEMBER}> *octocat* assigned acme/web#2 Door stuck to you",
    ]


def test_an_edit_tells_only_who_was_not_mentioned_before(world: World) -> None:
    number = pull(world)
    said = world.github.comment(WEB, number, "octocat", "hello")
    for body in ("hello @mia", "hello again @mia"):
        world.github.edit_comment(WEB, number, said, body)
        flow(world)
    assert headlines(world) == ["*octocat* mentioned you in acme/web#1 Oil the door"]
    assert replies(world) == []


def test_a_reply_beneath_the_card_becomes_a_comment_and_later_changes_edit_the_card_without_a_word(
    world: World,
) -> None:
    number = pull(world)
    world.github.request_review(WEB, number, "mia")
    flow(world)
    ts = top(world)[0]["ts"]
    world.slack.say(MEMBER, world.slack.direct(MEMBER).id, "I am on it, @mia", thread_ts=ts)
    flow(world)
    there = world.github.repo(WEB)
    assert there is not None
    assert "I am on it" in there.tickets[number].comments[0].body
    world.github.label(WEB, number, "bug")
    flow(world)
    assert (len(top(world)), "`bug`" in str(top(world)[0]["blocks"])) == (1, True)
    assert [text for text in replies(world) if "mentioned" in text] == []
    all_done(world)


def test_nobody_is_told_of_their_own_doing_by_their_hands_or_by_connects(world: World) -> None:
    world.github.allow(WEB, "mia", "admin")
    world.github.allow(WEB, "ada", "admin")
    notify(world, "all", ADMIN)
    number = pull(world, "mia", body="@mia")
    world.github.comment(WEB, number, "mia", "note to @mia")
    flow(world)
    world.slack.command(MEMBER, GENERAL, "/github", f"assign acme/web#{number} me")
    flow(world)
    world.slack.command(MEMBER, GENERAL, "/github", f"comment acme/web#{number} for @ada and @mia")
    flow(world)
    assert (headlines(world), headlines(world, ADMIN)) == ([], [])
    world.slack.command(MEMBER, GENERAL, "/github", f"assign acme/web#{number} ada")
    flow(world)
    assert headlines(world, ADMIN) == ["*Mia Member* assigned acme/web#1 Oil the door to you"]
    assert headlines(world) == []


def test_a_private_repository_is_told_only_to_those_who_may_read_it(world: World) -> None:
    number = pull(world, repo=SECRET)
    world.github.comment(SECRET, number, "octocat", "what says @mia?")
    flow(world)
    assert headlines(world) == []
    world.github.allow(SECRET, "mia", "read")
    world.github.comment(SECRET, number, "octocat", "and now, @mia?")
    flow(world)
    assert headlines(world) == ["*octocat* mentioned you in acme/secret#1 Oil the door"]
    before = top(world)
    world.github.allow(SECRET, "mia", "none")
    world.advance(120)
    world.github.label(SECRET, number, "bug")
    world.github.comment(SECRET, number, "octocat", "still there, @mia?")
    flow(world)
    assert (top(world), replies(world)) == (before, [])
    all_done(world)


def test_where_github_tells_no_rights_only_those_are_told_whom_the_event_itself_names(world: World) -> None:
    world.github.connect_role = "read"
    number = pull(world, repo=SECRET)
    world.github.comment(SECRET, number, "octocat", "what says @mia?")
    world.github.request_review(SECRET, number, "mia")
    flow(world)
    assert headlines(world) == ["*octocat* requested a review of acme/secret#1 Oil the door from you"]


def test_a_teams_members_are_told_once_of_what_is_asked_of_the_team(world: World) -> None:
    notify(world, "review_requested", ADMIN)
    world.github.teams["acme/core"] = {"mia", "ada", "octocat"}
    number = pull(world)
    world.github.request_review(WEB, number, "ada")
    world.github.request_team_review(WEB, number, "core")
    world.github.comment(WEB, number, "octocat", "@acme/core and @mia, anybody? @acme/unseen?")
    flow(world)
    assert headlines(world) == ["*octocat* requested a review of acme/web#1 Oil the door from your team acme/core"]
    assert [plain(text).partition("\n")[0] for text in replies(world)] == [
        f"<@{MEMBER}> *octocat* mentioned you in acme/web#1 Oil the door"
    ]
    assert headlines(world, ADMIN) == ["*octocat* requested a review of acme/web#1 Oil the door from you"]
    assert replies(world, ADMIN) == []


def test_what_github_delivers_twice_is_told_once_and_channels_hear_nothing_of_it(world: World) -> None:
    number = pull(world)
    world.github.request_review(WEB, number, "mia")
    world.github.redeliver(3)
    flow(world)
    assert (len(top(world)), replies(world), world.slack.history(DEV)) == (1, [], [])


def test_people_choose_what_they_are_told_of(world: World) -> None:
    names = "`review_requested`, `assigned`, `mentioned`, `checks_failed`, `changes_requested`, `approved`, `merged`"
    assert notify(world, "merged, approved") == (
        ":bell: From now on I tell you here when a pull request of yours is approved or merged. "
        "`/github notify off` ends it."
    )
    number = pull(world, "mia")
    world.github.finish_run(WEB, world.github.start_run(WEB, "oil"), "failure")
    world.github.review(WEB, number, "ada", "changes_requested")
    flow(world)
    assert headlines(world) == []
    assert notify(world, "off") == (
        "I send you no direct messages about GitHub any more. `/github notify on` starts them again."
    )
    assert notify(world, "") == (
        f"I send you no direct messages about GitHub. `/github notify on` starts them; or name some: {names}."
    )
    assert notify(world, "sometimes").startswith("I do not know `sometimes`. Choose from: review_requested, assigned")
    world.github.review(WEB, number, "ada", "approved")
    flow(world)
    assert headlines(world) == []


def test_who_has_no_account_on_github_and_who_is_a_guest_is_told_why_not(world: World) -> None:
    world.github.people["ada"].email = ""
    assert notify(world, "on", ADMIN) == (
        "I do not know your account on GitHub. Type `/github me` to see how to say which one it is."
    )
    assert "Guests" in notify(world, "on", GUEST)
    world.advance(301)
    world.github.fault("search/users", status=500)
    assert notify(world, "on", ADMIN).startswith("I could not ask GitHub for your account. Try again in a moment. (")
