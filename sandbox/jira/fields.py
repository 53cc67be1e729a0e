"""What an issue's fields may hold: read from a request with Jira's own complaints, shown in a changelog, set."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

from sandbox.jira import adf
from sandbox.jira.model import (
    PRIORITIES,
    RESOLUTIONS,
    Issue,
    IssueType,
    Json,
    Project,
    Refusal,
    Transition,
    User,
    as_object,
)
from sandbox.jira.screens import Field, Reader, custom, standard

if TYPE_CHECKING:
    from sandbox.jira.standin import JiraStandIn

SUMMARY_LIMIT = 255
TEXT_LIMIT = 32_767
CUSTOM_FIELDS = {"customfield_10016": "Story point estimate", "customfield_10050": "Employee number"}
NAMES = {
    "summary": "Summary",
    "description": "Description",
    "issuetype": "Issue Type",
    "project": "Project",
    "priority": "Priority",
    "assignee": "Assignee",
    "reporter": "Reporter",
    "labels": "Labels",
    "duedate": "Due date",
    "security": "Security Level",
    "parent": "Parent",
    "resolution": "Resolution",
    **CUSTOM_FIELDS,
}
CUSTOM_TYPES = {"customfield_10016": ("float", "number"), "customfield_10050": ("textfield", "string")}
ATTRIBUTES = {"duedate": "due"}


class Fields:
    """The fields of one stand-in, with its switches (`labels_on_screen`, `reporter_allowed`)."""

    def __init__(self, jira: "JiraStandIn") -> None:
        self._jira = jira

    def target(self, raw: Json) -> tuple[Project, IssueType]:
        """The project and type a new issue is for."""
        project = self._project(raw.get("project"))
        if project is None:
            raise Refusal(400, errors={"project": "Specify a valid project ID or key"})
        given = set(as_object(raw.get("issuetype")).values())
        for kind in project.types:
            if given & {kind.id, kind.name}:
                return project, kind
        raise Refusal(400, errors={"issuetype": "Specify a valid issue type"})

    def read(self, raw: Json, project: Project, *, new: bool, kind: IssueType | None = None) -> Json:
        """The given fields in the stand-in's own values; refuses them all together with a sentence for each."""
        screen = self._screen(project, kind)
        values: Json = {}
        errors: dict[str, str] = {}
        for name, given in raw.items():
            if new and name in ("project", "issuetype"):
                continue
            try:
                values[name] = self._reader(name, screen)(given)
            except ValueError as error:
                errors[name] = str(error)
        if new:
            if not raw.get("summary"):
                errors["summary"] = "You must specify a summary of the issue."
            needed = project.required | {name: each.name for name, each in screen.items() if each.required}
            errors |= {name: f"{title} is required." for name, title in needed.items() if not raw.get(name)}
        if errors:
            raise Refusal(400, errors=errors)
        return values

    def assign(self, issue: Issue, name: str, value: Any) -> Json | None:
        """Set a field; returns the changelog's item, or None if it had that value already."""
        before = shown(issue, name)
        if is_custom(name):
            issue.custom[name] = value
        else:
            setattr(issue, ATTRIBUTES.get(name, name), value)
        return self.item(name, before, shown(issue, name))

    def item(
        self, name: str, before: tuple[str | None, str | None], after: tuple[str | None, str | None]
    ) -> Json | None:
        """An item of a changelog; Data Center's do not name the field's id."""
        if before == after:
            return None
        ends = {"from": before[0], "fromString": before[1], "to": after[0], "toString": after[1]}
        custom = is_custom(name)
        head = {"field": CUSTOM_FIELDS.get(name, name), "fieldtype": "custom" if custom else "jira"}
        if not self._jira.cloud:
            return head | ends
        users = {"tmpFromAccountId": before[0], "tmpToAccountId": after[0]} if name in ("assignee", "reporter") else {}
        return head | {"fieldId": name} | ends | users

    def body(self, given: Any) -> Any:
        """A description or comment in the form that this Jira takes: ADF on Cloud, wiki text on Data Center."""
        if self._jira.cloud and not adf.is_document(given):
            raise ValueError("Operation value must be an Atlassian Document (see the Atlassian Document Format)")
        if not self._jira.cloud and not isinstance(given, str):
            raise ValueError("Operation value must be a string")
        if len(adf.plain_text(given)) > TEXT_LIMIT:
            raise ValueError(
                f"The entered text is too long. It exceeds the allowed limit of {TEXT_LIMIT:,} characters."
            )
        return given

    def metadata(self, project: Project, kind: IssueType) -> list[Json]:
        """What the create screen of a type in a project shows."""
        names = [name for name in NAMES if self._on_screen(name) and self._asked(name, project)]
        needed = {"summary", "issuetype", "project", *project.required, *({"parent"} if kind.subtask else ())}
        usual = [self._standard(name, required=name in needed) for name in names]
        return [each.shown() | {"fieldId": each.id} for each in (*usual, *self._screen(project, kind).values())]

    def screen(self, step: Transition) -> Json:
        """The fields that a transition's screen asks for."""
        return {name: self._standard(name, required=required).shown() for name, required in step.screen}

    def editable(self, issue: Issue) -> Json:
        """The fields that the edit screen of an issue shows."""
        names = ("summary", "priority", "labels", "duedate", "assignee", "description")
        usual = {name: self._standard(name, required=name == "summary") for name in names if self._on_screen(name)}
        return {name: each.shown() for name, each in (usual | self._screen(issue.project, issue.type)).items()}

    def held(self, issue: Issue) -> Json:
        """What an issue holds in the fields of its type's own screen, as the API shows it."""
        screen, reader = self._screen(issue.project, issue.type), Reader(self._jira)
        values = issue.custom | {"components": issue.components}
        return {name: reader.shown(each, values.get(name)) for name, each in screen.items()}

    def _standard(self, name: str, *, required: bool) -> Field:
        if name in CUSTOM_FIELDS:
            kind, type_ = CUSTOM_TYPES[name]
            return custom(int(name.partition("_")[2]), CUSTOM_FIELDS[name], kind, type_, required=required)
        return standard(name, NAMES[name], required=required)

    def _screen(self, project: Project, kind: IssueType | None) -> dict[str, Field]:
        fields: list[Field] = project.screens.get(kind.id, []) if kind else []
        return {each.id: each for each in fields}

    def _reader(self, name: str, screen: dict[str, Field]) -> Callable[[Any], Any]:
        if name in screen:
            return Reader(self._jira).of(screen[name])
        readers: dict[str, Callable[[Any], Any]] = {
            "summary": _summary,
            "description": self._description,
            "labels": _labels,
            "priority": _priority,
            "assignee": self._assignee,
            "reporter": self._reporter,
            "duedate": _date,
            "security": _named,
            "parent": self._parent,
            "resolution": _resolution,
            **dict.fromkeys(CUSTOM_FIELDS, _as_it_is),
        }
        if name not in readers or not self._on_screen(name):
            raise ValueError(f"Field '{name}' cannot be set. It is not on the appropriate screen, or unknown.")
        return readers[name]

    def _on_screen(self, name: str) -> bool:
        switches = {"labels": self._jira.labels_on_screen, "reporter": self._jira.reporter_allowed}
        return switches.get(name, True)

    def _asked(self, name: str, project: Project) -> bool:
        """Whether the create screens of a project have a field of those that all have."""
        return name != "resolution" and (name in project.required or name not in CUSTOM_FIELDS)

    def _project(self, given: Any) -> Project | None:
        wanted = set(as_object(given).values())
        return next((each for each in self._jira.projects.values() if wanted & {each.id, each.key}), None)

    def _parent(self, given: Any) -> str:
        wanted = str(_named(given))
        if wanted not in self._jira.issues:
            raise ValueError("Could not find issue by id or key.")
        return wanted

    def _description(self, given: Any) -> Any:
        return None if given is None else self.body(given)

    def _assignee(self, given: Any) -> User | None:
        return None if given is None else self._person("assignee", given)

    def _reporter(self, given: Any) -> User:
        return self._person("reporter", given)

    def _person(self, field: str, given: Any) -> User:
        wanted = as_object(given).get("accountId" if self._jira.cloud else "name")
        for user in self._jira.users:
            if wanted == (user.account_id if self._jira.cloud else user.name):
                if field == "assignee" and user.display in self._jira.unassignable:
                    raise ValueError(f"User '{wanted}' cannot be assigned issues.")
                return user
        raise ValueError(f"The {field} specified is not a user.")


def is_custom(name: str) -> bool:
    """Whether an issue keeps this field among its own."""
    return name.startswith("customfield_") or name in ("fixVersions", "environment")


def shown(issue: Issue, name: str) -> tuple[str | None, str | None]:
    """A field's value as a changelog has it: the id, if it has one, and the words."""
    value = issue.custom.get(name) if is_custom(name) else getattr(issue, ATTRIBUTES.get(name, name))
    if isinstance(value, User):
        return value.account_id, value.display
    if name == "status":
        return issue.status.id, issue.status.name
    if name == "labels":
        return None, " ".join(issue.labels)
    if name == "description":
        return None, adf.wiki_text(value) if value else None
    if name == "resolution":
        return next((number for number, title in RESOLUTIONS.items() if title == value), None), value
    if name == "priority":
        return next(number for number, title in PRIORITIES.items() if title == value), value
    return None, None if value is None else str(value)


def _summary(given: Any) -> str:
    if not isinstance(given, str) or not given.strip():
        raise ValueError("You must specify a summary of the issue.")
    if len(given) > SUMMARY_LIMIT:
        raise ValueError(f"Summary can't exceed {SUMMARY_LIMIT} characters.")
    if "\n" in given or "\r" in given:
        raise ValueError("The summary is invalid because it contains newline characters.")
    return given


def _labels(given: Any) -> list[str]:
    if not isinstance(given, list):
        raise ValueError("data was not an array")  # noqa: TRY004 - the one kind of complaint `read` collects
    labels = [str(label) for label in cast("list[object]", given)]
    for label in labels:
        if " " in label:
            raise ValueError(f"The label '{label}' contains spaces which is invalid.")
    return labels


def _priority(given: Any) -> str:
    wanted = set(as_object(given).values())
    for number, title in PRIORITIES.items():
        if wanted & {number, title}:
            return title
    raise ValueError("Specify a valid 'id' or 'name' for Priority")


def _resolution(given: Any) -> str:
    wanted = set(as_object(given).values())
    for number, title in RESOLUTIONS.items():
        if wanted & {number, title}:
            return title
    raise ValueError("Specify a valid 'id' or 'name' for Resolution")


def _date(given: Any) -> str | None:
    if given is not None and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", str(given)):
        raise ValueError("Operation value must be in the format yyyy-MM-dd.")
    return given


def _named(given: Any) -> str | None:
    named = as_object(given)
    return named.get("key") or named.get("name") or named.get("id")


def _as_it_is(given: Any) -> Any:
    return given
