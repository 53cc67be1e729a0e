"""Notices: what one person is told in a direct message about an issue that concerns them. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any

from adapters.document import Block, Heading, Inline, ItemList, Mention, Paragraph, Quote, Table
from adapters.jira.event import actor, comment_of
from adapters.jira.issue import Issue, person_id
from adapters.jira.markup import read_body
from bot.message import Message, link, one_line, section
from bot.payload import Payload, mapping, objects, text
from bot.renderers.parts import who

KINDS = {
    "assigned": "an issue is assigned to you",
    "mentioned": "somebody mentions you in an issue or a comment",
    "reported": "something happens to an issue that you reported",
    "watching": "something happens to an issue that you watch",
}
"""What a person may want to be told of; who is concerned in several ways hears of the first."""
_HEADLINES = {
    "assigned": "{who} assigned {issue} to you",
    "mentioned": "{who} mentioned you in {issue}",
    "reported": "News of {issue}, which you reported",
    "watching": "News of {issue}, which you watch",
}


def concerned(payload: Payload) -> dict[str, str]:
    """Whom a webhook concerns: the account's id and the kind. Watchers are not in it: a webhook does not name them."""
    fields = mapping(payload, "issue", "fields")
    found: dict[str, str] = {}
    if text(payload, "webhookEvent") != "jira:issue_created":
        found[person_id(fields.get("reporter"))] = "reported"
    found |= dict.fromkeys(_mentioned(payload, fields), "mentioned")
    if _assigned(payload):
        found[person_id(fields.get("assignee"))] = "assigned"
    _, by = actor(payload)
    return {account: kind for account, kind in found.items() if account and account != by}


def notice(kind: str, by: str, issue: Issue, line: str) -> Message:
    """Why somebody is told, and what happened (`line`, mrkdwn)."""
    headline = _HEADLINES[kind].format(who=who(by), issue=link(issue.url, f"{issue.key}: {issue.summary}"))
    said = [section(line)] if line and kind != "assigned" else []
    return Message(f"{headline}\n{line}" if said else headline, [section(headline), *said])


def again(user: str, said: Message) -> Message:
    """The same for the thread of a person's card: it names them, since not everybody is notified of replies."""
    first, *rest = said.blocks
    named = f"<@{user}> {first['text']['text']}"
    return Message(f"<@{user}> {said.text}", [section(named), *rest])


_DELETED = {"reported": "which you reported", "watching": "which you watched"}


def deletion(kind: str, by: str, key: str) -> Message:
    """What who reported or watched an issue is told when it is deleted: nothing of what was in it."""
    text = f":wastebasket: {who(by)} deleted {one_line(key, 40)}, {_DELETED[kind]}."
    return Message(text, [section(text)])


def gone(key: str) -> Message:
    """What is left of the card of an issue that was deleted: nothing of what was in it."""
    text = f":wastebasket: {one_line(key, 40)} was deleted."
    return Message(text, [section(text)])


def _assigned(payload: Payload) -> bool:
    if text(payload, "webhookEvent") == "jira:issue_created":
        return True
    return any(
        "assignee" in (item.get("field"), item.get("fieldId")) for item in objects(payload, "changelog", "items")
    )


def _mentioned(payload: Payload, fields: Mapping[str, Any]) -> set[str]:
    comment = comment_of(payload)
    if comment is not None:
        return set() if comment.restricted else _mentions(comment.body)
    if text(payload, "webhookEvent") == "jira:issue_created":
        return _mentions(fields.get("description"))
    found: set[str] = set()
    for item in objects(payload, "changelog", "items"):
        if text(item, "field") == "description":
            found |= _mentions(item.get("toString")) - _mentions(item.get("fromString"))
    return found


def _mentions(body: object) -> set[str]:
    return {each.id for each in _within(read_body(body).blocks) if isinstance(each, Mention) and each.kind == "user"}


def _within(blocks: Iterable[Block]) -> Iterator[Inline]:
    for block in blocks:
        match block:
            case Paragraph(content) | Heading(content=content):
                yield from content
            case Quote(inner):
                yield from _within(inner)
            case ItemList(items=items):
                yield from _within(chain.from_iterable(item.blocks for item in items))
            case Table(rows):
                yield from chain.from_iterable(chain.from_iterable(rows))
            case _:
                pass
