"""Which Jira account belongs to which person in Slack, as connect keeps it: mappings of the type `user`.

A person has one account at each site. How it was found is kept with it (`by`), and when Jira was last asked about it.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from sqlalchemy import Connection

from adapters.jira.accounts import Account
from adapters.jira.issue import Site
from storage import mappings
from storage.mappings import Found, NewMapping

RECHECKED = timedelta(days=1)
"""After this Jira is asked again whether the account is still there."""
NEVER = datetime(1970, 1, 1, tzinfo=UTC)

type By = Literal["email", "admin", "claim", "csv", "oauth"]
"""Found by the e-mail address, named by an admin (one by one, or in a CSV file), claimed or linked by the person."""

HOW: dict[str, str] = {
    "email": "found by your e-mail address",
    "admin": "named by an admin",
    "csv": "named in your admins' table",
    "claim": "confirmed by you in Jira",
    "oauth": "linked by you",
}
"""How an account was found, for its person."""


@dataclass(frozen=True)
class Kept:
    """The account that is kept for a person."""

    account: Account
    by: str
    checked_at: datetime
    site: str
    """The name of the account's site; empty for the main one."""


def kept(connection: Connection, qualified: str, site: str) -> Kept | None:
    """What is kept for a person (`team/user`) at a site; None if nothing is."""
    found = _of(connection, qualified, site)
    return kept_in(found[-1]) if found else None


def _of(connection: Connection, qualified: str, site: str | None) -> list[Found]:
    """The mappings of a person at a site, or at all of them (None)."""
    found = mappings.other_ends(connection, "user", "slack", qualified, "jira")
    return [each for each in found if site in (None, each.extra.get("site", ""))]


def kept_in(found: Found) -> Kept:
    """The account that a mapping of the type `user` stands for."""
    extra = found.extra
    checked, site = str(extra.get("checked_at") or ""), str(extra.get("site") or "")
    return Kept(
        Account(found.id.removeprefix(f"{site}/"), str(extra.get("name", "")), str(extra.get("display", ""))),
        str(extra.get("by") or "admin"),
        datetime.fromisoformat(checked) if checked else NEVER,
        site,
    )


def keep(connection: Connection, qualified: str, site: str, account: Account, by: str, now: datetime) -> int:
    """Keep an account for a person, in place of any other at that site; returns the mapping's row id."""
    ident = Site("", site).qualified(account.id)
    for found in _of(connection, qualified, site):
        if found.id != ident:
            mappings.forget(connection, found.row_id)
    extra = {"name": account.name, "display": account.display, "by": by, "checked_at": now.isoformat(),
             **({"site": site} if site else {})}  # fmt: skip
    return mappings.put(connection, NewMapping("user", "slack", qualified, "jira", ident, "", extra), now)


def forget(connection: Connection, qualified: str, site: str | None = None) -> bool:
    """Keep no account for a person any more, at a site or at all of them (None); False if none was."""
    found = _of(connection, qualified, site)
    for each in found:
        mappings.forget(connection, each.row_id)
    return bool(found)
