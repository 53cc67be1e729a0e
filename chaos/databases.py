"""The databases that the scenarios run on: a SQLite file, or a private MariaDB that can be killed."""

import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Generator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pymysql

from tests.mariadb import MariaDb

MEMORY = Path("/dev/shm")
ENOUGH = 2**30


class Server(MariaDb):
    """A MariaDB server that may be killed and started again on the same port."""

    def kill(self) -> None:
        """`kill -9`."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    @property
    def running(self) -> bool:
        """Whether it runs."""
        return self._process is not None and self._process.poll() is None

    def end(self) -> None:
        """Stop it, if it still runs."""
        if self.running:
            try:
                self.stop()
            except subprocess.TimeoutExpired:
                self.kill()


def create(server: str) -> str:
    """A new, empty database on a server (`mysql+pymysql://user:password@host:port`); returns its URL."""
    parts, name = urlsplit(server), f"chaos_{secrets.token_hex(6)}"
    with closing(
        pymysql.connect(
            host=parts.hostname or "", port=parts.port or 3306, user=parts.username, password=parts.password or ""
        )
    ) as connection:
        connection.cursor().execute(f"CREATE DATABASE {name} CHARACTER SET utf8mb4")
    return f"{server}/{name}"


def roomy() -> Path:
    """A folder in memory where there is room; its short path suits a socket."""
    return MEMORY if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ENOUGH else Path(tempfile.gettempdir())


@contextmanager
def server(binary: str) -> Generator[Server]:
    """A server of its own, gone at the end."""
    with tempfile.TemporaryDirectory(prefix="chaos-db-", dir=roomy(), ignore_cleanup_errors=True) as folder:
        started = Server(binary, Path(folder))
        try:
            started.start()
            yield started
        finally:
            started.end()
