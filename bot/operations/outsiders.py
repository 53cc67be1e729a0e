"""Whose replies stay in Slack: guests, apps and people of other workspaces write nothing into Jira or GitHub."""

from collections.abc import Mapping
from typing import Any

from adapters.errors import NotFound
from bot.operations.base import Effect
from bot.operations.slack import slack_of
from bot.people import is_outsider
from bot.services import Services

KEPT = (
    "Only what members of this workspace write here is copied to Jira or GitHub: your replies in this channel stay in "
    "Slack. I say this only once."
)


def kept_in_slack(services: Services, payload: Mapping[str, Any]) -> Effect | None:
    """The effect of a call on account of an outsider's reply, which is none; None for everything else.

    Raises an `AdapterError` if Slack does not say who wrote it.
    """
    if payload.get("origin") != "reply":
        return None
    try:
        person = services.people.person(slack_of(services), payload["author"])
    except NotFound:  # Slack shows nothing of some people of other organisations
        return Effect("", data={"skipped": "it stays in Slack", "tell": KEPT})
    if not is_outsider(person, payload["author"].partition("/")[0]):
        return None
    return Effect("", data={"skipped": "it stays in Slack", "tell": "" if person.bot else KEPT})
