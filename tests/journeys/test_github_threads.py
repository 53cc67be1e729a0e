"""A card's thread and its pull request or issue: replies and comments follow each other's edits and deletions."""

from collections.abc import Callable

import pytest

from sandbox.github import ticket_shapes
from sandbox.slack import ADMIN, DEV, GENERAL, MEMBER
from tests.github_app import SIGNING_IN
from tests.journeys import github_threads
from tests.journeys.github_threads import (
    all_done,
    card_of,
    comments,
    flow,
    issue,
    known_as,
    link,
    pull,
    said,
    stored,
    subscribe,
    told,
)
from tests.world import World

world = github_threads.world
GONE = "*Mia Member*’s reply here is no comment on GitHub any more: *octocat* deleted it there."


# --- from Slack to GitHub --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("begin", [pull, issue])
def test_a_reply_is_a_comment_that_is_edited_and_deleted_with_it(
    world: World, begin: Callable[[World], tuple[int, str]]
) -> None:
    subscribe(world)
    number, ts = begin(world)
    bold = {"type": "text", "text": "unpluged", "style": {"bold": True}}
    inside = [{"type": "text", "text": "I "}, bold, {"type": "text", "text": " it"}]
    rich = [{"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": inside}]}]
    reply = world.slack.say(ADMIN, DEV, "I *unpluged* it", thread_ts=ts, blocks=rich)
    flow(world)
    assert comments(world, number) == ["**Ada Admin (in Slack):**\n\nI **unpluged** it"]
    world.advance(2)
    world.slack.edit(DEV, reply, "I unplugged it")
    flow(world)
    assert comments(world, number) == ["**Ada Admin (in Slack):**\n\nI unplugged it"]
    world.slack.delete(DEV, reply)
    flow(world)
    assert (comments(world, number), said(world, ts)) == ([], [])
    all_done(world)


def test_what_is_written_in_slack_notifies_and_closes_nothing_on_github(world: World) -> None:
    subscribe(world)
    known_as(world, ADMIN, "ada")
    number, ts = issue(world)
    text = f"closes #7 and GH-8, @octocat @acme/core <@{ADMIN}> <!channel>, see https://github.com/acme/api/issues/9"
    world.slack.say(MEMBER, DEV, text, thread_ts=ts)
    flow(world)
    (written,) = comments(world, number)
    assert written == (
        "**Mia Member (in Slack):**\n\ncloses #\u200b7 and GH-\u200b8, @\u200boctocat @\u200bacme/core @ada "
        "@\u200bchannel, see https:\u200b//github.com/acme/api/issues/9"
    )


def test_a_reply_orders_no_robot_about_with_connects_rights_but_with_ones_own(world: World) -> None:
    subscribe(world)
    number, ts = pull(world)
    reply = world.slack.say(MEMBER, DEV, "Fine by me\n/lgtm", thread_ts=ts)
    flow(world)
    assert comments(world, number) == ["**Mia Member (in Slack):**\n\nFine by me\\\n\u200b/lgtm"]
    world.slack.edit(DEV, reply, "bors r+")
    flow(world)
    assert comments(world, number) == ["**Mia Member (in Slack):**\n\n\u200bbors r+"]
    link(world, "mia-gh")
    world.slack.say(MEMBER, DEV, "/lgtm", thread_ts=ts)
    flow(world)
    assert comments(world, number)[1:] == ["/lgtm"]


def test_an_edit_or_a_deletion_of_a_reply_that_is_not_on_github_yet_waits_for_it(world: World) -> None:
    subscribe(world)
    number, ts = pull(world)
    world.github.fault("issues/create-comment", status=429, headers={"Retry-After": "20"})
    first = world.slack.say(MEMBER, DEV, "first", thread_ts=ts)
    other = world.slack.say(MEMBER, DEV, "other", thread_ts=ts)
    world.settle()
    world.slack.edit(DEV, first, "second")
    world.slack.delete(DEV, other)
    world.settle()
    assert comments(world, number) == []
    for _ in range(6):
        world.advance(21)
    assert comments(world, number) == ["**Mia Member (in Slack):**\n\nsecond"]
    all_done(world)


def test_who_has_linked_their_account_comments_by_it_without_their_name_in_the_text(world: World) -> None:
    subscribe(world)
    number, ts = pull(world)
    before = world.slack.say(MEMBER, DEV, "as connect", thread_ts=ts)
    flow(world)
    link(world, "mia-gh")
    reply = world.slack.say(MEMBER, DEV, "as myself", thread_ts=ts)
    flow(world)
    world.slack.edit(DEV, reply, "as myself, again")
    world.slack.edit(DEV, before, "as connect, again")
    flow(world)
    assert [
        (each.author.login, text) for each, text in zip(stored(world, number), comments(world, number), strict=True)
    ] == [
        ("connect-app", "**Mia Member (in Slack):**\n\nas connect, again"),
        ("mia-gh", "as myself, again"),
    ]
    assert said(world, ts) == []
    world.slack.delete(DEV, reply)
    flow(world)
    assert comments(world, number) == ["**Mia Member (in Slack):**\n\nas connect, again"]
    all_done(world)


def test_in_a_private_repository_a_known_account_has_to_be_able_to_read(world: World) -> None:
    repo = world.github.repo("acme/web")
    assert repo is not None
    subscribe(world)
    number, ts = pull(world)
    repo.private = True
    known_as(world, MEMBER, "mia-gh")
    world.slack.say(MEMBER, DEV, "may I?", thread_ts=ts)
    flow(world)
    assert comments(world, number) == []
    assert told(world)[-1:] == [
        f"Your reply did not reach acme/web#{number}. GitHub does not permit @mia-gh to read acme/web."
    ]
    world.github.allow("acme/web", "mia-gh", "read")
    world.slack.say(MEMBER, DEV, "and now?", thread_ts=ts)
    flow(world)
    assert comments(world, number) == ["**Mia Member (in Slack):**\n\nand now?"]


def test_where_the_settings_ask_for_an_account_nobody_comments_without_one(made_of: Callable[..., World]) -> None:
    world = made_of(**SIGNING_IN, github_without_account="refuse")
    known_as(world, ADMIN, "ada")
    subscribe(world)
    number, ts = pull(world)
    world.slack.say(MEMBER, DEV, "it is me", thread_ts=ts)
    world.slack.say(ADMIN, DEV, "it is Ada", thread_ts=ts)
    flow(world)
    assert comments(world, number) == ["**Ada Admin (in Slack):**\n\nit is Ada"]
    assert told(world)[-1:] == [
        f"Your reply did not reach acme/web#{number}. I do not know your account on GitHub. "
        "Type `/github me` to see how to say which one it is."
    ]


def test_a_refused_edit_or_deletion_is_told_to_the_replys_author_alone(world: World) -> None:
    subscribe(world)
    number, ts = pull(world)
    reply = world.slack.say(MEMBER, DEV, "first", thread_ts=ts)
    flow(world)
    for call in ("issues/update-comment", "issues/delete-comment"):
        world.github.fault(call, status=403, body='{"message": "Locked."}')
    world.slack.edit(DEV, reply, "second")
    world.slack.delete(DEV, reply)
    flow(world)
    assert [text.partition(".")[0] for text in told(world)[-2:]] == [
        f"Your edit did not reach acme/web#{number}: the comment there still says what it said before",
        f"The comment in acme/web#{number} that was made of your reply could not be deleted",
    ]


def test_a_reply_with_the_private_mark_stays_in_slack(world: World) -> None:
    subscribe(world)
    number, ts = pull(world)
    private = world.slack.say(MEMBER, DEV, "// is this theirs or ours?", thread_ts=ts)
    public = world.slack.say(MEMBER, DEV, "we look into it", thread_ts=ts)
    flow(world)
    assert comments(world, number) == ["**Mia Member (in Slack):**\n\nwe look into it"]
    world.slack.edit(DEV, public, "// we look into it, somehow")
    world.slack.edit(DEV, private, "It is ours.")
    flow(world)
    assert comments(world, number) == ["**Mia Member (in Slack):**\n\nIt is ours."]
    all_done(world)


def test_replies_stay_in_slack_where_a_subscription_of_the_channel_says_so(world: World) -> None:
    subscribe(world, "acme/web issues pulls comments -replies")
    number, ts = pull(world)
    reply = world.slack.say(MEMBER, DEV, "between us", thread_ts=ts)
    flow(world)
    world.slack.edit(DEV, reply, "between us two")
    world.slack.delete(DEV, reply)
    world.github.comment("acme/web", number, "octocat", "Looks good")
    flow(world)
    assert comments(world, number) == ["Looks good"]
    assert ["Looks good" in line for line in said(world, ts)] == [True]
    assert "replies stay in Slack" in str(world.slack.command(MEMBER, DEV, "/github", "list").body)
    assert "-replies" in str(world.slack.command(MEMBER, DEV, "/github", "settings acme/web").body)
    subscribe(world, "acme/web +replies")
    world.slack.say(MEMBER, DEV, "for all", thread_ts=ts)
    flow(world)
    assert comments(world, number) == ["Looks good", "**Mia Member (in Slack):**\n\nfor all"]
    all_done(world)


def test_by_rest_replies_are_turned_off_for_github_alone(world: World) -> None:
    path, given = "/api/v1/subscriptions", {"source_service": "github", "source": "acme/web", "channel": DEV}
    row = world.call("POST", path, given | {"replies": False}).json()["subscription_id"]
    assert world.rows("subscriptions")[0]["replies"] is False
    assert world.call("PATCH", f"{path}/{row}", {"replies": True}).status_code == 200
    assert world.rows("subscriptions")[0]["replies"] is True
    answer = world.call("POST", path, {"source_service": "jira", "source": "OPS", "channel": DEV, "replies": False})
    assert (answer.status_code, [each["field"] for each in answer.json()["error"]["details"]]) == (422, ["replies"])


# --- from GitHub to Slack --------------------------------------------------------------------------------------------


def test_an_edited_comment_changes_its_reply_and_a_deleted_one_takes_it_away(world: World) -> None:
    subscribe(world)
    number, ts = pull(world)
    ident = world.github.comment("acme/web", number, "octocat", "Found a moth")
    flow(world)
    world.github.edit_comment("acme/web", number, ident, "Found **two** moths")
    flow(world)
    assert [line.partition("\n")[2] for line in said(world, ts)] == ["Found *two* moths"]
    world.github.delete_comment("acme/web", number, ident)
    flow(world)
    assert said(world, ts) == []
    all_done(world)


def test_a_comment_from_slack_that_is_edited_on_github_is_told_and_follows_from_then_on(world: World) -> None:
    subscribe(world)
    number, ts = pull(world)
    world.slack.say(MEMBER, DEV, "at noon", thread_ts=ts)
    flow(world)
    (comment,) = stored(world, number)
    for words in ("at one", "at two"):
        world.advance(2)
        world.github.edit_comment("acme/web", number, comment.id, comment.body.replace("at noon", words), "octocat")
        flow(world)
    assert ["octocat" in line and "at one" in line for line in said(world, ts)] == [True]
    world.github.delete_comment("acme/web", number, comment.id, "octocat")
    flow(world)
    assert said(world, ts) == [GONE]
    all_done(world)


def test_a_reply_that_is_edited_after_others_edited_its_comment_stands_once_in_its_thread(world: World) -> None:
    subscribe(world)
    number, ts = pull(world)
    reply = world.slack.say(MEMBER, DEV, "at noon", thread_ts=ts)
    flow(world)
    (comment,) = stored(world, number)
    world.github.edit_comment("acme/web", number, comment.id, "at one", "octocat")
    flow(world)
    assert ["octocat" in line and "at one" in line for line in said(world, ts)] == [True]
    world.slack.edit(DEV, reply, "at two")
    flow(world)
    assert comments(world, number) == ["**Mia Member (in Slack):**\n\nat two"]
    assert said(world, ts) == [
        "*Mia Member* has edited their reply: it replaced what others had made of the comment on GitHub."
    ]
    world.github.edit_comment("acme/web", number, comment.id, "at three", "octocat")
    flow(world)
    assert ["octocat" in line and "at three" in line for line in said(world, ts)] == [True]
    all_done(world)


@pytest.mark.parametrize("heard", [True, False])
def test_whoever_edits_a_reply_whose_comment_was_deleted_on_github_learns_that_it_stays_in_slack(
    world: World, *, heard: bool
) -> None:
    subscribe(world)
    number, ts = issue(world)
    reply = world.slack.say(MEMBER, DEV, "at noon", thread_ts=ts)
    flow(world)
    if heard:
        world.github.delete_comment("acme/web", number, stored(world, number)[0].id, "octocat")
        flow(world)
    else:
        stored(world, number).clear()
    for words in ("at one", "at two"):
        world.slack.edit(DEV, reply, words)
        flow(world)
    assert (said(world, ts), comments(world, number)) == ([GONE] if heard else [], [])
    assert told(world)[1:] == [
        f"Your edit stays in Slack: the comment on GitHub that your reply had become, in acme/web#{number}, was "
        "deleted there. Write a new reply to say it again."
    ]
    all_done(world)


def test_a_reply_in_one_channel_is_heard_in_the_others_and_followed(world: World) -> None:
    subscribe(world)
    subscribe(world, channel=GENERAL)
    number, ts = pull(world)
    other = card_of(world, "Faster start", GENERAL)
    reply = world.slack.say(MEMBER, DEV, "at noon", thread_ts=ts)
    flow(world)
    assert ["at noon" in line for line in said(world, other, GENERAL)] == [True]
    world.advance(2)
    world.slack.edit(DEV, reply, "at one")
    flow(world)
    assert ["at one" in line for line in said(world, other, GENERAL)] == [True]
    world.slack.delete(DEV, reply)
    flow(world)
    assert (said(world, ts), said(world, other, GENERAL), comments(world, number)) == ([], [], [])
    all_done(world)


# --- what is lost on the way -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("heard", [True, False])
def test_a_comment_whose_answer_was_lost_is_made_once_and_confirmed_by_its_echo_or_found(
    world: World, *, heard: bool
) -> None:
    subscribe(world)
    number, ts = pull(world)
    world.github.target = world.url if heard else ""
    world.github.fault("issues/create-comment", kind="reset", after=True)
    reply = world.slack.say(MEMBER, DEV, "first", thread_ts=ts)
    world.settle()
    for _ in range(4):
        world.advance(16)
    assert len(world.github.calls_to("issues/create-comment")) == 1
    assert (len(world.github.calls_to("issues/list-comments")) > 0) is not heard
    world.slack.edit(DEV, reply, "second")
    flow(world)
    assert (comments(world, number), said(world, ts)) == (["**Mia Member (in Slack):**\n\nsecond"], [])
    all_done(world)


def test_an_edit_and_a_deletion_that_are_lost_on_the_way_are_made_again_and_come_back_as_no_news(world: World) -> None:
    subscribe(world)
    number, ts = pull(world)
    reply = world.slack.say(MEMBER, DEV, "first", thread_ts=ts)
    flow(world)
    world.github.fault("issues/update-comment", kind="reset", after=True)
    world.slack.edit(DEV, reply, "second")
    world.settle()
    for _ in range(3):
        world.advance(20)
    assert (comments(world, number), said(world, ts)) == (["**Mia Member (in Slack):**\n\nsecond"], [])
    world.github.fault("issues/delete-comment", kind="reset", after=True)
    world.slack.delete(DEV, reply)
    world.settle()
    for _ in range(3):
        world.advance(20)
    assert (comments(world, number), said(world, ts)) == ([], [])
    all_done(world)


def test_who_replies_where_github_has_nothing_any_more_learns_it_once(world: World) -> None:
    subscribe(world)
    number, ts = issue(world)
    world.github.fault("issues/create-comment", status=404, body='{"message": "Not Found"}', times=2)
    world.slack.say(MEMBER, DEV, "still there?", thread_ts=ts)
    world.slack.say(MEMBER, DEV, "hello?", thread_ts=ts)
    flow(world)
    assert [text.partition(".")[0] for text in told(world)[1:]] == [f"Your reply did not reach acme/web#{number}"]


def test_who_replies_in_the_thread_of_a_deleted_issue_learns_once_that_it_stays_in_slack(world: World) -> None:
    subscribe(world)
    number, ts = issue(world)
    repo = world.github.repo("acme/web")
    assert repo is not None
    shown = ticket_shapes.issue(world.github.url, repo, repo.tickets[number])
    world.github.announce("issues", repo, world.github.person("octocat"), {"action": "deleted", "issue": shown})
    flow(world)
    world.slack.say(MEMBER, DEV, "still there?", thread_ts=ts)
    world.slack.say(MEMBER, DEV, "hello?", thread_ts=ts)
    flow(world)
    assert comments(world, number) == []
    assert told(world)[1:] == [f"acme/web#{number} was deleted on GitHub, so what you write here stays in Slack."]
