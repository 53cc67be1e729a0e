"""What people write to connect in plain words: `create bug in OPS: the printer is on fire`. Pure."""

import re
from dataclasses import dataclass

_CREATE = re.compile(r"create\b[ \t]*(?:(?:an?|the)\b[ \t]*)?(?:new\b[ \t]*)?(?P<rest>.*)", re.DOTALL | re.IGNORECASE)
_PLACE = re.compile(r"(?:^|\s)(?:in|for|on|to)\s+(?:project\s+)?(?P<project>[A-Za-z][A-Za-z0-9_]+)$", re.IGNORECASE)
_NOUN = re.compile(r"\b(?:jira\s+)?(?:tickets?|issues?)$|^jira\b", re.IGNORECASE)
_HEAD_LIMIT = 60


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
    head, colon, text = rest.partition(":")
    if "\n" in head or len(head) > _HEAD_LIMIT:
        return Creation("", "", rest)
    if not colon:
        return _without_colon(rest)
    project, issue_type = _read_head(head.strip())
    return Creation(project, issue_type, text.strip())


def _without_colon(rest: str) -> Creation:
    """`create bug in OPS` (in a thread, which then says the rest), or the words are the text."""
    project, issue_type = _read_head(rest)
    if project or not rest or _NOUN.search(rest):
        return Creation(project, issue_type, "")
    return Creation("", "", rest)


def _read_head(head: str) -> tuple[str, str]:
    place = _PLACE.search(head)
    project = place["project"].upper() if place else ""
    noun = head[: place.start()] if place else head
    return project, _NOUN.sub("", noun.strip()).strip()
