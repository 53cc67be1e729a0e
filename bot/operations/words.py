"""What a person wrote in Slack, as the document that goes to Jira: with names instead of ids, and who said it where.

Reads only; nothing here changes anything on any side.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from adapters.document import Block, Document, Inline, Link, Mark, Mention, Paragraph, Rule, Text
from adapters.errors import AdapterError
from adapters.slack.client import Person
from adapters.slack.markup import read_message, read_mrkdwn, read_rich_text
from adapters.walk import changed
from bot.message import clean, escape, truncate
from bot.operations.slack import bare, card_in, slack_of
from bot.people import under_name
from bot.services import Services

TRANSCRIPT_LIMIT = 1000
"""Messages of a thread that are read."""
SUMMARY_LIMIT = 255
"""Jira's own limit of a summary, in characters."""
STRONG: frozenset[Mark] = frozenset({"strong"})
EM: frozenset[Mark] = frozenset({"em"})


def first_line(text: str) -> str:
    """A summary: the first line that says something, within Jira's limit."""
    lines = [" ".join(line.split()) for line in text.splitlines() if line.strip()]
    return truncate(lines[0], SUMMARY_LIMIT) if lines else ""


def person_of(services: Services, qualified: str) -> Person | None:
    """The Slack person, or None if Slack is off or does not know them."""
    if services.slack is None or not qualified:
        return None
    try:
        return services.people.person(services.slack, qualified)
    except AdapterError:
        return None


def read_words(services: Services, payload: dict[str, Any]) -> Document:
    """The words of a request: a Slack `message`, or `text`, which is mrkdwn unless it was `typed` into a form."""
    team = payload.get("team", "")
    if isinstance(payload.get("message"), dict):
        document = read_message(payload["message"])
    elif payload.get("typed"):
        typed = clean(payload.get("text", ""))
        document = read_mrkdwn(escape(typed, len(typed)))
    else:
        document = read_mrkdwn(payload.get("text", ""))
    return with_names(document, lambda user_id: _name(services, f"{team}/{user_id}"))


def signed_words(services: Services, payload: dict[str, Any], *, named: bool = True) -> Document:
    """The words of a reply or a request with the names of the files given with them, under their author's name.

    Who comments by an account of their own need not be `named`.
    """
    words = read_words(services, payload)
    names = ", ".join(payload.get("files", ()))
    files = (Paragraph((Text(f"📎 {names}"),)),) if names else ()
    if not payload.get("author") or not named:
        return Document((*words.blocks, *files))
    person = person_of(services, payload["author"])
    return under_name(person.name if person else "Someone", Document((*words.blocks, *files)))


def requester_name(services: Services, requester: str) -> str:
    """Under which name the words of a request stand: of one without a person, it is a workflow's."""
    person = person_of(services, requester)
    return (person.name if person else "Someone") if requester else "A workflow"


def rich_words(services: Services, block: dict[str, Any], team: str) -> Document:
    """What was typed in a form's rich text."""
    return with_names(read_rich_text(block), lambda user_id: _name(services, f"{team}/{user_id}"))


def transcript(services: Services, thread: str, asked_in: str) -> tuple[Block, ...]:
    """What people said in a thread (`team/channel/ts`) before they asked, each with its author's name."""
    team = thread.partition("/")[0]
    blocks: list[Block] = []
    for message in thread_messages(services, thread):
        if f"{thread.rpartition('/')[0]}/{message.get('ts')}" == asked_in:
            continue
        author = _name(services, f"{team}/{message['user']}")
        said = with_names(read_message(message), lambda user_id: _name(services, f"{team}/{user_id}"))
        blocks += [Paragraph((Text(f"{author}:", STRONG),)), *said.blocks]
    return (Rule(), Paragraph((Text("The thread in Slack:", STRONG),)), *blocks) if blocks else ()


def thread_messages(services: Services, thread: str) -> list[dict[str, Any]]:
    """The messages that people wrote in a thread (`team/channel/ts`), oldest first."""
    _, channel, ts = thread.split("/")
    # Slack shows a file that connect shared as its user's.
    messages, me = slack_of(services).replies(channel, ts, limit=TRANSCRIPT_LIMIT), services.workspace.identity()
    people = [message for message in messages if message.get("user") not in (None, "", me.bot_user_id)]
    return [message for message in people if not message.get("bot_id")]


def signature(name: str, permalink: str, author: str = "") -> Block:
    """The closing line: who asked for it, who wrote it, if that is another, and where."""
    written = f"Written by {author}, reported" if author and author != name else "Reported"
    said: list[Inline] = [Text(f"{written} by {name} " if name else f"{written} ")]
    return Paragraph((*said, Link(permalink, "in Slack") if permalink else Text("in Slack")))


def origin(name: str, permalink: str, author: str) -> Block:
    """The closing line of what is made of a message: who wrote it, if that is not `name`, and where."""
    written = f"Written by {author} " if author and author != name else "Written "
    return Paragraph((Text(written), Link(permalink, "in Slack") if permalink else Text("in Slack")))


def permalink(services: Services, place: str) -> str:
    """The address of a message (`team/channel/ts`); empty if Slack does not say."""
    parts = place.split("/")
    if services.slack is None or len(parts) != len(("team", "channel", "ts")):
        return ""
    try:
        return services.slack.permalink(bare("/".join(parts[:2])), parts[2])
    except AdapterError:
        return ""


def card_address(services: Services, card_of: dict[str, Any], channel: str) -> str | None:
    """The address of a thing's card in a channel (empty if Slack does not say); None if there is none."""
    found = card_in(services, card_of, channel)
    if found is None or not found.extra.get("card_ts"):
        return None
    return permalink(services, f"{channel}/{found.extra['card_ts']}")


def with_names(document: Document, name_of: Callable[[str], str]) -> Document:
    """The document with every person mentioned by id given their name."""

    def named(inline: Inline) -> Inline:
        if isinstance(inline, Mention) and inline.kind == "user" and inline.name in ("", inline.id):
            return replace(inline, name=name_of(inline.id))
        return inline

    return changed(document, named)


def _name(services: Services, qualified: str) -> str:
    person = person_of(services, qualified)
    return person.name if person else "someone"
