"""`/jira default`: what new issues from a channel are, checked with Jira, kept by the channel; on both Jiras."""

import pytest

from bot.flows.defaults import Defaults, defaults_of, read_words
from sandbox.slack import DEV, GENERAL, GUEST, MEMBER
from storage import preferences
from tests.world import World

TEAM = "T0DEV00001"
HERE = f"{TEAM}/{GENERAL}"


@pytest.fixture
def world(on_both_jiras: World) -> World:
    on_both_jiras.jira.projects["WEB"].components = ["Shop", "Second floor"]
    return on_both_jiras


def say(world: World, text: str, user: str = MEMBER) -> str:
    return world.slack.command(user, GENERAL, "/jira", text).body["text"]


def test_a_channel_chooses_and_shows_and_clears(world: World) -> None:
    assert say(world, "default").startswith("This channel has no defaults of its own. `/jira default OPS Bug")
    told = say(world, 'default web bug label:office label:noisy component:"second floor"')
    sentence = (
        "New issues from this channel: project *WEB*, type *Bug*, labels `office` `noisy`, component *Second floor*."
    )
    assert (told, say(world, "default")) == (f":white_check_mark: {sentence}", sentence)
    with world.database.read() as connection:
        kept = preferences.get(connection, HERE, "jira_default")
    assert kept == {"project": "WEB", "issue_type": "Bug", "labels": ["office", "noisy"], "component": "Second floor"}
    assert defaults_of(world.services, HERE) == Defaults("WEB", "Bug", ("office", "noisy"), "Second floor")
    assert defaults_of(world.services, f"{TEAM}/{DEV}").project == "OPS"
    assert say(world, "default clear") == "This channel has no defaults of its own any more."
    assert say(world, "default clear") == "This channel has no defaults of its own."
    assert defaults_of(world.services, HERE).project == "OPS"


def test_a_project_alone_will_do(world: World) -> None:
    assert say(world, "default WEB") == ":white_check_mark: New issues from this channel: project *WEB*."
    assert defaults_of(world.services, HERE) == Defaults("WEB", "Task")


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("default NOPE Bug", "Jira has no project NOPE that I can see."),
        ("default OPS Bugg", "OPS has no type Bugg; it has Task, Bug, Story."),
        ("default OPS component:Shop", "OPS has no component Shop; it has none."),
        ("default WEB component:Attic", "WEB has no component Attic; it has Shop, Second floor."),
        ('default WEB label:"two words"', "`two words` cannot be a label: Jira takes no spaces in one."),
        (f"default WEB label:{'x' * 256}", f"`{'x' * 49}…` cannot be a label: Jira takes no more than 255 characters."),
    ],
)
def test_what_jira_does_not_have_is_no_default(world: World, text: str, answer: str) -> None:
    assert say(world, text) == answer
    assert say(world, "default").startswith("This channel has no defaults")


def test_what_cannot_be_checked_changes_nothing(world: World) -> None:
    say(world, "default WEB Bug")
    world.jira.fault("getCreateIssueMetaIssueTypes", status=503)
    assert say(world, "default OPS Task").startswith("Jira did not answer, so I could not check this")
    assert defaults_of(world.services, HERE).project == "WEB"


def test_guests_choose_nothing(world: World) -> None:
    assert "Guests" in say(world, "default OPS", GUEST)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("ops", Defaults("ops")),
        ("OPS Service Request label:a,b", Defaults("OPS", "Service Request", ("a", "b"))),
        ("label:a OPS component:“Second floor” Bug", Defaults("OPS", "Bug", ("a",), "Second floor")),
        ("", Defaults()),
    ],
)
def test_the_words_are_read_in_any_order(text: str, wanted: Defaults) -> None:
    assert read_words(text) == wanted
