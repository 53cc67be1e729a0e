"""`app.py subscriptions export|diff|apply`: the subscriptions of a workspace as a file, each as the REST API takes it.

All of the file is looked at before anything is changed, and then all is changed at once. Doing it twice changes
nothing. What the file does not name is left alone unless `--prune` says otherwise.
"""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from sqlalchemy import Connection

from adapters.errors import AdapterError
from bot.details import Detail, details_of
from bot.filters import DEFAULTS
from bot.flows.shared_channels import HIDING
from bot.flows.subscription_given import ASKED, Given, ask_jira, problems, source_named, wanted
from bot.message import clean
from bot.services import Services
from bot.subscription_yaml import Entry, Unreadable, read, written
from storage import subscriptions
from storage.subscriptions import Kept, Wanted, source_key

LEFT_OUT: Mapping[str, Any] = {
    "name": "", "filters": {}, "style": "full", "thread": "only", "broadcast": [], "reactions": False,
    "replies": True, "quiet_hours": None, "paused": False,
}  # fmt: skip
"""What a key means that is not there. A pause that the file does not speak of stays as it is."""
type Key = tuple[str, str, str, str]


@dataclass(frozen=True)
class Step:
    """What has to be done for one subscription: `+` added, `~` changed, `-` not in the file; with what changes."""

    sign: str
    title: str
    kept: Kept | None = None
    row: Wanted | None = None
    content: Mapping[str, Any] = field(default_factory=dict[str, Any])
    changes: Sequence[str] = ()

    def told(self) -> list[str]:
        """The lines that say so."""
        return [f"{self.sign} {self.title}", *(f"    {clean(each)}" for each in self.changes)]


class _Wrong(Exception):
    """The file cannot be used; each line says where and why."""

    def __init__(self, *lines: str) -> None:
        super().__init__("\n".join(lines))


def add_parser(commands: Any) -> None:
    """Add the command to the command line (argparse's own type of `commands` is private)."""
    parser = commands.add_parser("subscriptions", help="the subscriptions as a file: write it, compare, apply it")
    parser.add_argument("action", choices=("export", "diff", "apply"))
    parser.add_argument("file", type=Path, nargs="?", help="YAML, such as connect.yml; export writes to the terminal")
    parser.add_argument("--prune", action="store_true", help="end the subscriptions that the file does not name")


def run(given: argparse.Namespace, services: Services) -> int:
    """Do the command; returns the exit code: 1 if `diff` found differences, 2 if nothing could be done."""
    try:
        team = services.workspace.identity().team_id
        if given.action == "export":
            _export(services, team, given.file)
            return 0
        if given.file is None:
            raise _Wrong(f"Name the file: python app.py subscriptions {given.action} connect.yml")
        steps, warnings = _steps(services, team, given.file)
        for warning in warnings:
            print(f"warning: {clean(warning)}", file=sys.stderr)  # noqa: T201
        return _diff(steps) if given.action == "diff" else _apply(services, steps, prune=given.prune)
    except AdapterError as error:
        print(f"Slack does not say which workspace this is: {error}", file=sys.stderr)  # noqa: T201
    except OSError as error:
        print(f"{given.file} cannot be read or written: {error}", file=sys.stderr)  # noqa: T201
    except UnicodeDecodeError:
        print(f"{given.file} is not UTF-8.", file=sys.stderr)  # noqa: T201
    except _Wrong as wrong:
        print(f"{clean(str(wrong))}\nNothing was changed.", file=sys.stderr)  # noqa: T201
    return 2


# --- out -------------------------------------------------------------------------------------------------------------


def _export(services: Services, team: str, file: Path | None) -> None:
    shown = [_short(_shown(one)) for _, one in sorted(_kept(services, team).items())]
    text = written(shown, _names(services, {each["channel"] for each in shown}))
    if file is None:
        print(text, end="")  # noqa: T201
    else:
        file.write_text(text, encoding="utf-8")


def _kept(services: Services, team: str) -> dict[Key, Kept]:
    with services.database.read() as connection:
        found = [one for service in ("github", "jira") for one in subscriptions.of_service(connection, service)]
    return {_key(one): one for one in found if one.channel.startswith(f"{team}/")}


def _key(one: Kept | Wanted) -> Key:
    return one.source_service, source_key(one.source_service, one.source), one.channel, one.name


def _shown(one: Kept | Wanted) -> dict[str, Any]:
    """As the REST API takes it, every key."""
    manner = one.manner
    return {
        "source_service": one.source_service, "source": one.source, "channel": one.channel.rpartition("/")[2],
        "name": one.name, "events": list(one.events), "filters": json.loads(json.dumps(dict(one.filters))),
        "style": manner.style, "thread": manner.thread, "broadcast": list(manner.broadcast),
        "reactions": manner.reactions, "replies": manner.replies,
        "quiet_hours": dict(manner.quiet_hours) if manner.quiet_hours else None,
        "paused": bool(one.paused),
    }  # fmt: skip


def _short(shown: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in shown.items() if name not in LEFT_OUT or value != LEFT_OUT[name]}


def _names(services: Services, channels: set[str]) -> dict[str, str]:
    """The channels' names, as far as Slack tells them."""
    found = dict[str, str]()
    for channel in sorted(channels):
        try:
            found[channel] = clean(services.slack.channel(channel).name) if services.slack else ""
        except AdapterError:
            continue  # one that is gone, or that connect cannot see, has no name to tell
    return found


# --- in --------------------------------------------------------------------------------------------------------------


def _steps(services: Services, team: str, file: Path) -> tuple[list[Step], list[str]]:
    """What makes the subscriptions those of the file, and what Jira warns of. Raises `_Wrong`."""
    try:
        entries = read(file.read_text(encoding="utf-8"))
    except Unreadable as problem:
        raise _Wrong(f"{file}: {problem}") from None
    kept, steps, wrong, warnings = _kept(services, team), list[Step](), list[str](), list[str]()
    seen = dict[Key, int]()
    for entry in entries:
        step, key, details = _step(services, team, entry, kept, warnings)
        if key in seen:
            details = [{"field": "", "message": f"subscription {seen[key]} of the file is the same"}]
        wrong += [_said(file, entry, detail) for detail in details]
        seen[key] = entry.number
        steps += [step] if step else []
    if wrong:
        raise _Wrong(*wrong)
    return [*steps, *(Step("-", _title(one), one) for key, one in sorted(kept.items()) if key not in seen)], warnings


def _said(file: Path, entry: Entry, detail: Detail) -> str:
    where = f" {detail['field']}" if detail["field"] else ""
    return f"{file}:{entry.line(detail['field'])}: subscription {entry.number}:{where} {detail['message']}"


def _step(
    services: Services, team: str, entry: Entry, kept: Mapping[Key, Kept], warnings: list[str]
) -> tuple[Step | None, Key, list[Detail]]:
    """What has to be done for an entry (None: nothing), its key, and what is wrong with it."""
    nobody = ("", "", "", str(entry.number))
    try:
        given = Given.model_validate(entry.data)
    except ValidationError as problem:
        return None, nobody, details_of(problem)
    source, details = source_named(services, given)
    details += problems(given, given.source_service)
    if details:
        return None, nobody, details
    row = wanted(given, source, f"{team}/{given.channel}")
    step = _difference(row, kept.get(_key(row)), speaks_of_pause="paused" in given.model_fields_set)
    if step is None:
        return None, _key(row), []
    answer = ask_jira(services, given, given.source_service, source)
    warnings += answer.warnings
    away = [{"field": "", "message": answer.away}] if answer.away else []
    return step, _key(row), [*answer.wrong, *away]


def _difference(row: Wanted, known: Kept | None, *, speaks_of_pause: bool) -> Step | None:
    if known is None:
        changes = [f"{name}: {_value(value)}" for name, value in _short(_shown(row)).items() if name in LEFT_OUT]
        events = (
            [f"events: {_value(list(row.events))}"] if list(row.events) != list(DEFAULTS[row.source_service]) else []
        )
        return Step("+", _title(row), row=row, changes=[*events, *changes])
    before, after = _shown(known), _shown(row)
    same = ("source_service", "source", "channel", "name", *(() if speaks_of_pause else ("paused",)))
    content = {name: value for name, value in after.items() if name not in same and value != before[name]}
    changes = [f"{name}: {_value(before[name])} → {_value(value)}" for name, value in content.items()]
    return Step("~", _title(row), known, content=content, changes=changes) if content else None


def _value(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _title(one: Kept | Wanted) -> str:
    named = f" ({clean(one.name)})" if one.name else ""
    return f"{one.source_service} {one.source} in {one.channel.rpartition('/')[2]}{named}"


# --- comparing and applying ------------------------------------------------------------------------------------------


def _diff(steps: Sequence[Step]) -> int:
    for line in [line for step in steps for line in step.told()] or ["No differences."]:
        print(line)  # noqa: T201
    return 1 if steps else 0


def _apply(services: Services, steps: Sequence[Step], *, prune: bool) -> int:
    doing = [step for step in steps if step.sign != "-" or prune]

    def write(connection: Connection) -> None:
        for step in doing:
            _write(services, connection, step)

    services.database.run(write)
    for line in [line for step in doing for line in step.told()] or ["Nothing to change."]:
        print(line)  # noqa: T201
    left = len(steps) - len(doing)
    if left:
        print(f"{left} not in the file left as they are; --prune ends them.")  # noqa: T201
    return 0


def _write(services: Services, connection: Connection, step: Step) -> None:
    now = services.now()
    if step.row is not None:
        subscriptions.put(connection, step.row, now)
    elif step.kept is not None and step.sign == "-":
        subscriptions.remove_id(connection, step.kept.id)
    elif step.kept is not None:
        content = dict(step.content)
        if "paused" in content:
            # An admin who ends such a pause says that the channel may hear of it.
            content |= {"private": 1} if not content["paused"] and step.kept.paused in HIDING else {}
            content |= {"paused": ASKED if content["paused"] else "", "by": "api"}
        subscriptions.change(connection, step.kept.id, now, **content)
