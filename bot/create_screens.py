"""What Jira's create screens look like, remembered for five minutes: a form is drawn while somebody waits for it."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from adapters.errors import Unavailable
from adapters.jira.client import JiraClient
from adapters.jira.fields import FieldSpec
from adapters.jira.forms import IssueType
from bot.memory import Memory

REMEMBERED = timedelta(minutes=5)
PATIENCE = 1.2
"""Seconds after which no further call is begun for somebody who waits; a call of theirs takes 1.4 at most."""
SILENCE = timedelta(seconds=10)
"""How long Jira is not asked again after it gave no answer: the next person gets their form at once."""


@dataclass(frozen=True)
class Screen:
    """The create screen of a type in a project (its resource); without a `type` the project's types alone are known."""

    project: str
    types: tuple[IssueType, ...]
    type: IssueType | None = None
    fields: tuple[FieldSpec, ...] = ()
    page: str = ""
    """The address of Jira's own form, where it has a field that no other form can show."""


class CreateScreens:
    """Screens by project and type, shared by the threads of a process."""

    def __init__(self) -> None:
        self._known = Memory[tuple[str, ...], Any](REMEMBERED)
        self._silent_since: dict[str, datetime] = {}

    def known(self, project: str, issue_type: str, now: datetime) -> Screen | None:
        """The screen, if it is remembered."""
        types = self._get((project,), now)
        if types is None:
            return None
        chosen = choose(types, issue_type)
        if chosen is None:
            return Screen(project, types)
        fields = self._get((project, chosen.id, "fields"), now)
        page = self._get((project, chosen.id, "page"), now) or ""
        return None if fields is None else Screen(project, types, chosen, fields, page)

    def screen(self, jira: JiraClient, project: str, issue_type: str, now: datetime) -> Screen:
        """The screen of a project (key) from memory or from Jira; raises an `AdapterError` if Jira does not say."""
        begun, resource = time.monotonic(), jira.qualified(project)
        types = self.types(jira, project, now)
        chosen = choose(types, issue_type)
        if chosen is None:
            return Screen(resource, types)
        fields = self._ask(
            (resource, chosen.id, "fields"), now, lambda: tuple(jira.create_fields(project, chosen.id)), begun
        )
        beyond = any(field.required and field.kind == "unsupported" for field in fields)
        page = ""
        if beyond:
            page = self._ask((resource, chosen.id, "page"), now, lambda: jira.create_page(project, chosen.id), begun)
        return Screen(resource, types, chosen, fields, page)

    def types(self, jira: JiraClient, project: str, now: datetime) -> tuple[IssueType, ...]:
        """The types of a project, likewise."""
        return self._ask((jira.qualified(project),), now, lambda: tuple(jira.issue_types(project)))

    def _ask[T](
        self, key: tuple[str, ...], now: datetime, ask: Callable[[], T], begun: float = math.inf
    ) -> T:  # fmt: skip
        known = self._get(key, now)
        if known is not None:
            return known
        if time.monotonic() - begun > PATIENCE:
            raise Unavailable("Jira answers slowly.")  # what it did say is remembered for the next time
        site = key[0].rpartition("/")[0]
        silent_since = self._silent_since.get(site)
        if silent_since is not None and now - silent_since < SILENCE:
            raise Unavailable("Jira does not answer.")
        try:
            found = ask()
        except Unavailable:
            self._silent_since[site] = now
            raise
        self._silent_since.pop(site, None)
        self._known.put(key, found, now)
        return found

    def _get(self, key: tuple[str, ...], now: datetime) -> Any:
        noted = self._known.get(key, now)
        return noted.value if noted is not None else None


def choose(types: tuple[IssueType, ...], wanted: str) -> IssueType | None:
    """The type of this name or id in whatever spelling, or the only one there is; None if it is for a person to say."""
    for each in types:
        if wanted and wanted.casefold() in (each.name.casefold(), each.id):
            return each
    return types[0] if len(types) == 1 else None
