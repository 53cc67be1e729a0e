"""What Workflow Builder offers to choose from in the steps: the projects, types, statuses and people of the live Jira.

Whoever builds a workflow waits for it: the choices are handed over before the event is answered. They come out of
memory; what Jira does not tell in time is left out, and what was typed is offered in its place.
https://docs.slack.dev/tools/bolt-python/concepts/custom-steps-dynamic-options
"""

# Bolt annotates its decorators with bare `Pattern` and `Callable`.
# pyright: reportUnknownMemberType=false

import logging
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from slack_bolt import App

from adapters.errors import AdapterError
from adapters.jira.client import JiraClient
from bot.choices import Key, Listed
from bot.flows import asker as who
from bot.flows.asker import Asker
from bot.flows.plan import Plan
from bot.flows.steps import Run
from bot.listeners.typed import jira_off
from bot.message import BlockDict
from bot.modals.doing import option
from bot.operations.sites import resource_of, urgent_jira, urgent_jiras
from bot.payload import mapping, text
from bot.services import Services

log = logging.getLogger(__name__)

MOST = 100
"""Slack takes no more options: https://docs.slack.dev/reference/block-kit/block-elements/select-menu-element"""
DIRECT_SECONDS = 1.5
"""After this it is left to a worker to hand the choices over: the event has to be answered within 3 s."""
ALWAYS = (("Whoever started the workflow", "me"), ("Nobody", "nobody"))


@dataclass(frozen=True)
class Asked:
    """What is asked for, by somebody who builds a workflow."""

    services: Services
    inputs: Mapping[str, Any]

    @property
    def typed(self) -> str:
        """What they typed so far."""
        return _given(self.inputs, "query")

    @property
    def project(self) -> str:
        """The resource of the project that they chose, else of the default project; empty if there is none."""
        settings = self.services.settings
        return resource_of(settings, _given(self.inputs, "project") or settings.jira_default_project)

    def read(self, key: Key, read: Callable[[], Listed]) -> Listed | None:
        """A list, from memory if it is there."""
        return self.services.choices.get(key, read, self.services.now())


def register(app: App, services: Services) -> None:
    """Listen to the functions of the manifest that hand over choices."""
    for name, offered in CHOICES.items():
        app.function(name)(_listener(services, offered))


def _listener(services: Services, offered: Callable[[Asked], Iterable[tuple[str, str]]]) -> Callable[..., None]:
    def wanted(event: dict[str, Any], body: dict[str, Any], context: dict[str, Any]) -> None:
        begun, plan = time.monotonic(), context["plan"]
        inputs, team = mapping(event, "inputs"), text(body, "team_id")
        run = Run(text(event, "function_execution_id"), team, f"{team}/{text(inputs, 'builder', 'id')}", plan.event)
        if not run.execution:
            return
        refusal = jira_off(services) or who.may_not(services, Asker(team, run.person, ""))
        if refusal:
            plan.add(run.fail(refusal))
            return
        found = dict.fromkeys(offered(Asked(services, inputs)))
        options = [option(shown, value) for shown, value in found][:MOST]
        _hand_over(services, plan, run, options, left=DIRECT_SECONDS - (time.monotonic() - begun))

    return wanted


def _given(inputs: Mapping[str, Any], name: str) -> str:
    """An input; a placeholder that nothing was put in for is none."""
    given = text(inputs, name).strip()
    return "" if given.startswith("{{") else given


def _hand_over(services: Services, plan: Plan, run: Run, options: list[BlockDict], *, left: float) -> None:
    """At once, before the event is answered; by a worker if that takes too long or fails."""
    slack = services.urgent.slack
    if slack is not None and left > 0:
        try:
            return slack.complete_step(run.execution, {"options": options})
        except AdapterError as error:  # a step that has ended says so when it is handed over once more
            log.info("the choices of a step are handed over by a worker: %s", error)
    return plan.add(run.complete(options=options))


def _projects(asked: Asked) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    typed = asked.typed.casefold()
    for name, jira in urgent_jiras(asked.services):
        told = asked.read(("projects", name, typed), lambda jira=jira: _read_projects(jira, asked.typed))
        if told is None:
            told = _containing(asked.services.choices.known(("projects", name, ""), asked.services.now()), typed)
        found += told
    settings = asked.services.settings
    given = resource_of(settings, asked.typed or settings.jira_default_project)
    return found or ([(given, given)] if given else [])


def _read_projects(jira: JiraClient, typed: str) -> Listed:
    return tuple((f"{each.name} ({each.key})", jira.qualified(each.key)) for each in jira.projects(typed, MOST))


def _types(asked: Asked) -> list[tuple[str, str]]:
    def read() -> Listed:
        jira, key = urgent_jira(asked.services, asked.project)
        return tuple((kind.name, kind.name) for kind in jira.issue_types(key) if not kind.subtask)

    known = asked.read(("types", asked.project), read) if asked.project else None
    default = asked.services.settings.jira_default_issue_type
    return _containing(known if known is not None else ((default, default),), asked.typed) or _typed(asked)


def _statuses(asked: Asked) -> list[tuple[str, str]]:
    def read() -> Listed:
        jira, key = urgent_jira(asked.services, asked.project)
        return tuple((status, status) for status in jira.choices("status", key))

    return _containing(asked.read(("statuses", asked.project), read) or (), asked.typed) or _typed(asked)


def _people(asked: Asked) -> list[tuple[str, str]]:
    def read() -> Listed:
        jira, key = urgent_jira(asked.services, asked.project)
        return tuple((each.display, f"account:{each.id}") for each in jira.assignable_in(key, asked.typed, MOST))

    key = ("people", asked.project, asked.typed.casefold())
    found = asked.read(key, read) if asked.project else None
    return [*_containing(ALWAYS, asked.typed), *(found or ())]


def _containing(listed: Listed, typed: str) -> list[tuple[str, str]]:
    return [(shown, value) for shown, value in listed if typed.casefold() in shown.casefold()]


def _typed(asked: Asked) -> list[tuple[str, str]]:
    return [(asked.typed, asked.typed)] if asked.typed else []


CHOICES: dict[str, Callable[[Asked], Iterable[tuple[str, str]]]] = {
    "jira_projects": _projects,
    "jira_issue_types": _types,
    "jira_statuses": _statuses,
    "jira_people": _people,
}
"""What each function offers, as what is shown and its value, by its name in the manifest."""
