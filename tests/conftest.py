"""Fixtures: the databases (SQLite, and a private MariaDB where the binary is installed) and the world of a journey."""

import os
import secrets
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from storage import schema
from tests.mariadb import MariaDb, find_binary
from tests.world import World

MEMORY = Path("/dev/shm")


@pytest.fixture(scope="session")
def mysql_server() -> Iterator[str]:
    """The URL of a MySQL or MariaDB server, without a database's name."""
    given = os.environ.get("CONNECT_TEST_MYSQL_URL")
    if given:
        yield given.rpartition("/")[0]
        return
    binary = find_binary()
    if binary is None:
        pytest.skip("mariadbd is not installed and CONNECT_TEST_MYSQL_URL is not set")
    # Not pytest's own folder: its path may be longer than a socket's may be. In memory where there is room: to make a
    # database takes a second of waiting for a disk.
    roomy = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > 2**30
    with tempfile.TemporaryDirectory(prefix="connect-mariadb-", dir=MEMORY if roomy else None) as folder:
        server = MariaDb(binary, Path(folder))
        server.start()
        yield server.url
        server.stop()


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    url = f"sqlite:///{tmp_path}/connect.db"
    schema.upgrade(url)
    return url


def _mysql_url(server: str) -> Iterator[str]:
    name = f"connect_{secrets.token_hex(6)}"
    engine = create_engine(f"{server}/", isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} CHARACTER SET utf8mb4"))
    url = f"{server}/{name}"
    schema.upgrade(url)
    yield url
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name}"))
    engine.dispose()


@pytest.fixture(params=["sqlite", "mysql"])
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """A migrated, empty database on each of the two kinds."""
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite_url")
    else:
        yield from _mysql_url(request.getfixturevalue("mysql_server"))


@pytest.fixture
def make_world(database_url: str) -> Iterator[Callable[..., World]]:
    """Builds worlds with other settings, or with Jira Data Center; closes them at the end."""
    worlds: list[World] = []

    def make(**overrides: Any) -> World:
        worlds.append(World(database_url, **overrides))
        return worlds[-1]

    yield make
    for world in worlds:
        world.close()


@pytest.fixture
def world(make_world: Callable[..., World]) -> World:
    """The world with all settings and Jira Cloud."""
    return make_world()


@pytest.fixture(params=[True, False], ids=["cloud", "data center"])
def on_both_jiras(request: pytest.FixtureRequest, make_world: Callable[..., World]) -> World:
    """The world of a journey, once with each kind of Jira."""
    return make_world(cloud=request.param)
