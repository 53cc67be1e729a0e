"""What a channel has chosen for the issues that are made in it."""

import re
from dataclasses import asdict, dataclass, replace
from typing import Any

from adapters.errors import AdapterError, NotFound
from bot.flows.asker import Asker, may_not
from bot.flows.subscribing import PROJECT, say
from bot.message import Message, code, escape, strong
from bot.operations.sites import resource_of, urgent_jira
from bot.services import Services
from bot.spelling import QUOTED, unquoted
from storage import preferences

PREFERENCE = "jira_default"
"""Of the channel: `{"project": "OPS", "issue_type": "Bug", "labels": ["office"], "component": "Printers"}`."""


@dataclass(frozen=True)
class Defaults:
    """What a new issue is where its request does not say; all but the project belong to that project."""

    project: str = ""
    issue_type: str = ""
    labels: tuple[str, ...] = ()
    component: str = ""


def defaults_of(services: Services, channel: str) -> Defaults:
    """The channel's (`team/channel`) choice; the settings fill in project and type where it makes none."""
    chosen: dict[str, Any] = {}
    if channel:
        with services.database.read() as connection:
            chosen = preferences.get(connection, channel, PREFERENCE) or {}
    settings = services.settings
    return Defaults(
        chosen.get("project") or settings.jira_default_project,
        chosen.get("issue_type") or settings.jira_default_issue_type,
        tuple(chosen.get("labels") or ()), chosen.get("component") or "",
    )  # fmt: skip


def for_channel(services: Services, channel: str, project: str = "", issue_type: str = "") -> Defaults:
    """What a request from a channel means that names a project or a type, or neither."""
    defaults = defaults_of(services, channel)
    named, usual = (resource_of(services.settings, given) or given for given in (project, defaults.project))
    if project and named != usual:
        return Defaults(named, issue_type)
    return Defaults(usual, issue_type or defaults.issue_type, defaults.labels, defaults.component)


def in_payload(defaults: Defaults) -> dict[str, Any]:
    """The same as a request's payload has it."""
    return {
        "project": defaults.project, "issue_type": defaults.issue_type, "labels": list(defaults.labels),
        "component": defaults.component,
    }  # fmt: skip


# --- choosing --------------------------------------------------------------------------------------------------------

LABEL_LIMIT = 255
_CHOICE = re.compile(rf"(label|component):({QUOTED}|\S*)", re.IGNORECASE)
USAGE = '`/jira default OPS Bug label:office component:"Second floor"` sets it, `/jira default clear` forgets it.'


def choose(services: Services, asker: Asker, text: str) -> Message:
    """`default`: show, set or clear what new issues of a channel are; the answer is a sentence."""
    refusal = may_not(services, asker)
    if refusal:
        return say(refusal)
    if not text:
        return say(shown(chosen_by(services, asker.channel)))
    if text.lower() == "clear":
        return say(clear_defaults(services, asker.channel))
    try:
        wanted, problem = _checked(services, read_words(text))
    except AdapterError:
        return say("Jira did not answer, so I could not check this, and nothing has changed. Try again in a moment.")
    if problem:
        return say(problem)
    set_defaults(services, asker.channel, wanted)
    return say(f":white_check_mark: {shown(wanted)}")


def set_defaults(services: Services, channel: str, wanted: Defaults) -> None:
    """Remember a channel's (`team/channel`) choice, in place of an earlier one."""
    value = {name: given for name, given in asdict(wanted).items() if given}
    services.database.run(lambda connection: preferences.put(connection, channel, PREFERENCE, value, services.now()))


def clear_defaults(services: Services, channel: str) -> str:
    """Forget a channel's choice; returns what to say."""
    had = services.database.run(lambda connection: preferences.remove(connection, channel, PREFERENCE))
    return "This channel has no defaults of its own any more." if had else "This channel has no defaults of its own."


def chosen_by(services: Services, channel: str) -> Defaults | None:
    """What a channel itself has chosen; None if nothing."""
    with services.database.read() as connection:
        chosen: dict[str, Any] | None = preferences.get(connection, channel, PREFERENCE)
    if not chosen:
        return None
    project, kind, component = (str(chosen.get(name) or "") for name in ("project", "issue_type", "component"))
    return Defaults(project, kind, tuple(chosen.get("labels") or ()), component)


def shown(chosen: Defaults | None) -> str:
    """A choice as a sentence."""
    if chosen is None:
        return f"This channel has no defaults of its own. {USAGE}"
    labels = " ".join(code(label) for label in chosen.labels)
    parts = [
        f"project {strong(chosen.project)}", f"type {strong(chosen.issue_type)}" if chosen.issue_type else "",
        f"labels {labels}" if labels else "", f"component {strong(chosen.component)}" if chosen.component else "",
    ]  # fmt: skip
    return f"New issues from this channel: {', '.join(part for part in parts if part)}."


def read_words(text: str) -> Defaults:
    """`OPS Bug label:office component:"Second floor"`, as it was typed."""
    labels: list[str] = []
    component = ""
    for name, given, *_ in _CHOICE.findall(text):
        value = unquoted(given).strip()
        if name.lower() == "component":
            component = value
        else:
            labels += [label for label in value.split(",") if label]
    project, *kind = _CHOICE.sub(" ", text).split() or [""]
    return Defaults(project, " ".join(kind), tuple(dict.fromkeys(labels)), component)


def _checked(services: Services, wanted: Defaults) -> tuple[Defaults, str]:
    """The choice in Jira's own spelling, or why it cannot be one; raises an `AdapterError` if Jira does not answer."""
    resource = resource_of(services.settings, wanted.project)
    if not PROJECT.fullmatch(resource):
        return wanted, f"Name a project's key. {USAGE}"
    wrong = next((label for label in wanted.labels if len(label) > LABEL_LIMIT or " " in label), "")
    if wrong:
        reason = "no spaces in one" if " " in wrong else f"no more than {LABEL_LIMIT} characters"
        return wanted, f"{code(wrong)} cannot be a label: Jira takes {reason}."
    jira, project = urgent_jira(services, resource)
    try:
        kinds = [kind.name for kind in jira.issue_types(project) if not kind.subtask]
        parts = jira.components(project) if wanted.component else []
    except NotFound:
        return wanted, f"Jira has no project {escape(project)} that I can see."
    kind, component = _spelled(wanted.issue_type, kinds), _spelled(wanted.component, parts)
    if wanted.issue_type and not kind:
        return wanted, f"{project} has no type {escape(wanted.issue_type, 60)}; it has {escape(', '.join(kinds))}."
    if wanted.component and not component:
        has = f"it has {escape(', '.join(parts))}" if parts else "it has none"
        return wanted, f"{project} has no component {escape(wanted.component, 60)}; {has}."
    return replace(wanted, project=resource, issue_type=kind, component=component), ""


def _spelled(name: str, known: list[str]) -> str:
    return next((each for each in known if each.lower() == name.lower()), "")
