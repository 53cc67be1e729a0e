"""What may be chosen in Jira's fields, as somebody types.

Where Jira does not answer in time, what was typed is offered as it is, if it may be right: Jira judges it in the end.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from adapters.errors import AdapterError, Invalid
from adapters.jira.client import JiraClient
from adapters.jira.fields import FieldSpec, Kind
from adapters.jira.issue import KEY
from adapters.jira.jql import above
from bot.choices import Listed
from bot.create_screens import choose
from bot.message import BlockDict
from bot.modals.elements import option
from bot.modals.fields import named, offered
from bot.operations.accounts import entitled, known
from bot.operations.looking import may_be_shown
from bot.operations.sites import resource_of, urgent_jira, urgent_jiras
from bot.services import Services

ISSUES_SHOWN = 8
"""Where Jira says of one issue at a time who may see it, more would take too long."""
WAITED = 2.0
"""Seconds for all that Jira is asked for one list; Slack takes an answer for three."""
MOST = 100
"""Slack takes no more options: https://docs.slack.dev/reference/block-kit/block-elements/select-menu-element"""


@dataclass(frozen=True)
class About:
    """What the options are asked for: the form's project and type, what was typed, and by whom.

    `issue` is there if the form is about one; `moving` says that it is about a step of that issue's workflow.
    """

    project: str
    issue_type: str
    typed: str
    user: str
    issue: str = ""
    moving: bool = False


def projects(services: Services, typed: str) -> list[BlockDict]:
    """Projects of every site by name or key."""
    found: list[BlockDict] = []
    for _, jira in urgent_jiras(services):
        try:
            found += [option(f"{project.name} ({project.key})", jira.qualified(project.key))
                      for project in jira.projects(query=typed)]  # fmt: skip
        except AdapterError:
            continue  # its projects can still be chosen by their key
    named = resource_of(services.settings, typed) if typed and not found else ""
    return found[:MOST] or ([option(named, named)] if named else [])


def issue_types(services: Services, project: str, typed: str) -> list[BlockDict]:
    """The types of a project."""
    if not project:
        return []
    try:
        jira, key = _site(services, project)
        found = [kind.name for kind in services.screens.types(jira, key, services.now())]
    except AdapterError:
        found = [services.settings.jira_default_issue_type, typed]
    return [option(name, name) for name in dict.fromkeys(found) if name and typed.lower() in name.lower()][:MOST]


def of_field(services: Services, action: str, about: About) -> list[BlockDict]:
    """The choices of one of Jira's fields, by the action id of its element."""
    field = named(action)
    if field is None:
        return []
    kind, ident = field
    searches: dict[Kind, Callable[[], list[BlockDict]]] = {
        **dict.fromkeys(("user", "users"), lambda: _people(services, ident, about)),
        **dict.fromkeys(("parent", "epic"), lambda: _parents(services, about)),
        "labels": lambda: _labels(services, ident, about),
        "sprint": lambda: _sprints(services, about),
    }
    search = searches.get(kind, lambda: _listed(services, ident, about))
    return search()[:MOST]


def of_project(
    services: Services, user: str, project: str, kind: str, typed: str, read: Callable[[JiraClient, str], Listed]
) -> Listed:  # fmt: skip
    """A list of something of a project (named as rows do), for who may see that; empty if it is not there in time.

    `read` is given the client and the project's key there.
    """

    def look() -> Listed:
        entitled(services, user, project, "BROWSE_PROJECTS", urgent=True)
        jira, key = urgent_jira(services, project)
        return read(jira, key)

    asked = ("jira", kind, user, project, typed.casefold())
    return services.choices.get(asked, look, services.now(), patience=WAITED, old=False) or ()


def _site(services: Services, project: str) -> tuple[JiraClient, str]:
    return urgent_jira(services, resource_of(services.settings, project))


def _people(services: Services, field: str, about: About) -> list[BlockDict]:
    try:
        jira, project = _site(services, about.project)
        if field == "assignee" and about.issue:
            found = jira.assignable(_key(about), about.typed, MOST)
        else:
            found = jira.people(about.typed, assignable_in=project if field == "assignee" else "")
    except AdapterError:
        return []
    return [option(account.display or account.id, account.id) for account in found]


def _labels(services: Services, field: str, about: About) -> list[BlockDict]:
    # A label is one word in Jira.
    typed = "-".join(about.typed.split())
    try:
        jira, _ = _site(services, about.project)
        found = jira.labels(typed, field)
    except AdapterError:
        found = []
    return [option(label, label) for label in dict.fromkeys([*found, typed]) if label]


def _parents(services: Services, about: About) -> list[BlockDict]:
    try:
        jira, project = _site(services, about.project)
        types = services.screens.types(jira, project, services.now())
        chosen = choose(types, about.issue_type)
        kinds = [] if chosen and chosen.subtask else [kind.name for kind in types if kind.epic] or ["Epic"]
        _, account = known(services, jira, about.user, urgent=True)
        found = jira.search(above(project, kinds, about.typed), limit=ISSUES_SHOWN).issues
        shown = may_be_shown(jira, account, found)
    except Invalid:
        return []  # Cloud refuses a key that nothing has
    except AdapterError:
        key = about.typed.strip().upper()
        return [option(key, key)] if KEY.fullmatch(key) else []
    return [option(f"{issue.key} {issue.summary}", issue.key) for issue in shown]


def _sprints(services: Services, about: About) -> list[BlockDict]:
    try:
        jira, project = _site(services, about.project)
        found = jira.sprints(project)
    except AdapterError:
        return []
    return [
        option(f"{sprint.name} ({sprint.state})", sprint.id)
        for sprint in found
        if about.typed.casefold() in sprint.name.casefold()
    ]


def _listed(services: Services, field: str, about: About) -> list[BlockDict]:
    """The values of a long list that contain what was typed."""
    try:
        specs = _screen(services, about)
    except AdapterError:
        return []
    choices = {each["value"]: each for spec in specs if spec.id == field for each in offered(spec.options)}
    return [each for each in choices.values() if about.typed.casefold() in each["text"]["text"].casefold()]


def _screen(services: Services, about: About) -> Sequence[FieldSpec]:
    jira, project = _site(services, about.project)
    if about.moving:
        return [spec for step in jira.transitions(_key(about)) for spec in step.fields]
    if about.issue:
        return jira.screen(_key(about))
    return services.screens.screen(jira, project, about.issue_type, services.now()).fields


def _key(about: About) -> str:
    return about.issue.rpartition("/")[2]
