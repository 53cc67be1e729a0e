"""Opening the form "Create Jira issue": the one outside call made while Slack waits, since a trigger lives for 3 s.

https://docs.slack.dev/interactivity/handling-user-interaction#modal_responses
"""

from collections.abc import Mapping
from typing import Any

from adapters.errors import AdapterError
from bot.flows import create_form
from bot.flows.redrawing import not_opened
from bot.message import Message
from bot.modals.elements import State
from bot.services import Services


def open_form(
    services: Services, trigger_id: str, form: tuple[Mapping[str, Any], Mapping[str, State]]
) -> Message | None:
    """Open the form, prefilled; a message for the person if Slack refuses, None if it is open."""
    opened = create_form.open_form(services, trigger_id, *form)
    return not_opened(opened) if isinstance(opened, AdapterError) else None
