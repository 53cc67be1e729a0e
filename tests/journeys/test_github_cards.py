"""A pull request's card shows what no single webhook does: verdicts and checks, remembered and never out of date."""

from collections.abc import Iterator
from typing import Any

import pytest

from sandbox.github import ticket_shapes
from sandbox.slack import DEV, PRIVATE
from tests.world import World


@pytest.fixture
def world(sqlite_url: str) -> Iterator[World]:
    """A world on SQLite: what is told does not depend on the database."""
    made = World(sqlite_url)
    yield made
    made.close()


def subscribed(world: World, words: str, channel: str = DEV, **more: Any) -> None:
    body = {"source_service": "github", "source": "acme/web", "channel": channel, "events": words.split(), **more}
    assert world.call("POST", "/api/v1/subscriptions", body).status_code == 201


def messages(world: World, channel: str = DEV) -> list[dict[str, Any]]:
    return [message for message in world.slack.history(channel) if message.get("bot_id")]


def notes(world: World) -> list[str]:
    """The small print of the only card."""
    (card,) = messages(world)
    (small,) = [block for block in card["blocks"] if block["type"] == "context"]
    return [element["text"] for element in small["elements"]][1:]


def replies(world: World) -> list[str]:
    """What the only card's thread says."""
    (card,) = messages(world)
    return [message["text"] for message in world.slack.thread(DEV, card["ts"])[1:]]


def opened(world: World, words: str = "pulls") -> int:
    subscribed(world, words)
    number = world.github.open_pull_request("acme/web", "Faster start", head="speed")
    world.settle()
    world.advance(120)
    return number


def test_reviews_show_on_the_card_and_are_told_only_where_they_were_asked_for(world: World) -> None:
    number = opened(world)
    world.github.request_review("acme/web", number, "ada")
    world.settle()
    assert notes(world) == ["Review requested from ada"]
    world.github.review("acme/web", number, "ada", "changes_requested", "Please *test* it")
    world.github.review("acme/web", number, "linus", "approved")
    world.settle()
    assert notes(world) == ["✅ Approved by linus  ·  🔴 Changes requested by ada"]
    assert replies(world) == ["*octocat* asked *ada* for a review"]


def test_who_reviewed_before_is_asked_for_another_and_waits_again(world: World) -> None:
    number = opened(world)
    world.github.review("acme/web", number, "ada", "changes_requested")
    world.github.request_review("acme/web", number, "ada")
    world.settle()
    assert notes(world) == ["Review requested from ada"]
    assert replies(world) == ["*octocat* asked *ada* for another review"]
    world.github.review("acme/web", number, "ada", "approved")
    world.settle()
    assert notes(world) == ["✅ Approved by ada"]


def test_a_comment_takes_no_verdict_back_and_a_dismissal_does(world: World) -> None:
    number = opened(world)
    approval = world.github.review("acme/web", number, "ada", "approved")
    world.settle()
    world.advance(5)
    world.github.review("acme/web", number, "ada", "commented", "One more thing")
    world.settle()
    assert notes(world) == ["✅ Approved by ada"]
    world.github.dismiss_review("acme/web", number, approval)
    world.settle()
    assert notes(world) == []


def test_a_review_opens_a_card_where_reviews_are_asked_for_and_nowhere_else(world: World) -> None:
    number = world.github.open_pull_request("acme/web", "Older than the subscriptions", head="old")
    world.settle()
    subscribed(world, "pulls issues")
    subscribed(world, "reviews", PRIVATE)
    world.github.review("acme/web", number, "ada", "approved", "Well done")
    world.settle()
    assert messages(world) == []
    (card,) = messages(world, PRIVATE)
    assert card["text"] == f"acme/web#{number}: Older than the subscriptions (Open)"
    (line,) = [message["text"] for message in world.slack.thread(PRIVATE, card["ts"])[1:]]
    assert line.startswith("✅ *ada* <")
    assert line.endswith("|approved this>:\nWell done")


def test_checks_are_summed_up_on_the_card_and_a_new_commit_begins_without_them(world: World) -> None:
    opened(world)
    run = world.github.start_run("acme/web", "speed", "CI")
    world.github.commit_status("acme/web", "speed", "ci/preview", "success")
    world.settle()
    assert notes(world) == ["🟡 1 of 2 checks is still running"]
    world.github.finish_run("acme/web", run, "failure")
    world.settle()
    page = f"{world.github.url}/acme/web/actions/runs/{world.github.repos[0].runs[run].id}"
    assert notes(world) == [f"🔴 1 of 2 checks failed: <{page}|CI>"]
    world.github.push("acme/web", "speed", [("Mend it", "octocat")])
    world.settle()
    assert notes(world) == []
    world.github.finish_run("acme/web", run, "success")  # of the commit before
    world.github.check_suite("acme/web", "speed", "Lint")
    world.settle()
    assert notes(world) == ["✅ 1 check passed"]
    assert replies(world) == []


def test_checks_that_ended_before_the_pull_request_was_opened_are_on_its_card(world: World) -> None:
    subscribed(world, "pulls")
    world.github.push("acme/web", "speed", [("Begin", "octocat")])
    world.github.check_suite("acme/web", "speed", "Lint", "success")
    world.github.open_pull_request("acme/web", "Faster start", head="speed")
    world.settle()
    assert notes(world) == ["✅ 1 check passed"]


def test_where_checks_are_asked_for_their_end_is_told_once_and_again_when_it_turns(world: World) -> None:
    opened(world, "pulls checks")
    run = world.github.start_run("acme/web", "speed")
    world.github.finish_run("acme/web", run, "success")
    world.github.commit_status("acme/web", "speed", "ci/preview", "failure")
    world.github.commit_status("acme/web", "speed", "ci/other", "success")
    world.settle()
    world.advance(5)
    world.github.commit_status("acme/web", "speed", "ci/preview", "success")
    world.settle()
    assert [line.partition("<")[0] for line in replies(world)] == [
        "✅ 1 check passed",
        "🔴 1 of 2 checks failed: ",
        "✅ 3 checks passed",
    ]


def test_a_run_is_one_card_with_its_end_in_the_thread_besides_the_pull_requests_own(world: World) -> None:
    opened(world, "pulls workflows")
    run = world.github.start_run("acme/web", "speed", "CI")
    world.github.finish_run("acme/web", run, "failure")
    world.settle()
    pull, shown = messages(world)
    assert "🔴 The check <" in str(pull["blocks"])
    assert shown["text"] == "acme/web: CI #1 (Failure)"
    (line,) = [message["text"] for message in world.slack.thread(DEV, shown["ts"])[1:]]
    assert line.endswith("|CI #1> failed on `speed`")


def test_news_that_comes_late_replaces_nothing_newer(world: World) -> None:
    number = opened(world)
    world.github.label("acme/web", number, "bug")
    late = world.github.take()
    world.advance(10)
    world.github.review("acme/web", number, "ada", "approved")
    world.github.close_pull_request("acme/web", number)
    world.settle()
    before = messages(world)[0]["blocks"]
    for sending in late:
        world.github.send(sending)
    world.settle()
    assert messages(world)[0]["blocks"] == before
    assert "*Closed*" in str(before)
    assert "Approved by ada" in str(before)


def test_a_comment_is_one_reply_that_follows_its_edits_and_its_deletion(world: World) -> None:
    number = opened(world, "pulls comments")
    said = world.github.comment("acme/web", number, "ada", "Loks good")
    world.settle()
    assert [line.partition("|")[2] for line in replies(world)] == ["commented>:\nLoks good"]
    world.advance(2)
    world.github.edit_comment("acme/web", number, said, "Looks <@U012AB3CD> & *fine*")
    world.settle()
    assert [line.partition("|")[2] for line in replies(world)] == [
        "commented> (edited):\nLooks &lt;@U012AB3CD&gt; &amp; _fine_"
    ]
    world.github.delete_comment("acme/web", number, said)
    world.settle()
    assert replies(world) == []


def test_a_comment_where_there_is_no_card_names_what_it_is_about(world: World) -> None:
    number = world.github.open_pull_request("acme/web", "Older than connect", head="old")
    world.github.take()
    subscribed(world, "comments")
    world.github.comment("acme/web", number, "ada", "Still wanted?")
    world.settle()
    (told,) = messages(world)
    title, line = told["text"].split("\n", 1)
    assert title == f"<{world.github.url}/acme/web/pull/{number}|acme/web#{number} Older than connect>"
    assert line.endswith("|commented>:\nStill wanted?")


def test_a_marker_that_no_call_of_connects_carries_hides_no_comment(world: World) -> None:
    number = opened(world, "pulls comments")
    world.github.comment("acme/web", number, "ada", "Hello\n\n<!-- connect:abc -->")
    world.settle()
    assert [line.partition("|")[2] for line in replies(world)] == ["commented>:\nHello"]


def test_labels_within_a_minute_show_on_the_card_and_later_ones_are_told(world: World) -> None:
    subscribed(world, "pulls")
    number = world.github.open_pull_request("acme/web", "Faster start", head="speed")
    world.github.label("acme/web", number, "bug")
    world.settle()
    assert (notes(world), replies(world)) == (["Labels: `bug`"], [])
    world.advance(120)
    world.github.label("acme/web", number, "docs")
    world.settle()
    world.advance(6)
    assert (notes(world), replies(world)) == (["Labels: `bug` `docs`"], ["*octocat* added the label `docs`"])


def test_a_label_that_makes_a_filter_pass_brings_the_card_and_another_label_does_not(world: World) -> None:
    subscribed(world, "pulls", filters={"labels": {"any": ["bug"]}})
    subscribed(world, "pulls", PRIVATE)
    number = world.github.open_pull_request("acme/web", "Faster start", head="speed")
    world.github.take()
    world.advance(120)
    world.github.label("acme/web", number, "docs")
    world.settle()
    assert (messages(world), messages(world, PRIVATE)) == ([], [])
    world.github.label("acme/web", number, "bug")
    world.settle()
    world.advance(6)
    assert replies(world) == ["*octocat* added the label `bug`"]
    assert messages(world, PRIVATE) == []


def test_branches_are_told_where_they_are_asked_for(world: World) -> None:
    subscribed(world, "branches")
    world.github.create_branch("acme/web", "feature/x")
    world.github.delete_branch("acme/web", "feature/x")
    world.settle()
    assert [message["text"].partition(" in ")[0] for message in messages(world)] == [
        f"🌿 *octocat* created the branch <{world.github.url}/acme/web/tree/feature/x|feature/x>",
        "🌿 *octocat* deleted the branch `feature/x`",
    ]


def test_a_forks_branch_shows_whose_it_is_also_once_it_is_remembered(world: World) -> None:
    subscribed(world, "pulls reviews")
    number = world.github.open_pull_request("acme/web", "Door", author="eve", head="main", from_outside=True)
    world.settle()
    world.github.review("acme/web", number, "octocat", "approved", "Fine")
    world.settle()
    (card,) = messages(world)
    assert "`eve:main` → `main`" in card["blocks"][0]["text"]["text"]
    assert "Approved" in str(card["blocks"])


def test_what_is_merged_does_not_leave_the_queue_in_words(world: World) -> None:
    subscribed(world, "pulls")
    world.github.open_pull_request("acme/web", "Door")
    world.settle()
    there = world.github.repos[0]
    ticket = there.tickets[1]
    shown = ticket_shapes.pull_request(world.github.url, there, ticket)
    for reason in ("MERGE", "ALREADY_MERGED", "CI_TIMEOUT", "SOMETHING_NEW"):
        given = {"action": "dequeued", "number": 1, "reason": reason, "pull_request": shown}
        world.github.announce("pull_request", there, world.github.person("octocat"), given)
    world.settle()
    assert replies(world) == [
        "*octocat* took this out of the merge queue (the checks took too long)",
        "*octocat* took this out of the merge queue (something new)",
    ]
