"""The schema's versions: `upgrade` brings a database to the present one, `reset` empties it first.

What a MySQL server is set to that would break a promise is said in the log, with the line that mends it.
"""

import logging
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, create_engine, inspect, text

from storage.engine import translated
from storage.models import Base

log = logging.getLogger(__name__)

MIGRATIONS = Path(__file__).parent / "migrations"
_PACKET = 64 * 2**20
"""In bytes: the largest body, its quoting, and room."""


def upgrade(url: str) -> None:
    """Create or migrate connect's tables; does nothing if they are current. Raises `DatabaseUnavailable`.

    Warns in the log of what `shortcomings` finds.
    """
    with _own_engine(url) as engine:
        if _version(engine) != newest():
            _migrate(engine)
        for shortcoming in shortcomings(engine):
            log.warning("%s", shortcoming)


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


def shortcomings(engine: Engine) -> list[str]:
    """What in a server's settings breaks a promise of connect's, each as a sentence with the line for my.cnf."""
    if engine.dialect.name == "sqlite":
        return []
    with engine.connect() as connection:
        packet, flush = connection.execute(
            text("SELECT @@global.max_allowed_packet, @@global.innodb_flush_log_at_trx_commit")
        ).one()
    found: list[str] = []
    if packet < _PACKET:
        found.append(
            f"A webhook of 25 MB that hardly compresses does not fit into the server's max_allowed_packet of "
            f"{packet / 2**20:g} MiB, and is refused for ever. In my.cnf under [mysqld]: max_allowed_packet=64M"
        )
    if flush != 1:
        found.append(
            f"innodb_flush_log_at_trx_commit is {flush}: what was accepted last is lost when the server's power fails. "
            "In my.cnf under [mysqld]: innodb_flush_log_at_trx_commit=1"
        )
    return found


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
