"""A world that a whole file shares, for requests that leave nothing behind."""

from collections.abc import Iterator

import pytest

from storage import schema
from tests.world import World


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Connect on SQLite; a test that uses it looks at what it added, not at all there is."""
    url = f"sqlite:///{tmp_path_factory.mktemp('shared')}/connect.db"
    schema.upgrade(url)
    world = World(url)
    yield world
    world.close()


@pytest.fixture
def sqlite_world(sqlite_url: str) -> Iterator[World]:
    """A world of its own for a test to which the kind of database makes no difference."""
    world = World(sqlite_url)
    yield world
    world.close()
