"""The commands of `app.py` that do something and end, beside serving and working: each in a module of its own."""

import argparse
from collections.abc import Callable
from typing import Any

from bot import again, rekeying, roster, subscription_file
from bot.services import Services
from bot.settings import Settings, words
from storage import schema
from storage.engine import Database

NAMES = (*again.COMMANDS, "db", "people", "subscriptions", "tokens")


def add_parsers(commands: Any) -> None:
    """Add them to the command line (argparse's own type of `commands` is private)."""
    database = commands.add_parser("db", help="bring the database up to date, or empty it")
    database.add_argument("action", choices=("upgrade", "reset"))
    again.add_parsers(commands)
    rekeying.add_parser(commands)
    roster.add_parser(commands)
    subscription_file.add_parser(commands)


def run(given: argparse.Namespace, settings: Settings, build: Callable[[Settings], Services]) -> int:
    """Do one of them; returns the exit code. `build` makes the services, for those that need them."""
    if given.command in again.COMMANDS:
        return again.run(given, Database(settings.database_url))
    if given.command == "tokens":
        return rekeying.run(given, Database(settings.database_url), words(settings.connect_encryption_key))
    if given.command == "people":
        return roster.run(given, build(settings))
    if given.command == "subscriptions":
        return subscription_file.run(given, build(settings))
    (schema.upgrade if given.action == "upgrade" else schema.reset)(settings.database_url)
    print("The database is up to date.")  # noqa: T201
    return 0
