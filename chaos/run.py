"""One run of a scenario: on which database, in which form, and with what patience."""

from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Literal


@dataclass(frozen=True)
class Patience:
    """In seconds. `late`: when a late effect happens; `lag`: when a search shows it; the rest is set for connect."""

    late: float = 1.0
    lag: float = 2.0
    settle: float = 5.0
    lease: float = 4.0
    timeout: float = 3.0

    def settings(self) -> dict[str, str]:
        """As connect reads them."""
        return {
            "CONNECT_LEASE_SECONDS": str(self.lease), "CONNECT_HTTP_TIMEOUT": str(self.timeout),
            "CONNECT_SETTLE_SECONDS": str(self.settle), "CONNECT_RETRY_BASE_SECONDS": "0.2",
            "CONNECT_RETRY_MAX_SECONDS": "2", "CONNECT_WORKERS": "4",
        }  # fmt: skip


LONG, SHORT = Patience(), Patience(late=0.3, lag=0.6, settle=1.5, lease=2.0, timeout=1.0)

type Kind = Literal["sqlite", "mysql"]


@dataclass(frozen=True, kw_only=True)
class Run:
    """One run of a scenario: on which database, in which form, from which seed."""

    database: Kind
    short: bool
    seed: int
    folder: Path
    server: str = ""
    """A MySQL server's URL without a database."""
    url: str = ""
    """A database that is empty and up to date, for scenarios that need one only; else each makes its own."""
    binary: str = ""
    """A MariaDB server's binary, for scenarios that need a server of their own."""

    def of[T](self, long: T, short: T) -> T:
        """The number for this form."""
        return short if self.short else long

    @property
    def patience(self) -> Patience:
        """The times of this form; the settle time is longer than late effect and lag together in both."""
        return self.of(LONG, SHORT)

    def random(self, name: str) -> Random:
        """The same numbers for the same seed, database and scenario."""
        return Random(f"{self.seed}:{self.database}:{name}")
