"""`app.py people import`: an admin's table of which account in Jira or on GitHub is whose. Giving it twice changes
nothing.
"""

import argparse
import sys
from pathlib import Path
from typing import Any

from adapters.errors import AdapterError
from bot.flows.identity_table import Report, take_table
from bot.message import clean
from bot.services import Services


def add_parser(commands: Any) -> None:
    """Add the command to the command line (argparse's own type of `commands` is private)."""
    people = commands.add_parser("people", help="say which account in Jira or on GitHub belongs to whom in Slack")
    people.add_argument("action", choices=("import",))
    people.add_argument(
        "file", type=Path, help="CSV: a column `slack` and columns `jira` or `github`, each an id or an e-mail address"
    )


def run(given: argparse.Namespace, services: Services) -> int:
    """Do the command; returns the exit code, 1 if some lines were not taken, 2 if nothing could be done."""
    if services.slack is None or (services.jira is None and services.github is None):
        return _cannot(
            "Slack, and Jira or GitHub, have to be connected: set what `python app.py serve` names as missing."
        )
    try:
        report = take_table(services, services.slack, given.file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        return _cannot(f"{given.file} cannot be read: {error}")
    except AdapterError as error:
        return _cannot(f"Nothing was taken. {error}")
    print(written(report))  # noqa: T201
    return 1 if report.refused or report.stopped else 0


def written(report: Report) -> str:
    """The report as lines for a terminal."""
    refused = [f"  line {line}: {clean(reason)}" for line, reason in report.refused]
    head = f"{report.taken} taken, {report.known} already known, {len(refused)} not taken"
    return "\n".join([head, *refused, *([clean(report.stopped)] if report.stopped else [])])


def _cannot(sentence: str) -> int:
    print(sentence, file=sys.stderr)  # noqa: T201
    return 2
