"""Slack's views: opened while the trigger lives, and drawn anew after a choice in a form: what was typed stays, and
the latest choice counts.

A trigger lives for three seconds, so a form opens at once; what it has to ask of Jira or GitHub first comes into it
later. https://docs.slack.dev/interactivity/handling-user-interaction#modal_responses
"""

import json
import logging
from collections.abc import Callable, Mapping
from typing import Any

from adapters.errors import AdapterError
from bot.flows.asker import Asker
from bot.flows.drafts import draft_of, keep
from bot.message import Message, escape
from bot.modals.elements import State, Values, interactive, is_empty, values_of
from bot.payload import text
from bot.services import Services

log = logging.getLogger(__name__)


type Draw = Callable[[dict[str, State], dict[str, Any]], dict[str, Any]]
"""Makes the view of what is typed and of what the form keeps about itself."""


def open_view(
    services: Services, trigger_id: str, view: dict[str, Any], what: str = "form"
) -> tuple[str, Message | None]:
    """Open a view; returns its id, or what the person is told since they do not see it."""
    if services.urgent.slack is None:
        return "", Message("Slack is off: SLACK_BOT_TOKEN is not set.")
    try:
        return services.urgent.slack.open_view(trigger_id, view), None
    except AdapterError as error:
        return "", Message(f"Slack did not open the {what}. Try again. ({escape(error, 200)})")


def redraw(services: Services, asker: Asker, view: Mapping[str, Any], action: Mapping[str, Any], draw: Draw) -> None:
    """Draw an open form anew after a choice in it; what was typed in fields that go is kept until they are back."""
    meta: dict[str, Any] = json.loads(text(view, "private_metadata") or "{}")
    form_id, acted = str(meta.get("form", "")), text(action, "action_ts")
    kept: dict[str, State] = draft_of(services, asker.user, form_id).get("kept", {})
    values = kept | values_of(view)
    keep(services, asker.user, form_id, acted=acted)
    anew = draw(values, meta)
    keep(services, asker.user, form_id, kept=hidden(anew, values))
    shown_by_now = show(services, text(view, "id"), anew, text(view, "hash"))
    # Somebody quick made two choices: the later one counts, whichever of them is drawn first.
    if not shown_by_now and draft_of(services, asker.user, form_id).get("acted") == acted:
        show(services, text(view, "id"), anew)


def hidden(view: Mapping[str, Any], values: Values) -> dict[str, State]:
    """What was typed that a view does not show."""
    shown = interactive(view["blocks"])
    return {name: state for name, state in values.items() if name not in shown and not is_empty(state)}


def show(services: Services, view_id: str, view: dict[str, Any], view_hash: str = "") -> bool:
    """Show a form anew; False if it has changed since. Where it cannot be shown, it can be used as it is."""
    try:
        if services.urgent.slack is not None:
            services.urgent.slack.update_view(view_id, view, view_hash)
    except AdapterError as error:
        log.info("a form is not drawn anew: %s", error)
        return getattr(error, "code", "") != "hash_conflict"
    return True
