"""What a create screen can show: fields of every kind, with what they may hold and Jira's complaints about the rest."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from sandbox.jira.model import PRIORITIES, RESOLUTIONS, IssueType, Json, Project, as_object

if TYPE_CHECKING:
    from sandbox.jira.standin import JiraStandIn

SYSTEM = "com.atlassian.jira.plugin.system.customfieldtypes:"
GREENHOPPER = "com.pyxis.greenhopper.jira:"
STAMP = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}[+-]\d{4}")

# The schemas of the fields that every Jira has. https://developer.atlassian.com/server/jira/platform/jira-rest-api-examples/
STANDARD: dict[str, Json] = {
    "summary": {"type": "string"},
    "description": {"type": "string"},
    "issuetype": {"type": "issuetype"},
    "project": {"type": "project"},
    "priority": {"type": "priority"},
    "resolution": {"type": "resolution"},
    "assignee": {"type": "user"},
    "reporter": {"type": "user"},
    "labels": {"type": "array", "items": "string"},
    "duedate": {"type": "date"},
    "security": {"type": "securitylevel"},
    "parent": {"type": "issuelink"},
    "environment": {"type": "string"},
    "components": {"type": "array", "items": "component"},
    "fixVersions": {"type": "array", "items": "version"},
}


@dataclass(frozen=True)
class Field:
    """A field of one type's create screen; `allowed` are the values that may be chosen, as Jira shows them."""

    id: str
    name: str
    schema: Json
    allowed: list[Json] = field(default_factory=list[Json])
    required: bool = False
    default: bool = False

    def shown(self) -> Json:
        """As Jira's metadata show it."""
        custom = {"customId": int(self.id.rpartition("_")[2])} if self.id.startswith("customfield_") else {}
        return {
            "required": self.required,
            "schema": self.schema | custom,
            "name": self.name,
            "key": self.id,
            "hasDefaultValue": self.default,
            "operations": ["set"],
            **({"allowedValues": self.allowed} if self.allowed else {}),
        }


def standard(name: str, title: str, *, required: bool) -> Field:
    """A field that every Jira has."""
    choices = {"priority": PRIORITIES, "resolution": RESOLUTIONS, "security": {"10100": "Staff only"}}
    return Field(
        name,
        title,
        STANDARD.get(name, {"type": "string"}) | ({"system": name} if name in STANDARD else {}),
        [{"id": number, "name": word} for number, word in choices.get(name, {}).items()],
        required,
        name in ("priority", "reporter"),
    )


def custom(number: int, name: str, kind: str, type_: str, items: str = "", **more: Any) -> Field:
    """A custom field of one of Jira's own kinds."""
    owner = GREENHOPPER if kind.startswith("gh-") else SYSTEM
    schema: Json = {"type": type_, **({"items": items} if items else {}), "custom": owner + kind}
    return Field(f"customfield_{number}", name, schema, **more)


def options(first: int, *names: str) -> list[Json]:
    """Values to choose from."""
    return [{"id": str(first + number), "value": name} for number, name in enumerate(names)]


PLACES = [
    {"id": "10300", "value": "Berlin", "children": options(10310, "Ground floor", "Roof")},
    {"id": "10301", "value": "Rome"},
]
EXPERIMENT = [
    custom(10200, "Hypothesis", "textfield", "string", required=True),
    custom(10201, "Method", "textarea", "string", required=True),
    custom(10202, "Samples", "float", "number"),
    custom(10203, "Begins on", "datepicker", "date"),
    custom(10204, "Begins at", "datetime", "datetime"),
    custom(10205, "Risk", "select", "option", allowed=options(10350, "Low", "High"), required=True),
    custom(10206, "Gear", "multicheckboxes", "array", "option", allowed=options(10360, "Gloves", "Goggles")),
    custom(10207, "Place", "cascadingselect", "option-with-child", allowed=PLACES),
    custom(10208, "Supervisor", "userpicker", "user"),
    custom(10209, "Helpers", "multiuserpicker", "array", "user"),
    custom(10210, "Tags", "labels", "array", "string"),
    custom(10211, "Substance", "select", "option", allowed=options(10400, *(f"Substance {n:03}" for n in range(150)))),
    custom(10213, "Paper", "url", "string"),
    custom(10020, "Sprint", "gh-sprint", "array", "json"),
    Field("components", "Components", STANDARD["components"] | {"system": "components"},
          [{"id": "10500", "name": "Printers"}, {"id": "10501", "name": "Lasers"}]),
    Field("fixVersions", "Fix versions", STANDARD["fixVersions"] | {"system": "fixVersions"},
          [{"id": "10600", "name": "1.0", "archived": True}, {"id": "10601", "name": "2.0", "archived": False}]),
    Field("environment", "Environment", STANDARD["environment"] | {"system": "environment"}),
]  # fmt: skip
APPROVAL = [
    custom(10220, "Approvers", "grouppicker", "group", required=True),
    custom(10200, "Hypothesis", "textfield", "string"),
    custom(10221, "Committee", "multigrouppicker", "array", "group"),
]


def laboratory() -> Project:
    """A project whose types have fields of every kind, and one of a kind that only Jira's own form can show."""
    kinds = [
        IssueType("10020", "Experiment"),
        IssueType("10021", "Approval"),
        IssueType("10000", "Epic", level=1),
        IssueType("10003", "Sub-task", subtask=True),
    ]
    screens = {"10020": EXPERIMENT, "10021": APPROVAL}
    return Project("10003", "LAB", "Laboratory", kinds, screens=screens)


class Reader:
    """Reads what a request gives for a field, in the way that its schema says; raises ValueError as Jira complains."""

    def __init__(self, jira: "JiraStandIn") -> None:
        self._jira = jira

    def of(self, wanted: Field) -> Callable[[Any], Any]:
        """The reader for one field."""
        schema = wanted.schema
        if schema.get("custom") == SYSTEM + "textarea" or schema.get("system") == "environment":
            return lambda given: None if given is None else self._jira.fields.body(given)
        if schema.get("custom") == GREENHOPPER + "gh-sprint":
            return self._sprint
        one: dict[str, Callable[[Any], Any]] = {
            "string": _text, "number": _number, "date": _date, "datetime": _stamp, "user": self._user,
            "option-with-child": lambda given: _cascading(given, wanted.allowed), "group": _group,
            **dict.fromkeys(("option", "component", "version"), lambda given: _chosen(given, wanted.allowed)),
        }  # fmt: skip
        if schema["type"] == "array":
            return lambda given: _all(given, one[schema["items"]], schema["items"])
        return lambda given: None if given is None else one[schema["type"]](given)

    def shown(self, field: Field, value: Any) -> Any:
        """What an issue holds in a field, as the API shows it."""
        if value is None or isinstance(value, list):
            return None if value is None else [self._shown(field, each) for each in cast("list[object]", value)]
        found = self._shown(field, value)
        return [found] if field.schema.get("custom") == GREENHOPPER + "gh-sprint" else found

    def _shown(self, field: Field, value: Any) -> Any:
        if "user" in (field.schema["type"], field.schema.get("items")):
            (named,) = as_object(value).values()
            return self._jira.views.user(self._jira.person(named), email=True)
        if field.schema.get("custom") == GREENHOPPER + "gh-sprint":
            return self._sprint_shown(int(value))
        if not field.allowed:
            return value
        word, _, child = str(value).partition(" > ")
        chosen = next(each for each in field.allowed if word in (each.get("value"), each.get("name")))
        flat = {name: chosen[name] for name in ("id", "value", "name") if name in chosen}
        inner = next((each for each in chosen.get("children", []) if each["value"] == child), None)
        return flat | ({"child": inner} if inner else {})

    def _sprint_shown(self, number: int) -> Any:
        """Cloud shows an object, Data Center what Java makes of one."""
        sprint = next(each for each in self._jira.sprints if each["id"] == number)
        if self._jira.cloud:
            return {name: sprint[name] for name in ("id", "name", "state")} | {"boardId": 1, "goal": ""}
        said = f"id={number},rapidViewId=1,state={sprint['state'].upper()},name={sprint['name']},startDate=<null>"
        return f"com.atlassian.greenhopper.service.sprint.Sprint@4f1[{said}]"

    def _user(self, given: Any) -> Json:
        key = "accountId" if self._jira.cloud else "name"
        wanted = as_object(given).get(key)
        if any(wanted == (user.account_id if self._jira.cloud else user.name) for user in self._jira.users):
            return {key: wanted}
        raise ValueError(f"The user '{wanted}' does not exist.")

    def _sprint(self, given: Any) -> int | None:
        if given is None:
            return None
        if not isinstance(given, int):
            raise ValueError("Number value expected as the Sprint id.")  # noqa: TRY004
        if given not in [sprint["id"] for sprint in self._jira.sprints]:
            raise ValueError("Sprint does not exist or you do not have permission to view it.")
        return given


def _text(given: Any) -> str:
    if not isinstance(given, str):
        raise ValueError("Operation value must be a string")  # noqa: TRY004
    if len(given) > 255:
        raise ValueError("The entered text is too long. It exceeds the allowed limit of 255 characters.")
    return given


def _number(given: Any) -> float:
    if isinstance(given, bool) or not isinstance(given, int | float):
        raise ValueError("Operation value must be a number")  # noqa: TRY004
    return given


def _date(given: Any) -> str:
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", str(given)):
        raise ValueError("Operation value must be in the format yyyy-MM-dd.")
    return given


def _stamp(given: Any) -> str:
    if not STAMP.fullmatch(str(given)):
        raise ValueError(f"Error parsing date string: {given}")
    return given


def _group(given: Any) -> str:
    raise ValueError(f"Group '{as_object(given).get('name')}' does not exist.")


def _chosen(given: Any, allowed: list[Json]) -> str:
    wanted = as_object(given)
    for each in allowed:
        if wanted.get("id") == each["id"] or (wanted.get("name") and wanted.get("name") == each.get("name")):
            return each.get("value") or each["name"]
    raise ValueError(f"Option id '{wanted.get('id')}' is not valid")


def _cascading(given: Any, allowed: list[Json]) -> str:
    parent = next((each for each in allowed if each["id"] == as_object(given).get("id")), None)
    if parent is None:
        raise ValueError(f"Option id '{as_object(given).get('id')}' is not valid")
    child = as_object(given).get("child")
    return parent["value"] + (f" > {_chosen(child, parent.get('children', []))}" if child else "")


def _all(given: Any, one: Callable[[Any], Any], items: str) -> list[Any]:
    if not isinstance(given, list):
        raise ValueError("data was not an array")  # noqa: TRY004
    found = [one(each) for each in cast("list[object]", given)]
    for each in found if items == "string" else []:
        if " " in each:
            raise ValueError(f"The label '{each}' contains spaces which is invalid.")
    return found
