"""`app.py tokens`: a key to encrypt people's tokens with, and the change from one to another.

`tokens rotate` encrypts every row with the first key of CONNECT_ENCRYPTION_KEY. Rows that are used get there by
themselves, whenever they are renewed; this is for the others, so that the old key may go. It may run beside a service.
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from bot.vault import Unreadable, Vault, new_key
from storage import tokens
from storage.engine import Database
from storage.tokens import Kept


def add_parser(commands: Any) -> None:
    """Add the command to the command line (argparse's own type of `commands` is private)."""
    parser = commands.add_parser("tokens", help="make a key for people's tokens, or encrypt them all with a new one")
    parser.add_argument("action", choices=("key", "rotate"))


def run(given: argparse.Namespace, database: Database, keys: Sequence[str]) -> int:
    """Do it; returns the exit code: 1 if some tokens cannot be read, 2 if there is no key."""
    if given.action == "key":
        print(new_key())  # noqa: T201
        return 0
    if not keys:
        print("CONNECT_ENCRYPTION_KEY is not set.", file=sys.stderr)  # noqa: T201
        return 2
    done, unreadable = rotate(database, Vault(keys))
    print(f"Encrypted with the first key: {done}.")  # noqa: T201
    if unreadable:
        print(f"No key opens {unreadable} more: those people link their accounts again.", file=sys.stderr)  # noqa: T201
    return 1 if unreadable else 0


def rotate(database: Database, vault: Vault) -> tuple[int, int]:
    """Encrypt all tokens with the first key; returns how many are, and how many no key opens."""
    with database.read() as connection:
        rows = tokens.every(connection)
    outcomes = [_rotated(database, vault, row) for row in rows]
    return outcomes.count(True), outcomes.count(False)


def _rotated(database: Database, vault: Vault, kept: Kept) -> bool:
    try:
        access, refresh = (vault.seal(vault.open(one)) for one in (kept.sealed.access, kept.sealed.refresh))
    except Unreadable:
        return False
    sealed = replace(kept.sealed, access=access, refresh=refresh)
    # Where that finds nothing, the tokens were renewed just now: the service has sealed the new ones.
    database.run(lambda connection: tokens.reseal(connection, kept, sealed))
    return True
