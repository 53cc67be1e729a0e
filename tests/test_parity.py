"""What two places must agree on: settings, commands, events, REST API and targets, and the documents that name them."""

import ast
import os
import re
import shlex
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from pydantic import BaseModel, SecretStr
from werkzeug.routing import Map

from bot.filters import ALL, FILTERS
from bot.flows.requests import KINDS
from bot.listeners.help import CONNECT, GITHUB, JIRA
from bot.modals import github_subscription
from bot.modals.subscription import EVENTS
from bot.modals.subscription import FILTERS as MENUS
from bot.operations.base import Operation
from bot.operations.registry import OPERATIONS
from bot.receiver.shapes import SHAPES
from bot.renderers import registry
from bot.setting_texts import DESCRIPTIONS
from bot.settings import Settings, load
from sandbox.slack import GENERAL, MEMBER
from tests import documents
from tests.renderers import pairs
from tests.world import World

ROOT = Path(__file__).parents[1]
DOCUMENTS = ("README.md", "CONTRIBUTING.md", *sorted(f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md")))
TARGETS = {
    *(
        "help",
        "screenshots",
        "demo",
        "run",
        "run-dev",
        "run-prod",
        "worker",
        "test",
        "test-fast",
        "bench",
        "chaos",
        "coverage",
        "lint-fix",
        "type-check",
        "check-all",
    ),
    *("db-init", "db-reset", "clean", "docker-build", "docker-run", "dev-install"),
}
LOCAL = "http://127.0.0.1:5001"

type Rows = list[list[str]]


def table(text: str, first_heading: str) -> Rows:
    """The cells of the Markdown table whose first heading is this, without its two heading lines."""
    lines = text.splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith(f"| {first_heading} |"))
    rows: Rows = []
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip().strip("|").split("|")])
    return rows


def names(cell: str) -> list[str]:
    """What stands between backticks in a cell."""
    return re.findall(r"`([^`]+)`", cell)


def document(name: str) -> str:
    """The text of a document, by its path from the project's folder."""
    return (ROOT / name).read_text(encoding="utf-8")


# --- settings --------------------------------------------------------------------------------------------------------


def settings_as_text() -> list[tuple[str, str, str]]:
    """Name, default and meaning of each setting, in the order of the code."""
    found: list[tuple[str, str, str]] = []
    for name, field in Settings.model_fields.items():
        found.append((name.upper(), written(field.default), DESCRIPTIONS[name.upper()]))
    return found


def written(default: object) -> str:
    """A default as it is written in a file of settings."""
    if default in (None, {}) or isinstance(default, SecretStr):
        return ""
    if isinstance(default, bool):
        return str(default).lower()
    return f"{default:g}" if isinstance(default, float) else str(default)


def test_every_setting_is_described_and_nothing_else_is() -> None:
    assert list(DESCRIPTIONS) == [name.upper() for name in Settings.model_fields]


def test_the_example_of_settings_names_all_of_them_with_default_and_meaning() -> None:
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    entries = re.findall(r"^# (.+)\n([A-Z_]+)=(.*)$", example, re.MULTILINE)
    assert [(name, default, meaning) for meaning, name, default in entries] == settings_as_text()
    assert len(re.findall(r"^[^#\n]", example, re.MULTILINE)) == len(entries)


def test_the_example_of_settings_says_the_same_as_no_settings_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in DESCRIPTIONS:
        for spelled in [key for key in os.environ if key.upper() == name]:
            monkeypatch.delenv(spelled)
    assert load(str(ROOT / ".env.example")) == load(None)


def test_the_document_lists_all_settings_with_default_and_meaning() -> None:
    rows = table(document("docs/settings.md"), "Setting")
    assert [("".join(names(row[0])), "".join(names(row[1])), row[2]) for row in rows] == settings_as_text()


# --- what people type, what they see ---------------------------------------------------------------------------------


def test_the_document_lists_the_commands_that_help_explains_and_no_other() -> None:
    explained = {phrase for phrase in names(JIRA + GITHUB + CONNECT) if phrase.startswith(("/", "@"))}
    listed = {phrase for row in table(document("docs/commands.md"), "In Slack") for phrase in names(row[0])}
    assert explained <= listed
    assert listed - explained == {
        *("/jira help", "/jira subscribe list", "/github help", "/github subscribe list"),
        "/connect help",
        "@connect create a ticket",
    } - explained  # fmt: skip


def test_the_document_and_help_name_the_events_that_a_subscription_may_list() -> None:
    for service, features in (("jira", registry.JIRA_FEATURES), ("github", registry.GITHUB_FEATURES)):
        phrase = " ".join((*features, "all"))
        assert phrase in names(document("docs/commands.md"))
        assert phrase in names(JIRA if service == "jira" else GITHUB)


def test_the_form_of_a_subscription_offers_every_event_and_filter_of_jira() -> None:
    assert set(EVENTS) == {*registry.JIRA_FEATURES, ALL}
    assert {*MENUS, "jql", "comments"} == set(FILTERS["jira"].model_fields)


def test_the_form_of_a_subscription_offers_every_feature_and_filter_of_github() -> None:
    assert set(github_subscription.FEATURES) == {*registry.GITHUB_FEATURES, ALL}
    fields = {
        *github_subscription.CHOICES, *github_subscription.OF_OWNER, *github_subscription.LINES,
        *github_subscription.LISTS, *github_subscription.FLAGS,
    }  # fmt: skip
    assert fields == set(FILTERS["github"].model_fields)


def features_of(service: pairs.Service) -> dict[str, set[str]]:
    """The features of each event's news, over all its fixtures."""
    found: dict[str, set[str]] = {}
    for name in pairs.names(service):
        news = pairs.rendered(service, name)
        found.setdefault(pairs.event(service, name), set()).update({news.feature} if news else ())
    return found


@pytest.mark.parametrize(("service", "heading"), [("github", "GitHub event"), ("jira", "Jira event")])
def test_the_document_lists_every_event_that_has_a_renderer_under_its_feature(
    service: pairs.Service, heading: str
) -> None:
    rows = table(document("docs/events.md"), heading)
    listed = {event: set(names(row[1])) for row in rows for event in names(row[0])}
    assert listed == features_of(service)
    assert set(listed) == set(registry.GITHUB if service == "github" else registry.JIRA)
    assert all(row[-1] for row in rows)


def test_the_document_shows_of_every_event_of_github_what_the_code_makes_of_it() -> None:
    written = document("docs/events.md")
    for made in (documents.github_events(), documents.github_ignored()):
        assert documents.table_in(written, made.split("|")[1].strip()) == made, "python -m tests.documents writes it"


# --- the REST API ----------------------------------------------------------------------------------------------------


def test_the_document_lists_every_request_for_an_integration_with_its_fields() -> None:
    rows = table(document("docs/api.md"), "`source_service`")
    listed = {(names(row[0])[0], names(row[1])[0], names(row[2])[0]): (names(row[3]), names(row[4])) for row in rows}
    assert listed == {kind: fields(model) for kind, (model, _) in KINDS.items()}


def fields(model: type[BaseModel]) -> tuple[list[str], list[str]]:
    """The fields that a payload must have, and those that it may have."""
    required = [name for name, field in model.model_fields.items() if field.is_required()]
    return required, [name for name in model.model_fields if name not in required]


def test_the_document_lists_the_filters_of_each_list() -> None:
    assert {names(row[0])[0]: tuple(names(row[1])) for row in table(document("docs/api.md"), "List")} == {
        kind: shape.filters for kind, shape in SHAPES.items()
    }


def test_the_document_lists_the_filters_of_subscriptions() -> None:
    listed: dict[str, set[str]] = {}
    for row in table(document("docs/api.md"), "Source"):
        listed.setdefault(names(row[0])[0], set()).update(names(row[1]))
    assert listed == {service: set(model.model_fields) for service, model in FILTERS.items()}


def test_the_readme_leads_to_every_document() -> None:
    linked = set(re.findall(r"\]\(([^)]+\.md)\)", document("README.md")))
    assert linked >= set(DOCUMENTS) - {"README.md"}


def test_what_the_readme_says_to_type_is_explained() -> None:
    rows = table(document("README.md"), "In Slack")
    typed = {phrase for row in rows for phrase in names(row[0]) if phrase.startswith(("/", "@"))}
    commands = {" ".join(phrase.split()[:2]) for phrase in names(document("docs/commands.md"))}
    assert {" ".join(phrase.split()[:2]) for phrase in typed} <= commands


@pytest.fixture
def small_world(sqlite_url: str) -> Iterator[World]:
    """A world without an API key, as the document's lines expect it."""
    world = World(sqlite_url, connect_api_key="")
    yield world
    world.close()


def test_the_document_lists_every_address_of_the_service(small_world: World) -> None:
    addresses: Map = small_world.flask.url_map
    adapter = addresses.bind("127.0.0.1")
    listed: set[tuple[str, str]] = set()
    for row in table(document("docs/api.md"), "Request"):
        method, _, path = names(row[0])[0].partition(" ")
        rule, _ = adapter.match(path, method=method, return_rule=True)
        listed.add((method, rule.rule))
    doors = [names(row[1])[0] for row in table(document("README.md"), "What is sent")]
    for address in doors:
        rule, _ = adapter.match(address.removeprefix("https://connect.example.com"), method="POST", return_rule=True)
        listed.add(("POST", rule.rule))
    offered = {
        (method, rule.rule)
        for rule in addresses.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert listed == offered


def curl_lines() -> list[list[str]]:
    """The words of every curl command in the document, without `curl`."""
    blocks = re.findall(r"^```sh\n(.*?)^```", document("docs/api.md"), re.DOTALL | re.MULTILINE)
    lines = "".join(block for block in blocks if block.startswith("curl "))
    commands = re.split(r"^(?=curl )", lines, flags=re.MULTILINE)[1:]
    return [shlex.split(command.replace("\\\n", " "), comments=True)[1:] for command in commands]


def curl(words: list[str], base: str) -> requests.Response:
    """Do what curl does with these words."""
    method, url, headers, body = "GET", "", dict[str, str](), None
    rest = iter(words)
    for word in rest:
        if word == "-X":
            method = next(rest)
        elif word == "-H":
            name, _, value = next(rest).partition(": ")
            headers[name] = value
        elif word == "-d":
            body = next(rest).encode()
        else:
            assert word.startswith(f"{LOCAL}/")
            url = word.replace(LOCAL, base)
    return requests.request(method, url, headers=headers, data=body, timeout=10)


def test_every_curl_line_of_the_document_works(small_world: World) -> None:
    small_world.slack.say(MEMBER, GENERAL, "good morning")
    nowhere = {"source_service": "jira", "target_service": "slack", "event_type": "post_message",
               "payload": {"channel": "C0NOWHERE", "text": "hello"}}  # fmt: skip
    assert small_world.call("POST", "/api/v1/integrations", nowhere, key="").json()["integration_id"] == 1
    small_world.settle()
    answers = [(words, curl(words, small_world.url)) for words in curl_lines()]
    assert len(answers) >= 14
    assert [(words, answer.text) for words, answer in answers if not answer.ok] == []
    small_world.settle()
    listed = small_world.call("GET", "/api/v1/integrations?limit=500", key="").json()["integrations"]
    assert {row["status"] for row in listed if row["id"] != 1} == {"completed"}


# --- operations ------------------------------------------------------------------------------------------------------


def test_every_operation_says_what_happens_when_its_answer_is_lost() -> None:
    rows = table(document("docs/reliability.md"), "Service")
    listed = {(row[0], names(row[1])[0]): row[2] for row in rows}
    assert listed == {kind: without_answer(operation) for kind, operation in OPERATIONS.items()}


def without_answer(operation: Operation) -> str:
    """What the worker does with an operation whose outcome is unknown, in the document's words."""
    if operation.idempotent:
        return "repeat"
    return "look first" if operation.find else "give up"


# --- targets, locks, links -------------------------------------------------------------------------------------------


def test_the_makefile_has_every_target_with_its_help() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert set(re.findall(r"^([a-z-]+):.*## \S", makefile, re.MULTILINE)) == TARGETS
    assert set(re.findall(r"^\.PHONY: ([a-z-]+)$", makefile, re.MULTILINE)) == TARGETS


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_names_only_targets_that_exist(name: str) -> None:
    text = document(name)
    named = set(re.findall(r"(?:`|^|`[A-Z_]+=\S+ )make ([a-z][a-z-]*)", text, re.MULTILINE))
    assert named <= TARGETS


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_links_only_to_files_that_exist(name: str) -> None:
    text = document(name)
    linked = [place for place in re.findall(r"\]\(([^)]+)\)", text) if "://" not in place]
    assert [place for place in linked if not (ROOT / name).parent.joinpath(place).is_file()] == []


def test_the_locks_pin_every_dependency_with_a_hash_and_name_no_address() -> None:
    project: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted: list[str] = project["project"]["dependencies"]
    for lock, required in (
        ("requirements.lock", wanted),
        ("requirements-dev.lock", wanted + project["dependency-groups"]["dev"]),
    ):
        text = (ROOT / lock).read_text(encoding="utf-8")
        assert "://" not in text
        pinned = re.findall(r"^([a-z0-9.-]+)(?:\[[^\]]*\])?==\S+.*\\\n    --hash=sha256:", text, re.MULTILINE)
        assert len(pinned) == len(re.findall(r"^\w", text, re.MULTILINE))
        assert {re.split(r"[\[~=<>; ]", name)[0] for name in required} <= set(pinned)


def test_the_lock_that_names_addresses_is_not_kept() -> None:
    assert "uv.lock" in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    kept = subprocess.run(["git", "ls-files", "uv.lock"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert kept.stdout == ""


def test_the_image_holds_what_the_service_imports_and_starts_it() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    packages = {package for package in ("adapters", "bot", "storage") if f"COPY {package} /app/{package}" in dockerfile}
    imported = {name.partition(".")[0] for name in imports_of(ROOT / "app.py")}
    assert imported & {path.parent.name for path in ROOT.glob("*/__init__.py")} <= packages
    for needed in (*packages, "app.py", "requirements.lock"):
        assert f"!{needed}" in ignored
    version = (ROOT / ".python-version").read_text(encoding="utf-8").strip()
    assert dockerfile.startswith(f"FROM python:{version}-slim\n")


def imports_of(path: Path) -> set[str]:
    """The modules that a file imports at its top level."""
    body = ast.parse(path.read_text(encoding="utf-8")).body
    found = {node.module for node in body if isinstance(node, ast.ImportFrom) and node.module}
    return found | {alias.name for node in body if isinstance(node, ast.Import) for alias in node.names}
