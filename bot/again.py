"""`app.py failed` and `app.py retry`: what failed for good, and making it due again, by hand and one line for each.

Nothing is done here but to change rows: a service that runs takes them up within a second, by looking at the database.
"""

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from bot.logs import redact
from bot.message import clean, truncate
from bot.services import utc_now
from storage import dead, deliveries, integrations, lists
from storage.dead import Choice
from storage.engine import Database
from storage.models import Delivery, IntegrationLog

COMMANDS = ("failed", "retry")
SHOWN = 50
"""Rows of each kind that `failed` shows."""
_WHAT, _WHY = 60, 120
_SERVICES = ("slack", "jira", "github")


def add_parsers(commands: Any) -> None:
    """Add the two commands to the command line (argparse's own type of `commands` is private)."""
    listing = commands.add_parser("failed", help="list what failed for good")
    _add_choice(listing)
    again = commands.add_parser("retry", help="try again what failed for good")
    again.add_argument("ids", nargs="*", type=_row_id, metavar="ID", help="integrations")
    again.add_argument("--failed", action="store_true", help="every integration that failed")
    again.add_argument("--delivery", dest="deliveries", nargs="+", type=_row_id, default=[], metavar="ID",
                       help="deliveries, to be planned again")  # fmt: skip
    _add_choice(again)


def _add_choice(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--service", choices=_SERVICES, default="", help="only what goes to (or came from) it")
    parser.add_argument("--operation", default="", help="only this kind of call, such as post_message")
    parser.add_argument("--since", type=_moment, metavar="2026-11-01", help="only what failed then or later (in UTC)")


def _row_id(word: str) -> int:
    if not (word.isascii() and word.isdecimal() and len(word) < 20 and 1 <= int(word) < 2**63):
        raise argparse.ArgumentTypeError(f"{word!r} is no row's id")
    return int(word)


def _moment(word: str) -> datetime:
    try:
        moment = datetime.fromisoformat(word)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{word!r} is no date such as 2026-11-01") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def run(given: argparse.Namespace, database: Database, now: datetime | None = None) -> int:
    """Do one of the two commands; returns the exit code, 1 if there was nothing to try again, 2 if nothing is named."""
    choice = Choice(given.service, given.operation, given.since)
    if given.command == "failed":
        print(listing(database, choice))  # noqa: T201
        return 0
    wrong = _misuse(given, choice)
    if wrong:
        print(wrong, file=sys.stderr)  # noqa: T201
        return 2
    return _retry(database, given, choice, now or utc_now())


def _misuse(given: argparse.Namespace, choice: Choice) -> str:
    if not (given.ids or given.deliveries or given.failed):
        return "Name what to try again: app.py retry 12 15, app.py retry --failed, or app.py retry --delivery 7."
    if choice != Choice() and not given.failed:
        return "--service, --operation and --since choose among all that failed: give --failed as well."
    return ""


# --- trying again ----------------------------------------------------------------------------------------------------


def _retry(database: Database, given: argparse.Namespace, choice: Choice, now: datetime) -> int:
    wanted: list[int] = [*given.ids]
    if given.failed:
        with database.read() as connection:
            wanted += dead.integration_ids(connection, choice)
        if not wanted:
            print("nothing has failed; nothing to do")  # noqa: T201
    some = False
    for row_id in dict.fromkeys(wanted):
        some |= _told(*retry(database, row_id, now))
    for row_id in dict.fromkeys(given.deliveries):
        some |= _told(*replay(database, row_id, now))
    return 0 if some else 1


def _told(done: bool, sentence: str) -> bool:  # noqa: FBT001
    print(sentence)  # noqa: T201
    return done


def retry(database: Database, row_id: int, now: datetime) -> tuple[bool, str]:
    """Make a failed integration due again: whether it is, and a sentence that says so."""
    if database.run(lambda connection: integrations.retry(connection, row_id, now)):
        return True, f"integration {row_id} will be tried again"
    with database.read() as connection:
        row = lists.one(connection, IntegrationLog, row_id)
    if not isinstance(row, IntegrationLog):
        return False, f"there is no integration {row_id}"
    if row.status == "pending":
        return False, f"integration {row_id} is pending; it is tried by itself"
    return False, f"integration {row_id} is {row.status}; nothing to do"


def replay(database: Database, row_id: int, now: datetime) -> tuple[bool, str]:
    """Make a delivery due to be planned again: whether it is, and a sentence that says so."""
    with database.read() as connection:
        row = lists.one(connection, Delivery, row_id)
    if not isinstance(row, Delivery):
        return False, f"there is no delivery {row_id}"
    if row.status == "pending":
        return False, f"delivery {row_id} is pending; it is planned by itself"
    if row.body == b"" or not database.run(lambda connection: deliveries.replay(connection, row_id, now)):
        return False, f"the body of delivery {row_id} is no longer kept; it cannot be planned again"
    return True, f"delivery {row_id} will be planned again"


# --- the list --------------------------------------------------------------------------------------------------------


def listing(database: Database, choice: Choice) -> str:
    """What failed, newest first, as two tables."""
    with database.read() as connection:
        calls, of_calls = dead.integrations(connection, choice, SHOWN)
        # A delivery has no operation: who asks for one asks for calls.
        arrivals, of_arrivals = dead.deliveries(connection, choice, SHOWN) if not choice.operation else ((), 0)
    tables = [
        *_table("integration", of_calls, [_call(row) for row in calls]),
        *_table("delivery", of_arrivals, [_arrival(row) for row in arrivals]),
    ]
    return "\n".join(tables) or "Nothing has failed."


def _call(row: IntegrationLog) -> tuple[str, ...]:
    what = f"{row.target_service} {row.operation} {row.target_id}"
    return str(row.id), _time(row.updated_at), _short(what, _WHAT), _short(row.error_message or "", _WHY)


def _arrival(row: Delivery) -> tuple[str, ...]:
    what = _short(f"{row.service} {row.event}", _WHAT)
    return str(row.id), _time(row.updated_at), what, _short(row.detail, _WHY)


def _time(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S}Z"


def _short(text: str, limit: int) -> str:
    """Foreign text on one line of a terminal, without controls and secrets."""
    return truncate(" ".join(clean(redact(text)).split()), limit)


def _table(name: str, total: int, rows: Sequence[tuple[str, ...]]) -> list[str]:
    if not rows:
        return []
    plural = name if total == 1 else {"delivery": "deliveries"}.get(name, f"{name}s")
    shown = f", the newest {len(rows)} of them" if total > len(rows) else ""
    heads = ("id", "when", "what", "why")
    widths = [max(len(row[column]) for row in (heads, *rows)) for column in range(len(heads))]
    lines = [f"{total} {plural} failed{shown}:"]
    for row in (heads, *rows):
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=True)]
        lines.append(("  " + "  ".join([row[0].rjust(widths[0]), *cells[1:]])).rstrip())
    return lines
