"""Which Jira keys the texts of GitHub name: in the name of a branch, a title, a commit's message, a body. Pure.

Much looks like a key and is none (UTF-8, CVE-2026-1234): whoever finds one here asks whether connect knows its project
(`bot.operations.named_issues`).
"""

import re
from collections.abc import Iterable

from bot.payload import Payload, flag, mapping, objects, text

MOST = 20
"""Keys of one pull request; a longer list is no list of what it is about."""
BODY_READ = 5000
"""Characters of a body that are looked through."""
# Not before a letter or digit, nor inside a longer name such as CVE-2026-1234.
_KEY = re.compile(r"(?<![A-Za-z0-9_])([A-Z][A-Z0-9_]+-[1-9][0-9]{0,9})(?![A-Za-z0-9_])(?!-[0-9])")
# A branch's name has no spaces and often no capitals: `fix/ops-7_door`, `OPS-7-2nd-try`.
_IN_BRANCH = (
    re.compile(r"(?<![A-Za-z0-9])([A-Za-z][A-Za-z0-9]+-[1-9][0-9]{0,9})(?![A-Za-z0-9])"),
    re.compile(r"(?<![A-Za-z0-9_])([A-Za-z][A-Za-z0-9]*_[A-Za-z0-9_]*-[1-9][0-9]{0,9})(?![A-Za-z0-9])"),
)
# A template's hints, and what is code: neither is about this pull request. What has no end hides all that follows.
_HIDDEN = re.compile(r"<!--.*?(?:-->|\Z)|```.*?(?:```|\Z)|`[^`\n]*`", re.DOTALL)


def in_text(*said: str) -> list[str]:
    """The different keys in texts (Markdown), in their order; what is code or a hidden comment names none."""
    return in_plain(*(_HIDDEN.sub(" ", words) for words in said))


def in_plain(*said: str) -> list[str]:
    """The same of texts without any markup."""
    return _first(found[1] for words in said for found in _KEY.finditer(words))


def in_branch(name: str) -> list[str]:
    """The different keys in a branch's name, in capitals."""
    return _first(found[1].upper() for pattern in _IN_BRANCH for found in pattern.finditer(name))


def of_pull(pull: Payload) -> list[str]:
    """The keys in a pull request's branch, title and body."""
    return _first((*in_branch(text(pull, "head", "ref")), *of_ticket(pull)))


def of_ticket(ticket: Payload) -> list[str]:
    """The keys in the title and body of an issue or a discussion."""
    return in_text(text(ticket, "title"), text(ticket, "body")[:BODY_READ])


def of_push(payload: Payload) -> list[str]:
    """The keys in the messages of the commits that a push brings; what was in the repository before does not count."""
    new = (one for one in objects(payload, "commits") if flag(one, "distinct"))
    return in_plain(*(text(one, "message")[:BODY_READ] for one in new))


def of_event(payload: Payload) -> list[str]:
    """The keys that the issue or the discussion of an event names."""
    return of_ticket(mapping(payload, "issue") or mapping(payload, "discussion"))


def _first(keys: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(keys))[:MOST]
