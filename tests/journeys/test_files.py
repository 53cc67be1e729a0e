"""A message's files become attachments of an issue: streamed, once each, and whoever asked hears of what cannot."""

from typing import Any

from bot.flows import files
from bot.operations.files import MEGABYTE, files_of
from sandbox.slack import GENERAL, MEMBER
from storage import integrations
from tests.journeys.test_slack_to_jira import TEAM
from tests.world import World

CHANNEL = f"{TEAM}/{GENERAL}"
NEXT = "You can add it in Jira itself."
LARGE = bytes(range(256)) * 8192


def shared(world: World, contents: dict[str, bytes]) -> tuple[str, list[dict[str, Any]]]:
    """The place and the files of a new message."""
    ts = world.slack.say(MEMBER, GENERAL, "see", files=contents)
    return f"{CHANNEL}/{ts}", world.slack.thread(GENERAL, ts)[0]["files"]


def attach(world: World, key: str, place: str, shown: list[dict[str, Any]]) -> None:
    """Ask for files of a message to be attached to an issue."""
    given = {"place": place, "requester": f"{TEAM}/{MEMBER}", "channel": CHANNEL}
    cause = {"source_service": "slack", "event_type": "test", "source_id": place}
    asked = files.attach(key, files_of({"files": shown}), cause, given)
    world.database.run(lambda connection: integrations.add(connection, asked, None, world.clock()))
    world.settle()


def test_each_file_is_attached_once_with_its_content(on_both_jiras: World) -> None:
    world = on_both_jiras
    key = world.jira.create("OPS", "Task", "Printer")
    attach(world, key, *shared(world, {"picture.png": LARGE, "log.txt": b"it burns"}))
    attached = world.jira.issues[key].attachments
    assert [(each.name, each.mimetype, each.content) for each in attached] == [
        ("picture.png", "image/png", LARGE), ("log.txt", "text/plain", b"it burns"),
    ]  # fmt: skip
    found = [row for row in world.rows("mappings") if row["mapping_type"] == "file"]
    assert [(row["source_id"].partition("/")[0], row["target_id"]) for row in found] == [
        (TEAM, each.id) for each in attached
    ]
    assert {row["status"] for row in world.rows("integrations")} == {"completed"}


def test_of_two_files_that_are_alike_a_lost_answer_loses_none(on_both_jiras: World) -> None:
    world = on_both_jiras
    key = world.jira.create("OPS", "Task", "Printer")
    attach(world, key, *shared(world, {"log.txt": b"it burns"}))
    world.jira.fault("addAttachment", kind="reset")
    attach(world, key, *shared(world, {"log.txt": b"it burns"}))
    for _ in range(2):
        world.advance(world.settings.connect_settle_seconds + 1)
    assert [each.content for each in world.jira.issues[key].attachments] == [b"it burns"] * 2


def test_what_is_too_large_or_not_slacks_is_told_with_its_name(on_both_jiras: World) -> None:
    world = on_both_jiras
    world.jira.largest_file = 5 * MEGABYTE
    key = world.jira.create("OPS", "Task", "Printer")
    place, shown = shared(world, {"film.mp4": b"x", "iso.img": b"x", "plan": b"x", "gone.txt": b"x"})
    changes: list[dict[str, Any]] = [
        {"size": 60 * MEGABYTE}, {"size": 6 * MEGABYTE}, {"mode": "external"},
        {"url_private": f"{world.slack.url}/files-pri/x"},
    ]  # fmt: skip
    for raw, change in zip(shown, changes, strict=True):
        raw |= change
        world.slack.files[raw["id"]] |= change
    attach(world, key, place, shown)
    assert world.jira.issues[key].attachments == []
    assert [message["text"] for message in world.slack.ephemeral(MEMBER)] == [
        f"“film.mp4” is not attached to {key}. It is larger than 50 MB. {NEXT}",
        f"“iso.img” is not attached to {key}. Jira takes no files that are larger than 5 MB. {NEXT}",
        f"“plan” is not attached to {key}. Slack itself does not hold this file. {NEXT}",
        f"“gone.txt” is not attached to {key}. Slack no longer has this file. {NEXT}",
    ]
