"""An admin's table of who is who, as CSV: by REST and by the command line. Giving it twice changes nothing."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field

from adapters.errors import AdapterError, Rejected
from adapters.slack.client import SlackClient
from bot.flows import identity
from bot.operations import identities
from bot.services import Services


@dataclass
class Report:
    """What became of a table: how many pairs are new, how many were there, and why others were not taken, by line."""

    taken: int = 0
    known: int = 0
    refused: list[tuple[int, str]] = field(default_factory=list[tuple[int, str]])
    stopped: str = ""
    """Why the rest was not looked at; the table may be given again, as a whole."""


def take_table(services: Services, slack: SlackClient, text: str) -> Report:
    """Keep the pairs of a CSV table: a column for Slack (id or e-mail address) and one for Jira (id or e-mail address).

    The first line may name the columns, `slack`, `jira` and `github`, in any order. Raises an `AdapterError` if
    Slack does not say which workspace this is.
    """
    team, report = services.workspace.identity().team_id, Report()
    for line, in_slack, there in _lines(text):
        try:
            directory, named = identity.directory_named(services, there)
            paired = identity.pair(slack, directory, team, in_slack, named)
        except Rejected as problem:
            report.refused.append((line, str(problem)))
        except AdapterError as problem:
            report.stopped = f"Line {line} and what follows was not looked at. {problem}"
            break
        else:
            _count(services, report, paired)
    return report


def _count(services: Services, report: Report, paired: identity.Pair) -> None:
    with services.database.read() as connection:
        kept = identities.kept(connection, paired.user, paired.site, paired.service)
    if kept is not None and kept.account.id == paired.account.id and kept.by != "email":
        report.known += 1
        return
    identity.keep(services, paired, "csv")
    report.taken += 1


def _lines(text: str) -> Iterator[tuple[int, str, str]]:
    """Each pair's line and two words, the second with its service before it; lines without any are left out."""
    text = text.removeprefix("\ufeff")
    first = text.partition("\n")[0]
    rows = list(csv.reader(io.StringIO(text), delimiter=";" if ";" in first and "," not in first else ","))
    heads = [cell.strip().casefold() for cell in rows[0]] if rows else []
    others = {service: heads.index(service) for service in identity.WHERE if service in heads}
    named = "slack" in heads and bool(others)
    slack, others = (heads.index("slack"), others) if named else (0, {"jira": 1})
    for number, row in enumerate(rows, 1):
        if not any(cell.strip() for cell in row) or (named and number == 1):
            continue
        cells = [cell.strip() for cell in row] + [""] * len(identity.WHERE)
        given = {service: cells[at] if at < len(cells) else "" for service, at in others.items()}
        for service, word in given.items():
            if word or len(given) == 1:
                yield number, cells[slack] if slack < len(cells) else "", f"{service}:{word}"
