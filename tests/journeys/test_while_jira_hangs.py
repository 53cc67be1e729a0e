"""While Jira hangs, everything that a person does in Slack is acknowledged well inside Slack's three seconds.

Every command has a sample here: one that is added has to be, too.
"""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.listeners import connect_commands, jira_commands
from sandbox.slack import ADMIN, BOT_USER, GENERAL, MEMBER
from tests.world import World

MANIFEST: dict[str, Any] = yaml.safe_load((Path(__file__).parents[2] / "manifest.yml").read_text(encoding="utf-8"))
PATIENCE = 2.4
"""In seconds: Slack waits for three, and the way there and back takes its time."""
SAMPLES = {
    "assign": ("OPS-1 me", "OPS-1"), "comment": ("OPS-1 hello", "OPS-1"), "create": ("", "The door squeaks"),
    "channel": ("OPS-1",), "default": ("OPS Bug component:Doors", ""),
    "link": ("OPS-1",), "login": ("",), "logout": ("",),
    "me": ("", "claim"), "mine": ("",), "notify": ("on", ""), "previews": ("on", "me off"),
    "search": ("printer", "project = OPS"), "subscribe": ("OPS", "OPS all", "list"),
    "subscriptions": ("",),
    "sync": ("OPS-1 both", "OPS-1"),
    "transition": ("OPS-1 Done", "OPS-1"), "unassign": ("OPS-1",), "unlink": ("OPS-1",), "unsubscribe": ("OPS",),
    "unwatch": ("OPS-1",), "watch": ("OPS-1",), "OPS-1": ("", "share"), "help": ("", "create"),
}  # fmt: skip
OF_CONNECT = {
    "map": (f"<@{ADMIN}|ada> jira:ada@example.com",), "people": ("",), "unmap": (f"<@{ADMIN}|ada>",),
    "transitions": ("", "OPS", "OPS merged:Done", "OPS clear"),
}  # fmt: skip


@pytest.fixture
def world(sqlite_url: str) -> Iterator[World]:
    world = World(sqlite_url)
    world.give_account(MEMBER)
    world.jira.create("OPS", "Bug", "Printer is on fire")
    world.settle()
    world.jira.fault("*", kind="hang", seconds=5, times=1000)
    yield world
    world.jira.faults.clear()
    world.close()


def test_every_command_has_a_sample() -> None:
    assert {*SAMPLES} - {"OPS-1", "help"} == {*jira_commands.COMMANDS}
    assert {*OF_CONNECT} == {*connect_commands.COMMANDS}


@pytest.mark.parametrize(
    ("command", "words"),
    [("/jira", f"{name} {text}".strip()) for name, texts in SAMPLES.items() for text in texts]
    + [("/connect", f"{name} {text}".strip()) for name, texts in OF_CONNECT.items() for text in texts],
)
def test_a_command_is_acknowledged(world: World, command: str, words: str) -> None:
    begun = time.monotonic()
    answer = world.slack.command(ADMIN if command == "/connect" else MEMBER, GENERAL, command, words)
    assert (answer.status, answer.trouble, time.monotonic() - begun < PATIENCE) == (200, "", True)


def test_a_mention_is_acknowledged(world: World) -> None:
    begun = time.monotonic()
    world.slack.say(MEMBER, GENERAL, f"<@{BOT_USER}> create bug in OPS: the door squeaks")
    assert time.monotonic() - begun < PATIENCE


@pytest.mark.parametrize("shortcut", MANIFEST["features"]["shortcuts"], ids=lambda one: one["callback_id"])
def test_a_shortcut_opens_its_form(world: World, shortcut: dict[str, str]) -> None:
    ts = world.slack.say(MEMBER, GENERAL, "The door squeaks")
    begun = time.monotonic()
    if shortcut["type"] == "message":
        answer = world.slack.message_shortcut(MEMBER, GENERAL, ts, shortcut["callback_id"])
    else:
        answer = world.slack.global_shortcut(MEMBER, shortcut["callback_id"])
    assert (answer.status, answer.trouble, time.monotonic() - begun < PATIENCE) == (200, "", True)
    assert world.slack.current_view(MEMBER) is not None
