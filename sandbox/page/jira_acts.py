"""What a visitor does in Jira, as Ada or Grace."""

import base64
import binascii
from collections.abc import Callable
from typing import Any

from sandbox.jira.model import Issue, Json, Refusal
from sandbox.page.given import Impossible, flag, text
from sandbox.page.jira_shown import steps_from
from sandbox.playground import Playground

EDITABLE = ("description", "assignee", "priority", "labels", "due")


def _create(playground: Playground, given: Json) -> str:
    project, kind, summary = text(given, "project"), text(given, "type"), text(given, "summary").strip()
    home = playground.jira.projects.get(project)
    if home is None or kind not in [each.name for each in home.types]:
        raise Impossible(f"The project {project} has no issues of the type “{kind}”.")
    if not summary:
        raise Impossible("An issue needs a summary: one line that says what it is about.")
    missing = [title for name, title in home.required.items() if not given.get(name)]
    if missing:
        raise Impossible(f"The project {home.name} also needs: {', '.join(missing)}.")
    fields: Json = _fields(given) | {name: text(given, name) for name in home.required}
    return playground.jira.create(project, kind, summary, text(given, "actor"), **fields)


def _edit(playground: Playground, given: Json) -> None:
    key = _issue(playground, given).key
    changes = _fields(given) | ({"summary": text(given, "summary").strip()} if "summary" in given else {})
    if changes.get("summary") == "":
        raise Impossible("An issue needs a summary: one line that says what it is about.")
    playground.jira.edit(key, text(given, "actor"), **changes)


def _fields(given: Json) -> Json:
    """The fields that the request names, empty ones as None; labels come with commas or spaces between."""
    wanted: Json = {name: text(given, name).strip() or None for name in EDITABLE if name in given}
    if "labels" in given:
        wanted["labels"] = [*dict.fromkeys(text(given, "labels").replace(",", " ").split())]
    return wanted


def _transition(playground: Playground, given: Json) -> None:
    issue, status = _issue(playground, given), text(given, "status")
    if status not in steps_from(issue.status.name):
        ways = " or ".join(steps_from(issue.status.name))
        raise Impossible(f"The workflow lets {issue.key} go from {issue.status.name} to {ways} only.")
    playground.jira.transition(issue.key, status, text(given, "actor"))


def _move(playground: Playground, given: Json) -> str:
    issue, project = _issue(playground, given), text(given, "project")
    if project not in playground.jira.projects:
        raise Impossible(f"There is no project {project}.")
    return playground.jira.move(issue.key, project, text(given, "actor"))


def _delete(playground: Playground, given: Json) -> None:
    playground.jira.delete(_issue(playground, given).key, text(given, "actor"))


def _comment(playground: Playground, given: Json) -> str:
    key = _issue(playground, given).key
    return playground.jira.comment(key, text(given, "actor"), _words(given), restricted=flag(given, "restricted"))


def _edit_comment(playground: Playground, given: Json) -> None:
    key = _issue(playground, given).key
    playground.jira.edit_comment(key, text(given, "comment"), _words(given), text(given, "actor"))


def _delete_comment(playground: Playground, given: Json) -> None:
    playground.jira.delete_comment(_issue(playground, given).key, text(given, "comment"), text(given, "actor"))


def _attach(playground: Playground, given: Json) -> str:
    """The content comes in base64."""
    key = _issue(playground, given).key
    try:
        content = base64.b64decode(text(given, "content"), validate=True)
    except binascii.Error as error:
        raise Impossible("The file could not be read. Choose it again.") from error
    if len(content) > playground.jira.largest_file:
        raise Impossible("Jira takes files of up to 10 MB here. Choose a smaller one.")
    return playground.jira.attach(key, text(given, "actor"), text(given, "name"), content)


def _detach(playground: Playground, given: Json) -> None:
    playground.jira.detach(text(given, "attachment"), text(given, "actor"))


def _version(playground: Playground, given: Json) -> None:
    playground.jira.version(text(given, "project"), _named(given, "version"), text(given, "did", "released"))


def _sprint(playground: Playground, given: Json) -> None:
    did = text(given, "did", "started")
    playground.jira.sprint(text(given, "project"), _named(given, "sprint"), did, text(given, "goal", ""))


def _named(given: Json, what: str) -> str:
    name = text(given, "name").strip()
    if not name:
        raise Impossible(f"Give the {what} a name.")
    return name


def _words(given: Json) -> str:
    words = text(given, "text").strip()
    if not words:
        raise Impossible("Write something first.")
    return words


def _issue(playground: Playground, given: Json) -> Issue:
    return playground.jira.find(text(given, "key"))


def _told(act: Callable[[Playground, Json], Any]) -> Callable[[Playground, Json], Any]:
    """What Jira refuses is told in its own words."""

    def told(playground: Playground, given: Json) -> Any:
        try:
            with playground.jira.lock:
                return act(playground, given)
        except Refusal as refusal:
            raise Impossible(" ".join([*refusal.messages, *refusal.errors.values()])) from refusal
        except KeyError as unknown:
            raise Impossible(f"Jira does not know {unknown}.") from unknown

    return told


ACTS: dict[str, Any] = {
    name: _told(act)
    for name, act in {
        "create": _create, "edit": _edit, "transition": _transition, "move": _move, "delete": _delete,
        "comment": _comment, "edit-comment": _edit_comment, "delete-comment": _delete_comment,
        "attach": _attach, "detach": _detach, "version": _version, "sprint": _sprint,
    }.items()
}  # fmt: skip
