"""The fields that a screen of Jira asks for (a transition's, or that of editing), read from Jira's metadata.

https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issues/#api-rest-api-3-issue-issueidorkey-editmeta-get
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from adapters.jira.reading import mapping, objects, string

type Kind = Literal["option", "options", "text", "long", "number", "date", "user", "labels", "other"]
"""How a field is typed or chosen; `other` is what connect cannot show."""

_BY_TYPE: dict[str, Kind] = {"string": "text", "number": "number", "date": "date", "user": "user"}
_LONG = frozenset({"description", "environment"})
TEXTAREA = "com.atlassian.jira.plugin.system.customfieldtypes:textarea"


@dataclass(frozen=True)
class Field:
    """A field on a screen; `options` are pairs of an id and what people see."""

    id: str
    name: str
    required: bool
    kind: Kind
    options: tuple[tuple[str, str], ...] = ()
    default: bool = False
    """Whether Jira fills it in where nothing is said."""


def read_fields(raw: object) -> tuple[Field, ...]:
    """The fields of a screen, in Jira's order."""
    return tuple(_field(ident, mapping(described)) for ident, described in mapping(raw).items())


def _field(ident: str, raw: Mapping[str, Any]) -> Field:
    allowed = [(string(one.get("id")), string(one.get("name")) or string(one.get("value")))
               for one in objects(raw.get("allowedValues"))]  # fmt: skip
    options = tuple((value, shown) for value, shown in allowed if value and shown)
    name = string(raw.get("name")) or ident
    schema, default = mapping(raw.get("schema")), raw.get("hasDefaultValue") is True
    return Field(ident, name, raw.get("required") is True, _kind(schema, options), options, default)


def _kind(schema: Mapping[str, Any], options: tuple[tuple[str, str], ...]) -> Kind:
    kind = string(schema.get("type"))
    if kind == "array":
        return "options" if options else "labels" if schema.get("system") == "labels" else "other"
    if options:
        return "option"
    if kind == "string" and (schema.get("system") in _LONG or schema.get("custom") == TEXTAREA):
        return "long"
    return _BY_TYPE.get(kind, "other")
