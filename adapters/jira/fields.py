"""The fields of Jira's screens, for creating, editing and the steps of a workflow alike: what kind each is, what may be
chosen, what an issue holds in it, and what was typed as Jira takes it.

Pure: nothing here does I/O.
"""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal, cast
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from adapters.document import Document
from adapters.jira.issue import person_id, person_name
from adapters.jira.markup import read_body, write_adf, write_wiki
from adapters.jira.reading import mapping, objects, seconds, string

Kind = Literal[
    "text", "url", "long_text", "number", "date", "datetime", "option", "options", "cascading", "user", "users",
    "labels", "parent", "epic", "sprint", "unsupported",
]  # fmt: skip
"""`option` and `options` are all that is chosen from Jira's own list: priority, components, versions, security levels.
An `epic` is Data Center's own field for what Cloud calls the parent."""
SEVERAL: tuple[Kind, ...] = ("options", "users", "labels")
"""The kinds of which an issue may hold several values."""


@dataclass(frozen=True)
class Option:
    """A value that may be chosen; `children` are the second step of a cascading one."""

    id: str
    name: str
    children: tuple["Option", ...] = ()


@dataclass(frozen=True)
class FieldSpec:
    """A field of a screen. `required` says that Jira wants a value and fills in none itself."""

    id: str
    name: str
    required: bool
    kind: Kind
    options: tuple[Option, ...] = ()


OWN = frozenset({"project", "issuetype", "summary", "description", "reporter", "attachment", "issuelinks"})
"""What the form for a new issue has anyway, or fills in, or does not ask for: files and links come afterwards."""

_BY_SYSTEM: dict[str, Kind] = {
    "labels": "labels", "description": "long_text", "environment": "long_text", "parent": "parent",
}  # fmt: skip
_BY_CUSTOM: dict[str, Kind] = {
    "textarea": "long_text", "url": "url", "labels": "labels", "gh-sprint": "sprint", "gh-epic-link": "epic",
    "readonlyfield": "unsupported",
}  # fmt: skip
_BY_TYPE: dict[str, Kind] = {
    "string": "text", "number": "number", "date": "date", "datetime": "datetime", "user": "user",
    "option-with-child": "cascading",
    **dict.fromkeys(("option", "priority", "version", "securitylevel", "resolution"), "option"),
}  # fmt: skip
_BY_ITEMS: dict[str, Kind] = {"user": "users", **dict.fromkeys(("option", "version", "component"), "options")}
_CHOSEN = ("option", "options", "cascading")


def read_fields(raw: object) -> tuple[FieldSpec, ...]:
    """Read the fields of a screen (of editing, or of a step of the workflow), in Jira's order.

    https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issues/#api-rest-api-3-issue-issueidorkey-editmeta-get
    """
    described = mapping(raw)
    return tuple(read_field(mapping(described[ident]), ident) for ident in described)


def read_field(raw: Mapping[str, Any], ident: str) -> FieldSpec:
    """Read one field of Jira's metadata.

    https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issues/#api-rest-api-3-issue-createmeta-projectidorkey-issuetypes-issuetypeid-get
    """
    options = tuple(_options(raw.get("allowedValues")))
    kind = _kind(mapping(raw.get("schema")))
    if kind in _CHOSEN and not options:
        kind = "unsupported"  # there is nothing to choose from
    required = raw.get("required") is True and raw.get("hasDefaultValue") is not True
    return FieldSpec(ident, string(raw.get("name")) or ident, required, kind, options if kind in _CHOSEN else ())


def _kind(schema: Mapping[str, Any]) -> Kind:
    system, custom = string(schema.get("system")), string(schema.get("custom")).rpartition(":")[2]
    named = _BY_SYSTEM.get(system) or _BY_CUSTOM.get(custom)
    if named:
        return named
    table, word = (_BY_ITEMS, "items") if schema.get("type") == "array" else (_BY_TYPE, "type")
    return table.get(string(schema.get(word)), "unsupported")


def _options(given: object) -> list[Option]:
    return [
        Option(string(raw.get("id")), string(raw.get("value")) or string(raw.get("name")),
               tuple(_options(raw.get("children"))))
        for raw in objects(given)
        if raw.get("id") and raw.get("archived") is not True and raw.get("disabled") is not True
    ]  # fmt: skip


# --- values ----------------------------------------------------------------------------------------------------------


def jira_value(kind: Kind, value: object, *, cloud: bool, timezone: str) -> Any:
    """What was typed or chosen, as Jira's REST API takes it.

    `value` is a text, and for `long_text` a `Document`, for `datetime` seconds since 1970, for `options`, `users` and
    `labels` a list, for `cascading` the ids of parent and child with a slash between; None empties the field. Users are
    known by their accountId on Cloud and by their user name on Data Center; `timezone` (`Europe/Berlin`) is that of who
    typed a time. Raises ValueError if a number is none.
    """
    if value is None:
        return [] if kind in SEVERAL else None
    who = "accountId" if cloud else "name"
    one, words = _one(value), _words(value)
    shapes: dict[Kind, Callable[[], Any]] = {
        "long_text": lambda: _text(value, cloud=cloud),
        "number": lambda: number(one),
        "datetime": lambda: _stamp(int(one), timezone),
        "option": lambda: {"id": one},
        "options": lambda: [{"id": each} for each in words],
        "cascading": lambda: _cascading(one),
        "user": lambda: {who: one},
        "users": lambda: [{who: each} for each in words],
        "labels": lambda: words,
        "parent": lambda: {"key": one},
        "sprint": lambda: int(one),
    }
    return shapes.get(kind, lambda: one)()


def _one(value: object) -> str:
    return str(value) if isinstance(value, str | int | float) else ""


def _words(value: object) -> list[str]:
    return [str(each) for each in cast("list[object]", value)] if isinstance(value, list) else []


def number(typed: str) -> int | float:
    """The number that somebody typed, also with a comma for its point; raises ValueError."""
    given = float(typed.strip().replace(",", "."))
    if not math.isfinite(given):
        raise ValueError(typed)
    return int(given) if given.is_integer() else given


def _text(value: object, *, cloud: bool) -> Any:
    document = value if isinstance(value, Document) else Document(())
    return write_adf(document) if cloud else write_wiki(document)


def _stamp(seconds: int, timezone: str) -> str:
    try:
        zone = ZoneInfo(timezone) if timezone else UTC
    except (ZoneInfoNotFoundError, ValueError):
        zone = UTC
    return datetime.fromtimestamp(seconds, zone).strftime("%Y-%m-%dT%H:%M:%S.000%z")


def _cascading(value: str) -> dict[str, Any]:
    parent, _, child = value.partition("/")
    return {"id": parent} | ({"child": {"id": child}} if child else {})


# --- what an issue holds ---------------------------------------------------------------------------------------------

type Held = str | int | Document | tuple[Option, ...]
"""Words, a date (`2026-12-24`) or a number as text; seconds since 1970; a text; what is chosen."""

# Data Center writes a sprint as `com.atlassian.greenhopper.service.sprint.Sprint@1f[id=37,state=ACTIVE,name=Week 7,…]`.
_SPRINT = re.compile(r"(?P<name>id|state|name)=(?P<value>.*?)(?=,[a-zA-Z]+=|\]$)")


def held(kind: Kind, raw: object) -> Held:
    """What an issue's JSON has in a field of this kind; empty where it has nothing, or nothing that can be read."""
    if kind == "long_text":
        return read_body(raw)
    if kind == "number":
        return str(raw) if isinstance(raw, int | float) and not isinstance(raw, bool) else ""
    if kind == "datetime":
        moment = seconds(raw)
        return int(moment) if math.isfinite(moment) else 0
    readers: dict[Kind, Callable[[Any], Option | None]] = {
        "option": _option, "options": _option, "cascading": _cascade, "user": _user, "users": _user,
        "labels": lambda given: Option(string(given), string(given)) if string(given) else None, "parent": _parent,
        "epic": lambda given: Option(string(given), string(given)) if string(given) else None, "sprint": _sprint,
    }  # fmt: skip
    if kind not in readers:
        return string(raw)
    given = cast("list[object]", raw) if isinstance(raw, list) else [raw]
    return tuple(chosen for each in given if (chosen := readers[kind](each)))


def _option(raw: object) -> Option | None:
    given = mapping(raw)
    ident, name = string(given.get("id")), string(given.get("value")) or string(given.get("name"))
    return Option(ident, name) if ident else None


def _cascade(raw: object) -> Option | None:
    parent, child = _option(raw), _option(mapping(raw).get("child"))
    if parent and child:
        return Option(f"{parent.id}/{child.id}", f"{parent.name} › {child.name}")
    return parent


def _user(raw: object) -> Option | None:
    ident = person_id(raw)
    return Option(ident, person_name(raw) or ident) if ident else None


def _parent(raw: object) -> Option | None:
    key, summary = string(mapping(raw).get("key")), string(mapping(mapping(raw).get("fields")).get("summary"))
    return Option(key, f"{key} {summary}".rstrip()) if key else None


def _sprint(raw: object) -> Option | None:
    """A sprint that is not over: an issue keeps those that it was in."""
    given = mapping(raw) or {match["name"]: match["value"] for match in _SPRINT.finditer(string(raw))}
    ident, state = str(given.get("id") or ""), string(given.get("state")).casefold()
    return Option(ident, string(given.get("name")) or ident) if ident and state != "closed" else None
