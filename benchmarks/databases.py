"""The two databases of the benchmarks, on the disk, each empty and migrated; durable, as connect uses them."""

import secrets
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import create_engine, text

from storage import schema
from tests.mariadb import MariaDb, find_binary


@dataclass(frozen=True)
class Databases:
    """A folder for SQLite files, and a MariaDB if one is installed."""

    folder: Path
    server: str

    @property
    def kinds(self) -> tuple[str, ...]:
        """What there is to measure on."""
        return ("SQLite", "MariaDB") if self.server else ("SQLite",)

    def new(self, kind: str) -> str:
        """The URL of a new, migrated database. MariaDB flushes at every commit by default, SQLite by connect's wish."""
        name = f"bench_{secrets.token_hex(4)}"
        if kind == "MariaDB":
            engine = create_engine(f"{self.server}/", isolation_level="AUTOCOMMIT")
            with engine.connect() as connection:
                connection.execute(text(f"CREATE DATABASE {name} CHARACTER SET utf8mb4"))
            engine.dispose()
        url = f"{self.server}/{name}" if kind == "MariaDB" else f"sqlite:///{self.folder}/{name}.db"
        schema.upgrade(url)
        return url


@contextmanager
def databases() -> Generator[Databases]:
    """Both, in a folder that is removed afterwards."""
    with tempfile.TemporaryDirectory(prefix="connect-bench-") as name:
        folder, binary = Path(name), find_binary()
        if binary is None:
            yield Databases(folder, "")
            return
        server = MariaDb(binary, folder)
        server.start()
        try:
            yield Databases(folder, server.url)
        finally:
            server.stop()
