"""What is counted: by many threads and processes, in a few series that are known beforehand, and never at a price."""

import os
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.metrics import OTHER, Labels, Metrics, shared_folder
from bot.operations.registry import OPERATIONS

CALL = ("slack", "post_message")
CHILD = """
import sys
from pathlib import Path
from bot.metrics import Metrics
metrics = Metrics([("slack", "post_message")], Path(sys.argv[1]))
for _ in range(int(sys.argv[2])):
    metrics.accepted("github", new=True)
if sys.argv[3:] != ["unhurried"]:
    metrics.flush()
print("counted", flush=True)
sys.stdin.readline()
"""


def cells(metrics: Metrics, name: str) -> dict[Labels, list[float]]:
    """The series of a family, by their labels."""
    return {
        labels: list(row) for one in metrics.readings() if one.family.name == name for labels, row in one.cells.items()
    }


def accepted(metrics: Metrics) -> float:
    return cells(metrics, "connect_deliveries_accepted")["github", "new"][0]


class Child:
    """A process that counts, then waits to be told to end."""

    def __init__(self, folder: Path, times: int, *how: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", CHILD, str(folder), str(times), *how], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        assert self._process.stdout
        assert self._process.stdout.readline() == b"counted\n"

    def end(self) -> None:
        self._process.communicate(b"\n", timeout=10)

    def kill(self) -> None:
        self._process.kill()
        self._process.communicate(timeout=10)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "shared"


@pytest.fixture
def child(folder: Path) -> Iterator[Child]:
    """A process that lives throughout the test and has counted 10."""
    living = Child(folder, 10)
    yield living
    living.end()


def test_what_is_counted_is_shown_under_its_labels() -> None:
    metrics = Metrics(OPERATIONS)
    metrics.accepted("github", new=True)
    metrics.accepted("github", new=False)
    metrics.planned("jira", "ignored")
    metrics.called(*CALL, "completed", 0.3)
    metrics.settled(*CALL, "found")
    metrics.retried(*CALL)
    metrics.paused("slack", "rate_limit")
    metrics.effect("jira", 2.0)
    metrics.requested("health.health", "GET", 200, 0.004)
    shown = {
        (one.family.name, labels): row for one in metrics.readings() for labels, row in one.cells.items() if any(row)
    }
    assert shown == {
        ("connect_deliveries_accepted", ("github", "new")): [1],
        ("connect_deliveries_accepted", ("github", "known")): [1],
        ("connect_deliveries_planned", ("jira", "ignored")): [1],
        ("connect_calls", (*CALL, "completed")): [1],
        ("connect_calls_settled", (*CALL, "found")): [1],
        ("connect_calls_retried", CALL): [1],
        ("connect_lane_pauses", ("slack", "rate_limit")): [1],
        ("connect_http_requests", ("health.health", "GET", "2xx")): [1],
        ("connect_effect_seconds", ("jira",)): [0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 2],
        ("connect_call_seconds", CALL): [0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0.3],
        ("connect_http_request_seconds", ("health.health",)): [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0.004],
    }


def test_the_bounds_of_a_bucket_belong_to_it_and_a_clock_set_back_counts_as_no_time() -> None:
    metrics = Metrics(OPERATIONS)
    for seconds in (-5.0, 0.005, 3600.0, 3600.1, 1e9):
        metrics.effect("slack", seconds)
    row = cells(metrics, "connect_effect_seconds")["slack",]
    assert (row[0], row[-3], row[-2], row[-1]) == (2, 1, 2, 0.005 + 3600.0 + 3600.1 + 1e9)


def test_a_label_that_is_not_known_is_counted_as_other() -> None:
    metrics = Metrics(OPERATIONS)
    metrics.accepted("gitlab", new=True)
    metrics.called("slack", "C0SECRET", "completed", 1)
    metrics.called("slack", "create_issue", "completed", 1)  # an operation, but none of Slack's
    metrics.called(*CALL, "exploded", 1)
    metrics.requested("nowhere", "PROPFIND", 799, 1)
    assert cells(metrics, "connect_deliveries_accepted")[OTHER, "new"] == [1]
    calls = cells(metrics, "connect_calls")
    assert (calls["slack", OTHER, "completed"], calls[OTHER, OTHER, OTHER], calls[*CALL, OTHER]) == ([1], [1], [1])
    assert cells(metrics, "connect_http_requests") == {(OTHER, OTHER, OTHER): [1]}


def test_nothing_that_happens_makes_a_new_series() -> None:
    def happen(times: int) -> set[tuple[str, tuple[str, ...]]]:
        for number in range(times):
            metrics.called(f"service {number}", f"operation {number}", f"outcome {number}", number)
            metrics.requested(f"door {number}", f"METHOD{number}", number, number)
        return {(one.family.name, labels) for one in metrics.readings() for labels in one.cells}

    metrics = Metrics(OPERATIONS)
    assert happen(1000) == happen(5000)


def test_a_counter_that_has_not_counted_says_zero() -> None:
    outcomes = ("completed", "failed", "postponed", "unknown")
    calls = cells(Metrics(OPERATIONS), "connect_calls")
    assert calls == {(*call, outcome): [0] for call in OPERATIONS for outcome in outcomes}


def test_threads_lose_no_count(folder: Path) -> None:
    metrics = Metrics(OPERATIONS, folder)
    threads = [
        threading.Thread(target=lambda: [metrics.accepted("github", new=True) for _ in range(2000)]) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert accepted(metrics) == 16_000


# --- several processes -----------------------------------------------------------------------------------------------

SMALL = [CALL]


def test_any_process_answers_for_all(folder: Path, child: Child) -> None:
    other, metrics = Child(folder, 5), Metrics(SMALL, folder)
    metrics.accepted("github", new=True)
    assert (metrics.shared, accepted(metrics)) == (True, 16)
    other.kill()
    assert accepted(metrics) == 16


def test_the_files_of_the_dead_are_folded_into_one_and_no_sum_goes_down(folder: Path, child: Child) -> None:
    for _ in range(3):
        Child(folder, 5).kill()
    metrics = Metrics(SMALL, folder)
    assert accepted(metrics) == 25
    Child(folder, 5).end()
    assert accepted(Metrics(SMALL, folder)) == 30
    # The lock, the past, the child, this process twice.
    assert len(list(folder.iterdir())) <= 5


def test_when_nobody_lives_the_next_one_begins_at_zero(folder: Path) -> None:
    Child(folder, 5).kill()
    Child(folder, 5).end()
    assert accepted(Metrics(SMALL, folder)) == 0
    assert len(list(folder.iterdir())) == 2


def test_processes_of_another_version_are_left_alone_and_not_added_up(folder: Path, child: Child) -> None:
    newer = Metrics(OPERATIONS, folder)
    newer.accepted("github", new=True)
    assert accepted(newer) == 1
    assert accepted(Metrics(SMALL, folder)) == 10


def test_a_fork_counts_for_itself_and_the_parent_reads_it(folder: Path) -> None:
    metrics = Metrics(SMALL, folder)
    metrics.accepted("github", new=True)
    script = (
        "import os, sys, warnings\nfrom pathlib import Path\nfrom bot.metrics import Metrics\n"
        "metrics = Metrics([('slack', 'post_message')], Path(sys.argv[1]))\n"
        "metrics.accepted('github', new=True)\n"
        "child = os.fork()\n"
        "metrics.accepted('github', new=True)\n"
        "if child:\n    os.waitpid(child, 0)\n"
    )
    subprocess.run([sys.executable, "-c", script, str(folder)], timeout=30, check=True)
    assert accepted(metrics) == 4


def test_the_others_see_before_long_what_a_process_counts_that_then_falls_silent(folder: Path, child: Child) -> None:
    metrics, silent = Metrics(SMALL, folder), Child(folder, 5, "unhurried")
    deadline = time.monotonic() + 10
    while accepted(metrics) < 15:
        assert time.monotonic() < deadline
        threading.Event().wait(0.01)
    silent.end()
    assert accepted(metrics) == 15


def test_a_process_that_ends_leaves_all_that_it_counted(folder: Path, child: Child) -> None:
    for _ in range(3):
        Child(folder, 5, "unhurried").end()
    assert accepted(Metrics(SMALL, folder)) == 25


def test_a_fork_that_counts_nothing_does_not_write_into_its_parents_file(folder: Path, child: Child) -> None:
    script = (
        "import os, sys\nfrom pathlib import Path\nfrom bot.metrics import Metrics\n"
        "metrics = Metrics([('slack', 'post_message')], Path(sys.argv[1]))\n"
        "reading, writing = os.pipe()\n"
        "if not os.fork():\n    os.read(reading, 1)\n    metrics.flush()\n    sys.exit()\n"
        "metrics.accepted('github', new=True)\n"
        "metrics.flush()\n"
        "os.write(writing, b'.')\nos.wait()\nos._exit(0)\n"
    )
    subprocess.run([sys.executable, "-c", script, str(folder)], timeout=30, check=True)
    assert accepted(Metrics(SMALL, folder)) == 11


def test_who_counts_nothing_has_no_thread_for_it(folder: Path) -> None:
    before = threading.active_count()
    metrics = Metrics(SMALL, folder)
    assert (metrics.shared, threading.active_count()) == (True, before)


# --- what cannot be shared is counted all the same --------------------------------------------------------------------


def test_a_folder_that_cannot_be_used_is_said_once_and_the_counting_goes_on(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("in the way")
    (tmp_path / "open").mkdir()
    (tmp_path / "open").chmod(0o777)
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    for folder in (Path("/proc/connect"), tmp_path / "file" / "below", tmp_path / "open", tmp_path / "link"):
        caplog.clear()
        metrics = Metrics(SMALL, folder)
        metrics.accepted("github", new=True)
        assert (metrics.shared, accepted(metrics)) == (False, 1), folder
        assert [record.getMessage()[:44] for record in caplog.records] == [
            "metrics: this process counts for itself alon"
        ]


SQUEEZED = """
import resource, signal, sys
from pathlib import Path
from bot.metrics import Metrics
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))
metrics = Metrics([("slack", "post_message")], Path(sys.argv[1]))
print(metrics.shared)
resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
metrics.accepted("github", new=True)
print([one.cells["github", "new"] for one in metrics.readings() if one.family.name == "connect_deliveries_accepted"])
"""


@pytest.mark.parametrize(("room", "shared"), [("100", "False"), ("1000000", "True")])
def test_a_disk_that_takes_no_more_stops_nobody(folder: Path, room: str, shared: str) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", SQUEEZED, str(folder), room], capture_output=True, text=True, timeout=30, check=True
    )
    assert ended.stdout == f"{shared}\n[[1.0]]\n"
    assert len(list(folder.iterdir())) == (2 if shared == "True" else 1)


def test_a_folder_that_goes_away_takes_only_the_others_numbers_with_it(folder: Path, child: Child) -> None:
    metrics = Metrics(SMALL, folder)
    metrics.accepted("github", new=True)
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()
    metrics.accepted("github", new=True)
    assert accepted(metrics) == 2


def test_a_file_cut_short_by_another_is_not_added_up(folder: Path, child: Child) -> None:
    os.truncate(next(path for path in folder.iterdir() if path.name != "lock"), 12)
    assert accepted(Metrics(SMALL, folder)) == 0


def test_the_files_are_for_this_user_only(folder: Path) -> None:
    metrics = Metrics(SMALL, folder)
    assert metrics.shared
    modes = {stat.S_IMODE(path.stat().st_mode) for path in (folder, *folder.iterdir())}
    assert modes == {0o700, 0o600}


def test_each_database_has_its_folder_whose_name_tells_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    near, far = shared_folder("sqlite:///./connect.db"), shared_folder(f"sqlite:///{tmp_path}/connect.db")
    assert near == far
    mysql = {shared_folder(f"mysql+pymysql://connect:{word}@db:3306/connect") for word in ("one", "two")}
    assert len(mysql | {near, shared_folder("sqlite:///./other.db")}) == 3
    assert near.name.startswith(f"connect-{os.geteuid()}-")
