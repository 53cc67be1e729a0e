"""While GitHub hangs, every command is acknowledged well inside Slack's three seconds.

Every command has a sample here: one that is added has to be, too.
"""

import time
from collections.abc import Iterator

import pytest

from bot.listeners import github_commands
from sandbox.slack import ADMIN, GENERAL, MEMBER
from tests.github_app import SIGNING_IN
from tests.journeys.test_while_jira_hangs import PATIENCE
from tests.world import World

SAMPLES = {
    "list": ("",), "login": ("",), "logout": ("",), "me": ("",), "subscribe": ("acme/web", "list"),
    "subscriptions": ("",), "unsubscribe": ("acme/web",), "help": ("",),
    "pause": ("acme/web", ""), "resume": ("acme/web", ""), "settings": ("acme/web",), "test": ("acme/web",),
    "close": ("acme/web#1 duplicate",), "reopen": ("acme/web#1",), "assign": ("acme/web#1 me",),
    "unassign": ("acme/web#1",), "label": ("acme/web#1 bug",), "comment": ("acme/web#1 hi",),
    "open": ("acme/web Door", ""), "default": ("acme/web", ""),
    "acme/web#1": ("", "share"),
    "previews": ("on", "me off"),
    "why": ("https://github.com/acme/web/issues/1", "acme/web#1"),
}  # fmt: skip


@pytest.fixture
def world(sqlite_url: str) -> Iterator[World]:
    world = World(sqlite_url, **SIGNING_IN)
    world.github.fault("*", kind="hang", seconds=5, times=1000)
    yield world
    world.github.faults.clear()
    world.close()


def test_every_command_has_a_sample() -> None:
    assert {*SAMPLES} - {"help", "acme/web#1"} == {*github_commands.COMMANDS}


@pytest.mark.parametrize(
    ("command", "words"),
    [("/github", f"{name} {text}".strip()) for name, texts in SAMPLES.items() for text in texts]
    + [("/connect", f"map <@{MEMBER}|mia> github:ada")],
)
def test_a_command_is_acknowledged(world: World, command: str, words: str) -> None:
    begun = time.monotonic()
    answer = world.slack.command(ADMIN, GENERAL, command, words)
    assert (answer.status, answer.trouble, time.monotonic() - begun < PATIENCE) == (200, "", True)
