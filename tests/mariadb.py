"""A private MariaDB for the tests: its own folder, a free loopback port, stopped by its pid."""

import secrets
import shutil
import socket
import subprocess
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pymysql
from sqlalchemy import create_engine, text

# One statement to a line: the server reads its init file so.
SETUP = """\
CREATE OR REPLACE USER 'root'@'127.0.0.1' IDENTIFIED BY 'test';
GRANT ALL ON *.* TO 'root'@'127.0.0.1' WITH GRANT OPTION;
"""


def find_binary() -> str | None:
    """The server's binary, if it is installed."""
    return shutil.which("mariadbd") or shutil.which("mariadbd", path="/usr/sbin:/usr/local/sbin")


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def empty_database(server: str) -> Generator[str]:
    """The URL of a database of its own on a server, dropped in the end."""
    name = f"connect_{secrets.token_hex(6)}"
    engine = create_engine(f"{server}/", isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} CHARACTER SET utf8mb4"))
        yield f"{server}/{name}"
        connection.execute(text(f"DROP DATABASE {name}"))
    engine.dispose()


class MariaDb:
    """One server in a folder of its own."""

    def __init__(self, binary: str, folder: Path) -> None:
        self._binary = binary
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self.port = free_port()
        self.url = f"mysql+pymysql://root:test@127.0.0.1:{self.port}"

    def start(self) -> None:
        """Set the folder up on first use, start the server, wait until it answers."""
        data, temporary = self._folder / "data", self._folder / "tmp"
        temporary.mkdir(exist_ok=True)  # in a shared one, two servers that start delete each other's tables
        if not data.exists():
            done = subprocess.run(
                ["mariadb-install-db", "--no-defaults", f"--datadir={data}", f"--tmpdir={temporary}",
                 "--auth-root-authentication-method=normal", "--skip-test-db", *self._as_root()],
                check=False, capture_output=True, text=True,
            )  # fmt: skip
            assert done.returncode == 0, done.stdout + done.stderr
            (self._folder / "init.sql").write_text(SETUP)
        log = (self._folder / "log").open("ab")
        init = [f"--init-file={self._folder}/init.sql"] if self._process is None else []
        self._process = subprocess.Popen(
            [self._binary, "--no-defaults", f"--datadir={data}", f"--tmpdir={temporary}",
             "--bind-address=127.0.0.1", f"--port={self.port}", f"--socket={self._folder}/socket",
             f"--pid-file={self._folder}/pid", "--innodb-buffer-pool-size=64M", "--skip-name-resolve",
             "--max-allowed-packet=64M", *init, *self._as_root()],
            stdout=log, stderr=log,
        )  # fmt: skip
        self._wait()

    def stop(self) -> None:
        """Stop the server."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(30)

    def kill(self) -> None:
        """Let the server die without a word to anyone; `start` brings it back on the same port."""
        assert self._process is not None
        self._process.kill()
        self._process.wait(30)

    def _as_root(self) -> list[str]:
        return ["--user=root"] if Path("/proc/self").owner() == "root" else []

    def _wait(self) -> None:
        deadline = time.monotonic() + 30
        while True:
            try:
                pymysql.connect(host="127.0.0.1", port=self.port, user="root", password="test").close()
            except pymysql.err.OperationalError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.05)
            else:
                return
