"""Echoes: what connect wrote comes back as a webhook and confirms the row, however the answer to the call fares."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from bot.worker import Worker
from sandbox.slack import GENERAL, MEMBER
from tests.bot.effects import (
    CHANNEL,
    EFFECTS,
    SETTLE,
    TEAM,
    Effect,
    add,
    ask_comment,
    ask_github_comment,
    ask_github_issue,
    assert_completed,
    delivery,
    on_sqlite,
    row,
    subscribe,
    texts,
)
from tests.world import World


def _direct(world: World) -> int:
    """A message to a person, who has a direct message with connect."""
    world.services.workspace.identity()  # as when connect starts
    return add(world, "post_message", {"channel": f"{TEAM}/{MEMBER}"}, f"direct:{world.slack.next_id()}")


def _told(world: World) -> int:
    return len(world.slack.direct(MEMBER).messages)


ECHOED = {
    "issue": EFFECTS["issue"],
    "github issue": replace(EFFECTS["github issue"], ask=ask_github_issue),
    "github comment": replace(EFFECTS["github comment"], ask=ask_github_comment),
    "message": EFFECTS["message"],
    "reply": EFFECTS["reply"],
    "direct message": Effect("slack", "chat.postMessage", "conversations.history", _direct, _told),
}
echoed = pytest.mark.parametrize(
    ("database_url", "effect"),
    [pytest.param("sqlite", effect, id=f"sqlite-{name}") for name, effect in ECHOED.items()]
    + [pytest.param("mysql", ECHOED[name], id=f"mysql-{name}") for name in ("github comment", "message")],
    indirect=["database_url"],
)


def echoes(world: World) -> int:
    """How many rows were confirmed by their echo, by connect's own count."""
    lines = world.call("GET", "/metrics").text.splitlines()
    return sum(int(float(line.split()[-1])) for line in lines if "connect_calls_settled" in line and '"echo"' in line)


def end(world: World, row_id: int) -> tuple[Any, ...]:
    """How a row ended and what else there is now, without the numbers that differ from one call to the next."""
    ended = row(world, row_id)
    names = [re.sub("[0-9]+", "0", ended[column]) for column in ("target_id", "remote_id")]
    return ended["status"], ended["error_message"], *names


def written(world: World) -> tuple[int, int]:
    """How many rows and mappings there are."""
    return len(world.rows("integrations")), len(world.rows("mappings"))


@echoed
def test_a_lost_answer_is_known_at_once_by_the_echo_without_a_look_or_a_second_call(
    world: World, effect: Effect
) -> None:
    world.slack.metadata_in_events = True
    effect.standin(world).fault(effect.call, kind="reset", after=True)
    row_id = effect.ask(world)
    world.settle()
    world.advance(1)  # GitHub's lane rests between two calls
    ended = row(world, row_id)
    assert (ended["status"], ended["error_message"], ended["attempts"]) == ("completed", None, 1)
    assert (effect.count(world), echoes(world)) == (1, 1)
    assert (effect.calls(world), effect.looks(world)) == (1, 0)
    assert_completed(world, row_id)


@echoed
def test_an_echo_completes_a_row_as_the_answer_would_have(world: World, effect: Effect) -> None:
    world.slack.metadata_in_events = True
    effect.standin(world).target = ""
    answered = effect.ask(world)
    world.settle()
    rows, mappings = written(world)
    assert echoes(world) == 0
    effect.standin(world).target = world.url
    world.advance(2)  # GitHub's lane rests between two calls
    effect.standin(world).fault(effect.call, kind="reset", after=True)
    lost = effect.ask(world)
    world.settle()
    world.advance(2)
    assert echoes(world) == 1
    assert end(world, lost) == end(world, answered)
    assert written(world) == (2 * rows, 2 * mappings)


@echoed
def test_an_echo_that_overtakes_the_answer_ends_the_row_and_the_late_answer_changes_nothing(
    make_world: Callable[..., World], effect: Effect
) -> None:
    world = make_world(connect_http_timeout=20)
    world.slack.metadata_in_events = True
    second, row_ids, seen = Worker(world.services, world.bolt), list[int](), list[dict[str, Any]]()

    def overtake(_: Any) -> None:
        effect.standin(world).flush()
        for _step in range(4):
            second.step()
        seen.append(row(world, row_ids[0]))

    effect.standin(world).fault(effect.call, kind="hang", after=True, notice=overtake)
    row_ids.append(effect.ask(world))
    world.settle()
    world.advance(1)
    assert [one["status"] for one in seen] == ["completed"]
    assert row(world, row_ids[0]) == seen[0]
    assert (effect.count(world), effect.looks(world), echoes(world)) == (1, 0, 1)
    assert_completed(world, row_ids[0])


@on_sqlite
def test_slack_may_keep_the_marker_to_itself_and_the_row_is_looked_up(world: World) -> None:
    effect = EFFECTS["message"]
    world.slack.fault(effect.call, kind="reset", after=True)
    row_id = effect.ask(world)
    world.settle()
    assert (row(world, row_id)["status"], echoes(world)) == ("pending", 0)
    world.advance(SETTLE + 1)
    assert (len(texts(world)), effect.looks(world)) == (1, 1)
    assert_completed(world, row_id)


@on_sqlite
def test_the_link_of_an_issue_is_posted_once_though_its_channel_hears_of_the_repository(world: World) -> None:
    subscribe(world, "github", "acme/web")
    world.github.fault("issues/create", kind="reset", after=True)
    row_id = ask_github_issue(world)
    world.settle()
    world.advance(2)
    assert len(world.slack.channels[GENERAL].messages) == 1
    assert len(world.rows("mappings")) == 1
    assert_completed(world, row_id)


@on_sqlite
def test_the_delivery_that_confirmed_a_comment_says_so(world: World) -> None:
    world.github.fault("issues/create-comment", kind="reset", after=True)
    ask_github_comment(world)
    world.settle()
    told = delivery(world, "issue_comment.created")
    assert (told["status"], told["detail"]) == ("ignored", "connect wrote this comment itself")


@on_sqlite
def test_a_comment_on_github_that_connect_wrote_is_told_to_nobody(world: World) -> None:
    subscribe(world, "github", "acme/web")
    row_id = ask_github_comment(world)
    world.settle()
    before = len(world.slack.channels[GENERAL].messages)
    world.advance(2)
    assert len(world.slack.channels[GENERAL].messages) == before == 1  # the issue's card, and no line beneath it
    assert_completed(world, row_id)


@pytest.mark.parametrize("lost", [True, False])
@on_sqlite
def test_a_comment_in_jira_that_comes_back_early_waits_and_is_told_to_nobody(
    make_world: Callable[..., World], *, lost: bool
) -> None:
    """Jira's webhook shows no marker of a comment: until the call is judged nobody can say whose it is."""
    world = make_world(connect_http_timeout=20)
    subscribe(world, "jira", "OPS")
    second, details = Worker(world.services, world.bolt), list[str]()

    def overtake(_: Any) -> None:
        world.jira.flush()
        for _step in range(6):
            second.step()
        details.extend(one["detail"] for one in world.rows("deliveries", "&status=pending"))

    if lost:
        world.jira.fault("addComment", kind="reset", after=True)
    else:
        world.jira.fault("addComment", kind="hang", after=True, notice=overtake)
    row_id = ask_comment(world)
    world.settle()
    if not lost:
        assert "a comment of connect's on this issue is not judged yet" in details
    world.advance(SETTLE + 1)
    world.advance(2)
    (told,) = [one for one in world.rows("deliveries") if one["event"] == "comment_created"]
    assert (told["status"], told["detail"]) == ("ignored", "connect wrote this comment itself")
    lines = [one for one in world.slack.channels[GENERAL].messages if one.get("thread_ts", one["ts"]) != one["ts"]]
    assert lines == []
    assert CHANNEL in {one["target_id"].rpartition("/")[0] for one in world.rows("mappings")}
    assert_completed(world, row_id)
