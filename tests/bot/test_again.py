"""`app.py failed` and `app.py retry`: everything they print, and what they change."""

import argparse
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import update

from bot import again
from storage.engine import Database
from storage.models import Delivery, IntegrationLog
from tests.storage.rows import accept, add, after, arrival, column, planned

DAY = 86400


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = Database(database_url)
    yield opened
    opened.dispose()


def app(database: Database, line: str) -> int:
    parser = argparse.ArgumentParser(prog="app.py")
    again.add_parsers(parser.add_subparsers(dest="command"))
    given = parser.parse_args(line.split())
    assert given.command in again.COMMANDS
    return again.run(given, database, after(60))


def ended(database: Database, table: type[Delivery | IntegrationLog], row_id: int, **values: Any) -> None:
    """A row as a worker left it."""
    database.run(
        lambda connection: connection.execute(
            update(table).where(table.id == row_id).values({"updated_at": after(5), **values})
        )
    )


@pytest.fixture
def dead(database: Database) -> Database:
    """Integrations: 1 and 4 failed, 2 completed, 3 pending. Deliveries: 1 failed, 2 completed, 3 pending, 4 without a
    body."""
    add(database, planned("a"), planned("b"), planned("c"),
        planned("d", target_service="jira", operation="add_comment", target_id="OPS-1"))  # fmt: skip
    accept(database, arrival("d1"), arrival("d2"), arrival("d3"), arrival("d4"))
    ended(
        database, IntegrationLog, 1, status="failed", error_message="Slack says the channel is archived (is_archived)."
    )
    ended(database, IntegrationLog, 2, status="completed")
    ended(database, IntegrationLog, 4, status="failed", updated_at=after(DAY),
          error_message="Jira said:\n\x1b[31mno xoxb-1-secret\u202e " + "very " * 40)  # fmt: skip
    ended(database, Delivery, 1, status="failed", detail="KeyError: 'action'")
    ended(database, Delivery, 2, status="completed")
    ended(database, Delivery, 4, status="completed", body=b"")
    return database


CALL_1 = "Slack says the channel is archived (is_archived)."
CALL_4 = "Jira said: [31mno [redacted] " + "very " * 18 + "…"


def test_what_failed_is_listed_newest_first_with_when_what_and_why(
    dead: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    assert app(dead, "failed") == 0
    assert capsys.readouterr().out == (
        "2 integrations failed:\n"
        "  id  when                  what                      why\n"
        f"   4  2026-01-03 03:04:05Z  jira add_comment OPS-1    {CALL_4}\n"
        f"   1  2026-01-02 03:04:10Z  slack post_message T1/C1  {CALL_1}\n"
        "1 delivery failed:\n"
        "  id  when                  what         why\n"
        "   1  2026-01-02 03:04:10Z  github push  KeyError: 'action'\n"
    )


@pytest.mark.parametrize(
    ("choice", "shown"),
    [
        ("--service jira", ["jira add_comment OPS-1"]), ("--service slack", ["slack post_message T1/C1"]),
        ("--service github", ["github push"]), ("--operation add_comment", ["jira add_comment OPS-1"]),
        ("--service slack --operation add_comment", []), ("--since 2026-01-03", ["jira add_comment OPS-1"]),
        ("--since 2026-01-02T04:04:10.7+01:00", ["jira add_comment OPS-1"]),
        ("--since 2026-01-02", ["jira add_comment OPS-1", "slack post_message T1/C1", "github push"]),
    ],
)  # fmt: skip
def test_the_list_can_be_narrowed_down(
    dead: Database, capsys: pytest.CaptureFixture[str], choice: str, shown: list[str]
) -> None:
    assert app(dead, f"failed {choice}") == 0
    rows = [line for line in capsys.readouterr().out.splitlines() if line[4:5].isdigit() or line[3:4].isdigit()]
    assert [row.split("Z  ")[1].split("  ")[0] for row in rows] == shown


def test_nothing_dead_is_said_in_a_sentence(database: Database, capsys: pytest.CaptureFixture[str]) -> None:
    assert (app(database, "failed"), app(database, "retry --failed")) == (0, 1)
    assert capsys.readouterr().out == "Nothing has failed.\nnothing has failed; nothing to do\n"


def test_of_very_many_the_newest_fifty_are_shown(database: Database, capsys: pytest.CaptureFixture[str]) -> None:
    ids = add(database, *[planned(f"k{number}") for number in range(60)])
    for row_id in ids:
        ended(database, IntegrationLog, row_id, status="failed", error_message="No.")
    app(database, "failed")
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "60 integrations failed, the newest 50 of them:"
    assert [int(line.split()[0]) for line in lines[2:]] == ids[:9:-1]


def test_each_row_that_is_named_is_told_of(dead: Database, capsys: pytest.CaptureFixture[str]) -> None:
    assert app(dead, "retry 1 2 3 99 1") == 0
    assert capsys.readouterr().out == (
        "integration 1 will be tried again\n"
        "integration 2 is completed; nothing to do\n"
        "integration 3 is pending; it is tried by itself\n"
        "there is no integration 99\n"
    )
    assert column(dead, "status") == ["pending", "completed", "pending", "failed"]


def test_the_exit_code_says_when_nothing_could_be_tried_again(
    dead: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    assert app(dead, "retry 2 99") == 1
    assert capsys.readouterr().out == "integration 2 is completed; nothing to do\nthere is no integration 99\n"


def test_all_that_failed_are_tried_again_the_oldest_first(dead: Database, capsys: pytest.CaptureFixture[str]) -> None:
    assert app(dead, "retry --failed") == 0
    assert capsys.readouterr().out == "integration 1 will be tried again\nintegration 4 will be tried again\n"
    assert column(dead, "status") == ["pending", "completed", "pending", "pending"]
    assert app(dead, "retry --failed") == 1


@pytest.mark.parametrize("choice", ["--service jira", "--operation add_comment", "--since 2026-01-03"])
def test_all_that_failed_of_one_kind_are_tried_again(
    dead: Database, capsys: pytest.CaptureFixture[str], choice: str
) -> None:
    assert app(dead, f"retry --failed {choice}") == 0
    assert capsys.readouterr().out == "integration 4 will be tried again\n"
    assert column(dead, "status")[0] == "failed"


def test_a_delivery_is_planned_again_if_its_body_is_still_there(
    dead: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    assert app(dead, "retry --delivery 1 2 3 4 99") == 0
    assert capsys.readouterr().out == (
        "delivery 1 will be planned again\n"
        "delivery 2 will be planned again\n"
        "delivery 3 is pending; it is planned by itself\n"
        "the body of delivery 4 is no longer kept; it cannot be planned again\n"
        "there is no delivery 99\n"
    )
    assert column(dead, "status", "deliveries") == ["pending", "pending", "pending", "completed"]
    assert app(dead, "retry --delivery 4") == 1


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("retry", "Name what to try again: app.py retry 12 15, app.py retry --failed, or app.py retry --delivery 7.\n"),
        ("retry 1 --service slack",
         "--service, --operation and --since choose among all that failed: give --failed as well.\n"),
    ],
)  # fmt: skip
def test_what_is_not_named_is_asked_for(
    dead: Database, capsys: pytest.CaptureFixture[str], line: str, said: str
) -> None:
    assert app(dead, line) == 2
    assert capsys.readouterr() == ("", said)
    assert column(dead, "status")[0] == "failed"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "line", ["retry x", "retry 0", "retry -1", "retry 9223372036854775808", "retry 1_0",
             "retry --failed --service gitlab", "failed --since yesterday"],
)  # fmt: skip
def test_nonsense_is_refused(database: Database, capsys: pytest.CaptureFixture[str], line: str) -> None:
    with pytest.raises(SystemExit) as left:
        app(database, line)
    assert (left.value.code, capsys.readouterr().out) == (2, "")
