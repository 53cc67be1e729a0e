"""Who a Slack person is, here and in Jira, remembered for five minutes: asked before anything is done in their name."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from adapters.document import Document, Mark, Paragraph, Text
from adapters.plain_text import to_text
from adapters.slack.client import Person, SlackClient
from bot.memory import Memory

REMEMBERED = timedelta(minutes=5)
_STRONG: frozenset[Mark] = frozenset({"strong"})


class People:
    """What is known of people, shared by the threads of a process: who they are, and who they are elsewhere."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._known = Memory[tuple[str, str], Any](REMEMBERED)

    def person(self, slack: SlackClient, qualified: str) -> Person:
        """The person, from memory or from Slack; raises an `AdapterError` if Slack does not say."""
        return self.recall("slack", qualified, lambda: slack.user(qualified.partition("/")[2] or qualified))

    def recall[T](self, kind: str, ident: str, look: Callable[[], T]) -> T:
        """What is known of somebody, from memory or by looking it up; what `look` raises is not remembered."""
        now = self._clock()
        known = self._known.get((kind, ident), now)
        if known is not None:
            return known.value
        found = look()
        self._known.put((kind, ident), found, now)
        return found


def refusal(person: Person, team: str) -> str:
    """Why this person may not create, change or subscribe (empty: they may)."""
    if person.bot:
        return "Apps cannot do this through connect."
    if person.guest:
        return "Guests of this workspace cannot do this. Ask a full member to do it for you."
    if is_foreign(person, team):
        return "Only members of this workspace can do this."
    if person.deleted:
        return "This account is deactivated."
    return ""


def is_foreign(person: Person, team: str) -> bool:
    """Whether somebody belongs to another workspace than this one."""
    return person.stranger or bool(person.team_id and team and person.team_id != team)


def is_outsider(person: Person, team: str) -> bool:
    """Whether what somebody says in Slack is not a member's word: a guest's, an app's, another workspace's."""
    return person.bot or person.guest or is_foreign(person, team)


def speaking(name: str) -> str:
    """What connect writes above the words of somebody for whom its own account comments."""
    return f"{name} (in Slack):"


def under_name(name: str, words: Document) -> Document:
    """The words with their author's name above them."""
    return Document((Paragraph((Text(speaking(name), _STRONG),)), *words.blocks))


def without_name(words: Document, author: str) -> Document:
    """The words without the line that names their author, who stands above them already."""
    first = to_text(Document(words.blocks[:1])).strip("*")
    named = bool(author) and first == speaking(author).strip("*")
    return Document(words.blocks[1:]) if named else words
