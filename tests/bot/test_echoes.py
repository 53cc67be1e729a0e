"""What confirms a row and what does not: its marker alone is not enough, and a copy of it disturbs nobody."""

from collections.abc import Callable
from typing import Any

import pytest

from bot.flows import echoes
from bot.flows.plan import NotYet, Planned
from bot.operations.registry import OPERATIONS
from sandbox.slack import DEV, GENERAL, MEMBER
from sandbox.slack.wire import APP_ID, BOT_ID, BOT_USER
from storage import integrations, lists
from storage.models import IntegrationLog
from tests.bot.effects import (
    EFFECTS,
    SETTLE,
    TEAM,
    add,
    ask_github_comment,
    ask_github_issue,
    assert_completed,
    claim,
    on_sqlite,
    post,
    row,
)
from tests.world import World


def _lost(world: World, call: str, ask: Callable[[World], int]) -> tuple[int, str]:
    """A row whose effect is there, whose answer was lost and whose webhook has not come; and the body that shows."""
    world.github.fault(call, kind="reset", after=True)
    row_id = ask(world)
    world.github.flush()
    assert world.worker.step()
    world.settle()
    return row_id, world.github.calls_to(call)[0].body["body"]


def _lost_comment(world: World) -> tuple[int, str]:
    target, world.github.target = world.github.target, ""
    lost = _lost(world, "issues/create-comment", ask_github_comment)
    world.github.target = target
    return lost


def _lost_issue(world: World) -> tuple[int, str]:
    target, world.github.target = world.github.target, ""
    lost = _lost(world, "issues/create", ask_github_issue)
    world.github.target = target
    return lost


def _elsewhere(world: World, body: str) -> None:
    number = world.github.open_issue("acme/secret", "another")
    world.github.comment("acme/secret", number, "octocat", body)


def _below_another(world: World, body: str) -> None:
    number = world.github.open_issue("acme/web", "another")
    world.github.comment("acme/web", number, "octocat", body)


def _as_an_issue(world: World, body: str) -> None:
    world.github.open_issue("acme/web", "hello", body=body)


def _below_other_words(world: World, body: str) -> None:
    world.github.comment("acme/web", 1, "octocat", f"other words\n\n{body.splitlines()[-1]}")


def _quoted(world: World, body: str) -> None:
    world.github.comment("acme/web", 1, "octocat", "\n".join(f"> {line}" for line in body.splitlines()))


def _not_at_the_end(world: World, body: str) -> None:
    world.github.comment("acme/web", 1, "octocat", f"{body}\nI agree")


def _with_another_marker(world: World, _: str) -> None:
    world.github.comment("acme/web", 1, "octocat", "hello\n\n<!-- connect:ct00000000000000000000 -->")


@on_sqlite
@pytest.mark.parametrize(
    "copy",
    [_elsewhere, _below_another, _as_an_issue, _below_other_words, _quoted, _not_at_the_end, _with_another_marker],
)
def test_a_copied_marker_confirms_no_comment(world: World, copy: Callable[[World, str], None]) -> None:
    row_id, body = _lost_comment(world)
    copy(world, body)
    world.settle()
    assert (row(world, row_id)["status"], row(world, row_id)["remote_id"]) == ("pending", None)
    world.advance(SETTLE + 1)
    first = EFFECTS["github comment"].looks(world)
    assert (first, len(world.github.calls_to("issues/create-comment"))) == (1, 1)
    world.advance(SETTLE + 1)  # a comment that carries a marker is told once connect's own is judged
    assert_completed(world, row_id)


@on_sqlite
def test_an_issue_is_confirmed_by_no_copy_and_by_no_edit(world: World) -> None:
    row_id, body = _lost_issue(world)
    repo = world.github.repo("acme/web")
    assert repo is not None
    octocat, ticket = world.github.person("octocat"), repo.tickets[1]
    world.github.open_issue("acme/secret", "hello", body=body)
    world.github.open_issue("acme/web", "another title", body=body)
    world.github.edit(repo, ticket, octocat, {"title": "hello again"})
    world.github.edit(repo, ticket, octocat, {"title": "hello"})
    world.settle()
    assert row(world, row_id)["status"] == "pending"
    world.advance(SETTLE + 1)
    assert row(world, row_id)["status"] == "completed"


def test_a_copy_that_does_not_fit_leaves_a_call_under_way_to_its_worker(world: World) -> None:
    """The marker is taken back from whoever holds the row only once it is sure that the row asked for this."""
    world.github.target = ""
    number = world.github.open_issue("acme/web", "the page is blank")
    given = {"repository": "acme/web", "number": number, "body": "hello"}
    row_id = world.ask("slack", "github", "add_comment", given)
    held = claim(world)
    effect = OPERATIONS["github", "add_comment"].perform(world.services, held)
    world.github.target = world.url
    _elsewhere(world, world.github.calls_to("issues/create-comment")[0].body["body"])
    world.settle()
    ours = world.database.run(
        lambda connection: integrations.complete(
            connection, held, effect.remote_id, effect.target_id, world.services.now()
        )
    )
    assert (ours, row(world, row_id)["remote_id"]) == (True, effect.remote_id)


@on_sqlite
def test_a_label_in_jira_with_the_marker_of_another_call_confirms_nothing(world: World) -> None:
    row_id, body = _lost_comment(world)
    marker = body.splitlines()[-1].removeprefix("<!-- connect:").removesuffix(" -->")
    world.jira.create("OPS", "Task", "hello", labels=[f"connect-{marker}"])
    world.settle()
    assert row(world, row_id)["status"] == "pending"
    assert [one["status"] for one in world.rows("deliveries", "&service=jira")] == ["ignored"]


@on_sqlite
@pytest.mark.parametrize("name", ["Acme/WEB", "acme/web"])
def test_a_repository_is_the_same_in_any_case_of_letters(world: World, name: str) -> None:
    number = world.github.open_issue("acme/web", "the page is blank")
    world.github.fault("issues/create-comment", kind="reset", after=True)
    given = {"repository": name, "number": number, "body": "two  words\n\nand *more* of them"}
    row_id = world.ask("slack", "github", "add_comment", given)
    world.settle()
    assert (row(world, row_id)["status"], EFFECTS["github comment"].looks(world)) == ("completed", 0)


# --- webhooks of any shape -------------------------------------------------------------------------------------------

MARKER = "<!-- connect:ct00000000000000000000 -->"


@pytest.mark.parametrize(
    "payload",
    [{}, {"comment": None, "issue": None}, {"comment": {"body": None}}, {"comment": {"body": 5, "id": 1}},
     {"comment": {"body": MARKER, "id": 1}}, {"comment": {"body": MARKER, "id": 1}, "issue": {"number": "7"}},
     {"comment": {"body": MARKER, "id": None}, "issue": {"number": 7}}, {"comment": [MARKER], "issue": [7]},
     {"comment": {"body": f"{MARKER} x", "id": 1}, "issue": {"number": 7}},
     {"comment": {"body": "<!-- connect:' OR 1=1 -->", "id": 1}, "issue": {"number": 7}}],
)  # fmt: skip
def test_a_webhook_that_lacks_something_is_no_echo(payload: dict[str, Any]) -> None:
    assert echoes.on_github("issue_comment.created", payload) is None


@pytest.mark.parametrize("event", ["issue_comment.edited", "issues.edited", "pull_request.opened", "push", ""])
def test_only_what_is_new_is_an_echo(event: str) -> None:
    part = {"id": 1, "number": 7, "body": f"hello\n\n{MARKER}"}
    payload = {"repository": {"full_name": "acme/web"}, "issue": part, "comment": part, "pull_request": part}
    assert echoes.on_github(event, payload) is None
    assert echoes.on_github("issue_comment.created", payload) is not None
    assert echoes.on_github("issues.opened", payload) is not None


# --- Slack -----------------------------------------------------------------------------------------------------------


def _said(world: World, row_id: int, **other: Any) -> dict[str, Any]:
    """The event of the message that a row asks for, but for what is `other` in it."""
    with world.database.read() as connection:
        kept = lists.one(connection, IntegrationLog, row_id)
        assert kept is not None
        metadata = {"event_type": "connect_integration", "event_payload": {"marker": kept.marker}}
    event = {
        "type": "message", "channel": GENERAL, "channel_type": "channel", "ts": "1700000000.000100", "user": BOT_USER,
        "bot_id": BOT_ID, "app_id": APP_ID, "text": "hello", "metadata": metadata,
    }  # fmt: skip
    return {"team_id": TEAM, "event": event | other}


def _confirms(world: World, payload: dict[str, Any]) -> Planned | None:
    place = echoes.own_message(world.services, payload)
    return world.database.run(place) if place else None


def test_connects_own_message_confirms_its_row(world: World) -> None:
    row_id = post(world)
    claim(world)
    assert _confirms(world, _said(world, row_id)) == Planned(ignored="connect wrote this message itself")
    ended, ts = row(world, row_id), "1700000000.000100"
    assert (ended["status"], ended["remote_id"], ended["target_id"]) == ("completed", ts, f"{TEAM}/{GENERAL}/{ts}")
    assert _confirms(world, _said(world, row_id, ts="1700000000.000200")) is not None
    assert row(world, row_id) == ended


@on_sqlite
@pytest.mark.parametrize(
    "other",
    [{"bot_id": "B0ANOTHER1"}, {"bot_id": None}, {"channel": DEV}, {"channel": DEV, "channel_type": "im"}, {"ts": None},
     {"subtype": "message_changed"}, {"subtype": "message_deleted"}, {"type": "app_mention"}, {"metadata": None},
     {"metadata": {"event_type": "connect_integration", "event_payload": None}},
     {"metadata": {"event_type": "another", "event_payload": {"marker": "x"}}}],
)  # fmt: skip
def test_a_message_that_is_not_surely_connects_own_confirms_nothing(world: World, other: dict[str, Any]) -> None:
    row_id = post(world)
    _confirms(world, _said(world, row_id, **other))
    assert row(world, row_id)["status"] == "pending"


@on_sqlite
def test_what_is_for_one_person_is_confirmed_by_a_direct_message_only(world: World) -> None:
    world.services.workspace.identity()
    row_id = add(world, "post_message", {"channel": f"{TEAM}/{MEMBER}"})
    _confirms(world, _said(world, row_id))
    assert row(world, row_id)["status"] == "pending"
    _confirms(world, _said(world, row_id, channel="D0DEV00001", channel_type="im"))
    assert row(world, row_id)["target_id"] == f"{TEAM}/D0DEV00001/1700000000.000100"


@on_sqlite
def test_who_connect_is_is_asked_when_an_echo_comes_and_waited_for(make_world: Callable[..., World]) -> None:
    world = make_world()
    row_id = post(world)
    payload = _said(world, row_id)
    stranger = make_world()
    stranger.slack.fault("auth.test", status=503)
    with pytest.raises(NotYet):
        echoes.own_message(stranger.services, payload)
    assert echoes.own_message(stranger.services, payload) is not None
    assert echoes.own_message(make_world(slack_bot_token="").services, payload) is None
