"""The fields that somebody filled in, as Jira takes them."""

from collections.abc import Mapping
from typing import Any

from adapters.errors import Invalid
from adapters.jira.client import JiraClient
from adapters.jira.fields import jira_value
from adapters.slack.client import Person
from bot.operations.words import rich_words
from bot.services import Services


def shaped(services: Services, jira: JiraClient, payload: Mapping[str, Any], person: Person | None) -> dict[str, Any]:
    """The `fields` of a row's payload (a list of `kind`, `id` and `value`, which is null where one is to be emptied).

    Raises `Invalid` for the field in which a number was to be typed and is not.
    """
    found: dict[str, Any] = {}
    timezone = person.timezone if person else ""
    for given in payload.get("fields", []):
        kind, value = given["kind"], given["value"]
        if kind == "long_text" and value is not None:
            value = rich_words(services, value, payload.get("team", ""))
        try:
            found[given["id"]] = jira_value(kind, value, cloud=jira.cloud, timezone=timezone)
        except ValueError:
            raise Invalid("A number is needed.", {given["id"]: "Please type a number."}) from None
    return found
