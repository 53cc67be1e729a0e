"""A person says which account in Jira is theirs, and proves it there: by a comment that only this account can write.

`/jira me claim` shows a code, of which connect keeps a hash and an expiry. The webhook of the comment that holds it
says who wrote it. Only a new comment counts (an edited one may be somebody else's), a code counts once, and no comment
with one is told in a thread.
"""

import hashlib
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from adapters.jira.accounts import Account
from adapters.jira.event import comment_of
from adapters.jira.markup import read_body
from adapters.plain_text import to_text
from bot.flows.plan import Planned, to_slack
from bot.message import Message, section, strong
from bot.operations import identities
from bot.payload import text
from bot.services import Services
from storage import preferences

LIFETIME = timedelta(hours=1)
NAME = "jira_claim"
# Nothing that reads like something else, and no mark that Jira's wiki text gives a meaning.
_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_CODE = re.compile(rf"\bconnect-([{_ALPHABET}]{{10}})\b", re.IGNORECASE)
IGNORED = "its comment holds a code that ties an account to a person"


@dataclass(frozen=True)
class Claim:
    """A code in a comment; `account` wrote it, if the comment is a new one."""

    code: str
    account: Account | None


def begin(services: Services, user: str) -> str:
    """A new code for a person (`team/user`); an earlier one of theirs is worth nothing any more."""
    code = "".join(secrets.choice(_ALPHABET) for _ in range(10))
    now = services.now()
    value = {"hash": _hash(code), "expires": (now + LIFETIME).isoformat()}
    services.database.run(lambda connection: preferences.put(connection, user, NAME, value, now))
    return f"connect-{code}"


def read(event: str, payload: Mapping[str, Any]) -> Claim | None:
    """The claim that a webhook's comment holds; None if it holds none."""
    comment = comment_of(payload)
    found = _CODE.search(to_text(read_body(comment.body))) if comment else None
    if comment is None or found is None:
        return None
    is_new = event == "comment_created" or text(payload, "issue_event_type_name") == "issue_commented"
    name = text(payload, "comment", "author", "name")
    account = Account(comment.author_id, name, comment.author) if is_new and comment.author_id else None
    return Claim(found[1].upper(), account)


def settle(connection: Connection, claim: Claim, site: str, event: str, now: datetime) -> Planned:
    """Keep the account (of the site of this name) for whoever was shown the code, and tell them; nothing else follows
    from such a comment.
    """
    user = _taken(connection, claim, now) if claim.account else ""
    if not user or claim.account is None:
        return Planned(ignored=IGNORED)
    identities.keep(connection, user, site, claim.account, "claim", now)
    said = f":white_check_mark: From now on you are {strong(claim.account.display, 100)} in Jira."
    cause = {"source_service": "jira", "event_type": event, "source_id": user}
    key = f"claim:{_hash(claim.code)[:32]}"
    told = to_slack("post_message", key, key, cause, user, {"channel": user}, Message(said, [section(said)]))
    return Planned((told,))


def _taken(connection: Connection, claim: Claim, now: datetime) -> str:
    """The person who was shown this code, which is used up; empty if nobody was, or it is too old."""
    for user, value in preferences.subjects(connection, NAME).items():
        if secrets.compare_digest(str(value["hash"]), _hash(claim.code)):
            preferences.remove(connection, user, NAME)
            return user if now < datetime.fromisoformat(value["expires"]) else ""
    return ""


def _hash(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
