"""The schema's versions: `upgrade` brings a database to the present one, `reset` empties it first."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, create_engine, inspect, text

from storage.engine import translated
from storage.models import Base

MIGRATIONS = Path(__file__).parent / "migrations"


def upgrade(url: str) -> None:
    """Create or migrate connect's tables; does nothing if they are current. Raises `DatabaseUnavailable`."""
    with _own_engine(url) as engine:
        if _version(engine) != newest():
            _migrate(engine)


def reset(url: str) -> None:
    """Drop every table of connect's and create them anew: everything in them is lost."""
    with _own_engine(url) as engine:
        with engine.begin() as connection:
            Base.metadata.drop_all(connection)
            connection.execute(text("DROP TABLE IF EXISTS alembic_version"))
        _migrate(engine)


def newest() -> str:
    """The newest version there is: the files are named by their revision (`0001_tables.py`)."""
    return max(path.name.partition("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def _version(engine: Engine) -> str | None:
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.scalar(text("SELECT version_num FROM alembic_version"))


@contextmanager
def _own_engine(url: str) -> Generator[Engine]:
    # Not `Database`'s: a migration may take longer than anything that a sender waits for.
    engine = create_engine(url)
    try:
        with translated():
            yield engine
    finally:
        engine.dispose()


def _migrate(engine: Engine) -> None:
    # Loaded here, since a service that starts with a current schema has no use for it.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    with engine.connect() as connection:
        # Two processes that start at once must not both create the tables.
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA busy_timeout=30000")
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            connection.exec_driver_sql("SELECT GET_LOCK('connect-migration', 30)")  # until the engine is disposed of
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.commit()
