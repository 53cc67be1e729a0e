"""Whether Jira has the statuses, fields, types and priorities that a subscription names: a misspelt one never passes.

Somebody waits for the answer: without one in time they are warned, and the subscription is made all the same.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from adapters.errors import AdapterError
from adapters.jira.client import JiraClient
from bot.operations.sites import urgent_jira
from bot.services import Services
from bot.spelling import nearest

ENOUGH_SECONDS = 1.2
"""After which nothing more is asked: one call may take as long again, and Slack waits for three seconds."""
SHOWN = 15
UNCHECKED = "Jira did not tell in time whether it has what is named here, so check the spelling."
LOGGED = frozenset({
    "attachment", "comment", "component", "description", "epic child", "epic link", "fix version", "flagged",
    "issueparentassociation", "issuetype", "key", "link", "parent", "project", "rank", "remoteissuelink", "resolution",
    "sprint", "timeestimate", "timeoriginalestimate", "timespent", "version", "workflow", "worklogid",
})  # fmt: skip
"""What Jira's history of an issue calls otherwise than its list of fields does."""


@dataclass(frozen=True)
class Checked:
    """What is wrong, in a sentence by where it stands (`status:…`, `field:…`, or a filter), and what to warn of."""

    wrong: Mapping[str, str] = field(default_factory=dict[str, str])
    warning: str = ""


def check(
    services: Services, source: str, events: Sequence[str], filters: Mapping[str, Any], begun: float | None = None
) -> Checked:
    """Ask Jira for what is named, and only for that; `begun` (monotonic) is since when somebody waits."""
    named = _named(events, filters)
    begun, wrong = time.monotonic() if begun is None else begun, dict[str, str]()
    try:
        jira, key = urgent_jira(services, source)
        for ask in (_in_workflow, _among_fields, _among_priorities):
            if time.monotonic() - begun > ENOUGH_SECONDS:
                return Checked(wrong, UNCHECKED)
            wrong |= ask(jira, key, named)
    except AdapterError:
        return Checked(wrong, UNCHECKED)
    return Checked(wrong)


def _named(events: Sequence[str], filters: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """What has to be looked up: where it stands, its kind, and its name."""
    found = [(event, *_parted(event)) for event in events if event.startswith(("status:", "field:"))]
    for name in ("type", "status", "priority"):
        choice: Mapping[str, list[str] | None] = filters.get(name) or {}
        found += [(name, name, value) for how in ("any", "all", "none") for value in choice.get(how) or []]
    return found


def _parted(event: str) -> tuple[str, str]:
    kind, _, value = event.partition(":")
    return kind, value


def _in_workflow(jira: JiraClient, key: str, named: Sequence[tuple[str, str, str]]) -> dict[str, str]:
    if not any(kind in ("type", "status") for _, kind, _ in named):
        return {}
    types, statuses = jira.workflow(key)
    return _unknown(named, "type", f"{key} has no type", types) | _unknown(
        named, "status", f"{key} has no status", statuses
    )


def _among_fields(jira: JiraClient, _: str, named: Sequence[tuple[str, str, str]]) -> dict[str, str]:
    if not any(kind == "field" for _, kind, _ in named):
        return {}
    fields = jira.fields()
    ids = {one.id.casefold() for one in fields} | LOGGED
    other = [one for one in named if one[2].strip().casefold() not in ids]
    return _unknown(other, "field", "Jira has no field", sorted({one.name for one in fields}))


def _among_priorities(jira: JiraClient, key: str, named: Sequence[tuple[str, str, str]]) -> dict[str, str]:
    if not any(kind == "priority" for _, kind, _ in named):
        return {}
    return _unknown(named, "priority", "Jira has no priority", jira.choices("priority", key))


def _unknown(named: Sequence[tuple[str, str, str]], kind: str, lacking: str, there: Sequence[str]) -> dict[str, str]:
    """A sentence for each that there is not; Jira that lists none at all has not told."""
    known = {name.casefold() for name in there}
    return {
        where: _sentence(lacking, name, there)
        for where, its, name in named
        if there and its == kind and name.strip().casefold() not in known
    }


def _sentence(lacking: str, name: str, there: Sequence[str]) -> str:
    near = nearest(name, there)
    if near:
        return f"{lacking} “{name[:80]}”. Did you mean {near}?"
    more = ", …" if there[SHOWN:] else ""
    return f"{lacking} “{name[:80]}”. There are: {', '.join(there[:SHOWN])}{more}."
