"""Integrations asked for over REST: each of the five kinds is stored first, then done, and done once for a key."""

import pytest

from sandbox.slack import DEV, GENERAL, MEMBER
from tests.receiver.asking import INTEGRATIONS, KINDS, NAMES, POST, TEAM, ask, body, part, refusal, row
from tests.receiver.doors import at_once
from tests.world import World

# --- the five kinds, done --------------------------------------------------------------------------------------------


def test_a_ticket_is_stored_first_and_then_created_mapped_and_linked_in_its_thread(world: World) -> None:
    ts = world.slack.say(MEMBER, GENERAL, "the printer is on fire")
    payload = {
        "message": "the printer is on fire", "channel": GENERAL, "summary": "Printer on fire", "project": "WEB",
        "description": "It burns & <!here>.", "issue_type": "Bug", "thread_ts": ts, "user": MEMBER,
    }  # fmt: skip
    row_id = ask(world, ("slack", "jira", "create_ticket"), payload)
    waiting = row(world, row_id)
    assert part(waiting, *NAMES, "status", "error_message", "operation", "attempts", "sent_at", "remote_id") == {
        "source_service": "slack", "target_service": "jira", "event_type": "create_ticket", "status": "pending",
        "error_message": None, "operation": "create_issue", "attempts": 0, "sent_at": None, "remote_id": None,
    }  # fmt: skip
    assert (waiting["source_id"], waiting["target_id"]) == (f"{TEAM}/{GENERAL}/{ts}", "WEB")
    assert world.jira.issues == {}

    world.settle()
    [issue] = world.jira.issues.values()
    assert (issue.key, issue.summary, issue.type.name, issue.text.startswith("It burns & <!here>.")) == (
        "WEB-1", "Printer on fire", "Bug", True,
    )  # fmt: skip
    assert part(row(world, row_id), "status", "target_id", "remote_id", "error_message") == {
        "status": "completed", "target_id": "WEB-1", "remote_id": "WEB-1", "error_message": None,
    }  # fmt: skip
    [mapping] = world.rows("mappings")
    assert part(mapping, "source_service", "source_id", "target_service", "target_id", "mapping_type") == {
        "source_service": "slack", "source_id": f"{TEAM}/{GENERAL}/{ts}", "target_service": "jira",
        "target_id": "WEB-1", "mapping_type": "thread",
    }  # fmt: skip
    [card] = world.slack.thread(GENERAL, ts)[1:]
    assert f"{world.jira.url}/browse/WEB-1" in str(card["blocks"])


def test_a_ticket_with_nothing_but_message_and_channel_takes_the_defaults_and_is_linked_in_the_channel(
    sqlite_world: World,
) -> None:
    world = sqlite_world
    ask(world, ("slack", "jira", "create_ticket"), {"message": "Printer on fire\nin room 7", "channel": GENERAL})
    world.settle()
    [issue] = world.jira.issues.values()
    assert (issue.key, issue.summary, issue.type.name) == ("OPS-1", "Printer on fire", "Task")
    assert issue.text.startswith("Printer on fire\nin room 7")
    [card] = world.slack.history(GENERAL)
    assert "OPS-1" in card["text"]
    [mapping] = world.rows("mappings")
    assert (mapping["source_id"], mapping["target_id"]) == (f"{TEAM}/{GENERAL}/{card['ts']}", "OPS-1")


def test_a_comment_is_added(sqlite_world: World) -> None:
    world = sqlite_world
    key = world.jira.create("OPS", "Task", "Printer")
    row_id = ask(
        world, ("slack", "jira", "add_comment"), {"issue": key.lower(), "message": "It burns <!channel> still"}
    )
    world.settle()
    assert [comment.text for comment in world.jira.issues[key].comments] == ["It burns <!channel> still"]
    done = row(world, row_id)
    assert part(done, "status", "operation", "target_id", "remote_id") == {
        "status": "completed", "operation": "add_comment", "target_id": key,
        "remote_id": world.jira.issues[key].comments[0].id,
    }  # fmt: skip


@pytest.mark.parametrize("source", ["jira", "github"])
def test_a_message_is_posted_in_a_channel_or_thread(sqlite_world: World, source: str) -> None:
    world = sqlite_world
    kind = (source, "slack", "post_message")
    first = ask(world, kind, {"channel": GENERAL, "text": "*Deployed* <!channel> <https://evil.example|v2> & more"})
    world.settle()
    [message] = world.slack.history(GENERAL)
    place = f"{TEAM}/{GENERAL}/{message['ts']}"
    assert message["text"] == "*Deployed* &lt;!channel&gt; &lt;https://evil.example|v2&gt; &amp; more"
    assert part(row(world, first), "source_service", "status", "target_id", "remote_id") == {
        "source_service": source, "status": "completed", "target_id": place, "remote_id": message["ts"],
    }  # fmt: skip
    ask(world, kind, {"channel": GENERAL, "text": "and again", "thread_ts": message["ts"]})
    world.settle()
    assert [reply["text"] for reply in world.slack.thread(GENERAL, message["ts"])[1:]] == ["and again"]


def test_a_github_issue_is_created_and_its_link_posted(sqlite_world: World) -> None:
    world = sqlite_world
    payload = {"repository": "acme/web", "title": "Login fails", "body": "ping @acme closes #1", "channel": DEV}
    row_id = ask(world, ("slack", "github", "create_issue"), payload)
    world.settle()
    repository = world.github.repo("acme/web")
    assert repository is not None
    [ticket] = repository.tickets.values()
    assert ticket.title == "Login fails"
    assert "@acme closes #1" not in (ticket.body or "")
    assert part(row(world, row_id), "status", "operation", "target_id", "remote_id") == {
        "status": "completed", "operation": "create_issue", "target_id": "acme/web#1", "remote_id": "1",
    }  # fmt: skip
    [message] = world.slack.history(DEV)
    assert "acme/web#1" in message["text"]


def test_a_github_issue_without_a_channel_is_created_and_nothing_is_posted(sqlite_world: World) -> None:
    world = sqlite_world
    ask(world, ("slack", "github", "create_issue"), {"repository": "acme/web", "title": "Quiet"})
    world.settle()
    assert world.slack.calls_to("chat.postMessage") == []


def test_what_cannot_be_done_is_shown_failed_with_the_reason(sqlite_world: World) -> None:
    world = sqlite_world
    row_id = ask(world, ("jira", "slack", "post_message"), {"channel": "C0NOSUCH", "text": "hello"})
    world.settle()
    failed = row(world, row_id)
    assert (failed["status"], failed["remote_id"], bool(failed["error_message"])) == ("failed", None, True)


# --- once only -------------------------------------------------------------------------------------------------------


def test_the_same_idempotency_key_is_the_same_integration(world: World) -> None:
    given, key = body(KINDS[2], POST), {"Idempotency-Key": "order 66 ü"}
    first = world.call("POST", INTEGRATIONS, given, **key)
    again = world.call("POST", INTEGRATIONS, given, **key)
    assert (first.status_code, first.json()) == (again.status_code, again.json())
    world.settle()
    assert world.call("POST", INTEGRATIONS, given, **key).json() == first.json()
    world.settle()
    assert len(world.slack.history(GENERAL)) == 1
    other = world.call("POST", INTEGRATIONS, given, **{"Idempotency-Key": "order 67"})
    assert other.json()["integration_id"] != first.json()["integration_id"]


def test_the_same_idempotency_key_twenty_times_at_once_is_one_integration(world: World) -> None:
    world.services.workspace.identity()
    given, key = body(KINDS[2], POST), {"Idempotency-Key": "once"}
    answers = at_once(20, lambda: world.call("POST", INTEGRATIONS, given, **key).json())
    assert {answer["integration_id"] for answer in answers} == {answers[0]["integration_id"]}
    world.settle()
    assert len(world.slack.history(GENERAL)) == 1


def test_an_idempotency_key_for_another_request_is_a_422(shared: World) -> None:
    key = {"Idempotency-Key": "taken"}
    assert shared.call("POST", INTEGRATIONS, body(KINDS[2], POST), **key).status_code == 201
    for other in (body(KINDS[2], POST | {"text": "other"}), body(KINDS[3], POST)):
        assert refusal(shared, other, **key) == {
            "code": "idempotency_key_reused", "message": "This Idempotency-Key was used for another request.",
        }  # fmt: skip


def test_without_an_idempotency_key_the_same_request_is_another_integration(sqlite_world: World) -> None:
    world = sqlite_world
    assert len({ask(world, KINDS[2], POST) for _ in range(3)}) == 3
