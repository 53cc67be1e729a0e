"""While GitHub hangs, every command is acknowledged well inside Slack's three seconds.

Every command has a sample here: one that is added has to be, too.
"""

import time
from collections.abc import Iterator

import pytest

from bot.listeners import github_commands
from sandbox.slack import ADMIN, GENERAL, MEMBER, PRIVATE
from tests.github_app import SIGNING_IN
from tests.journeys import forms
from tests.journeys.on_github import account
from tests.journeys.test_while_jira_hangs import PATIENCE
from tests.world import World

SAMPLES = {
    "list": ("",), "login": ("",), "logout": ("",), "me": ("",), "subscribe": ("acme/web", "list"),
    "subscriptions": ("",), "unsubscribe": ("acme/web",), "help": ("",),
    "pause": ("acme/web", ""), "resume": ("acme/web", ""), "settings": ("acme/web",), "test": ("acme/web",),
    "close": ("acme/web#1 duplicate",), "reopen": ("acme/web#1",), "assign": ("acme/web#1 me",),
    "unassign": ("acme/web#1",), "label": ("acme/web#1 bug",), "comment": ("acme/web#1 hi",),
    "open": ("acme/web Door", ""), "default": ("acme/web", ""),
    "search": ("door", ""), "todo": ("",),
    "acme/web#1": ("", "share"),
    "mentions": ("", "on", "here on"), "notify": ("", "on", "off", "quiet 20:00-07:00"),
    "remind": ("", "me daily", "here acme/web weekly monday", "off"),
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
    + [
        ("/connect", f"map <@{MEMBER}|mia> github:ada"),
        ("/connect", "map <!subteam^S0DEV00001|@core> github:acme/core"),
    ],
)
def test_a_command_is_acknowledged(world: World, command: str, words: str) -> None:
    begun = time.monotonic()
    answer = world.slack.command(ADMIN, GENERAL, command, words)
    assert (answer.status, answer.trouble, time.monotonic() - begun < PATIENCE) == (200, "", True)


def test_what_may_be_chosen_comes_in_time_or_with_the_next_letter(world: World) -> None:
    """Four calls, one after the other, of which none is late by itself."""
    world.github.faults.clear()
    account(world, "read", repo="acme/secret")
    world.slack.command(MEMBER, PRIVATE, "/github", "open acme/secret")
    world.settle()
    world.advance(301)
    world.github.fault("*", kind="hang", seconds=0.8, times=1000)
    view = forms.current(world)
    begun = time.monotonic()
    assert forms.offered(world, view, "Labels") == []
    assert time.monotonic() - begun < PATIENCE
    assert [each["value"] for each in forms.offered(world, view, "Labels", "b")] == ["bug"]
    begun = time.monotonic()
    assert [each["value"] for each in forms.offered(world, view, "Repository", "acme/web")] == ["acme/web"]
    assert time.monotonic() - begun < PATIENCE
