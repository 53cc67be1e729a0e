"""What a search found, a page at a time: the controls above it, and the answer, in place of the page before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from adapters.errors import AdapterError
from bot.flows.answered import cause_of
from bot.flows.plan import Consequences, to_slack
from bot.flows.tell import tell
from bot.message import BlockDict, Message, actions, button, clean, context, escape, section, truncate
from storage.integrations import Integration

VALUE_LIMIT = 2000
"""Of a button: https://docs.slack.dev/reference/block-kit/block-elements/button-element"""


@dataclass(frozen=True)
class Turn:
    """The action ids of a table's controls."""

    back: str
    following: str
    show: str


def controls(ids: Turn, shown: Mapping[str, str], back: str | None, following: str | None) -> list[BlockDict]:
    """What can be done with a page: one of what is `shown` (value → words) for everyone, and the pages beside it.

    `back` and `following` are the values of their buttons; None: there is no such page.
    """
    turns = [("Previous", ids.back, back), ("Next", ids.following, following)]
    buttons = [
        button(words, action, value)
        for words, action, value in turns
        if value is not None and len(value) <= VALUE_LIMIT
    ]
    elements = [*([_menu(ids.show, shown)] if shown else []), *buttons]
    return [actions(*elements)] if elements else []


def _menu(action: str, shown: Mapping[str, str]) -> BlockDict:
    options: Sequence[BlockDict] = [
        {"text": {"type": "plain_text", "text": truncate(clean(words), 75)}, "value": value}
        for value, words in shown.items()
    ]
    placeholder = {"type": "plain_text", "text": "Show one to everyone here"}
    return {"type": "static_select", "action_id": action, "placeholder": placeholder, "options": options}


def answer(row: Integration, message: Message, *, replace: bool, word: str = "answer") -> Consequences:
    """The answer to whoever asked, in place of the page before if they turned it."""
    key, payload = f"{row.key}:{word}", row.payload
    if replace and payload.get("response_url"):
        place = {"response_url": payload["response_url"], "replace": True}
        return Consequences(integrations=(to_slack("respond", key, key, cause_of(row), "", place, message),))
    told = tell(payload, key, cause_of(row), message)
    return Consequences(integrations=(told,) if told else ())


def refused(row: Integration, error: AdapterError) -> Consequences:
    """Why there is no answer, with what was asked."""
    asked = row.payload.get("query", "")
    note = [context(f"You searched for: {escape(asked, 300)}")] if asked else []
    text = escape(error)
    return answer(row, Message(text, [section(text), *note]), replace=False)
