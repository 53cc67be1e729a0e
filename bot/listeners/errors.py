"""When a listener breaks: the person gets a sentence and a number to quote, the log the reason under that number."""

import logging
import secrets
from collections.abc import Mapping
from typing import Any

from slack_bolt import App, BoltResponse

from bot.flows import asker as who
from bot.flows.tell import tell_asker
from bot.message import Message
from bot.payload import mapping, text
from storage.engine import DatabaseUnavailable

log = logging.getLogger(__name__)


def register(app: App) -> None:
    """Take every exception that a listener lets out."""

    def broken(error: Exception, body: dict[str, Any], context: dict[str, Any]) -> BoltResponse:
        # An event comes from the inbox: the worker must see the exception, to plan the delivery again.
        if body.get("type") == "event_callback" or isinstance(error, DatabaseUnavailable):
            raise error
        context["plan"].integrations.clear()  # the person is told that nothing was done
        number = secrets.token_hex(4)
        log.error("listener failed, number %s", number, exc_info=error)
        if body.get("type") in ("shortcut", "message_action"):
            # A shortcut's answer is empty: the sentence goes out as a message.
            asker = who.of_interaction(body)
            tell_asker(context["plan"], asker, text(body, "response_url"), Message(_sentence(number)))
        return BoltResponse(status=200, body=_apology(body, number))

    app.error(broken)


def _sentence(number: str) -> str:
    return f"Something went wrong here, and nothing was done. If it happens again, tell your admin the number {number}."


def _apology(body: Mapping[str, Any], number: str) -> dict[str, Any] | str:
    sentence = _sentence(number)
    if "command" in body:
        return {"response_type": "ephemeral", "text": sentence}
    if body.get("type") == "view_submission":
        blocks = list(mapping(body, "view", "state", "values"))
        return {"response_action": "errors", "errors": {blocks[0]: sentence}} if blocks else ""
    return ""
