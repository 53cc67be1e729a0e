"""What people write to connect in plain words: `create bug in OPS: the printer is on fire`. Pure."""

import re
from dataclasses import dataclass

_CREATE = re.compile(r"create\b[ \t]*(?:(?:an?|the)\b[ \t]*)?(?:new\b[ \t]*)?(?P<rest>.*)", re.DOTALL | re.IGNORECASE)
_SITE = r"(?:[A-Za-z][A-Za-z0-9-]*/)?"
_PLACE = re.compile(
    rf"(?:^|\s)(?:in|for|on|to)\s+(?:project\s+)?(?P<project>{_SITE}[A-Za-z][A-Za-z0-9_]+)$", re.IGNORECASE
)
# Without a colon only a key in capitals is one: "printer is on fire" names no project.
_SURE_PLACE = re.compile(rf"(?:^|\s)(?:in|for)\s+(?:project\s+)?(?P<project>{_SITE}[A-Z][A-Z0-9_]+)$")
# The colon that ends the head is not that of an address or of a time.
_COLON = re.compile(r":(?!//|\d)")
_NOUN = re.compile(r"\b(?:jira\s+)?(?:tickets?|issues?)$|^jira\b", re.IGNORECASE)
_HEAD_LIMIT = 60
_TYPE_WORDS = 3


@dataclass(frozen=True)
class Creation:
    """A wish for an issue; an empty field means that the words do not say."""

    project: str
    issue_type: str
    text: str


def strip_mention(text: str, bot_user_id: str) -> str:
    """The words without the mention of connect itself; without a known id, without the mention they begin with."""
    if bot_user_id:
        text = re.sub(rf"<@{re.escape(bot_user_id)}(\|[^>]*)?>", " ", text)
    else:
        text = re.sub(r"^\s*<@[A-Z0-9]+(\|[^>]*)?>", " ", text)
    return text.strip()


def parse_creation(words: str) -> Creation | None:
    """Read `create [a] [TYPE] [ticket] [in PROJECT]: TEXT` or `create TEXT`; None if it is something else."""
    match = _CREATE.fullmatch(words.strip())
    if match is None:
        return None
    rest = match["rest"].strip()
    colon = _COLON.search(rest)
    if colon is None:
        return _without_colon(rest)
    head, text = rest[: colon.start()].strip(), rest[colon.end() :].strip()
    place = _PLACE.search(head)
    issue_type = _NOUN.sub("", (head[: place.start()] if place else head).strip()).strip()
    if "\n" in head or len(head) > _HEAD_LIMIT or len(issue_type.split()) > _TYPE_WORDS:
        return Creation("", "", rest)
    return Creation(place["project"].upper() if place else "", issue_type, text)


def _without_colon(rest: str) -> Creation:
    """`create bug in OPS` (in a thread, which then says the rest), or the words are the text."""
    place = _SURE_PLACE.search(rest)
    head = (rest[: place.start()] if place else rest).strip()
    issue_type = _NOUN.sub("", head).strip()
    if len(issue_type.split()) > _TYPE_WORDS or not (place or _NOUN.search(head)):
        return Creation("", "", rest)
    return Creation(place["project"] if place else "", issue_type, "")
