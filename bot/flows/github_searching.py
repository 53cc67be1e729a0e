"""`/github search` and `/github todo`: issues and pull requests as a table, for whoever asked alone.

The answer comes through a row: what GitHub finds and who may see it are several calls, and of searches it allows 30 in
a minute.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from adapters.github.searching import Hit
from bot.flows.paging import Turn, answer, controls
from bot.flows.plan import Consequences
from bot.flows.subscribing import say
from bot.message import Message, context, escape, section
from bot.operations.github_searching import hit_from
from bot.renderers import github_table
from storage.integrations import Integration, NewIntegration

BACK, NEXT, SHOW = "github_search_back", "github_search_next", "github_show_here"
NO_WORDS = 'Say what to search for: words, with `label:"help wanted"`, `repo:owner/name` or `is:pr` besides.'
NOTHING_WAITS = "Nothing on GitHub waits for you. :tada:"


def request(
    key: str, event: str, asked: Mapping[str, Any], query: str, near: Sequence[str], page: int = 0
) -> NewIntegration:
    """Ask for what `query` finds; `page` is the one that somebody turned to (0: they have just asked).

    `asked` says who asks and where the answer goes; `near` are the repositories of that place.
    """
    payload = {**asked, "query": query, "near": [*near], "page": page or 1, "replace": page > 0}
    return _ask("search_tickets", key, event, payload)


def request_todo(key: str, event: str, asked: Mapping[str, Any]) -> NewIntegration:
    """Ask for what waits for somebody."""
    return _ask("search_todo", key, event, dict(asked))


def _ask(operation: str, key: str, event: str, payload: Mapping[str, Any]) -> NewIntegration:
    once = f"{key}:{operation}"
    return NewIntegration(operation, once, once, "slack", "github", event, payload["channel"], "", payload)


def found(row: Integration, data: Mapping[str, Any]) -> Consequences:
    """The page, in place of the one before if the person turned it."""
    hits = [hit_from(each) for each in data["hits"]]
    message = page(row.payload["query"], row.payload["page"], hits, more=data["more"])
    return answer(row, message, replace=row.payload["replace"])


def todo(row: Integration, data: Mapping[str, Any]) -> Consequences:
    """What waits for somebody."""
    listed = [(hit_from(each["hit"]), each["why"]) for each in data["waiting"]]
    if not listed:
        return answer(row, say(NOTHING_WAITS), replace=False)
    hits, heading = [hit for hit, _ in listed], "*What waits for you on GitHub*"
    listing = [section(heading), *controls(_TURN, _menu(hits), None, None), github_table.waiting(listed)]
    return answer(row, Message(f"{heading}: {github_table.in_words(hits)}", listing), replace=False)


def page(query: str, number: int, hits: Sequence[Hit], *, more: bool) -> Message:
    """A page of what was found with what can be done with it, or a sentence if there is nothing."""
    shown = escape(query, 200).replace("*", "∗")
    if not hits and number == 1:
        text = f"I found nothing that you may see for *{shown}*."
        return Message(text, [section(text), context("Try fewer or other words, or another place: `repo:owner/name`.")])
    back = _state(query, number - 1) if number > 1 else None
    blocks = [section(f"Issues and pull requests for *{shown}*")]
    blocks += controls(_TURN, _menu(hits), back, _state(query, number + 1) if more else None)
    blocks.append(github_table.found(hits) if hits else section("There is nothing more."))
    return Message(f"Issues and pull requests for *{shown}*: {github_table.in_words(hits)}", blocks)


def read_state(value: str) -> tuple[str, int]:
    """The query and the page of a button; raises `ValueError` if it is not one of ours."""
    query, number = json.loads(value)
    return query, number


def _state(query: str, number: int) -> str:
    return json.dumps([query, number], ensure_ascii=False, separators=(",", ":"))


def _menu(hits: Sequence[Hit]) -> dict[str, str]:
    return {hit.resource: f"{hit.resource} {hit.title}" for hit in hits}


_TURN = Turn(BACK, NEXT, SHOW)
