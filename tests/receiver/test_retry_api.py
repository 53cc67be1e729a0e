"""Again, over REST: a failed integration is retried, a delivery is replayed, and nothing is done twice by either."""

from sandbox.slack import DEV, GENERAL, MEMBER
from tests.receiver.asking import INTEGRATIONS, KINDS, ask, part, row
from tests.receiver.doors import event as slack_event
from tests.receiver.doors import refused, to_github, to_jira, to_slack
from tests.world import World


def test_a_failed_integration_is_retried_and_no_other(world: World) -> None:
    row_id = ask(world, KINDS[2], {"channel": "C0LATER", "text": "hello"})
    not_failed = refused("not_failed", "Only a failed integration can be retried.")
    pending = world.call("POST", f"{INTEGRATIONS}/{row_id}/retry")
    assert (pending.status_code, pending.json()) == (409, not_failed)
    world.settle()
    assert row(world, row_id)["status"] == "failed"

    world.slack.add_channel("C0LATER", "later")
    again = world.call("POST", f"{INTEGRATIONS}/{row_id}/retry")
    assert (again.status_code, again.json()["success"]) == (200, True)
    assert part(again.json()["integration"], "id", "status", "attempts") == {
        "id": row_id, "status": "pending", "attempts": 0,
    }  # fmt: skip
    world.settle()
    assert part(row(world, row_id), "status", "error_message") == {"status": "completed", "error_message": None}
    assert [message["text"] for message in world.slack.history("C0LATER")] == ["hello"]
    done = world.call("POST", f"{INTEGRATIONS}/{row_id}/retry")
    assert (done.status_code, done.json()) == (409, not_failed)


def effects(world: World) -> tuple[int, int, list[str]]:
    posted = [message["text"] for place in world.slack.channels.values() for message in place.messages]
    return len(world.jira.issues), sum(len(issue.comments) for issue in world.jira.issues.values()), posted


def test_replaying_everything_that_arrived_does_nothing_twice(told: World) -> None:
    before, rows = effects(told), told.rows("integrations")
    for one in told.rows("deliveries"):
        answer = told.call("POST", f"/api/v1/deliveries/{one['id']}/replay")
        assert (answer.status_code, answer.json()["delivery"]["status"]) == (200, "pending")
    told.settle()
    assert effects(told) == before
    again = told.rows("integrations")
    assert again[: len(rows)] == rows
    assert {one["operation"] for one in again[len(rows) :]} <= {"update_message"}  # a card shown as it is already
    assert {one["status"] for one in told.rows("deliveries")} <= {"completed", "ignored"}


def test_replaying_what_a_person_sent_does_nothing_twice(world: World) -> None:
    world.slack.command(MEMBER, GENERAL, "/jira", "create Printer is on fire")
    world.settle()
    before = effects(world)
    [command] = [one for one in world.rows("deliveries") if one["event"] == "/jira"]
    world.call("POST", f"/api/v1/deliveries/{command['id']}/replay")
    for _ in range(4):
        world.advance(120)
    assert effects(world) == before
    assert world.call("GET", f"/api/v1/deliveries/{command['id']}").json()["delivery"]["status"] == "completed"


def test_a_delivery_that_nobody_wanted_is_done_when_it_is_replayed_after_a_subscription(sqlite_world: World) -> None:
    world = sqlite_world
    world.github.open_issue("acme/web", "Login fails")
    world.settle()
    [missed] = world.rows("deliveries")
    assert (missed["status"], missed["detail"]) == ("ignored", "no channel subscribed to this")
    wanted = {"source_service": "github", "source": "acme/web", "channel": DEV}
    assert world.call("POST", "/api/v1/subscriptions", wanted).status_code == 201
    assert world.call("POST", f"/api/v1/deliveries/{missed['id']}/replay").status_code == 200
    world.settle()
    [card] = world.slack.history(DEV)
    assert "Login fails" in card["text"]


def test_what_arrived_is_shown_with_what_became_of_it_and_why(sqlite_world: World) -> None:
    world = sqlite_world
    to_github(world, b'{"zen":"x"}', "g-1", "ping")
    to_jira(world, b'{"webhookEvent":"sprint_started"}', "j-1")
    to_slack(world, slack_event({"type": "reaction_added", "user": "U1", "item": {"channel": "C1", "ts": "1.2"}}))
    world.settle()
    reasons = {
        "ping": "it is about the webhook itself", "sprint_started": "nothing to tell of sprint_started",
        "reaction_added": "nobody asked connect for anything",
    }  # fmt: skip
    found = world.rows("deliveries")
    assert [one["service"] for one in found] == ["github", "jira", "slack"]
    assert {one["event"]: (one["status"], one["detail"]) for one in found} == {
        event: ("ignored", reason) for event, reason in reasons.items()
    }
