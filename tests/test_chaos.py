"""The chaos harness in its short form: real processes, real kills, and nothing lost or done twice."""

from pathlib import Path

import pytest

from chaos.__main__ import play
from chaos.report import Row, Shown, table
from chaos.run import Kind, Run
from chaos.scenarios import SHORT

SEED = 7


@pytest.mark.timeout(110)
@pytest.mark.parametrize("scenario", SHORT)
def test_nothing_is_lost_and_nothing_is_done_twice(scenario: str, database_url: str, tmp_path: Path) -> None:
    database: Kind = "sqlite" if database_url.startswith("sqlite") else "mysql"
    rows = list(play(scenario, Run(database=database, short=True, seed=SEED, folder=tmp_path, url=database_url)))
    assert rows
    assert [row for row in rows if not row.right] == [], f"\n{table(rows)}"


def test_a_row_is_right_only_with_nothing_lost_doubled_unknown_or_wrong() -> None:
    wrong = Shown()
    wrong.must(False, "exit codes [1]")
    fine = Shown()
    fine.must(True, "exit codes [0]")
    rows = [
        Row("fault", "sqlite", shown=fine), Row("fault", "sqlite", lost=1), Row("fault", "sqlite", doubled=1),
        Row("fault", "sqlite", unknown=1), Row("fault", "sqlite", shown=wrong),
        Row("fault", "sqlite", skipped="no mount"),
    ]  # fmt: skip
    assert [row.right for row in rows] == [True, False, False, False, False, True]
    assert "✘ exit codes [1]" in table(rows)
    assert "skipped: no mount" in table(rows)
