"""What the steps about Jira offer to choose from: the projects, types, statuses and people of the live Jira."""

from adapters.jira.client import JiraClient
from bot.choices import Listed
from bot.listeners.step_asked import MOST, Asked, Offers
from bot.listeners.typed import jira_off
from bot.operations.sites import resource_of, urgent_jira, urgent_jiras

ALWAYS = (("Whoever started the workflow", "me"), ("Nobody", "nobody"))


def _projects(asked: Asked) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    typed = asked.typed.casefold()
    for name, jira in urgent_jiras(asked.services):
        told = asked.read(("projects", name, typed), lambda jira=jira: _read_projects(jira, asked.typed))
        if told is None:
            told = asked.fitting(asked.services.choices.known(("projects", name, ""), asked.services.now()))
        found += told
    settings = asked.services.settings
    given = resource_of(settings, asked.typed or settings.jira_default_project)
    return found or ([(given, given)] if given else [])


def _read_projects(jira: JiraClient, typed: str) -> Listed:
    return tuple((f"{each.name} ({each.key})", jira.qualified(each.key)) for each in jira.projects(typed, MOST))


def _project(asked: Asked) -> str:
    """The resource of the project that they chose, else of the default project; empty if there is none."""
    settings = asked.services.settings
    return resource_of(settings, asked.given("project") or settings.jira_default_project)


def _types(asked: Asked) -> list[tuple[str, str]]:
    def read() -> Listed:
        jira, key = urgent_jira(asked.services, _project(asked))
        return tuple((kind.name, kind.name) for kind in jira.issue_types(key) if not kind.subtask)

    known = asked.read(("types", _project(asked)), read) if _project(asked) else None
    default = asked.services.settings.jira_default_issue_type
    return asked.fitting(known if known is not None else ((default, default),)) or asked.as_typed


def _statuses(asked: Asked) -> list[tuple[str, str]]:
    def read() -> Listed:
        jira, key = urgent_jira(asked.services, _project(asked))
        return tuple((status, status) for status in jira.choices("status", key))

    return asked.fitting(asked.read(("statuses", _project(asked)), read) or ()) or asked.as_typed


def _people(asked: Asked) -> list[tuple[str, str]]:
    def read() -> Listed:
        jira, key = urgent_jira(asked.services, _project(asked))
        return tuple((each.display, f"account:{each.id}") for each in jira.assignable_in(key, asked.typed, MOST))

    key = ("people", _project(asked), asked.typed.casefold())
    found = asked.read(key, read) if _project(asked) else None
    return [*asked.fitting(ALWAYS), *(found or ())]


OFFERS = Offers(jira_off, {
    "jira_projects": _projects,
    "jira_issue_types": _types,
    "jira_statuses": _statuses,
    "jira_people": _people,
})  # fmt: skip
