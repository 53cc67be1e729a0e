"""Which status an issue is brought to when its pull request is opened, merged or deployed, as its project wants it.

Chosen for a project by those who administer it in Jira, and by admins of the workspace: `/connect transitions`.
"""

import re
import time
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection

from adapters.errors import AdapterError
from bot.flows import names, pull_life
from bot.flows.asker import Asker, may_not
from bot.flows.plan import Consequences
from bot.flows.pull_life import Brought, Line
from bot.flows.subscribing import PROJECT, may_not_hear, say
from bot.message import Message, code, escape, strong
from bot.operations.accounts import account_if_told, at_site, permits
from bot.operations.named_issues import EVERYWHERE, MOVES, project_of
from bot.operations.sites import resource_of, urgent_jira
from bot.services import Services
from bot.spelling import QUOTED, meant, unquoted
from storage import preferences
from storage.integrations import Integration, NewIntegration

STEPS = ("opened", "merged", "deployed")
USAGE = '`/connect transitions OPS opened:"In Review" merged:Done deployed:Released`'
ALL_FOR_ADMINS = "Those of all projects are shown to admins of this workspace."
STATUS_LIMIT = 255
_WISH = re.compile(rf"([A-Za-z]+):\s*({QUOTED}|\S*)")


def order(issue: str) -> str:
    """The ordering key of what pull requests do to an issue."""
    return f"pull:{issue}"


def asked(connection: Connection, brought: Brought, issue: str, step: str) -> Sequence[NewIntegration]:
    """The call that brings an issue to the status that its project wants at this step, once for each pull request."""
    wanted = chosen(connection).get(project_of(issue), {}).get(step)
    if not wanted:
        return ()
    return (
        NewIntegration(
            operation="move_issue",
            key=f"pull:{brought.uid}:{issue}:{step}:move_issue",
            ordering_key=order(issue),
            source_service="github",
            target_service="jira",
            event_type=brought.event,
            source_id=brought.pull,
            target_id=issue,
            payload={
                "issue": issue,
                "to": wanted,
                "step": step,
                "pull": brought.uid,
                "name": brought.pull,
                "hidden": brought.hidden,
            },
        ),
    )


def refused(row: Integration, error: AdapterError) -> Consequences:
    """The issue's threads are told why it was not moved; nothing of that is a repository's secret."""
    return Consequences(later=lambda connection, now: _told(connection, row, error, now))


def _told(connection: Connection, row: Integration, error: AdapterError, now: datetime) -> list[NewIntegration]:
    issue, step, to = row.payload["issue"], row.payload["step"], strong(row.payload["to"])
    key = escape(issue.rpartition("/")[2])
    said = Message(f":warning: {key} was not moved to {to} when its pull request was {step}: {escape(error)}")
    brought = Brought(row.event_type, row.delivery_id or 0, row.source_id, row.payload["pull"], hidden=False)
    return pull_life.tell(connection, brought, Line(issue, "", f"{row.key}:refused", said, said), now)


# --- choosing --------------------------------------------------------------------------------------------------------


def chosen(connection: Connection) -> dict[str, dict[str, str]]:
    """By project, the status for each step."""
    return preferences.get(connection, EVERYWHERE, MOVES) or {}


def choose(services: Services, asker: Asker, text: str) -> Message:
    """`/connect transitions`: show what is chosen, of all projects or of one, choose it, or clear it."""
    refusal = may_not(services, asker)
    if refusal:
        return say(refusal)
    named, *others = text.split(maxsplit=1) or [""]
    rest = others[0] if others else ""
    project = resource_of(services.settings, named) if named else ""
    if named and not PROJECT.fullmatch(project):
        return say(f"Name a project's key, and what is to happen: {USAGE}")
    if not rest.strip():
        return say(_shown_to(services, asker, project))
    given = wishes(rest)
    if given is None and rest.strip().lower() != "clear":
        near = "".join(meant(name, STEPS, "`{}`") for name, *_ in _WISH.findall(rest)[:1])
        return say(
            f"I did not understand that.{near} {', '.join(map(code, STEPS))} can be followed by a status: {USAGE}"
        )
    problem, warning = _checked(services, asker, project, given or {})
    if problem:
        return say(problem)
    return say(" ".join(filter(None, (_put(services, project, given), warning))))


def _shown_to(services: Services, asker: Asker, project: str) -> str:
    """What is chosen of a project, to who may see that; of all, to admins."""
    if project:
        unseen = may_not_hear(services, asker, project)
    else:
        slack = services.urgent.slack
        admin = slack is not None and services.people.person(slack, asker.user).admin
        unseen = "" if admin else f"Name a project: `/connect transitions OPS`. {ALL_FOR_ADMINS}"
    if unseen:
        return unseen
    with services.database.read() as connection:
        known = chosen(connection)
    return shown({project: known.get(project, {})} if project else known)


def wishes(text: str) -> dict[str, str] | None:
    """`opened:"In Review" merged:Done`, as typed; an empty status takes one back. None if it cannot be read."""
    found = {name.lower(): unquoted(status).strip() for name, status, *_ in _WISH.findall(text)}
    rest = _WISH.sub("", text).strip(" ,")
    return found if found and not rest and {*found} <= {*STEPS} else None


def shown(known: Mapping[str, Mapping[str, str]]) -> str:
    """What is chosen, a line for each project."""
    lines = [f"*{escape(project)}*: {_words(its)}" for project, its in sorted(known.items()) if its]
    if lines:
        return "What becomes of a pull request moves the issues that it names:\n" + "\n".join(lines)
    where = " ".join(escape(project) for project in known)
    return f"No pull request moves any issue{f' of *{where}*' if where else ''} yet. {USAGE}"


def _words(its: Mapping[str, str]) -> str:
    return ", ".join(f"{step} → {strong(its[step])}" for step in STEPS if step in its)


def _put(services: Services, project: str, given: Mapping[str, str] | None) -> str:
    """Remember what was chosen of a project, or forget it (None); returns what to say."""
    now = services.now()

    def put(connection: Connection) -> Mapping[str, str]:
        known: dict[str, dict[str, str]] = preferences.locked(connection, EVERYWHERE, MOVES, now) or {}
        its = {} if given is None else {**known.get(project, {}), **given}
        its = {step: status[:STATUS_LIMIT] for step, status in its.items() if status}
        others = {name: those for name, those in known.items() if name != project}
        preferences.put(connection, EVERYWHERE, MOVES, others | ({project: its} if its else {}), now)
        return its

    its = services.database.run(put)
    if not its:
        return f":white_check_mark: Pull requests move no issues of *{escape(project)}* any more."
    return f":white_check_mark: *{escape(project)}*: {_words(its)}, when a pull request names the issue."


def _checked(services: Services, asker: Asker, project: str, given: Mapping[str, str]) -> tuple[str, str]:
    """Why it cannot be chosen, and what to warn of."""
    begun = time.monotonic()
    refusal = _may_not(services, asker, project)
    if refusal:
        return refusal, ""
    statuses = [f"status:{status}" for status in given.values() if status]
    found = names.check(services, project, statuses, {}, begun)
    return escape(" ".join(found.wrong.values())), found.warning


def _may_not(services: Services, asker: Asker, project: str) -> str:
    """Why a person may not choose for a project: they are no admin here, nor does Jira let them administer it."""
    assert services.urgent.slack is not None  # a member has just been recognised
    try:
        person = services.people.person(services.urgent.slack, asker.user)
        if person.admin:
            return ""
        jira, key = urgent_jira(services, project)
        account = account_if_told(services, jira, person, asker.user)
        if account is not None and permits(jira, account, "ADMINISTER_PROJECTS", key):
            return ""
    except AdapterError as error:
        return f"I could not find out whether you may: {escape(error, 200)} Nothing has changed. Try again in a moment."
    return f"Only admins of this workspace, and those who administer {escape(key)} in {at_site(jira)}, can do this."
