"""The open database of a test, on both kinds. On MySQL all tests share one, which is emptied: making one is slow."""

import secrets
from collections.abc import Iterator

import pytest
from sqlalchemy import create_engine, text

from storage import schema
from storage.engine import Database
from storage.models import Base


@pytest.fixture(scope="session")
def shared_mysql_url(mysql_server: str) -> Iterator[str]:
    """A migrated database for all tests of the storage."""
    name = f"connect_{secrets.token_hex(6)}"
    engine = create_engine(f"{mysql_server}/", isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} CHARACTER SET utf8mb4"))
        schema.upgrade(f"{mysql_server}/{name}")
        yield f"{mysql_server}/{name}"
        connection.execute(text(f"DROP DATABASE {name}"))
    engine.dispose()


@pytest.fixture(params=["sqlite", "mysql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A migrated, empty database on each of the two kinds."""
    return request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "shared_mysql_url")


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """The same, open."""
    opened = Database(database_url)
    if not opened.sqlite:
        opened.run(lambda connection: [connection.execute(table.delete()) for table in Base.metadata.sorted_tables])
    yield opened
    opened.dispose()


@pytest.fixture
def mended(database_url: str) -> Iterator[None]:
    """For tests that break the tables: they are made anew afterwards."""
    yield
    schema.reset(database_url)
