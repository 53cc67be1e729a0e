"""Fixtures: the databases (SQLite, and a private MariaDB where the binary is installed) and the world of a journey."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from sqlalchemy import create_engine, text

from storage import schema
from tests.mariadb import MariaDb, empty_database, find_binary
from tests.world import World

MEMORY = Path("/dev/shm")

# How long an example takes says how busy the machine is, and nothing about what it shows.
hypothesis.settings.register_profile("connect", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("connect")


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
    # Not pytest's own folder: its path may be longer than a socket's may be.
    with tempfile.TemporaryDirectory(prefix="connect-mariadb-", dir=_memory()) as folder:
        server = MariaDb(binary, Path(folder))
        server.start()
        yield server.url
        server.stop()


def _memory() -> Path | None:
    """Where databases are kept: in memory where there is room, since most of what a commit takes is waiting for a disk.

    No test ends the machine, so that none could tell the difference.
    """
    return MEMORY if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > 2**30 else None


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated database's file, which each test copies: to migrate takes longer than most tests."""
    path = tmp_path_factory.mktemp("template") / "connect.db"
    schema.upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def mysql_template(mysql_server: str) -> list[str]:
    """The statements that make a migrated database on MySQL."""
    with empty_database(mysql_server) as url:
        schema.upgrade(url)
        engine = create_engine(url)
        with engine.connect() as connection:
            tables = connection.execute(text("SHOW TABLES")).scalars().all()
            statements = [connection.execute(text(f"SHOW CREATE TABLE {table}")).one()[1] for table in tables]
        engine.dispose()
    return [*statements, f"INSERT INTO alembic_version VALUES ('{schema.newest()}')"]


@pytest.fixture
def sqlite_url(sqlite_template: Path) -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="connect-sqlite-", dir=_memory()) as folder:
        path = Path(folder) / "connect.db"
        shutil.copyfile(sqlite_template, path)
        yield f"sqlite:///{path}"


@pytest.fixture
def mysql_url(mysql_server: str, mysql_template: list[str]) -> Iterator[str]:
    with empty_database(mysql_server) as url:
        engine = create_engine(url)
        with engine.begin() as connection:
            for statement in mysql_template:
                connection.exec_driver_sql(statement.replace("%", "%%"))
        engine.dispose()
        yield url


@pytest.fixture(params=["sqlite", "mysql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A migrated, empty database on each of the two kinds."""
    return request.getfixturevalue(f"{request.param}_url")


@pytest.fixture
def make_world(database_url: str) -> Iterator[Callable[..., World]]:
    """Builds worlds with other settings, or with Jira Data Center; closes them at the end."""
    yield from _worlds(database_url)


@pytest.fixture
def made_of(sqlite_url: str) -> Iterator[Callable[..., World]]:
    """The same for a test to which the kind of database makes no difference."""
    yield from _worlds(sqlite_url)


def _worlds(database_url: str) -> Iterator[Callable[..., World]]:
    worlds: list[World] = []

    def make(**settings: Any) -> World:
        worlds.append(World(database_url, **settings))
        return worlds[-1]

    yield make
    for world in worlds:
        world.close()


@pytest.fixture
def world(make_world: Callable[..., World]) -> World:
    """The world with all settings and Jira Cloud."""
    return make_world()


@pytest.fixture(params=["sqlite-cloud", "mysql-data center"])
def on_both_jiras(request: pytest.FixtureRequest) -> Iterator[World]:
    """The world of a journey, once with each kind of Jira and once on each kind of database."""
    database, _, jira = request.param.partition("-")
    world = World(request.getfixturevalue(f"{database}_url"), cloud=jira == "cloud")
    yield world
    world.close()
