"""The worlds of these tests: one that a whole file shares, one without MariaDB, one in which much has happened."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.slack import DEV, GENERAL, MEMBER
from tests.receiver.asking import KINDS, ask
from tests.world import World


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[World]:
    """Connect on SQLite; a test that uses it looks at what it added, not at all there is."""
    path = tmp_path_factory.mktemp("shared") / "connect.db"
    shutil.copyfile(sqlite_template, path)
    world = World(f"sqlite:///{path}")
    yield world
    world.close()


@pytest.fixture
def sqlite_world(sqlite_url: str) -> Iterator[World]:
    """A world of its own for a test to which the kind of database makes no difference."""
    world = World(sqlite_url)
    yield world
    world.close()


@pytest.fixture
def told(world: World) -> World:
    """A world in which something of every kind has happened."""
    ts = world.slack.say(MEMBER, GENERAL, "<@U0DEVBOT01> create bug in OPS: the printer is on fire")
    world.settle()
    world.slack.say(MEMBER, GENERAL, "it still burns", thread_ts=ts)
    world.jira.transition("OPS-1", "In Progress", "Ada Lovelace")
    subscription = {"source_service": "github", "source": "acme/web", "channel": DEV, "events": ["all"]}
    assert world.call("POST", "/api/v1/subscriptions", subscription).status_code == 201
    world.github.open_issue("acme/web", "Login fails")
    ask(world, KINDS[2], {"channel": "C0NOSUCH", "text": "nobody hears this"})
    world.settle()
    return world
