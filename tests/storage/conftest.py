"""The open database of a test, on both kinds. On MySQL all tests share one, which is emptied: making one is slow."""

from collections.abc import Iterator

import pytest

from storage import schema
from storage.engine import Database
from storage.models import Base
from tests.mariadb import empty_database


@pytest.fixture(scope="session")
def shared_mysql_url(mysql_server: str) -> Iterator[str]:
    """A migrated database for all tests of the storage."""
    with empty_database(mysql_server) as url:
        schema.upgrade(url)
        yield url


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
