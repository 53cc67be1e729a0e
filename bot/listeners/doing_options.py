"""What the searching selects of the forms about issues offer: people and issues of the live Jira, while a person types.

Slack waits for three seconds. What does not come in that time is left out; a key that was typed is always offered, and
judged when the form is sent off.
"""

# Bolt annotates its decorators with bare `Pattern` and `Callable`.
# pyright: reportUnknownMemberType=false

import json
import time
from collections.abc import Iterator
from typing import Any

from slack_bolt import Ack, App

from adapters.errors import AdapterError
from adapters.jira.issue import Issue
from bot.flows import asker as who
from bot.flows.asker import Asker
from bot.message import BlockDict
from bot.modals import doing as modal
from bot.modals.elements import option
from bot.operations.accounts import account_of
from bot.operations.looking import may_be_shown
from bot.operations.sites import issue_named, urgent_jira, urgent_jiras
from bot.payload import text
from bot.services import Services

ISSUES_SHOWN = 8
ENOUGH_SECONDS = 1.5
"""After this nothing more is asked of Jira: a call takes up to 1.4 s."""


def register(app: App, services: Services) -> None:
    """Answer the option requests of the forms."""

    def people(ack: Ack, body: dict[str, Any]) -> None:
        asker = who.of_interaction(body)
        ack(options=[] if who.may_not(services, asker) else _people(services, body))

    def issues(ack: Ack, body: dict[str, Any]) -> None:
        asker, typed = who.of_interaction(body), text(body, "value").strip()
        ack(options=[] if who.may_not(services, asker) else _issues(services, asker, typed))

    app.options(modal.PERSON)(people)
    app.options(modal.ISSUE)(issues)


def _people(services: Services, body: dict[str, Any]) -> list[BlockDict]:
    typed, issue = text(body, "value").strip(), json.loads(text(body, "view", "private_metadata") or "{}").get("issue")
    always: list[BlockDict] = []
    if not typed and text(body, "block_id") == "assignee":
        always = [option("Me", modal.ME), option("Nobody", modal.NOBODY)]
    try:
        jira, key = urgent_jira(services, str(issue))
        found = jira.assignable(key, typed, modal.MOST_OPTIONS - len(always))
    except AdapterError:
        return always
    return always + [option(one.display, one.id) for one in found]


def _issues(services: Services, asker: Asker, typed: str) -> list[BlockDict]:
    found = {issue.resource: option(f"{issue.key}: {issue.summary}", issue.resource)
             for issue in _visible(services, asker, typed)}  # fmt: skip
    named = issue_named(services.settings, typed)
    if named and named not in found:
        found[named] = option(named, named)
    return list(found.values())


def _visible(services: Services, asker: Asker, typed: str) -> Iterator[Issue]:
    """The issues that are found and that may be shown to this person."""
    begun, named = time.monotonic(), issue_named(services.settings, typed)
    try:
        sites = [urgent_jira(services, named)] if named else [(jira, typed) for _, jira in urgent_jiras(services)]
        slack = services.urgent.slack
        person = services.people.person(slack, asker.user) if slack else None
        for jira, wanted in sites:
            account = account_of(services, jira, person, asker.user) if person else None
            found = jira.pick(wanted, ISSUES_SHOWN) if account else []
            if time.monotonic() - begun > ENOUGH_SECONDS:
                return
            if account:
                yield from may_be_shown(jira, account, found)
    except AdapterError:
        return
