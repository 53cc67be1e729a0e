"""`app.py subscriptions export|diff|apply`: what is in the file, what is done, what is wrong with it."""

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot import subscription_file
from bot.flows.shared_channels import SHARED
from sandbox.slack import DEV, GENERAL, PRIVATE
from tests.journeys.test_github_subscriptions import WHOLE, said, titles
from tests.world import World

PATH = "/api/v1/subscriptions"
EXPORTED = f"""subscriptions:
  - source_service: github
    source: acme/web
    channel: {GENERAL}  # general
    events:
    - pulls
    paused: true

  - source_service: github
    source: acme/web
    channel: {DEV}  # dev
    name: release watch
    events:
    - commits:main
    filters:
      labels:
        any:
        - bug
    thread: 'off'
    quiet_hours:
      from: '20:00'
      to: 07:00
      timezone: Europe/Berlin

  - source_service: jira
    source: OPS
    channel: {DEV}  # dev
    events:
    - created
"""


@pytest.fixture
def world(sqlite_url: str) -> Iterator[World]:
    made = World(sqlite_url)
    yield made
    made.close()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "connect.yml"


class Terminal:
    """The command, and what it printed last."""

    def __init__(self, world: World, captured: pytest.CaptureFixture[str]) -> None:
        self._world, self._captured = world, captured
        self.out = self.err = ""

    def __call__(self, *words: str | Path) -> int:
        parser = argparse.ArgumentParser(prog="app.py")
        subscription_file.add_parser(parser.add_subparsers(dest="command"))
        given = parser.parse_args(["subscriptions", *map(str, words)])
        self._captured.readouterr()
        code = subscription_file.run(given, self._world.services)
        self.out, self.err = self._captured.readouterr()
        return code


@pytest.fixture
def run(world: World, capsys: pytest.CaptureFixture[str]) -> Terminal:
    return Terminal(world, capsys)


def kept(world: World) -> list[dict[str, Any]]:
    names = (*WHOLE, "quiet_hours")
    return sorted(
        ({name: row[name] for name in names} for row in world.rows("subscriptions")),
        key=lambda row: (row["source_service"], row["source"], row["channel"]),
    )


def test_what_is_exported_is_the_same_each_time_and_can_be_applied_elsewhere(run: Terminal, file: Path) -> None:
    file.write_text(EXPORTED.replace("'off'", "off").replace("'20:00'", "20:00"), encoding="utf-8")
    assert (run("apply", file), run.err) == (0, "")
    assert run.out.splitlines() == [
        f"+ github acme/web in {GENERAL}", '    events: ["pulls"]', "    paused: true",
        f"+ github acme/web in {DEV} (release watch)", '    events: ["commits:main"]', '    name: "release watch"',
        '    filters: {"labels": {"any": ["bug"]}}', '    thread: "off"',
        '    quiet_hours: {"from": "20:00", "timezone": "Europe/Berlin", "to": "07:00"}',
        f"+ jira OPS in {DEV}", '    events: ["created"]',
    ]  # fmt: skip
    assert (run("export"), run.out) == (0, EXPORTED)
    assert (run("export", file), file.read_text(encoding="utf-8")) == (0, EXPORTED)
    assert (run("diff", file), run.out) == (0, "No differences.\n")
    assert (run("apply", file), run.out) == (0, "Nothing to change.\n")


def test_the_whole_shape_of_rest_is_that_of_the_file(world: World, run: Terminal, file: Path) -> None:
    world.call("POST", PATH, WHOLE)
    before = kept(world)
    assert run("export", file) == 0
    world.call("DELETE", f"{PATH}/{world.rows('subscriptions')[0]['id']}")
    assert run("apply", file) == 0
    assert kept(world) == before


def test_differences_are_told_and_end_with_one_and_only_prune_removes(world: World, run: Terminal, file: Path) -> None:
    said(world, "subscribe acme/web pulls")
    said(world, "subscribe acme/site issues", channel=GENERAL)
    entry = f"- {{source_service: github, source: Acme/Web, channel: {DEV}, events: [pulls, issues], style: line}}"
    file.write_text(f"subscriptions:\n{entry}\n", encoding="utf-8")
    changed = [
        f"~ github Acme/Web in {DEV}", '    events: ["pulls"] → ["pulls", "issues"]', '    style: "full" → "line"',
    ]  # fmt: skip
    assert (run("diff", file), run.out.splitlines()) == (1, [*changed, f"- github acme/site in {GENERAL}"])
    assert len(kept(world)) == 2
    left = "1 not in the file left as they are; --prune ends them."
    assert (run("apply", file), run.out.splitlines()) == (0, [*changed, left])
    assert [(row["source"], row["events"], row["style"]) for row in kept(world)] == [
        ("acme/site", ["issues"], "full"), ("acme/web", ["pulls", "issues"], "line"),
    ]  # fmt: skip
    assert (run("apply", file, "--prune"), run.out) == (0, f"- github acme/site in {GENERAL}\n")
    assert [row["source"] for row in kept(world)] == ["acme/web"]
    assert (run("apply", file, "--prune"), run.out) == (0, "Nothing to change.\n")


def test_every_mistake_is_named_by_entry_key_and_line_and_nothing_is_changed(
    world: World, run: Terminal, file: Path
) -> None:
    file.write_text(
        f"""subscriptions:
- source_service: github
  source: acme/web
  channel: {DEV}
  events: [pulls]
- source_service: github
  source: acme/web
  channel: {DEV}
  filters:
    draft: false
    labels:
      any: bug
- source_service: github
  source: a/b/c
  channel: {DEV}
  colour: red
- source_service: github
  source: a/b/c
  channel: {DEV}
- source_service: github
  source: acme/web
  channel: {DEV}
""",
        encoding="utf-8",
    )
    assert run("apply", file) == 2
    assert run.err.splitlines() == [
        f"{file}:12: subscription 2: filters.labels.any Input should be a valid list",
        f"{file}:16: subscription 3: colour Extra inputs are not permitted",
        f"{file}:18: subscription 4: source must be owner/repo, or an owner for all of their repositories",
        f"{file}:20: subscription 5: subscription 1 of the file is the same",
        "Nothing was changed.",
    ]
    assert kept(world) == []


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("subscriptions:\n- [", "line 2: this is not YAML"), ("", "line 1: the file begins with `subscriptions:`"),
        ("- a", "line 1: the file begins with"), ("subscriptions: 7", "line 1: the file begins with"),
        ("subscriptions:\n- source: a/b\n  source: c/d\n", "line 3: `source` stands here for the second time"),
        ("subscriptions:\n- !!python/object:os.system {}\n", "line 2: this is not YAML"),
    ],
)  # fmt: skip
def test_what_is_no_list_of_subscriptions_is_said_with_its_line(
    run: Terminal, file: Path, text: str, sentence: str
) -> None:
    file.write_text(text, encoding="utf-8")
    assert run("diff", file) == 2
    assert sentence in run.err


def test_a_file_that_is_not_there_and_one_that_is_not_named_are_said(run: Terminal, file: Path) -> None:
    assert (run("diff", file), "cannot be read" in run.err) == (2, True)
    assert (run("apply"), "Name the file" in run.err) == (2, True)


def test_jira_is_asked_of_what_is_new_as_by_rest(world: World, run: Terminal, file: Path) -> None:
    entry = (
        f"subscriptions:\n- source_service: jira\n  source: OPS\n  channel: {DEV}\n  filters:\n    jql: colour = red\n"
    )
    file.write_text(entry, encoding="utf-8")
    assert run("apply", file) == 2
    assert f"{file}:6: subscription 1: filters.jql" in run.err
    assert kept(world) == []


def test_a_pause_that_the_file_does_not_speak_of_stays(world: World, run: Terminal, file: Path) -> None:
    world.github.person("ada").email = world.slack.users["U0DEV00001"]["profile"]["email"]
    world.github.allow("acme/secret", "ada", "read")
    said(world, "subscribe acme/secret issues", channel=PRIVATE)
    run("export", file)
    world.slack.connect_channel(PRIVATE)
    world.settle()
    assert (run("apply", file), run.out) == (0, "Nothing to change.\n")
    assert [row["paused_reason"] for row in world.rows("subscriptions")] == [SHARED]
    file.write_text(file.read_text(encoding="utf-8") + "    paused: false\n", encoding="utf-8")
    assert (run("apply", file), run.out.splitlines()[1:]) == (0, ["    paused: true → false"])
    world.github.open_issue("acme/secret", "an admin said so")
    world.settle()
    assert "an admin said so" in titles(world, PRIVATE)[-1]
